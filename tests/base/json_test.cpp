#include "core/base/json.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "tests/support/allocations.h"

namespace hourglass {
namespace {

TEST_CASE("JSON: both kinds read what is there, in their orders of keys") {
  const std::string text = R"({"b": [1, -2, 0.5, true, null, "\u4e2d"], "a": {"c": ""}})";
  CHECK(parse_json(text).dump() == R"({"a":{"c":""},"b":[1,-2,0.5,true,null,"中"]})");
  CHECK(parse_ordered_json(text).dump() == R"({"b":[1,-2,0.5,true,null,"中"],"a":{"c":""}})");
  CHECK(parse_json(" 7 ").get<int>() == 7);
}

TEST_CASE("JSON: what is none is discarded, without an exception") {
  for (const char* text :
       {"", " ", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"\xff\"", "1e999", "\"a"}) {
    CAPTURE(text);
    CHECK(parse_json(text).is_discarded());
    CHECK(parse_ordered_json(text).is_discarded());
  }
}

TEST_CASE("JSON: what is too deep or too much is discarded before it is built") {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK_FALSE(parse_json(nested(kMaxJsonDepth)).is_discarded());
  CHECK(parse_json(nested(kMaxJsonDepth + 1)).is_discarded());
  CHECK_FALSE(parse_json("\"[[[[" + std::string(1000, '[') + "\\\"\"").is_discarded());
  const std::string deep = nested(10'000'000), in_object = "{\"a\":" + deep;
  std::string many = "[1";
  for (std::size_t i = 0; i < kMaxJsonValues; ++i) many += ",1";
  many += "]";
  const std::int64_t before = tests::allocated_bytes();
  CHECK(parse_json(deep).is_discarded());
  CHECK(parse_ordered_json(in_object).is_discarded());
  CHECK(parse_json(many).is_discarded());
  CHECK(tests::allocated_bytes() - before < 100'000);
}

}  // namespace
}  // namespace hourglass
