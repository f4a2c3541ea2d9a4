#include "core/text/word_input.h"

#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/names.h"

namespace hourglass {
namespace {

// ln(1 + n) + 1 for more documents than there can be.
constexpr double kMaxIdf = 100;

constexpr std::string_view kWeightingNames[] = {"tf-idf", "probabilities"};

bool is_list(const Json& json, const char* key) {
  return json.contains(key) && json[key].is_array();
}

}  // namespace

std::span<const std::string_view> word_weighting_names() { return kWeightingNames; }

WordWeighting word_weighting_from_name(std::string_view name) {
  return value_from_name<WordWeighting>(kWeightingNames, name, "weighting of words");
}

std::string word_input_json(const Vocabulary& vocabulary, const TfIdf& tfidf,
                            WordWeighting weighting) {
  Json json{{"idf", tfidf.inverse_document_frequencies()},
            {"stop_words", vocabulary.options().stop_words},
            {"words", vocabulary.words()}};
  if (weighting != WordWeighting::kTfIdf) {
    json["weights"] = kWeightingNames[static_cast<std::size_t>(weighting)];
  }
  return json_text(json);
}

WordInput parse_word_input(const std::string& text, const std::string& what, Index size) {
  const auto damage = [&](const std::string& why) {
    return Error(what + " has a damaged vocabulary in its metadata: " + why + ".");
  };
  const Json json = parse_json(text);
  if (!json.is_object() || !is_list(json, "words") || !is_list(json, "idf") ||
      !json.contains("stop_words") || !json["stop_words"].is_boolean()) {
    throw damage("it is no list of words and their weights");
  }
  for (const char* key : {"words", "idf"}) {
    if (json[key].size() == static_cast<std::size_t>(size)) continue;
    throw damage("'" + std::string(key) + "' has " + std::to_string(json[key].size()) +
                 " entries, and the model takes " + std::to_string(size) + " words");
  }
  std::vector<std::string> words;
  std::unordered_set<std::string> seen;
  for (const Json& word : json["words"]) {
    if (!word.is_string()) throw damage("one of its words is no text");
    words.push_back(word.get<std::string>());
    const std::size_t bytes = words.back().size();
    if (bytes == 0 || bytes > kMaxWordBytes) {
      throw damage("a word has " + std::to_string(bytes) + " bytes instead of 1 to " +
                   std::to_string(kMaxWordBytes));
    }
    if (!seen.insert(words.back()).second) {
      throw damage("the word '" + words.back() + "' is there twice");
    }
  }
  std::vector<double> idf;
  for (const Json& number : json["idf"]) {
    const double value = number.is_number() ? number.get<double>() : -1;
    if (!(value > 0 && value <= kMaxIdf))
      throw damage("a word's weight is no number from 0 to 100");
    idf.push_back(value);
  }
  WordWeighting weighting = WordWeighting::kTfIdf;
  if (json.contains("weights")) {
    if (json["weights"] != kWeightingNames[1]) throw damage("its weights are of no kind we know");
    weighting = WordWeighting::kProbabilities;
  }
  return {Vocabulary(std::move(words), {.stop_words = json["stop_words"].get<bool>()}),
          TfIdf(std::move(idf), TermFrequency::kLog), weighting};
}

}  // namespace hourglass
