#include "ui/scroll_area.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/controls.h"

namespace hourglass::ui {

ScrollArea::ScrollArea(PanelContext& context, const Rect& area, const char* id, float content)
    : content_(std::ceil(content)) {
  const Metrics& m = context.theme.metrics;
  register_widget(context, id, area);
  inside = {area.x, area.y, area.w, content_};
  scrolls_ = content_ > area.h + 0.5f;
  // Where all is on show, wheel and finger are left to the page.
  if (!scrolls_) return;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::BeginChild(id, {std::max(1.0f, area.w), std::max(1.0f, area.h)}, 0,
                    ImGuiWindowFlags_NoBackground);
  context.view.scroll_areas.push_back(area);
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec2 start = io.MouseClickedPos[0];
  if (io.MouseSource == ImGuiMouseSource_TouchScreen && ImGui::IsMouseDragging(0, 4) &&
      area.contains(start.x, start.y)) {
    const ImGuiID active = ImGui::GetActiveID();
    if (active == 0 || active == ImGui::GetCurrentWindow()->MoveId) {
      ImGui::SetScrollY(ImGui::GetScrollY() - io.MouseDelta.y);
    }
  }
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4);
  inside = {area.x, area.y - std::floor(ImGui::GetScrollY()), area.w - bar, content_};
}

ScrollArea::~ScrollArea() {
  if (!scrolls_) return;
  ImGui::SetCursorScreenPos({inside.x, inside.y + content_ - 1});
  ImGui::Dummy({1, 1});
  ImGui::EndChild();
}

}  // namespace hourglass::ui
