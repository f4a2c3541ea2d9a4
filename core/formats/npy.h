// NumPy's array format (NEP 1, "A simple file format for NumPy arrays"), versions 1 to 3.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/formats/numeric_array.h"
#include "core/math/types.h"

namespace hourglass {

struct NpyArray : NumericArray {
  bool another_follows = false;  // np.save was called twice on the file; this is the first array
};

// What an array's header says.
struct NpyHeader {
  std::string type;  // as NumPy writes it: "<f4", "|u1", "<U5", "|O"; "V" of records
  bool fortran = false;
  std::vector<std::uint64_t> shape;
  std::size_t bytes = 0;  // of the header: where the elements begin
};

// The header of a file that begins with `head` (kMaxNpyHead bytes of it, or all). Throws Error if
// that is no header, or if it is cut short.
inline constexpr std::size_t kMaxNpyHead = 12 + (1 << 16);
NpyHeader read_npy_header(std::span<const std::uint8_t> head, const std::string& name);

// `file` is the whole file: truth values, whole numbers of 8 to 64 bits or floats of 16 to 64, of
// either byte order, C or Fortran order. `name` is what messages call it. Throws Error if it is
// anything else, damaged, does not hold exactly the bytes that its header says (another array may
// follow), or more than 4 GiB. Takes as much memory as the array has as bytes or floats: at most
// four times the file's size.
NpyArray read_npy(std::span<const std::uint8_t> file, const std::string& name);

// A version 1 file of float32 in C order. `shape` has 1 to 8 dimensions whose product is the number
// of values.
std::vector<std::uint8_t> write_npy(std::span<const Index> shape, std::span<const float> values);

}  // namespace hourglass
