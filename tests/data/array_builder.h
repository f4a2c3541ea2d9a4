// Files of arrays made by hand, for tests of what is made of them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "core/formats/numeric_array.h"

namespace hourglass {

// A .npy of version 1: `type` as NumPy has it, `content` as it lies in the file.
inline std::vector<std::uint8_t> npy_of(const std::string& type, const std::vector<Index>& shape,
                                        const std::vector<std::uint8_t>& content,
                                        bool fortran = false) {
  const std::string header = "{'descr': '" + type +
                             "', 'fortran_order': " + (fortran ? "True" : "False") +
                             ", 'shape': " + tuple_text(shape) + ", }\n";
  std::vector<std::uint8_t> file = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  file.push_back(static_cast<std::uint8_t>(header.size() & 0xFF));
  file.push_back(static_cast<std::uint8_t>(header.size() >> 8));
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), content.begin(), content.end());
  return file;
}

inline std::size_t elements_of(const std::vector<Index>& shape) {
  std::size_t product = 1;
  for (const Index size : shape) product *= static_cast<std::size_t>(size);
  return product;
}

// Unsigned bytes value(i), i counting the elements in C order.
template <typename Value>
std::vector<std::uint8_t> npy_bytes(const std::vector<Index>& shape, const Value& value) {
  std::vector<std::uint8_t> content(elements_of(shape));
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(value(i));
  return npy_of("|u1", shape, content);
}

// 32-bit floats value(i).
template <typename Value>
std::vector<std::uint8_t> npy_floats(const std::vector<Index>& shape, const Value& value) {
  std::vector<std::uint8_t> content(4 * elements_of(shape));
  for (std::size_t i = 0; i < content.size() / 4; ++i) {
    const auto number = static_cast<float>(value(i));
    std::memcpy(content.data() + 4 * i, &number, 4);
  }
  return npy_of("<f4", shape, content);
}

// A disc or ring of soft edge that differs a little from image to image, in [0, 1]: what
// neighbouring pixels of pictures are like.
inline double blob(std::size_t image, std::size_t row, std::size_t column, std::size_t side) {
  const double middle = static_cast<double>(side - 1) / 2;
  const double y = (static_cast<double>(row) - middle) / middle;
  const double x = (static_cast<double>(column) - middle) / middle;
  const double size = 0.3 + 0.05 * static_cast<double>(image % 8);
  const double value = 1.5 - (x * x + y * y) / (size * size);
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

}  // namespace hourglass
