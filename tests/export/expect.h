// An Error with a part of its message, in one line.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "tests/data/expect_error.h"

namespace hourglass {

template <typename Function>
void expect_error(const Function& function, const std::string& part) {
  const std::string message = error_of(function);
  CAPTURE(message);
  CAPTURE(part);
  CHECK(contains(message, part));
}

}  // namespace hourglass
