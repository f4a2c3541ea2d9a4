#include "ui/images/pad.h"

#include <imgui.h>

#include "ui/kit/controls.h"

namespace hourglass::ui {

void draw_pad(PanelContext& context, const Rect& area, std::string_view id, Drawing& drawing) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_area(context, area, id);
  mirror_item(context, {.role = MirrorRole::kPicture});
  // A finger that rests on the paper has not done with its line.
  if (!by_finger()) {
    draw_help(context, context.texts.get("search.draw"),
              context.texts.get("search.draw_here.help"));
  }
  take_gestures(context, area, kDrag);
  const ImGuiIO& io = ImGui::GetIO();
  const DrawnPoint at{(io.MousePos.x - area.x) / area.w, (io.MousePos.y - area.y) / area.h};
  if (ImGui::IsItemActivated() && io.MouseDown[0]) {
    drawing.begin(at);
  } else if (ImGui::IsItemActive() && io.MouseDown[0]) {
    drawing.extend(at);
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from = top_left(area), to = bottom_right(area);
  list.AddRectFilled(from, to, theme.color(theme.colors.tile), m.px(4));
  list.AddRect(from, to, theme.color(theme.colors.accent), m.px(4), 0, m.px(1.5f));
  list.PushClipRect(from, to, true);
  const float width = area.w * 0.07f;
  const ImU32 ink = theme.color(theme.colors.ink);
  for (const auto& line : drawing.lines()) {
    const auto place = [&](const DrawnPoint& point) {
      return ImVec2{area.x + point.x * area.w, area.y + point.y * area.h};
    };
    // Round ends and joints; apart from the line, for a circle is a path, too.
    for (const DrawnPoint& point : line) list.AddCircleFilled(place(point), width / 2, ink, 16);
    for (const DrawnPoint& point : line) list.PathLineTo(place(point));
    list.PathStroke(ink, 0, width);
  }
  list.PopClipRect();
}

}  // namespace hourglass::ui
