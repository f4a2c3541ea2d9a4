#include "core/base/text.h"

#include <doctest/doctest.h>

#include "core/base/json.h"

namespace hourglass {
namespace {

TEST_CASE("text that is UTF-8 stays as it is") {
  for (const char* const text : {"", "plain", "caf\xC3\xA9", "\xE4\xB8\xAD\xE6\x96\x87",
                                 "\xF0\x9F\x8D\x8E", "\xEF\xBF\xBD"}) {
    CHECK(to_utf8(text) == text);
    CHECK(printable(text) == text);
  }
}

TEST_CASE("bytes that are no UTF-8 become visible and stay apart") {
  CHECK(to_utf8("caf\xE9") == "caf\\xE9");                       // Latin-1
  CHECK(to_utf8("\xD6\xD0.csv") == "\\xD6\\xD0.csv");            // GBK
  CHECK(to_utf8("\xC0\xAF") == "\\xC0\\xAF");                    // too long a form
  CHECK(to_utf8("\xED\xA0\x80") == "\\xED\\xA0\\x80");           // half of a pair
  CHECK(to_utf8("\xF4\x90\x80\x80") == "\\xF4\\x90\\x80\\x80");  // beyond the last character
  CHECK(to_utf8("\xE4\xB8") == "\\xE4\\xB8");                    // cut
  CHECK(to_utf8("\xE9\xC3\xA9") == "\\xE9\xC3\xA9");
  for (int lead = 0; lead < 256; ++lead) {
    for (int next = 0; next < 256; ++next) {
      const std::string clean =
          to_utf8(std::string{static_cast<char>(lead), static_cast<char>(next)});
      CHECK(to_utf8(clean) == clean);
      CHECK_NOTHROW(Json(clean).dump());  // throws for what is no UTF-8
    }
  }
}

TEST_CASE("characters that act on a terminal are shown instead") {
  CHECK(printable("a\x1b[2Jb") == "a\\x1B[2Jb");
  CHECK(printable("\x07\x7f\r\n") == "\\x07\\x7F\\x0D\\x0A");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\\u009B31m");                      // C1's own introducer of sequences
  CHECK(printable("\xE2\x80\xAEgpj.exe") == "\\u202Egpj.exe");  // from right to left
  CHECK(to_utf8("a\x1b") == "a\x1b");                           // for files, where JSON escapes it
}

TEST_CASE("JSON is written whatever its strings hold") {
  CHECK(json_text(Json{{"name", "caf\xE9"}}) == "{\"name\":\"caf\xEF\xBF\xBD\"}");
  CHECK(json_text(OrderedJson{{"name", "\xFF"}}, 1) == "{\n \"name\": \"\xEF\xBF\xBD\"\n}");
}

}  // namespace
}  // namespace hourglass
