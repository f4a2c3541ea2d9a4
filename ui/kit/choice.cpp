#include "ui/kit/choice.h"

#include <imgui.h>

#include <algorithm>

#include "core/base/parse_number.h"
#include "ui/kit/finger.h"
#include "ui/kit/icons.h"
#include "ui/kit/item.h"
#include "ui/kit/text.h"

namespace hourglass::ui {
namespace {

void mirror_choice(Mirror& mirror, int selected, const std::vector<Choice>& items,
                   std::string_view otherwise, bool open, int& chosen) {
  MirrorNode* node = mirror.find(ImGui::GetItemID());
  if (!node) return;
  const auto count = static_cast<int>(items.size());
  node->role = MirrorRole::kChoice;
  if (open) node->states |= kMirrorOpen;
  node->position = selected >= 0 && selected < count ? selected : -1;
  node->value = otherwise;
  for (const Choice& item : items) node->options.push_back(item.label);
  if (const std::string* index = mirror.take(MirrorAct::kChoose)) {
    double number = -1;
    if (parse_number(*index, number) && number >= 0 && number < count) {
      chosen = static_cast<int>(number);
    }
  }
}

}  // namespace

int draw_choice(Kit& kit, const Rect& area, std::string_view id, int selected,
                const std::vector<Choice>& items, std::string_view otherwise) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  int chosen = -1;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::SetNextItemWidth(area.w);
  float widest = area.w;
  for (const Choice& item : items) {
    widest = std::max(widest, text_width(kit, item.label) + m.px(44));
  }
  const bool explained = std::any_of(items.begin(), items.end(),
                                     [](const Choice& item) { return !item.help.empty(); });
  if (explained) widest = std::max(widest, m.px(320));
  const ImGuiIO& io = ImGui::GetIO();
  widest = std::min(widest, io.DisplaySize.x - 2 * m.gutter);
  // Above or below the list, whichever has more room.
  const float above = area.y, below = io.DisplaySize.y - area.bottom();
  const float highest = std::min(m.px(explained ? 520 : 420), std::max(above, below) - m.gutter);
  ImGui::SetNextWindowSizeConstraints({widest, 0}, {widest, std::max(m.px(120), highest)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(m.px(5), m.px(5)));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  const std::string name = "##" + std::string(id);
  const bool open = ImGui::BeginCombo(name.c_str(), "", ImGuiComboFlags_NoArrowButton);
  if (open) {
    for (int i = 0; i < static_cast<int>(items.size()); ++i) {
      const Choice& item = items[static_cast<std::size_t>(i)];
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const float width = ImGui::GetContentRegionAvail().x;
      const float help_height =
          item.help.empty()
              ? 0
              : draw_paragraph(kit, 0, 0, width - m.px(20), item.help, 0, m.small, false) + m.px(8);
      const float height = m.control + help_height;
      ImGui::PushID(i);
      if (ImGui::Selectable("##item", i == selected, 0, {width, height})) chosen = i;
      if (i == selected && ImGui::IsWindowAppearing()) ImGui::SetItemDefaultFocus();
      ImGui::PopID();
      register_item(kit, std::string(id) + ":" + std::string(item.value));
      mirror_item(kit, {.role = MirrorRole::kOption, .name = item.label, .on = i == selected});
      const Rect line{at.x + m.px(10), at.y, width - m.px(20), m.control};
      draw_text(kit, line, item.label, theme.color(theme.colors.text), {0, i == selected});
      if (help_height > 0) {
        draw_paragraph(kit, line.x, at.y + m.control - m.px(4), line.w, item.help,
                       theme.color(theme.colors.muted), m.small);
      }
      if (explained && i > 0) {
        ImGui::GetWindowDrawList()->AddLine({line.x, at.y + 0.5f}, {line.right(), at.y + 0.5f},
                                            theme.color(theme.colors.card_edge));
      }
    }
    ImGui::EndCombo();
  }
  ImGui::PopStyleVar(2);
  if (!open) let_page_move();
  register_item(kit, id);
  if (kit.mirror) mirror_choice(*kit.mirror, selected, items, otherwise, open, chosen);
  Rect inside = area.inset(m.px(10), 0);
  const Rect sign = inside.cut_right(m.px(14));
  draw_icon(*ImGui::GetWindowDrawList(), Icon::kChevron, {sign.x + sign.w / 2, sign.y + sign.h / 2},
            m.px(12), theme.color(theme.colors.muted));
  inside.w -= m.px(4);
  const bool any = selected >= 0 && selected < static_cast<int>(items.size());
  draw_text(kit, inside, any ? items[static_cast<std::size_t>(selected)].label : otherwise,
            theme.color(theme.colors.text));
  return chosen;
}

}  // namespace hourglass::ui
