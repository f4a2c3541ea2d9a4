// Images that the person makes: a square to draw on, and a camera where there is one.
#pragma once

#include <string_view>

#include "ui/images/drawing.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The square to draw on, which takes the pointer; `id` is its name among the widgets.
void draw_pad(PanelContext& context, const Rect& area, std::string_view id, Drawing& drawing);

// Whoever is around the front end can take a picture with a camera, and has said so.
struct CameraState {
  bool asked = false;  // whether it can
  bool is_there = false;
};

}  // namespace hourglass::ui
