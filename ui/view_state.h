// What the person looks at and how. Settings of the run are the session's (store.h), not here.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/session/messages.h"
#include "ui/texts.h"

namespace hourglass::ui {

enum class ThemeKind { kLight, kDark };

// The part of the latent plane on show. `scale` is points of the screen per unit of the plane.
struct MapView {
  bool follow = true;  // all points stay in view as they move
  double center_x = 0, center_y = 0;
  double scale = 0;  // 0: not yet known
};

struct ViewState {
  ThemeKind theme = ThemeKind::kLight;
  Language language = Language::kEnglish;  // wanted; shown once its typeface is there
  float text_scale = 1;
  bool touch = false;  // controls are large enough for a finger
  std::string preset;  // that the settings are, or ""
  bool log_loss = false;
  MapView map;
  std::uint64_t dismissed = 0;  // notices up to this serial are not shown
  // Values that were sent and are not yet confirmed: shown in place of the store's, so that a
  // slider stays under the finger.
  std::map<std::string, session::Value, std::less<>> drafts;
  // ImGui's id of the control that was used last, while the pointer stays on it.
  std::uint32_t used_item = 0;
  // Text under edit, of the one number field that has the keyboard.
  std::string edited_key;
  std::string edited_text;
};

}  // namespace hourglass::ui
