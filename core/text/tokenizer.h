// Words out of texts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hourglass {

// Longer words end here, in bytes: what is longer is no word but a key or a picture in letters.
inline constexpr std::size_t kMaxWordBytes = 64;

struct TokenizerOptions {
  bool stop_words = true;  // leave them out: is_stop_word(), and Chinese particles cut like a blank
};

// Goes through a text word by word.
// - Letters and digits make words of two characters or more, in lower case; all else separates
//   them. A text of several alphabets is as good as one of English; full-width letters and digits
//   are the plain ones.
// - Chinese, Japanese and Korean are written without blanks between words, and there each two
//   neighbouring characters are a word, and a character alone is one (Nie, Gao, Zhang and Zhou
//   2000, "On the use of words and n-grams for Chinese information retrieval").
// - Scripts may be mixed without blanks: "用GPU训练" is 用, gpu and 训练.
// - Control characters, and bytes that are no UTF-8, separate words like blanks.
class Tokenizer {
 public:
  explicit Tokenizer(const TokenizerOptions& options = {}) : options_(options) {}

  // Starts at the beginning of `text`, which must stay as it is until the last word is read.
  void begin(std::string_view text);
  // The next word, valid until the next call; false at the end.
  bool next(std::string_view& word);

 private:
  bool read_word(std::string_view& word);
  bool is_kept(std::string_view word) const;

  TokenizerOptions options_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t last_ = 0;  // where the last character begins that is a word with its neighbour
  std::size_t run_ = 0;   // how many of these came without anything in between
  std::string word_;
};

// Whether `word`, in lower case, says nothing about what a text is about: English articles,
// pronouns, prepositions, auxiliary verbs and what is left of "don't" and "we'll"; their like in
// Chinese, of one or two characters.
bool is_stop_word(std::string_view word);

}  // namespace hourglass
