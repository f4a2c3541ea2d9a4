// NumPy's array format (NEP 1, "A simple file format for NumPy arrays"), versions 1 to 3.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/math/types.h"

namespace hourglass {

struct NpyArray {
  std::vector<Index> shape;  // 1 to 4 dimensions, none of them 0
  // In C order, whatever the file's order and type: `bytes` where the file holds unsigned bytes,
  // else `values`. The other is empty.
  std::vector<float> values;
  std::vector<std::uint8_t> bytes;
  bool is_bytes = false;
};

// `file` is the whole file: little-endian float32, float64, int32, int64, or uint8, C or Fortran
// order. `name` is what messages call it. Throws Error if it is anything else, damaged, does not
// hold exactly the bytes that its header says, or more than 4 GiB. Takes as much memory as the
// array: at most the file's size.
NpyArray read_npy(std::span<const std::uint8_t> file, const std::string& name);

// A version 1 file of float32 in C order. `shape` has 1 to 4 dimensions whose product is the number
// of values.
std::vector<std::uint8_t> write_npy(std::span<const Index> shape, std::span<const float> values);

}  // namespace hourglass
