// A field for paragraphs: several lines, broken as running text is.
#pragma once

#include <string>
#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// How high it is with this text in it: as many lines as that takes, `least` at least.
float text_area_height(const Kit& kit, float width, std::string_view value, int least);

// The field, for words of any language. Returns true whenever the text has changed, also while it
// is edited.
bool draw_text_area(Kit& kit, const Rect& area, std::string_view id, std::string& value);

// What draw_text_area() shows and what it makes of that again: a line that is broken where its text
// is not ends in "\r\n", which ImGui takes for the end of a line and draws nothing of.
std::string with_soft_breaks(const Kit& kit, float width, std::string_view text);
std::string without_soft_breaks(std::string_view text);

}  // namespace hourglass::ui
