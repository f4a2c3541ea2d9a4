// Numbers from text, the same in every standard library and every locale.
#pragma once

#include <charconv>
#include <string_view>
#include <type_traits>
#include <version>

#ifndef __cpp_lib_to_chars
#include <cstdlib>
#include <string>
#endif

namespace hourglass {

// Reads the whole of `text`, without blanks around it, as std::from_chars does: "10", "-0.5",
// "1e-7". Returns whether that is a number of this type; `value` is left alone otherwise.
template <typename Number>
bool parse_number(std::string_view text, Number& value) {
  static_assert(std::is_arithmetic_v<Number>);
#ifndef __cpp_lib_to_chars
  // libc++ reads no floating-point numbers before its version 20. strtod takes more than from_chars
  // does, hence the look at the first characters: no blanks, no plus sign, no hexadecimal digits.
  if constexpr (std::is_floating_point_v<Number>) {
    const bool decimal = text.find_first_not_of("0123456789+-.eE") == text.npos;
    const bool special = text == "nan" || text == "inf" || text == "-inf";
    if (text.empty() || text[0] == '+' || !(decimal || special)) return false;
    const std::string copy(text);
    char* end = nullptr;
    const double read = std::strtod(copy.c_str(), &end);
    if (end != copy.c_str() + copy.size()) return false;
    value = static_cast<Number>(read);
    return true;
  } else
#endif
  {
    Number read{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    value = read;
    return true;
  }
}

}  // namespace hourglass
