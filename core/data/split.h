// What readers of a person's own files share: bounds, and the division into training and held-out
// samples.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace hourglass {

// Images may have this many pixels a side, and plain vectors as many features as the largest image
// in colour has values.
inline constexpr Index kMaxPixelsASide = 64;
inline constexpr Index kMaxFeatures = 3 * kMaxPixelsASide * kMaxPixelsASide;
// Different labels of one data set.
inline constexpr std::size_t kMaxClasses = 1000;
// One sample in so many is held out.
inline constexpr Index kHoldOutOneIn = 6;

// Samples in the order of `order`, scaled as they are, with their labels and factors. Every index
// must be below samples.count().
Samples permuted(const Samples& samples, const std::vector<std::uint32_t>& order);

// Those whose label is another one, in their order; none of samples without labels.
Samples without_class(const Samples& samples, std::int32_t label);

// `samples` in a random order that is always the same.
Samples mixed(const Samples& samples);

// Those of `a`, then those of `b`, which has as many features; neither is scaled. Bytes become
// floats in [0, 1] where the other has those. Labels, factors and rows stay where both have them.
Samples joined(const Samples& a, const Samples& b);

// Another share to hold out than one in six, 0 to 0.9 (0: one in six), and another choice.
struct SplitWish {
  double share = 0;
  std::int64_t seed = 0;
};

// Puts one sample in six of `all` into data.test and the others into data.train, both in random
// order. The choice is always the same for the same number of samples, the same labels and the same
// wish, and each class has its share of both, give or take one sample. `name` is what messages call
// the file. Throws Error if there are fewer than two samples.
void split_samples(const Samples& all, const std::string& name, Dataset& data,
                   const SplitWish& wish = {});

// Labels out of texts: the different ones become class names, sorted as numbers if all are whole
// numbers, else as text, and as UTF-8 (see to_utf8()). Throws Error if there are more than
// kMaxClasses; `what` names the column or file in it.
std::vector<std::int32_t> labels_from_texts(const std::vector<std::string>& texts,
                                            const std::string& what,
                                            std::vector<std::string>& class_names);

}  // namespace hourglass
