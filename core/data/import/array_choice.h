// Which arrays of an archive or folder are the samples, and which their labels.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/import.h"
#include "core/data/import/name_words.h"

namespace hourglass {

// An array as its name and header describe it.
struct NamedArray {
  std::size_t place = 0;  // the caller's: of a file, or in a list
  std::string name;       // "x_train", as data.array and data.label say it
  std::vector<Index> shape{};
  bool is_whole = false;  // of a type of whole numbers
};

struct ArrayPair {
  NamedArray samples;
  std::optional<NamedArray> labels;
};

struct ArrayChoice {
  ArrayPair train;
  std::optional<ArrayPair> test;
  std::vector<std::string> left_out;  // names
};

// Chooses by options.array and options.label, or else by names and shapes: samples have two or more
// dimensions, and a name such as x, images or data where there are several; labels are as many
// whole numbers, called y or labels. Names that speak of training, test and validation make the
// split. `what` is what messages call the whole; guesses are added to `notes`. Throws Error that
// names the arrays if there is no choice or more than one.
ArrayChoice choose_arrays(const std::vector<NamedArray>& arrays, const std::string& what,
                          const ImportOptions& options, std::vector<Sentence>& notes);

}  // namespace hourglass
