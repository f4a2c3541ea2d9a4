// The functions between the layers, and their derivatives.
#pragma once

#include "core/math/types.h"
#include "core/model/activation.h"

namespace hourglass {

// Replaces z by f(z), in place; softmax goes over each column for itself.
void activate(Activation activation, MatrixView z);

// Multiplies `delta` by f'(z), given y = f(z), element by element. At the kink of the relus the
// derivative is that of their left side. Not for softmax, whose gradient is fused with its loss.
void multiply_by_derivative(Activation activation, const ConstMatrixView& y, MatrixView delta);

}  // namespace hourglass
