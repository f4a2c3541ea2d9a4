// The words that documents are counted by.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/text/bag_of_words.h"
#include "core/text/tokenizer.h"

namespace hourglass {

inline constexpr Index kDefaultVocabulary = 2000;  // that of Hinton and Salakhutdinov 2006

// The most frequent words of some texts, by how often they come in all of them together, the most
// frequent first; of equally frequent ones the first by alphabet (by bytes of UTF-8).
class Vocabulary {
 public:
  // `texts` are UTF-8. There are fewer than `size` (>= 1) words where the texts have fewer: see
  // different_words(). Throws Error if they have none.
  Vocabulary(std::span<const std::string_view> texts, Index size,
             const TokenizerOptions& options = {});
  // Words that are known already, all different, in lower case: those of a file. Nobody knows how
  // often they came.
  Vocabulary(std::vector<std::string> words, const TokenizerOptions& options);

  Index size() const { return static_cast<Index>(words_.size()); }
  const std::string& word(Index i) const { return words_[static_cast<std::size_t>(i)]; }
  const std::vector<std::string>& words() const { return words_; }
  const TokenizerOptions& options() const { return options_; }
  // How often each comes in the texts.
  const std::vector<std::uint64_t>& occurrences() const { return occurrences_; }
  // Words of the texts, those beyond `size` too.
  Index different_words() const { return different_words_; }
  // The number of a word in lower case, if it has one.
  std::optional<std::uint32_t> find(std::string_view word) const;

  // How often each document has each word; other words do not count.
  WordCounts count(std::span<const std::string_view> texts) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const {
      return std::hash<std::string_view>()(word);
    }
  };
  using Numbers = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;

  TokenizerOptions options_;
  std::vector<std::string> words_;
  std::vector<std::uint64_t> occurrences_;
  Index different_words_ = 0;
  Numbers numbers_;
};

}  // namespace hourglass
