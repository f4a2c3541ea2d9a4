// A data set out of arrays, whatever files they were in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/array_labels.h"
#include "core/data/import/import.h"
#include "core/formats/numeric_array.h"

namespace hourglass {

// The samples of one split, with their labels where there are any.
struct ArrayPart {
  NumericArray samples;
  std::string name;  // what messages call the array
  std::optional<NumericArray> labels;
  std::string labels_name;
};

struct ArraySet {
  ArrayPart train;                // all samples, where there is no other part
  std::optional<ArrayPart> test;  // held out
  bool is_transposed = false;     // rows and columns are exchanged, as far as is known
  bool is_column_major = false;   // as MATLAB's, see LayoutHints
  ClassNames class_names;         // empty: labels are called by their numbers
  Sentence labels_from;           // what Dataset::labels_from becomes
};

// Makes the data set of `set`: layout, range, labels and split, as request.options say or as can be
// told from the arrays; what was guessed is added to result.report.notes. Images of more than 64
// pixels a side, and those for which data.shape says another size, are resized. Throws Error with a
// sentence that says what would work.
void dataset_from_arrays(ArraySet set, const ImportRequest& request, Imported& result);

}  // namespace hourglass
