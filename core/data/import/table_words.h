// What the columns of words in a table are: labels, the split, or neither.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/table_columns.h"
#include "core/formats/table_values.h"

namespace hourglass {

// Which part of the data a word speaks of: "train", "Training"; "test", "PublicTest", "val", ...
enum class SplitWord { kNone, kTrain, kHeldOut };
SplitWord split_word(std::string_view word);

// Places in values.texts() and their columns in the table.
struct WordColumns {
  std::optional<std::size_t> label, split;
};
// `label` is the column that is known to be it; else, if `may_guess`, it is the one of words that
// is one of classes: that with the fewest different ones, no more than kMaxClasses, and not another
// in each of many rows. Adds to `notes` what becomes of the others.
WordColumns choose_word_columns(TableValues& values, const TableColumns& columns, bool may_guess,
                                std::vector<Sentence>& notes);

// Labels of a column, which are numbers if all are whole: "6.0000" is 6, and `what` names it in
// messages. Throws Error if there are more than kMaxClasses.
std::vector<std::int32_t> labels_of_column(const TextColumn& column, const std::string& what,
                                           std::vector<std::string>& class_names);

}  // namespace hourglass
