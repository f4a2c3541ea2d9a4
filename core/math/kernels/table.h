// The table of one instruction set's kernels; included by isa_*.cpp only, see simd.h.
#pragma once

#include "core/math/kernels/correlate.h"
#include "core/math/kernels/draws.h"
#include "core/math/kernels/elementwise.h"
#include "core/math/kernels/interface.h"
#include "core/math/kernels/optimizers.h"
#include "core/math/kernels/product.h"
#include "core/math/kernels/rows.h"
#include "core/math/kernels/sums.h"

namespace hourglass {
namespace {

constexpr Kernels make_kernels(const char* key, const char* name) {
  return {
      .key = key,
      .name = name,
      .lanes = kLanes,
      .multiply = multiply,
      .pack = pack,
      .correlate = correlate,
      .add_correlate_gradient = add_correlate_gradient,
      .add_lanes = add_lanes,
      .copy_rows = copy_rows,
      .zip_rows = zip_rows,
      .unzip_rows = unzip_rows,
      .max_pool = max_pool,
      .place_pooled = place_pooled,
      .sum_pooled = sum_pooled,
      .fill_pooled = fill_pooled,
      .relu = activate<ActivateRelu>,
      .leaky_relu = activate<ActivateLeakyRelu>,
      .elu = activate<ActivateElu>,
      .tanh = activate<ActivateTanh>,
      .sigmoid = activate<ActivateSigmoid>,
      .relu_slope = derive<DeriveRelu>,
      .leaky_relu_slope = derive<DeriveLeakyRelu>,
      .elu_slope = derive<DeriveElu>,
      .tanh_slope = derive<DeriveTanh>,
      .sigmoid_slope = derive<DeriveSigmoid>,
      .difference = gradient<ScaledDifference>,
      .bce_gradient = gradient<CrossEntropyGradient>,
      .add_columns = add_columns,
      .from_bytes = from_bytes,
      .sum = sum,
      .sum_of_squares = sum_of_squares,
      .squared_error = loss<SquaredError>,
      .bce = loss<CrossEntropy>,
      .sigmoid_bce = sigmoid_cross_entropy,
      .sgd = step<StepOfSgd>,
      .rmsprop = step<StepOfRmsprop>,
      .adadelta = step<StepOfAdadelta>,
      .adam = step<StepOfAdam>,
      .uniform = draw<Uniform>,
      .normal = draw<Normal>,
  };
}

}  // namespace
}  // namespace hourglass
