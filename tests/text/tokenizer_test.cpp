#include "core/text/tokenizer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/utf8.h"

using namespace hourglass;

namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view text, bool stop_words = true) {
  Tokenizer tokenizer({.stop_words = stop_words});
  tokenizer.begin(text);
  Words words;
  for (std::string_view word; tokenizer.next(word);) words.emplace_back(word);
  return words;
}

}  // namespace

TEST_CASE("tokenizer: English words are letters and digits in lower case") {
  CHECK(words_of("The Sun's 5,000 spots (in 1610) shone.") ==
        Words{"sun", "000", "spots", "1610", "shone"});
  CHECK(words_of("The Sun's spots", false) == Words{"the", "sun", "spots"});
  CHECK(words_of("We don't think they'll stop") == Words{"think", "stop"});
  CHECK(words_of("a b c d 1 2").empty());
  CHECK(words_of("").empty());
  CHECK(words_of(" \t\n").empty());
  // Control characters are blanks.
  CHECK(words_of(std::string_view("red\0green\x7f"
                                  "blue\x1b",
                                  15)) == Words{"red", "green", "blue"});
}

TEST_CASE("tokenizer: letters of other alphabets make words, in lower case") {
  CHECK(words_of("Röntgen ÉCOLE Øre Şükür") == Words{"röntgen", "école", "øre", "şükür"});
  CHECK(words_of("ΑΘΗΝΑ Москва") == Words{"αθηνα", "москва"});
  // Full width, as Chinese keyboards write it.
  CHECK(words_of("ＧＰＵ２０２６") == Words{"gpu2026"});
}

TEST_CASE("tokenizer: Chinese is taken by pairs of characters, mixed text by script") {
  CHECK(words_of("太阳系行星") == Words{"太阳", "阳系", "系行", "行星"});
  CHECK(words_of("用GPU训练模型。水！") == Words{"用", "gpu", "训练", "练模", "模型", "水"});
  // Particles cut, but only with the stop list.
  CHECK(words_of("月球的背面") == Words{"月球", "背面"});
  CHECK(words_of("月球的背面", false) == Words{"月球", "球的", "的背", "背面"});
  CHECK(words_of("的了").empty());
  CHECK(words_of("因为下雨，可以坐车，我来") == Words{"为下", "下雨", "以坐", "坐车", "我来"});
  CHECK(words_of("1983年") == Words{"1983"});
  CHECK(words_of("二〇一九年") == Words{"二〇", "〇一", "一九", "九年"});
  // Beyond the first plane, and Japanese.
  CHECK(words_of("𠀀𠀁") == Words{"𠀀𠀁"});
  CHECK(words_of("カタ・カナ") == Words{"カタ", "カナ"});
}

TEST_CASE("tokenizer: what is no UTF-8 separates words, and long words are cut") {
  CHECK(words_of("red\xff"
                 "green\xe4\xb8") == Words{"red", "green"});
  const auto words = words_of(std::string(1000, 'x') + " end");
  CHECK(words.size() == 2);
  CHECK(words[0].size() <= kMaxWordBytes);
  CHECK(words[0].size() > kMaxWordBytes - 4);
  const auto accents = words_of([] {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "é";
    return text;
  }());
  CHECK(accents.size() == 1);
  CHECK(find_malformed(accents[0]) == accents[0].size());
}

TEST_CASE("tokenizer: the stop list holds what says nothing") {
  for (const char* word : {"the", "and", "of", "was", "which", "don", "因为", "年"})
    CHECK(is_stop_word(word));
  for (const char* word : {"sun", "first", "bank", "won", "thetis", ""}) {
    CHECK_FALSE(is_stop_word(word));
  }
}

TEST_CASE("the first malformed byte of UTF-8 is found") {
  CHECK(find_malformed("") == 0);
  CHECK(find_malformed("plain, 太阳, é") == std::string_view("plain, 太阳, é").size());
  CHECK(find_malformed("ab\xff") == 2);
  CHECK(find_malformed("a\xc0\x80") == 1);         // too long a form
  CHECK(find_malformed("a\xed\xa0\x80") == 1);     // half of a surrogate pair
  CHECK(find_malformed("\xe5\xa4") == 0);          // cut short
  CHECK(find_malformed("\xf4\x90\x80\x80") == 0);  // beyond the last plane
}
