// Tables in text files: comma-separated values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace hourglass {

// A table's rows as samples, in their order, with labels if there is a column of them.
struct CsvTable {
  ImageShape shape;
  Samples samples;
  std::vector<std::string> class_names;
  std::string labels_from;                 // "column 'kind'", "column 3"; "" without labels
  std::vector<std::string> feature_names;  // of the features' columns; empty without a header
};

// Reads a table of numbers as CsvLines does, plain or, natively, compressed with gzip. `name` is
// what messages call it.
// - The first line is a header if it holds no number, or a field `label` or `class`, or just counts
//   from 0. Columns without a name in it (the row numbers that pandas writes) are left out.
// - `label` says which column holds the labels: "none", "first", "last", a column's name, or
//   "auto": the one named label or class, else the only one that holds words, else the first or
//   last of whole numbers beside the pixels of a square image. Labels may be words or numbers.
// - Where all values are whole numbers from 0 to 255, and so many that they make a square of 8 to
//   64 pixels a side (4 to 64 if one is above 127), they are the bytes of an image; if none is
//   above 127, the largest stands for white. All else are plain vectors, {1, 1, columns}.
// Takes, beside the file, up to 12 times its size (a number of one digit becomes four bytes, in an
// array that doubles as it grows). Throws Error naming the line if a field is no number or missing,
// a line is longer or shorter than the first, or the file is damaged; also if there are no rows,
// more than 10,000,000, more than 12,288 columns, or no such label column.
CsvTable read_csv(std::span<const std::uint8_t> file, const std::string& name,
                  const std::string& label);

// The same as a data set called `set`, one row in six held out as split_samples() does it.
Dataset dataset_from_csv(std::span<const std::uint8_t> file, const std::string& name,
                         const std::string& set, const std::string& label);

}  // namespace hourglass
