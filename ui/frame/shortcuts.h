// Keys that do something wherever nobody types.
#pragma once

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

#include "ui/state/panel.h"

namespace hourglass::ui {

struct Shortcut {
  enum class Shift { kEither, kUp, kDown };

  ImGuiKey key = ImGuiKey_None;  // none: it is listed here, and looked at elsewhere
  Shift shift = Shift::kEither;
  bool repeats = false;         // while it is held down
  std::string_view label = {};  // as it is printed on a keyboard, or a key of the texts
  std::string_view name = {};   // text key of what it does
  void (*act)(PanelContext&) = nullptr;
};

// What a shortcut's key is called. The tabs' is "1 – 4", as many as there are.
std::string shortcut_label(const PanelContext& context, const Shortcut& shortcut);

// Those of the frame and of all panels, in the order in which they are listed.
const std::vector<Shortcut>& all_shortcuts();

// Does what the keys of this frame say.
void handle_shortcuts(PanelContext& context);

}  // namespace hourglass::ui
