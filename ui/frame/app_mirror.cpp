// What the front end tells of its controls to those who do not see the canvas.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <string>

#include "ui/frame/app.h"

namespace hourglass::ui {

void App::watch_mirror() {
  mirror_wanted_ = true;
  frames_wanted_ = std::max(frames_wanted_, 1);
}

void App::act(MirrorAct act, ImGuiID item, std::string_view text) {
  const MirrorNode* node = mirror_.find(item);
  if (!node || (node->states & kMirrorDisabled) != 0) return;
  if (act == MirrorAct::kPress) {
    ImGui::GetCurrentContext()->NavInputSource = ImGuiInputSource_Keyboard;
    ImGui::ActivateItemByID(item);
  } else {
    mirror_.act(act, item, text);
  }
  note_input();
}

void App::begin_mirror() {
  mirrored_ = mirror_wanted_ || mirror_.acting();
  mirror_wanted_ = false;
  if (mirrored_) mirror_.begin();
}

}  // namespace hourglass::ui
