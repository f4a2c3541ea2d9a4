#include "ui/kit/line_break.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace hourglass::ui {
namespace {

// Chinese characters are twice as wide as Latin ones.
float cells(char32_t c) { return c >= 0x2E80 ? 2.0f : 1.0f; }

std::vector<std::string> lines(std::string_view text, float width) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t bytes = first_line(text, width, cells);
    REQUIRE((bytes > 0 || text.front() == '\n'));
    out.emplace_back(text.substr(0, bytes));
    text.remove_prefix(bytes);
    if (!text.empty() && text.front() == '\n') text.remove_prefix(1);
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST_CASE("line break: words stay whole, and a space at the end takes no room") {
  CHECK(lines("one two three", 7) == Lines{"one two ", "three"});
  CHECK(lines("one two three", 8) == Lines{"one two ", "three"});
  CHECK(lines("one\ntwo", 20) == Lines{"one", "two"});
  CHECK(lines("unbreakable", 4) == Lines{"unbr", "eaka", "ble"});
  CHECK(lines("a (bc) 1,000", 6) == Lines{"a (bc) ", "1,000"});
  CHECK(first_line("", 10, cells) == 0);
  CHECK(first_line("\nx", 10, cells) == 0);
  CHECK(first_line("编", 0, cells) == 3);
}

TEST_CASE("line break: Chinese breaks between characters, also beside Latin words") {
  CHECK(lines("用 Adam 训练的基本网络", 16) == Lines{"用 Adam 训练的基", "本网络"});
  CHECK(lines("压缩成32个", 8) == Lines{"压缩成32", "个"});
  CHECK(lines("压缩成32个", 7) == Lines{"压缩成", "32个"});
}

TEST_CASE("line break: punctuation keeps to its word") {
  // The line would hold three characters, but none may start with the comma.
  CHECK(lines("一二三，四五", 6) == Lines{"一二", "三，四", "五"});
  CHECK(lines("一二（三）四", 6) == Lines{"一二", "（三）", "四"});
  CHECK(lines("一“二三”四", 5) == Lines{"一“二", "三”四"});
}

TEST_CASE("line break: bytes that are no UTF-8 end") {
  const std::string broken = "ab\xE7\xBC";
  CHECK(first_line(broken, 100, cells) == broken.size());
  std::string all;
  for (const std::string& line : lines("\xFF\x80\xFF", 1)) all += line;
  CHECK(all == "\xFF\x80\xFF");
}

}  // namespace
}  // namespace hourglass::ui
