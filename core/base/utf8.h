// Characters of UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hourglass {

struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0 if there is no well-formed character
};

// The first character of `text`, which is not empty (Unicode 15, table 3-7).
Utf8Character first_character(std::string_view text);

// Where in `text` the first byte lies that is no part of a well-formed character; text.size() if
// there is none.
std::size_t find_malformed(std::string_view text);

// Writes a character, U+0000 to U+10FFFF and no half of a surrogate pair.
void append_utf8(char32_t code, std::string& out);

}  // namespace hourglass
