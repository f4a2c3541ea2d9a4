// What is known of a data set whose samples are documents.
#pragma once

#include <string>
#include <vector>

#include "core/text/bag_of_words.h"
#include "core/text/word_input.h"

namespace hourglass {

struct DocumentInfo {
  // Of one split, in the order of its samples.
  struct Split {
    WordCounts counts;                    // by the vocabulary
    std::vector<std::string> beginnings;  // first words, for people to know a document by
  };

  WordInput input;   // what made numbers of the words
  Index wanted = 0;  // words that were asked for; a few documents have fewer
  Split train, test;
  // The last class is no topic: documents of several, of a rare one, or of none.
  bool has_others = false;
  std::string note;  // what was left out, in sentences; "" for nothing
};

}  // namespace hourglass
