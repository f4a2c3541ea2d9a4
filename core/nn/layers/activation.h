// The functions between the layers, and their derivatives.
#pragma once

#include "core/math/types.h"
#include "core/model/activation.h"

namespace hourglass {

// Replaces z by f(z), in place.
void activate(Activation activation, MatrixView z);

// Multiplies `delta` by f'(z), given y = f(z), element by element. At the kink of the relus the
// derivative is that of their left side.
void multiply_by_derivative(Activation activation, const ConstMatrixView& y, MatrixView delta);

}  // namespace hourglass
