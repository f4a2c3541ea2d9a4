#include "core/export/keras_weights.h"

namespace hourglass {

KerasWeight keras_dense_kernel(const ParameterView& weight, bool is_tied) {
  const std::int64_t rows = weight.shape[0], columns = weight.shape[1];
  if (is_tied) {
    return {"kernel", weight.shape, {weight.values.begin(), weight.values.end()}};
  }
  KerasWeight kernel{"kernel", {columns, rows}, std::vector<float>(weight.values.size())};
  std::size_t from = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      kernel.values[static_cast<std::size_t>(column * rows + row)] = weight.values[from++];
    }
  }
  return kernel;
}

KerasWeight keras_image_kernel(const ParameterView& weight, std::int64_t side) {
  const std::int64_t a = weight.shape[0], b = weight.shape[1], size = weight.shape[2];
  KerasWeight kernel{"kernel",
                     {side, side, b, a},
                     std::vector<float>(static_cast<std::size_t>(side * side * a * b))};
  std::size_t from = 0;
  for (std::int64_t i = 0; i < a; ++i) {
    for (std::int64_t j = 0; j < b; ++j) {
      for (std::int64_t row = 0; row < size; ++row) {
        for (std::int64_t column = 0; column < size; ++column) {
          const std::int64_t to = ((row * side + column) * b + j) * a + i;
          kernel.values[static_cast<std::size_t>(to)] = weight.values[from++];
        }
      }
    }
  }
  return kernel;
}

KerasWeight keras_first_place_kernel(std::int64_t size, std::int64_t channels) {
  KerasWeight kernel{
      "kernel",
      {size, size, channels, channels},
      std::vector<float>(static_cast<std::size_t>(size * size * channels * channels))};
  for (std::int64_t i = 0; i < channels; ++i) {
    kernel.values[static_cast<std::size_t>(i * channels + i)] = 1;
  }
  return kernel;
}

KerasWeight keras_vector(const char* name, const ParameterView& values) {
  return {name,
          {static_cast<std::int64_t>(values.values.size())},
          {values.values.begin(), values.values.end()}};
}

}  // namespace hourglass
