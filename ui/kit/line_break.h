// Where a line of running text may end: after a space, and between any two Chinese characters
// unless one of them is punctuation that belongs to its neighbour.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace hourglass::ui {

// The width of one character, by its code point.
using CharWidth = std::function<float(char32_t)>;

// How many bytes of `text` (UTF-8) make its first line, at most `width` wide. Spaces at the end of
// the line take no room and belong to it; it ends before a '\n'. At least one character of a text
// that has one, however narrow the line; 0 for an empty text or one that starts with '\n'.
std::size_t first_line(std::string_view text, float width, const CharWidth& char_width);

}  // namespace hourglass::ui
