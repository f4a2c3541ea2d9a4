// What range of values a model sees: the data's own units mapped linearly before training, and back
// for display and files.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/math/types.h"

namespace hourglass {

struct Dataset;

// How the data's own values x (for images in [0, 1]) are mapped:
//   unit          images as they are; a column of a table so that its training values fill [0, 1]
//   signed        to [-1, 1]: 2 x - 1 for images
//   negative      to [-1, 0]: x - 1 for images, which is (byte - 255) / 255
//   standardised  (x - mean) / standard deviation of the training split: of all pixels together for
//                 images, of each feature for itself in a table
enum class Scaling { kUnit, kSigned, kNegative, kStandardised };

std::string_view scaling_name(Scaling scaling);
std::span<const std::string_view> scaling_names();
Scaling scaling_from_name(std::string_view name);  // throws Error

// The values between which a model's inputs lie.
struct ValueRange {
  Scalar low = 0, high = 1;

  Scalar width() const { return high - low; }
  Scalar middle() const { return (low + high) / 2; }
  bool operator==(const ValueRange&) const = default;
};

// model value = own value * scale + offset. Both have one element, which is for all features, or
// one for each. Finite, and no scale is 0. In double, for a column of large numbers that differ
// little would lose its digits in float.
struct ScalingMap {
  std::vector<double> scale{1}, offset{0};

  bool is_identity() const;
  bool operator==(const ScalingMap&) const = default;
};

// Maps samples (features x samples) in place, from the data's own units to the model's scale and
// back. The map has one element or as many as `samples` has rows.
void to_model_scale(const ScalingMap& map, MatrixView samples);
void to_own_units(const ScalingMap& map, MatrixView samples);

// Maps `range` linearly to [0, 1], in place: for images these are the own units, and any other data
// can be drawn so, too. Values out of the range stay out of [0, 1].
void to_unit_range(const ValueRange& range, MatrixView samples);

// `data`, which must not have been scaled before, such that Samples::gather() gives scaled values;
// bytes stay bytes. Sets its `scaling`, `map` and `range`. Statistics are those of the training
// split alone, so held-out values of a table may leave the range; with `clip` they are held to it.
// A feature that is constant there is shifted to the range's low end, or to 0 if standardised, and
// has the median scale of the others, for nothing says what its own would be: where columns are
// pixels, that is about right, and held-out values are not taken as they are. Images and bytes have
// one scale for all, tables of floats one for each feature. Throws Error if a value is not finite,
// or if an image of floats leaves [0, 1]. Documents stay as their words' weights are; throws Error
// for any scaling of them but unit.
Dataset scaled(Dataset data, Scaling scaling, bool clip = false);

}  // namespace hourglass
