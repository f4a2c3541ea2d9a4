#include "native/platform/shell_word.h"

#include <cstdio>
#include <string_view>

#include "core/base/text.h"

namespace hourglass {
namespace {

// For bytes that a terminal does not show, or not as they are: $'...' of bash, zsh and POSIX 2024.
std::string escaped_word(const std::string& text) {
  std::string word = "$'";
  for (const char c : text) {
    char piece[8];
    const bool plain = c >= ' ' && c <= '~' && c != '\'' && c != '\\';
    std::snprintf(piece, sizeof piece, plain ? "%c" : "\\%03o", static_cast<unsigned char>(c));
    word += piece;
  }
  return word + "'";
}

}  // namespace

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:@%+";
  if (!text.empty() && text.find_first_not_of(kPlain) == text.npos) return text;
  if (printable(text) != text) return escaped_word(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace hourglass
