// Small things about text that the commands share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/math/thread_pool.h"

namespace hourglass {

// 60000 -> "60,000".
std::string with_commas(std::int64_t number);

// `value` with so many digits behind the point.
std::string fixed(double value, int digits);

// Seconds as people say them: "4 s", "1:23", "2:03:10".
std::string duration_text(double seconds);

// The one of `names` that `name` is a slip of the finger away from, or "".
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names);

// Breaks `text` at blanks into lines of at most `width` characters; every line begins with
// `indent`.
std::string wrapped(const std::string& text, std::size_t width, const std::string& indent);

// The width of what the commands print in lines.
inline constexpr std::size_t kTextWidth = 96;

void print_text(const std::string& text);

// The first bytes of a file's own text, safe to print and to keep.
std::string printable_text(const std::string& text, std::size_t most);

// What to say where a pool has fewer threads than were asked for; "" if it has not. 0 asked for one
// per core.
std::string fewer_threads_sentence(const ThreadPool& pool, int asked);

// Makes one line of what may be several, and shows characters that would act on a terminal (see
// printable()): every sentence with something from outside in it goes through this.
std::string one_line(std::string text);

}  // namespace hourglass
