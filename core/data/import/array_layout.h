// Which dimension of an array is what: samples, channels, rows, columns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/base/shape.h"
#include "core/data/import/import_options.h"
#include "core/formats/numeric_array.h"

namespace hourglass {

// Where the elements of each sample lie in an array: element (n, channel, row, column) is at
// n * sample + channel * channel_step + row * row_step + column * column_step.
struct ArrayLayout {
  Index count = 0;
  ImageShape shape;
  std::uint64_t sample = 0, channel_step = 0, row_step = 0, column_step = 0;

  // Sample by sample, channel by channel, row by row: nothing needs to be moved.
  bool is_in_order() const;
};

// What is known of an array before its layout is.
struct LayoutHints {
  std::string name;              // what messages call it
  Index labels = 0;              // how many labels there are for it; 0: not known
  bool is_transposed = false;    // rows and columns of each image are exchanged, as far as is known
  bool is_column_major = false;  // as MATLAB's: of two dimensions either may be the samples'
  ImageShape trained;            // what a model takes that they are for; no features: nothing known
};

// The layout of `array`, by its shape and, of two dimensions, by whether its values are those of
// neighbouring pixels; options.shape and options.transpose say it instead. What was guessed is
// added to `notes` as sentences. Throws Error if the samples are none that can be used: more
// than 4 channels, more than 10,000,000 samples, more than 12,288 features that are no image.
// Images may be of any size here.
ArrayLayout array_layout(const NumericArray& array, const LayoutHints& hints,
                         const ImportOptions& options, std::vector<Sentence>& notes);

// The array's elements in the order of `layout`: sample by sample, (channel, row, column).
void arrange(const ArrayLayout& layout, NumericArray& array);

// The shape that data.shape says: {0, 0, 0} for "auto", {1, 1, 0} for "table"; "28x28" is one
// channel. Throws Error if it is none of these.
ImageShape shape_from_option(const std::string& text);

}  // namespace hourglass
