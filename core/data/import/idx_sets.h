// Which IDX files belong together, told from their headers and the words of their names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/data/import/import.h"

namespace hourglass {

// Files by their places in ImportRequest::files.
struct IdxPair {
  std::size_t images = 0;
  std::optional<std::size_t> labels;
};

// Images of one origin: those of both splits, or all in `train`.
struct IdxSet {
  std::string name;  // "emnist-letters", or the name of the file of images
  std::vector<std::string> words;
  IdxPair train;
  std::optional<IdxPair> test;
};

struct IdxSets {
  std::vector<IdxSet> sets;
  std::vector<std::size_t> left_out;  // files that belong to none
};

// The sets among the files of kind kIdx. Labels are arrays of one dimension, of N x 1, and N x 8
// 32-bit integers (QMNIST's); they belong to the images whose name has the same words but for
// "images", "labels" and the format's, or else to the only images of that number without labels.
// Throws Error if there are no images.
IdxSets find_idx_sets(const ImportRequest& request);

}  // namespace hourglass
