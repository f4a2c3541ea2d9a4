#include "ui/kit/line_break.h"

#include <algorithm>

namespace hourglass::ui {
namespace {

// The character at `at`, which moves behind it; a byte that starts none stands for itself.
char32_t next_char(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at++);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t code = more == 0 ? lead : lead & (0x3F >> more);
  for (int i = 0; i < more && at < text.size() && (byte(at) & 0xC0) == 0x80; ++i) {
    code = (code << 6) | (byte(at++) & 0x3F);
  }
  return code;
}

// Ideographs and what is set among them: each is a word of its own.
bool ideographic(char32_t c) {
  return (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFFEF);
}

bool opens(char32_t c) {
  return std::u32string_view(U"([{“‘（《〈「『【〔").find(c) != std::u32string_view::npos;
}

bool closes(char32_t c) {
  return std::u32string_view(U")]},.;:!?%”’…，。、；：？！）》〉」』】〕").find(c) !=
         std::u32string_view::npos;
}

bool may_break(char32_t before, char32_t after) {
  if (opens(before) || closes(after)) return false;
  return ideographic(before) || ideographic(after);
}

}  // namespace

std::size_t first_line(std::string_view text, float width, const CharWidth& char_width) {
  std::size_t at = 0, last_break = 0;
  float used = 0;
  char32_t before = 0;
  while (at < text.size() && text[at] != '\n') {
    const std::size_t start = at;
    const char32_t c = next_char(text, at);
    if (c == ' ') {
      used += char_width(c);
      last_break = at;
      before = c;
      continue;
    }
    if (start > 0 && before != ' ' && may_break(before, c)) last_break = start;
    used += char_width(c);
    if (used > width && start > 0) return last_break > 0 ? last_break : start;
    before = c;
  }
  return at;
}

}  // namespace hourglass::ui
