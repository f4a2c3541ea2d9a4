// Walking over matrices as arrays.
#pragma once

#include "core/math/types.h"

namespace hourglass {

// Calls go(column, size) so often that `size` numbers from the beginning of each `column`, in every
// one of the matrices, are all their elements: once if none has gaps between its columns, else for
// each column. The matrices are of one shape.
template <typename Go, typename First, typename... Others>
void for_each_contiguous_block(Go go, const First& first, const Others&... others) {
  const Index rows = first.rows(), columns = first.cols();
  if (first.outerStride() == rows && ((others.outerStride() == rows) && ...)) {
    go(Index{0}, rows * columns);
  } else {
    for (Index j = 0; j < columns; ++j) go(j, rows);
  }
}

template <typename View>
auto* column_data(View&& view, Index column) {
  return view.data() + column * view.outerStride();
}

}  // namespace hourglass
