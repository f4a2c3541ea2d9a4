// Matrix products, the one place where nearly all the time goes.
#pragma once

#include "core/math/types.h"

namespace hourglass {

enum class Transpose : bool { kNo, kYes };

// c += op(a) * op(b), where op transposes or not: op(a) is m x k, op(b) k x n, c m x n. `c` must not
// overlap the others. The order of summation depends on the shapes alone. Allocates nothing, except
// for each thread's scratch the first time that the thread comes here.
void add_product(const ConstMatrixView& a, Transpose transpose_a, const ConstMatrixView& b,
                 Transpose transpose_b, MatrixView c);

}  // namespace hourglass
