#include "core/data/import/name_words.h"

#include <algorithm>
#include <string_view>

namespace hourglass {
namespace {

bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t size>
bool is_among(const std::string_view (&words)[size], const std::string& word) {
  return std::ranges::find(words, word) != std::end(words);
}

}  // namespace

std::vector<std::string> words_of_name(const std::string& path) {
  std::vector<std::string> words;
  std::string word;
  char before = ' ';
  for (const char c : path) {
    const bool belongs = is_small(c) || is_capital(c) || is_digit(c);
    if (!word.empty() && (!belongs || (is_capital(c) && is_small(before)))) {
      words.push_back(word);
      word.clear();
    }
    if (belongs) word += is_capital(c) ? static_cast<char>(c + 32) : c;
    before = c;
  }
  if (!word.empty()) words.push_back(word);
  if (!words.empty() && words.back() == "gz") words.pop_back();
  return words;
}

NamedSplit split_of_word(const std::string& word) {
  static constexpr std::string_view kTrain[] = {"train",  "training", "tr",    "xtrain",
                                                "ytrain", "trainx",   "trainy"};
  static constexpr std::string_view kTest[] = {"test", "testing", "t10k",  "test10k", "test50k",
                                               "te",   "xtest",   "ytest", "testx",   "testy"};
  static constexpr std::string_view kValidation[] = {"val", "valid", "validation", "dev"};
  if (is_among(kTrain, word)) return NamedSplit::kTrain;
  if (is_among(kTest, word)) return NamedSplit::kTest;
  return is_among(kValidation, word) ? NamedSplit::kValidation : NamedSplit::kNone;
}

NamedSplit split_of_words(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (split_of_word(word) != NamedSplit::kNone) return split_of_word(word);
  }
  return NamedSplit::kNone;
}

bool is_label_word(const std::string& word) {
  static constexpr std::string_view kWords[] = {"label",   "labels", "y",       "target",
                                                "targets", "class",  "classes", "gnd",
                                                "ytrain",  "ytest",  "trainy",  "testy"};
  return is_among(kWords, word);
}

bool is_sample_word(const std::string& word) {
  static constexpr std::string_view kWords[] = {"image",  "images",  "img",    "imgs",     "x",
                                                "data",   "samples", "fea",    "features", "pixels",
                                                "xtrain", "xtest",   "trainx", "testx"};
  return is_among(kWords, word);
}

}  // namespace hourglass
