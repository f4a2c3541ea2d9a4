#include "ui/kit/page_popup.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/kit/controls.h"

namespace hourglass::ui {

void draw_page_popup(Kit& kit, const PagePopup& page, const DrawPage& draw_page) {
  if (!ImGui::IsPopupOpen(page.popup)) return;
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float margin = m.px(20);
  const float width = std::min(m.px(page.width), screen.x - 2 * m.gutter);
  const float inside = width - 2 * margin - ImGui::GetStyle().ScrollbarSize;
  const float content = draw_page(0, 0, inside, false) + 2 * margin;
  const float height = std::min(content, screen.y - 2 * m.gutter);
  ImGui::SetNextWindowPos(
      {std::floor((screen.x - width) / 2), std::floor((screen.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleVar(ImGuiStyleVar_PopupRounding, m.card_radius);
  const bool open = ImGui::BeginPopup(
      page.popup, ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoTitleBar |
                      ImGuiWindowFlags_NoBackground);
  ImGui::PopStyleVar();
  if (!open) {
    kit.animating = true;  // without it
    return;
  }
  const Rect card{ImGui::GetWindowPos().x, ImGui::GetWindowPos().y, width, height};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect({0, 0}, screen, false);
  list.AddRectFilled({0, 0}, screen, packed(0, 0.45f));
  list.AddRectFilled(top_left(card), bottom_right(card), theme.color(theme.colors.card),
                     m.card_radius);
  list.AddRect(top_left(card), bottom_right(card), theme.color(theme.colors.card_edge),
               m.card_radius);
  register_widget(kit, page.id, card);
  list.PopClipRect();

  const float y = card.y + margin - ImGui::GetScrollY();
  draw_page(card.x + margin, y, inside, true);
  const Rect cross{card.x + margin + inside - m.control + m.px(8), y, m.control, m.control};
  if (draw_button(kit, cross,
                  {.id = page.close_id,
                   .icon = Icon::kClose,
                   .kind = ButtonKind::kBare,
                   .help = page.close_help})) {
    ImGui::CloseCurrentPopup();
    kit.animating = true;
  }
  ImGui::SetCursorScreenPos({card.x, y - margin + content - 1});
  ImGui::Dummy({1, 1});
  ImGui::EndPopup();
}

}  // namespace hourglass::ui
