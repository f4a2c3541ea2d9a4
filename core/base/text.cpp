#include "core/base/text.h"

#include <cstddef>
#include <cstdint>

namespace hourglass {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0 if `text` begins with no well-formed character
};

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead < 0xC2   ? 0
                            : lead < 0xE0 ? 2
                            : lead < 0xF0 ? 3
                            : lead < 0xF5 ? 4
                                          : 0;
  if (bytes == 0 || text.size() < bytes) return {};
  char32_t code = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3F);
  }
  const bool is_short = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  if (is_short || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
  return {code, bytes};
}

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
    const Character character = first_character(text);
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
