// The table of one instruction set's kernels; included by isa_*.cpp only, see simd.h.
#pragma once

#include "core/math/kernels/correlate.h"
#include "core/math/kernels/interface.h"
#include "core/math/kernels/product.h"
#include "core/math/kernels/rows.h"

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
      .max_pool = max_pool,
      .place_pooled = place_pooled,
      .sum_pooled = sum_pooled,
      .fill_pooled = fill_pooled,
  };
}

}  // namespace
}  // namespace hourglass
