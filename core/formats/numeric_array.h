// An array of numbers out of a file, whatever the format.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/math/types.h"

namespace hourglass {

struct NumericArray {
  std::vector<Index> shape;  // 1 to 8 dimensions, none of them 0
  // In C order, whatever the file's order and type: `bytes` where the file holds unsigned bytes or
  // truth values, else `values`. The other is empty. It holds the product of `shape` elements.
  std::vector<float> values;
  std::vector<std::uint8_t> bytes;
  bool is_bytes = false;
  bool is_bool = false;  // bytes 0 and 1 that stand for false and true

  // Elements below the first dimension: of an array of images, the values of one.
  Index features() const {
    Index product = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) product *= shape[i];
    return product;
  }
  std::size_t elements() const { return is_bytes ? bytes.size() : values.size(); }
  float value(std::size_t at) const {
    return is_bytes ? static_cast<float>(bytes[at]) : values[at];
  }
};

// The most dimensions of an array that is read.
inline constexpr std::size_t kMaxArrayDimensions = 8;

// "(60000, 28, 28)", as NumPy writes it.
inline std::string tuple_text(const std::vector<Index>& shape) {
  std::string text;
  for (const Index side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
  return "(" + text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace hourglass
