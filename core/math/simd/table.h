// The table of one instruction set's kernels; included by isa/*.cpp only, see simd.h.
#pragma once

#include "core/math/simd/conv_kernel.h"
#include "core/math/simd/draws.h"
#include "core/math/simd/elementwise.h"
#include "core/math/simd/gemm_kernel.h"
#include "core/math/simd/interface.h"
#include "core/math/simd/largest.h"
#include "core/math/simd/optimizers.h"
#include "core/math/simd/rows.h"
#include "core/math/simd/softmax.h"
#include "core/math/simd/sparse.h"
#include "core/math/simd/sums.h"

namespace hourglass {
namespace {

constexpr Kernels make_kernels(const char* key, const char* name) {
  return {
      .key = key,
      .name = name,
      .lanes = kLanes,
      .multiply = multiply,
      .pack = pack,
      .sparse_multiply = sparse_multiply,
      .sparse_outer = sparse_outer,
      .list_entries = list_entries,
      .correlate = correlate,
      .add_correlate_gradient = add_correlate_gradient,
      .add_lanes = add_lanes,
      .copy_rows = copy_rows,
      .zip_rows = zip_rows,
      .unzip_rows = unzip_rows,
      .max_pool = max_pool,
      .max_unpool = max_unpool,
      .avg_pool = avg_pool,
      .upsample_nearest = upsample_nearest,
      .relu = activate<ActivateRelu>,
      .leaky_relu = activate<ActivateLeakyRelu>,
      .elu = activate<ActivateElu>,
      .tanh = activate<ActivateTanh>,
      .sigmoid = activate<ActivateSigmoid>,
      .softmax = softmax,
      .relu_backward = derive<DeriveRelu>,
      .leaky_relu_backward = derive<DeriveLeakyRelu>,
      .elu_backward = derive<DeriveElu>,
      .tanh_backward = derive<DeriveTanh>,
      .sigmoid_backward = derive<DeriveSigmoid>,
      .difference = gradient<ScaledDifference>,
      .bce_gradient = gradient<CrossEntropyGradient>,
      .add_columns = add_columns,
      .from_bytes = from_bytes,
      .sum = sum,
      .sum_of_squares = sum_of_squares,
      .squared_error = loss<SquaredError>,
      .bce = loss<CrossEntropy>,
      .sigmoid_bce = sigmoid_cross_entropy,
      .cce = loss<CategoricalCrossEntropy>,
      .softmax_cce = softmax_cross_entropy,
      .sgd = step<StepOfSgd>,
      .rmsprop = step<StepOfRmsprop>,
      .adadelta = step<StepOfAdadelta>,
      .adam = step<StepOfAdam>,
      .uniform = draw<Uniform>,
      .normal = draw<Normal>,
      .add_normal = add_normal,
      .drop = drop,
      .keep_largest = keep_largest,
  };
}

}  // namespace
}  // namespace hourglass
