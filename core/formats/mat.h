// MATLAB's MAT-files of version 5 (MathWorks, "MAT-File Format"), which save(..., '-v6') and '-v7'
// write, of either byte order, plain or compressed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/formats/numeric_array.h"

namespace hourglass {

// An array of numbers. MATLAB lays arrays out column by column; in C order that is the reverse of
// its dimensions, so `shape` is {c, b, a} of what MATLAB calls a x b x c.
struct MatArray : NumericArray {
  std::string name;  // "fea"; of a field of a struct "dataset.train.images"
};

struct MatFile {
  std::vector<MatArray> arrays;
  // What else there is, in words: "'names' (text)".
  std::vector<std::string> left_out;
};

// `file` is the whole file; `name` is what messages call it. Text, cells, sparse and complex
// arrays, objects, empty arrays and arrays of structs are left out. Throws Error if it is no such
// file or damaged, or if an array would have more than 4 GiB. Takes four times the unpacked file's
// size at most.
MatFile read_mat(std::span<const std::uint8_t> file, const std::string& name);

}  // namespace hourglass
