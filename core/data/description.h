// What was understood of a data set, as facts that a person can check at a glance.
#pragma once

#include <string>

#include "core/data/dataset.h"

namespace hourglass {

// Samples that are no images: the rows of a table, or vectors.
inline bool is_table(const ImageShape& shape) { return shape.rows == 1 && shape.channels == 1; }

// What one calls the samples of this shape: "image" or "sample", with an s for any count but one.
std::string sample_noun(const ImageShape& shape, Index count);

struct DataDescription {
  bool is_table = false;
  bool is_bytes = false;  // the values are whole numbers from 0 to 255, as in most image files
  // Of all values, training and held out: in the numbers of a person's file where that is known,
  // else in the data's own units.
  double low = 0, high = 0;
  ValueRange seen;   // what the training values' range becomes for the model
  std::string hash;  // data_hash()
};

// Reads all values.
DataDescription describe(const Dataset& data);

}  // namespace hourglass
