// Running text with paragraphs and bold words.
#pragma once

#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// Draws text broken into lines of `width` at most: a blank line parts paragraphs, and what stands
// between two "**" is bold. With `draw` false it only measures. Returns the height.
float draw_rich_text(const Kit& kit, float x, float y, float width, std::string_view text,
                     ImU32 color, float size, bool draw = true);

}  // namespace hourglass::ui
