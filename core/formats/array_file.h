// Samples in and out of files, by the name's ending: what --in and --out of the command line take.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/shape.h"
#include "core/math/types.h"

namespace hourglass {

// Samples x features, sample by sample: a column-major Matrix of features x samples in memory.
struct SampleArray {
  Index samples = 0;
  Index features = 0;
  std::vector<float> values;
};

// Reads .npy, .idx, .png, or the first two compressed (.npy.gz, .idx.gz); with any other ending,
// what the content looks like (MNIST's files have no ending). The first dimension counts the
// samples, the others are features; an array of one dimension that has `expected.features()`
// elements is one sample. Unsigned bytes stand for [0, 1] and are divided by 255, other numbers are
// taken as they are. A PNG is one image of `expected`'s size or a sheet of them without gaps, and
// is made grey or colour as `expected` has channels; if expected.features() is 0, anything will do
// and a PNG is one image as it is. Throws Error if the file cannot be read, is damaged, or has
// another number of features than expected.
SampleArray read_array(const std::filesystem::path& path, const ImageShape& expected);

// Throws Error, saying what would be right, unless `path` ends in .npy, .idx, .npy.gz, .idx.gz or
// .png, and, for .png, unless samples of `shape` are images. For finding out before the work is
// done.
void check_array_path(const std::filesystem::path& path, const ImageShape& shape);

// Writes `samples` (features x samples, features as in `shape`): .npy as float32 samples x
// features; .idx as floats, samples x rows x columns for grey images, samples x channels x rows x
// columns for others, samples x features for vectors; .png as a sheet without gaps whose last line
// may end in black. The file appears complete or not at all. Throws Error as check_array_path, if
// there are no samples, or if it cannot be written.
void write_array(const std::filesystem::path& path, const ConstMatrixView& samples,
                 const ImageShape& shape);

}  // namespace hourglass
