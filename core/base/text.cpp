#include "core/base/text.h"

#include <cstddef>
#include <cstdint>

#include "core/base/utf8.h"

namespace hourglass {
namespace {

bool acts(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || code == 0x200E ||
         code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void append_hex(std::uint32_t number, int digits, std::string& out) {
  for (int shift = 4 * digits - 4; shift >= 0; shift -= 4) {
    out += "0123456789ABCDEF"[number >> shift & 15];
  }
}

std::string cleaned(std::string_view text, bool controls_too) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = first_character(text);
    const std::size_t bytes = character.bytes > 0 ? character.bytes : 1;
    if (character.bytes == 0 || (controls_too && acts(character.code))) {
      if (character.code < 0x80) {
        out += "\\x";
        append_hex(static_cast<std::uint8_t>(text[0]), 2, out);
      } else {
        out += "\\u";
        append_hex(character.code, 4, out);
      }
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace

std::string to_utf8(std::string_view text) { return cleaned(text, false); }

std::string printable(std::string_view text) { return cleaned(text, true); }

}  // namespace hourglass
