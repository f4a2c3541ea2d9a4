// Whole numbers from outside, held against what is there: comparisons by value, whatever the types'
// signs and widths. Index has 64 bits natively and 32 in a browser, so a cast before the comparison
// is right in one and wrong in the other.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <utility>

namespace hourglass {

// JavaScript's numbers are whole up to here, and so are all that cross to it.
inline constexpr std::int64_t kMaxWholeNumber = 9007199254740991;  // 2^53 - 1

// Whether `number` counts one of `count` things, from 0.
template <std::integral Number, std::integral Count>
constexpr bool is_index(Number number, Count count) {
  return std::cmp_greater_equal(number, 0) && std::cmp_less(number, count);
}

// `json` (any of the library's types) as a whole number from `low` to `high`: an integer, or a real
// number without a fraction. Returns false, and leaves `number` alone, if it is anything else.
template <typename JsonValue, std::integral Number>
bool read_whole_number(const JsonValue& json, std::int64_t low, std::int64_t high, Number& number) {
  std::int64_t read = 0;
  if (json.is_number_unsigned()) {
    const auto given = json.template get<std::uint64_t>();
    if (!std::in_range<std::int64_t>(given)) return false;
    read = static_cast<std::int64_t>(given);
  } else if (json.is_number_integer()) {
    read = json.template get<std::int64_t>();
  } else if (json.is_number()) {
    const auto given = json.template get<double>();
    // Written so that what is no number fails, before it is cast.
    if (!(std::abs(given) <= static_cast<double>(kMaxWholeNumber)) || given != std::floor(given)) {
      return false;
    }
    read = static_cast<std::int64_t>(given);
  } else {
    return false;
  }
  if (read < low || read > high || !std::in_range<Number>(read)) return false;
  number = static_cast<Number>(read);
  return true;
}

}  // namespace hourglass
