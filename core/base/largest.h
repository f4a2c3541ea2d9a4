// The largest of many numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hourglass {

// The places of the `most` largest of `values` that are above 0, largest first; equally large ones
// by their place. What is not a number is none of them.
template <typename Value>
std::vector<std::uint32_t> largest_above_zero(std::span<const Value> values, std::size_t most) {
  std::vector<std::uint32_t> places;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > Value(0)) places.push_back(static_cast<std::uint32_t>(i));
  }
  const auto kept = places.begin() + static_cast<std::ptrdiff_t>(std::min(most, places.size()));
  std::partial_sort(places.begin(), kept, places.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] > values[b] || (values[a] == values[b] && a < b);
  });
  places.erase(kept, places.end());
  return places;
}

}  // namespace hourglass
