// Text in the typefaces of the theme: lines and paragraphs.
#pragma once

#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

enum class Align { kLeft, kCenter, kRight };

struct TextStyle {
  float size = 0;  // 0: the theme's text size
  bool bold = false;
  Align align = Align::kLeft;
};

float text_width(const Kit& kit, std::string_view text, const TextStyle& style = {});

// Draws one line, centred vertically in `area`; what does not fit ends in an ellipsis. Returns its
// width.
float draw_text(const Kit& kit, const Rect& area, std::string_view text, ImU32 color,
                const TextStyle& style = {});

// The size, from `size` down to two thirds of it, at which all of `text` is in `width`: for labels
// that must say it all, where large text has little room.
float fitting_size(const Kit& kit, std::string_view text, float width, float size);

// Draws text broken into lines of `width` at most; with `draw` false it only measures. Returns the
// height.
float draw_paragraph(const Kit& kit, float x, float y, float width, std::string_view text,
                     ImU32 color, float size, bool draw = true);

// A paragraph in the middle of `area`, muted: what stands where there is nothing to be seen.
void draw_middle_paragraph(const Kit& kit, const Rect& area, std::string_view text);

}  // namespace hourglass::ui
