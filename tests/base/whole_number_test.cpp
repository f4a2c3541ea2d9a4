#include "core/base/whole_number.h"

#include <doctest/doctest.h>

#include <limits>

#include "core/base/json.h"

using namespace hourglass;

TEST_CASE("an index is held against a count by value, in 32 bits as in 64") {
  const auto check = [](auto count) {
    CHECK(is_index(std::uint32_t{0}, count));
    CHECK(is_index(std::uint32_t{149}, count));
    CHECK_FALSE(is_index(std::uint32_t{150}, count));
    // Cast to a signed type of 32 bits these would be negative, and so below every count.
    CHECK_FALSE(is_index(std::uint32_t{2147483648u}, count));
    CHECK_FALSE(is_index(std::numeric_limits<std::uint32_t>::max(), count));
    CHECK_FALSE(is_index(std::numeric_limits<std::uint64_t>::max(), count));
    CHECK_FALSE(is_index(std::int64_t{-1}, count));
    // Cast to 32 bits this would be 5.
    CHECK_FALSE(is_index((std::int64_t{1} << 32) + 5, count));
  };
  check(std::int32_t{150});
  check(std::int64_t{150});
  check(std::uint32_t{150});
  CHECK_FALSE(is_index(std::uint32_t{0}, std::int32_t{-5}));
}

TEST_CASE("whole numbers are read from JSON within a range and a type, or not at all") {
  const auto read = [](const char* text, auto number, std::int64_t low, std::int64_t high) {
    return read_whole_number(parse_json(text), low, high, number);
  };
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const char* good : {"5", "5.0", "5e0", "-3", "9007199254740991", "9223372036854775807"}) {
    CAPTURE(good);
    CHECK(read(good, std::int64_t{}, least, most));
  }
  for (const char* bad : {"5.5", "1e300", "-1e300", "9007199254740993.0", "9223372036854775808",
                          "18446744073709551615", "\"5\"", "null", "true", "[5]", "{}"}) {
    CAPTURE(bad);
    CHECK_FALSE(read(bad, std::int64_t{}, least, most));
  }
  CHECK_FALSE(read("4294967301", std::int32_t{}, least, most));  // 2^32 + 5
  CHECK_FALSE(read("2147483648", std::int32_t{}, least, most));
  CHECK_FALSE(read("-1", std::uint32_t{}, least, most));
  CHECK_FALSE(read("11", std::int64_t{}, 0, 10));
  std::int64_t number = 7;
  CHECK_FALSE(read_whole_number(parse_json("\"x\""), 0, 10, number));
  CHECK(number == 7);
  CHECK(read_whole_number(parse_ordered_json("10"), 0, 10, number));
  CHECK(number == 10);
}
