#include "core/formats/zip_names.h"

#include <cstddef>

#include "core/base/text.h"
#include "core/base/utf8.h"

namespace hourglass {
namespace {

// The characters of bytes 0x80 to 0xFF in IBM's code page 437.
constexpr char16_t kCodePage437[129] =
    u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»"
    u"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";

}  // namespace

std::string zip_name_as_utf8(std::string_view bytes, bool says_utf8) {
  bytes = bytes.substr(0, bytes.find('\0'));
  if (says_utf8 || find_malformed(bytes) == bytes.size()) return to_utf8(bytes);
  std::string name;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(byte < 0x80 ? byte : kCodePage437[byte - 0x80], name);
  }
  return name;
}

std::string safe_zip_path(const std::string& name) {
  std::string path;
  const bool has_drive = name.size() >= 2 && name[1] == ':';
  std::size_t at = has_drive ? 2 : 0;
  const auto is_divider = [](char c) { return c == '/' || c == '\\'; };
  while (at < name.size()) {
    std::size_t end = at;
    while (end < name.size() && !is_divider(name[end])) ++end;
    const std::string part = name.substr(at, end - at);
    if (!part.empty() && part != "." && part != "..") {
      path += part;
      if (end < name.size()) path += '/';
    }
    at = end + 1;
  }
  return path;
}

}  // namespace hourglass
