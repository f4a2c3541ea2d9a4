#include "ui/kit/help.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "ui/kit/finger.h"
#include "ui/kit/item.h"
#include "ui/kit/text.h"

namespace hourglass::ui {
namespace {

struct HelpText {
  std::string_view title, help, formula, footnote;
};

// A finger that rests on the item drawn last asks for its help, and lifts off without a click.
bool asked_by_finger(Kit& kit, ImGuiID item) {
  const ImGuiIO& io = ImGui::GetIO();
  InputState& input = kit.input;
  if (ImGui::IsMouseClicked(0)) input.explained_item = 0;
  if (item == 0) return false;
  if (ImGui::IsItemActive() && io.MouseDown[0] && input.finger_slider != item &&
      io.MouseDragMaxDistanceSqr[0] <= kFingerRest * kFingerRest) {
    if (io.MouseDownDuration[0] < kLongPress) {
      kit.animating = true;  // time passes only while frames are drawn
    } else {
      ImGui::ClearActiveID();
      input.explained_item = item;
      kit.animating = true;
    }
  }
  return input.explained_item == item;
}

bool asked_by_rest(Kit& kit, ImGuiID item) {
  // Whoever has just used a control looks at what it does: no words in the way until the pointer
  // has left it.
  if (ImGui::IsItemActive() || ImGui::IsItemDeactivated()) kit.input.used_item = item;
  if (item != 0 && kit.input.used_item == item) {
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) return false;
    kit.input.used_item = 0;
  }
  if (ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_DelayNormal |
                           ImGuiHoveredFlags_NoSharedDelay)) {
    return true;
  }
  // The delay runs only while frames are drawn.
  if (ImGui::IsItemHovered() && !ImGui::IsItemActive()) kit.animating = true;
  return false;
}

// Draws, or only measures, from `at` on; returns the height.
float help_content(const Kit& kit, ImVec2 at, float width, const HelpText& text, bool draw) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  float y = at.y;
  const auto paragraph = [&](std::string_view words, Rgb color, float inset = 0) {
    y += draw_paragraph(kit, at.x + inset, y, width - 2 * inset, words, theme.color(color), m.small,
                        draw);
  };
  if (!text.title.empty()) {
    if (draw) {
      draw_text(kit, {at.x, y, width, m.label}, text.title, theme.color(theme.colors.text),
                {m.small, true});
    }
    y += m.label;
  }
  paragraph(text.help, theme.colors.text);
  if (!text.formula.empty()) {
    const float inset = m.px(8), edge = m.px(6);
    y += m.px(5);
    const float height =
        draw_paragraph(kit, 0, 0, width - 2 * inset, text.formula, 0, m.small, false) + 2 * edge;
    if (draw) {
      ImDrawList& list = *ImGui::GetWindowDrawList();
      list.AddRectFilled({at.x, y}, {at.x + width, y + height}, theme.color(theme.colors.field),
                         m.px(4));
      list.AddRectFilled({at.x, y}, {at.x + m.px(3), y + height}, theme.color(theme.colors.accent),
                         m.px(1));
      register_widget(kit, "help:formula", {at.x, y, width, height});
    }
    y += edge;
    paragraph(text.formula, theme.colors.text, inset);
    y += edge;
  }
  if (!text.footnote.empty()) {
    y += m.px(5);
    paragraph(text.footnote, theme.colors.muted);
  }
  return y - at.y;
}

float help_width(const Kit& kit, const HelpText& text) {
  const Metrics& m = kit.theme.metrics;
  float longest = text_width(kit, text.title, {m.small, true});
  const auto look = [&](std::string_view rest, float beside) {
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      longest = std::max(longest, text_width(kit, rest.substr(0, end), {m.small}) + 1 + beside);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  };
  look(text.help, 0);
  look(text.formula, m.px(16));
  look(text.footnote, 0);
  return std::min({longest, m.px(320), ImGui::GetIO().DisplaySize.x - m.px(40)});
}

// Over the item, where no finger is, or else under it.
ImVec2 beside_item(ImVec2 size, float gap) {
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  float y = from.y - gap - size.y;
  if (y < gap) y = to.y + gap;
  return {std::clamp(from.x, gap, std::max(gap, screen.x - size.x - gap)),
          std::clamp(y, gap, std::max(gap, screen.y - size.y - gap))};
}

}  // namespace

void draw_help(Kit& kit, std::string_view title, std::string_view help, std::string_view footnote,
               std::string_view formula) {
  mirror_help(kit, title, help);
  const ImGuiID item = ImGui::GetItemID();
  const bool finger = ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen;
  const bool by_key = ImGui::GetCurrentContext()->NavCursorVisible;
  if (!finger || by_key) kit.input.explained_item = 0;
  const bool asked = finger && !by_key ? asked_by_finger(kit, item) : asked_by_rest(kit, item);
  if (!asked) return;
  const Metrics& m = kit.theme.metrics;
  const HelpText text{title, help, formula, footnote};
  const ImVec2 padding{m.px(12), m.px(10)};
  const float width = help_width(kit, text);
  const float height = help_content(kit, {0, 0}, width, text, false);
  if (finger || by_key) {
    ImGui::SetNextWindowPos(
        beside_item({width + 2 * padding.x, height + 2 * padding.y}, m.px(finger ? 12 : 6)));
  }
  // The words are the control's already.
  Mirror* const mirror = std::exchange(kit.mirror, nullptr);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, m.radius);
  if (ImGui::BeginTooltip()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    help_content(kit, at, width, text, true);
    ImGui::Dummy({width, height});
    register_widget(kit, "tooltip", {at.x, at.y, width, height});
    // A window takes the size of what is in it a frame later.
    const ImVec2 size = ImGui::GetWindowSize();
    const bool fits = std::fabs(size.x - width - 2 * padding.x) < 2 &&
                      std::fabs(size.y - height - 2 * padding.y) < 2;
    if (ImGui::IsWindowAppearing() || !fits) kit.animating = true;
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar(2);
  kit.mirror = mirror;
}

}  // namespace hourglass::ui
