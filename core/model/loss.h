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
enum class Loss { kBinaryCrossEntropy, kMeanSquaredError, kSummedSquaredError };

std::string_view loss_name(Loss loss);  // "bce", "mse", "sse"
std::span<const std::string_view> loss_names();
Loss loss_from_name(std::string_view name);  // throws Error

}  // namespace hourglass
