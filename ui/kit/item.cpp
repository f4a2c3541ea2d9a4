#include "ui/kit/item.h"

namespace hourglass::ui {

void register_widget(const Kit& kit, std::string_view id, const Rect& area) {
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from = list.GetClipRectMin(), to = list.GetClipRectMax();
  kit.widgets.add(id, area, {from.x, from.y, to.x - from.x, to.y - from.y});
}

void take_gestures(const Kit& kit, const Rect& area, unsigned gestures) {
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from = list.GetClipRectMin(), to = list.GetClipRectMax();
  kit.widgets.add_gestures(gestures, area, {from.x, from.y, to.x - from.x, to.y - from.y});
}

void register_item(const Kit& kit, std::string_view id) {
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  const Rect area{from.x, from.y, to.x - from.x, to.y - from.y};
  register_widget(kit, id, area);
  if (kit.mirror) kit.mirror->add_item(id, area);
}

}  // namespace hourglass::ui
