// Whether the numbers of a table's rows are the pixels of images, and labels that stand beside
// pixels without a title that says so.
#pragma once

#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/base/shape.h"
#include "core/data/dataset.h"
#include "core/data/import/import_options.h"
#include "core/formats/table_values.h"

namespace hourglass {

// The numbers from which black and white are made.
struct NumberRange {
  double low = 0, high = 0;
};

// A label for each row, found beside the pixels of a square image (or of the shape that the options
// name): one column of whole numbers at the beginning or the end, or several at the end of which
// one is 1 and the others 0.
struct LabelsBesidePixels {
  std::vector<std::size_t> features;  // the columns, among the values' features; empty if none
  std::vector<std::string> texts;     // one a row
};
// `even_one_kind`: one label for all rows is enough to be one.
LabelsBesidePixels labels_beside_pixels(TableValues& values, const ImportOptions& options,
                                        bool even_one_kind);

// The samples that the values are; takes them.
struct TableSamples {
  ImageShape shape;
  Samples samples;
  NumberRange range;            // of the file's numbers: of an image, black and white
  FileReading reading;          // of images
  std::vector<Sentence> notes;  // whole sentences
};
// As many numbers a row as make a square of 8 to 64 pixels a side, or of the sides that the options
// name, are an image if they are
//   whole numbers from 0 to 255: bytes; if none is above 127, the largest stands for white (4 to 64
//       a side if one is above 127)
//   from 0 to 1, or from -1 to 1, and more than half of that
// All else are vectors, {1, 1, features}. For a model (options.trained) they are what it takes, and
// in its own range where they keep to that. Throws Error if the options' shape or range does not
// fit.
TableSamples samples_of_values(TableValues& values, const ImportOptions& options,
                               const std::string& name);

// The shape that the options name: {1, 1, features} for "table", all 0 for "auto". Throws Error for
// anything else.
ImageShape shape_wanted(const ImportOptions& options);

}  // namespace hourglass
