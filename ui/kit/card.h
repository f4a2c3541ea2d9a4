// The cards that panels lie in.
#pragma once

#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// Draws a card with its heading and registers it as "panel:NAME". Returns what is inside the
// padding, below the heading; `heading` becomes the free part of the heading's line, right of the
// title.
//
// A long title gets smaller before it takes the room of the buttons beside it.
Rect draw_card(const Kit& kit, std::string_view name, const Rect& area, std::string_view title,
               Rect& heading);

// Draws small text beside a card's title, or nothing where there is no room for all of it.
void draw_subtitle(const Kit& kit, const Rect& heading, std::string_view text);

}  // namespace hourglass::ui
