// The losses and their gradients.
#pragma once

#include "core/math/types.h"
#include "core/model/activation.h"
#include "core/model/loss.h"

namespace hourglass {

// The sum over columns of the loss of each: features x samples in `y` and `target`.
double loss_sum(Loss loss, const ConstMatrixView& y, const ConstMatrixView& target);

// Whether `loss` after `output` has a gradient by the pre-activations that is simpler and safer
// than the product of the two derivatives: cross-entropy after a sigmoid gives (y - t) / n, without
// the division by y (1 - y); categorical cross-entropy after a softmax gives y s - t, with s the
// sum of the sample's t.
bool has_fused_gradient(Loss loss, Activation output);

// Writes `scale` times the gradient of loss_sum() into `delta`: by the pre-activations of `output`
// where has_fused_gradient(), else by y. For a batch's mean loss, `scale` is 1 / samples. Not for
// categorical cross-entropy, which is always fused.
void loss_gradient(Loss loss, Activation output, const ConstMatrixView& y,
                   const ConstMatrixView& target, Scalar scale, MatrixView delta);

// Where has_fused_gradient(): the last layer's pre-activations `z` become what loss_gradient()
// makes of its outputs, which nobody gets to see: that saves writing them. Returns loss_sum().
double fused_loss(Loss loss, Activation output, const ConstMatrixView& target, Scalar scale,
                  MatrixView z);

}  // namespace hourglass
