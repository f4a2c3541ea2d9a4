// Small things about text that the commands share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

// 60000 -> "60,000".
std::string with_commas(std::int64_t number);

// `value` with so many digits behind the point.
std::string fixed(double value, int digits);

// Seconds as people say them: "4 s", "1:23", "2:03:10".
std::string duration_text(double seconds);

// `text` as one word of a shell's command line.
std::string shell_word(const std::string& text);

// The one of `names` that `name` is a slip of the finger away from, or "".
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names);

// Breaks `text` at blanks into lines of at most `width` characters; every line begins with
// `indent`.
std::string wrapped(const std::string& text, std::size_t width, const std::string& indent);

// Makes one line of what may be several.
std::string one_line(std::string text);

}  // namespace hourglass
