#include "ui/kit/finger.h"

#include <imgui.h>
#include <imgui_internal.h>

namespace hourglass::ui {

bool by_finger() { return ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen; }

bool finger_has_moved() {
  return ImGui::GetIO().MouseDragMaxDistanceSqr[0] > kFingerRest * kFingerRest;
}

void let_page_move() {
  if (by_finger() && ImGui::IsItemActive() && finger_has_moved()) ImGui::ClearActiveID();
}

}  // namespace hourglass::ui
