#include "core/base/json.h"

#include <doctest/doctest.h>

#include <string>

namespace hourglass {
namespace {

TEST_CASE("JSON: both kinds read what is there, in their orders of keys") {
  const std::string text = R"({"b": [1, -2, 0.5, true, null, "\u4e2d"], "a": {"c": ""}})";
  CHECK(parse_json(text).dump() == R"({"a":{"c":""},"b":[1,-2,0.5,true,null,"中"]})");
  CHECK(parse_ordered_json(text).dump() == R"({"b":[1,-2,0.5,true,null,"中"],"a":{"c":""}})");
  CHECK(parse_json(" 7 ").get<int>() == 7);
}

TEST_CASE("JSON: what is none is discarded, without an exception") {
  for (const char* text : {"", " ", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"\xff\"", "1e999", "\"a"}) {
    CAPTURE(text);
    CHECK(parse_json(text).is_discarded());
    CHECK(parse_ordered_json(text).is_discarded());
  }
}

}  // namespace
}  // namespace hourglass
