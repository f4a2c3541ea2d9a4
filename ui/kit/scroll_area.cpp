#include "ui/kit/scroll_area.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/kit/item.h"

namespace hourglass::ui {

ScrollArea::ScrollArea(Kit& kit, const Rect& area, const char* id, float content)
    : content_(std::ceil(content)) {
  const Metrics& m = kit.theme.metrics;
  register_widget(kit, id, area);
  inside = {area.x, area.y, area.w, content_};
  scrolls_ = content_ > area.h + 0.5f;
  // Where all is on show, wheel and finger are left to the page.
  if (!scrolls_) return;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::BeginChild(id, {std::max(1.0f, area.w), std::max(1.0f, area.h)}, 0,
                    ImGuiWindowFlags_NoBackground);
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
