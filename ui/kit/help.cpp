// The help of a control: when it is shown, where, and what it looks like.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

struct HelpText {
  std::string_view title, help, formula, footnote;
};

// A finger that rests on the item drawn last asks for its help, and lifts off without a click.
bool asked_by_finger(PanelContext& context, ImGuiID item) {
  const ImGuiIO& io = ImGui::GetIO();
  ViewState& view = context.view;
  if (ImGui::IsMouseClicked(0)) view.explained_item = 0;
  if (item == 0) return false;
  if (ImGui::IsItemActive() && io.MouseDown[0] && view.finger_slider != item &&
      io.MouseDragMaxDistanceSqr[0] <= kFingerRest * kFingerRest) {
    if (io.MouseDownDuration[0] < kLongPress) {
      context.animating = true;  // time passes only while frames are drawn
    } else {
      ImGui::ClearActiveID();
      view.explained_item = item;
      context.animating = true;
    }
  }
  return view.explained_item == item;
}

bool asked_by_rest(PanelContext& context, ImGuiID item) {
  // Whoever has just used a control looks at what it does: no words in the way until the pointer
  // has left it.
  if (ImGui::IsItemActive() || ImGui::IsItemDeactivated()) context.view.used_item = item;
  if (item != 0 && context.view.used_item == item) {
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) return false;
    context.view.used_item = 0;
  }
  if (ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_DelayNormal |
                           ImGuiHoveredFlags_NoSharedDelay)) {
    return true;
  }
  // The delay runs only while frames are drawn.
  if (ImGui::IsItemHovered() && !ImGui::IsItemActive()) context.animating = true;
  return false;
}

// Draws, or only measures, from `at` on; returns the height.
float help_content(const PanelContext& context, ImVec2 at, float width, const HelpText& text,
                   bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  float y = at.y;
  const auto paragraph = [&](std::string_view words, Rgb color, float inset = 0) {
    y += draw_paragraph(context, at.x + inset, y, width - 2 * inset, words, theme.color(color),
                        m.small, draw);
  };
  if (!text.title.empty()) {
    if (draw) {
      draw_text(context, {at.x, y, width, m.label}, text.title, theme.color(theme.colors.text),
                {m.small, true});
    }
    y += m.label;
  }
  paragraph(text.help, theme.colors.text);
  if (!text.formula.empty()) {
    const float inset = m.px(8), edge = m.px(6);
    y += m.px(5);
    const float height =
        draw_paragraph(context, 0, 0, width - 2 * inset, text.formula, 0, m.small, false) +
        2 * edge;
    if (draw) {
      ImDrawList& list = *ImGui::GetWindowDrawList();
      list.AddRectFilled({at.x, y}, {at.x + width, y + height}, theme.color(theme.colors.field),
                         m.px(4));
      list.AddRectFilled({at.x, y}, {at.x + m.px(3), y + height}, theme.color(theme.colors.accent),
                         m.px(1));
      register_widget(context, "help:formula", {at.x, y, width, height});
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

float help_width(const PanelContext& context, const HelpText& text) {
  const Metrics& m = context.theme.metrics;
  float longest = text_width(context, text.title, {m.small, true});
  const auto look = [&](std::string_view rest, float beside) {
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      longest = std::max(longest, text_width(context, rest.substr(0, end), {m.small}) + 1 + beside);
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

void draw_help(PanelContext& context, std::string_view title, std::string_view help,
               std::string_view footnote, std::string_view formula) {
  const ImGuiID item = ImGui::GetItemID();
  const bool finger = ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen;
  const bool by_key = ImGui::GetCurrentContext()->NavCursorVisible;
  if (!finger || by_key) context.view.explained_item = 0;
  const bool asked =
      finger && !by_key ? asked_by_finger(context, item) : asked_by_rest(context, item);
  if (!asked) return;
  const Metrics& m = context.theme.metrics;
  const HelpText text{title, help, formula, footnote};
  const ImVec2 padding{m.px(12), m.px(10)};
  const float width = help_width(context, text);
  const float height = help_content(context, {0, 0}, width, text, false);
  if (finger || by_key) {
    ImGui::SetNextWindowPos(
        beside_item({width + 2 * padding.x, height + 2 * padding.y}, m.px(finger ? 12 : 6)));
  }
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, m.radius);
  if (ImGui::BeginTooltip()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    help_content(context, at, width, text, true);
    ImGui::Dummy({width, height});
    register_widget(context, "tooltip", {at.x, at.y, width, height});
    // A window takes the size of what is in it a frame later.
    const ImVec2 size = ImGui::GetWindowSize();
    const bool fits = std::fabs(size.x - width - 2 * padding.x) < 2 &&
                      std::fabs(size.y - height - 2 * padding.y) < 2;
    if (ImGui::IsWindowAppearing() || !fits) context.animating = true;
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar(2);
}

}  // namespace hourglass::ui
