// Between the values of an enumeration and their names in files, flags and messages.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace hourglass {

// The position of `name` in `names`, which are the names of an enumeration's values 0, 1, 2, ...
// Throws Error: "Unknown WHAT 'NAME'; there are A, B and C."
template <typename Enumeration>
Enumeration value_from_name(std::span<const std::string_view> names, std::string_view name,
                            const char* what) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enumeration>(i);
  }
  std::string message = "Unknown " + std::string(what) + " '" + std::string(name) + "'; there are ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) message += i + 1 == names.size() ? " and " : ", ";
    message += names[i];
  }
  throw Error(message + ".");
}

}  // namespace hourglass
