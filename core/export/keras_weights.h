// Weights in the order that Keras keeps them.
#pragma once

#include <cstdint>

#include "core/export/keras_graph.h"
#include "core/export/trained_model.h"

namespace hourglass {

// [outputs, inputs] as [inputs, outputs]; what is [inputs, outputs] already (`is_tied`) as it is.
KerasWeight keras_dense_kernel(const ParameterView& weight, bool is_tied);
// [a, b, kernel, kernel] as [kernel, kernel, b, a]: of a convolution [outputs, inputs, ...] and of
// a transposed one [inputs, outputs, ...]. With `side` above the kernel's, zeros follow it.
KerasWeight keras_image_kernel(const ParameterView& weight, std::int64_t side);
// Puts each channel's value at the first place of a window of `size`, and zeros around it:
// [size, size, channels, channels].
KerasWeight keras_first_place_kernel(std::int64_t size, std::int64_t channels);
KerasWeight keras_vector(const char* name, const ParameterView& values);

}  // namespace hourglass
