#include "core/text/vocabulary.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace hourglass {

Vocabulary::Vocabulary(std::span<const std::string_view> texts, Index size,
                       const TokenizerOptions& options)
    : options_(options) {
  Numbers numbers;
  std::vector<std::uint64_t> occurrences;
  Tokenizer tokenizer(options);
  for (const std::string_view text : texts) {
    tokenizer.begin(text);
    for (std::string_view word; tokenizer.next(word);) {
      const auto known = numbers.find(word);
      if (known != numbers.end()) {
        ++occurrences[known->second];
        continue;
      }
      numbers.emplace(word, static_cast<std::uint32_t>(occurrences.size()));
      occurrences.push_back(1);
    }
  }
  if (numbers.empty()) {
    throw Error(options.stop_words
                    ? "The documents have no words but those of the stop list; words have two "
                      "letters or digits at least."
                    : "The documents have no words; words have two letters or digits at least.");
  }
  different_words_ = static_cast<Index>(numbers.size());
  using Entry = std::pair<const std::string*, std::uint64_t>;
  std::vector<Entry> all;
  all.reserve(numbers.size());
  for (const auto& [word, number] : numbers) all.emplace_back(&word, occurrences[number]);
  const auto kept = all.begin() + std::min<Index>(size, different_words_);
  std::partial_sort(all.begin(), kept, all.end(), [](const Entry& a, const Entry& b) {
    return a.second > b.second || (a.second == b.second && *a.first < *b.first);
  });
  for (auto entry = all.begin(); entry != kept; ++entry) {
    numbers_.emplace(*entry->first, static_cast<std::uint32_t>(words_.size()));
    words_.push_back(*entry->first);
    occurrences_.push_back(entry->second);
  }
}

Vocabulary::Vocabulary(std::vector<std::string> words, const TokenizerOptions& options)
    : options_(options),
      words_(std::move(words)),
      occurrences_(words_.size(), 0),
      different_words_(static_cast<Index>(words_.size())) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    numbers_.emplace(words_[i], static_cast<std::uint32_t>(i));
  }
}

std::optional<std::uint32_t> Vocabulary::find(std::string_view word) const {
  const auto known = numbers_.find(word);
  if (known == numbers_.end()) return std::nullopt;
  return known->second;
}

WordCounts Vocabulary::count(std::span<const std::string_view> texts) const {
  WordCounts counts;
  counts.columns = size();
  counts.offsets.reserve(texts.size() + 1);
  Tokenizer tokenizer(options_);
  std::vector<std::uint32_t> words;  // of one document, with repetitions
  for (const std::string_view text : texts) {
    words.clear();
    tokenizer.begin(text);
    for (std::string_view word; tokenizer.next(word);) {
      const auto known = numbers_.find(word);
      if (known != numbers_.end()) words.push_back(known->second);
    }
    std::sort(words.begin(), words.end());
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i > 0 && words[i] == words[i - 1]) {
        ++counts.values.back();
        continue;
      }
      counts.indices.push_back(words[i]);
      counts.values.push_back(1);
    }
    counts.end_row();
  }
  return counts;
}

}  // namespace hourglass
