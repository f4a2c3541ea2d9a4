// The element types of numeric arrays in files, of either byte order, and the floats they become.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hourglass {

enum class NumberType {
  kBool,
  kUint8,
  kInt8,
  kUint16,
  kInt16,
  kUint32,
  kInt32,
  kUint64,
  kInt64,
  kFloat16,
  kFloat32,
  kFloat64,
};

// Bytes of one element.
std::size_t size_of(NumberType type);

// Reads the element that lies at `at`. Whole numbers above 2^24 and doubles are rounded to the
// nearest float.
using NumberReader = float (*)(const std::uint8_t* at);
NumberReader number_reader(NumberType type, bool big_endian);

// IEEE 754 binary16, subnormals, infinities and NaN included.
float half_to_float(std::uint16_t half);

}  // namespace hourglass
