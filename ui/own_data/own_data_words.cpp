#include "ui/own_data/own_data_words.h"

#include <vector>

#include "core/base/sentence.h"

namespace hourglass::ui {
namespace {

constexpr int kMaxDepth = 8;  // of values in values

std::string text_of(const Json& sentence, const char* field) {
  const auto found = sentence.find(field);
  return found != sentence.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string words_at(const Texts& texts, const Json& sentence, int depth) {
  if (!sentence.is_object()) return "";
  const std::string key = "import." + text_of(sentence, "key");
  const auto values = sentence.find("values");
  if (depth == kMaxDepth || values == sentence.end() || !values->is_array() ||
      !texts.has(texts.language(), key)) {
    return text_of(sentence, "text");
  }
  std::vector<Sentence> words;
  for (const Json& value : *values) words.emplace_back(words_at(texts, value, depth + 1));
  return fill_pattern(texts.get(key), words);
}

}  // namespace

std::string import_words(const Texts& texts, const Json& sentence) {
  return words_at(texts, sentence, 0);
}

std::string refusal_words(const Texts& texts, const OwnDataState& state) {
  const std::string words = import_words(texts, state.refusal);
  if (words.empty() || texts.language() == Language::kEnglish) return state.error;
  // What only its reader's words say is said to be in English.
  return words == state.error ? texts.format("own_data.in_english", {words}) : words;
}

}  // namespace hourglass::ui
