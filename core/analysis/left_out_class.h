// Anomalies, as an experiment makes them: a class that a model was not trained on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/roc.h"
#include "core/data/dataset.h"

namespace hourglass {

// So many normal samples are let through: of those that a threshold is set by.
inline constexpr double kLetThrough = 0.95;

// Throws Error if the samples have no labels, or all one.
void check_has_classes(const Dataset& data);

// `data` without the samples of class `label`, in both splits, scaled as it is. Throws Error if
// there are then no samples left to train on, or none held out.
Dataset without_class(const Dataset& data, std::int32_t label);

// 1 for each sample of class `label`, 0 for the others.
std::vector<std::uint8_t> is_of_class(const Samples& samples, std::int32_t label);

// The points of a curve that it cannot do without to be drawn: those where it bends.
std::vector<RocPoint> bends(std::span<const RocPoint> curve);

}  // namespace hourglass
