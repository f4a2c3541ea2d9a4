// The one exception that bad input raises.
#pragma once

#include <stdexcept>
#include <string>

namespace hourglass {

// Thrown when something that a person gave (a file, a flag, a setting, a message) cannot be used.
// The text is one sentence for that person: what was wrong, where, and what would be right. Only
// the session and `main` catch it. A broken invariant of the program itself is an assertion
// instead.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace hourglass
