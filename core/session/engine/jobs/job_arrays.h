// Arrays of a job's result from the numbers of the computations.
#pragma once

#include <string>
#include <utility>

#include "core/math/types.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// The numbers one after the other, as they lie in memory.
template <typename Numbers>
Floats floats_of(const Numbers& numbers) {
  Floats floats;
  floats.reserve(static_cast<std::size_t>(numbers.size()));
  for (const auto* at = numbers.data(); at != numbers.data() + numbers.size(); ++at) {
    floats.push_back(static_cast<float>(*at));
  }
  return floats;
}

// A vector.
template <typename Numbers>
JobArray numbers_array(std::string name, const Numbers& numbers) {
  return {std::move(name), {static_cast<std::int64_t>(numbers.size())}, floats_of(numbers)};
}

// Columns as rows: n x the size of each.
inline JobArray columns_array(std::string name, const Matrix& columns) {
  return {std::move(name), {columns.cols(), columns.rows()}, floats_of(columns)};
}

}  // namespace hourglass::session
