#include "core/base/sentence.h"

#include <doctest/doctest.h>

#include "core/base/json.h"

namespace hourglass {
namespace {

TEST_CASE("sentences: values are put in their places, and words follow a number") {
  CHECK(fill_pattern("no values", {}) == "no values");
  CHECK(fill_pattern("{1} of {0}{0}", {"a", 7}) == "7 of aa");
  const char* const pattern = "{0} {0:image is|images are} left out";
  CHECK(fill_pattern(pattern, {1}) == "1 image is left out");
  CHECK(fill_pattern(pattern, {21}) == "21 images are left out");
  // What looks like a place in a value is none.
  CHECK(fill_pattern("'{0}'", {"{0}{9"}) == "'{0}{9'");
}

TEST_CASE("sentences: a refusal is an error that keeps its sentence") {
  Sentence made("no rows");
  made.key = "table.none";
  made.values = {"a.csv", Sentence(3)};
  try {
    throw Refusal(made);
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == "no rows");
    CHECK(sentence_of(error) == made);
  }
  try {
    throw Error("other");
  } catch (const Error& error) {
    CHECK(sentence_of(error) == Sentence("other"));
  }
}

TEST_CASE("sentences: their JSON is UTF-8, whatever bytes a name has") {
  Sentence made("bad \xE9");
  made.values = {"\xE9", "\xE6\x8E\xA2"};
  const Json json = parse_json(sentence_json(made));
  CHECK(json["text"] == "bad \\xE9");
  CHECK(json["values"][0]["text"] == "\\xE9");
  CHECK(json["values"][1]["text"] == "\xE6\x8E\xA2");
  CHECK(json["key"] == "");
}

}  // namespace
}  // namespace hourglass
