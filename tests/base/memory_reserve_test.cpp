#include "core/base/memory_reserve.h"

#include <doctest/doctest.h>

#include <new>

TEST_CASE("the reserve is given back once, and can be taken again") {
  const std::new_handler before = std::get_new_handler();
  hourglass::keep_memory_back();
  const std::new_handler give = std::get_new_handler();
  REQUIRE((give != nullptr));
  give();
  CHECK_THROWS_AS(give(), std::bad_alloc);
  hourglass::keep_memory_back();
  hourglass::keep_memory_back();  // which is there
  give();
  CHECK_THROWS_AS(give(), std::bad_alloc);
  hourglass::keep_memory_back();
  std::set_new_handler(before);
}
