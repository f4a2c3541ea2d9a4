// Sentences for a person that can be said in another language: which one it is, and the names and
// numbers in it.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace hourglass {

struct Sentence {
  std::string key;   // of a table such as core/data/import/sentences.h; "" for words without one
  std::string text;  // in English
  std::vector<Sentence> values;  // what stands for {0}, {1}, ...

  Sentence() = default;
  Sentence(std::string words) : text(std::move(words)) {}
  Sentence(std::string_view words) : text(words) {}
  Sentence(const char* words) : text(words) {}
  template <std::integral Number>
  Sentence(Number number) : text(std::to_string(number)) {}

  operator const std::string&() const { return text; }
  bool operator==(const Sentence&) const = default;
  bool operator==(const char* words) const { return text == words; }
};

// `pattern` with each {0}, {1}, ... replaced by that value, and each {0:one|several} by the first
// words where the value is 1, else by the second; by nothing where there is no such value.
std::string fill_pattern(std::string_view pattern, const std::vector<Sentence>& values);

// An Error whose sentence can be said in another language.
class Refusal : public Error {
 public:
  explicit Refusal(Sentence sentence) : Error(sentence.text), sentence_(std::move(sentence)) {}
  const Sentence& sentence() const { return sentence_; }

 private:
  Sentence sentence_;
};

// What the error says that is being handled: it is called from its handler alone.
Sentence sentence_of(const Error& error);

// As JSON text {"key": "...", "text": "...", "values": [...]}, the values likewise; UTF-8.
std::string sentence_json(const Sentence& sentence);

}  // namespace hourglass
