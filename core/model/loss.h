// What training makes small, by name. What computes it is in core/nn/loss.h.
#pragma once

#include <span>
#include <string_view>

namespace hourglass {

// Over outputs y and targets t of one sample with n features; a batch's loss is the mean over
// samples.
//   bce  binary cross-entropy, the mean over features of -t log y - (1 - t) log(1 - y), with y held
//        within [1e-7, 1 - 1e-7] as Keras does
//   mse  the mean over features of (y - t)^2
//   sse  the sum over features of (y - t)^2
//   cce  categorical cross-entropy, the sum over features of -t log y, after a softmax alone: of
//        counts t that come from a multinomial distribution with the probabilities y, the negative
//        logarithm of their likelihood but for a constant (Hinton and Salakhutdinov 2006, where t
//        is a document's word counts over their sum). Targets that add up to s count s times as
//        much as shares that add up to 1. y is held above 1e-30, which a float still holds.
enum class Loss {
  kBinaryCrossEntropy,
  kMeanSquaredError,
  kSummedSquaredError,
  kCategoricalCrossEntropy
};

std::string_view loss_name(Loss loss);  // "bce", "mse", "sse", "cce"
std::span<const std::string_view> loss_names();
Loss loss_from_name(std::string_view name);  // throws Error

}  // namespace hourglass
