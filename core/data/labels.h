// Labels as a classifier wants them: checked, a few of them chosen, and as targets.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/data/dataset.h"

namespace hourglass {

// Throws Error, saying what would be right, unless a classifier can be trained on `data`: both
// splits have labels, there are at least two classes, and each has a training sample. A sample
// whose label is negative has none, and is left out wherever labels are asked for.
void check_labels(const Dataset& data);

// The indices of samples that have a label, in their order.
std::vector<std::uint32_t> labelled(const Samples& samples);

// The indices of `count` training samples that have a label, by `seed`: as many of each class as of
// every other, give or take one, as far as the class has so many; in random order. All of them, in
// their order, where `count` is 0. Throws Error where check_labels() does, if there are fewer than
// one for each class, or more than the data set has.
std::vector<std::uint32_t> choose_labelled(const Dataset& data, std::int64_t count,
                                           std::uint64_t seed);

// The labels of those samples.
std::vector<std::int32_t> labels_of(const Samples& samples, std::span<const std::uint32_t> indices);

// For each label a sample of `classes` features: 1 at the label, 0 elsewhere.
Samples one_hot(std::span<const std::int32_t> labels, Index classes);

}  // namespace hourglass
