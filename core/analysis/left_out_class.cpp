#include "core/analysis/left_out_class.h"

#include "core/base/error.h"
#include "core/data/split.h"

namespace hourglass {

void check_has_classes(const Dataset& data) {
  if (data.test.labels.empty() || data.train.labels.empty()) {
    throw Error("'" + data.name + "' has no classes, of which one could be left out.");
  }
  if (data.class_names.size() < 2) {
    throw Error("'" + data.name +
                "' has one class only; a ROC curve needs normal samples and others.");
  }
}

Dataset without_class(const Dataset& data, std::int32_t label) {
  // Without the samples themselves, which would be copied for nothing.
  Dataset rest{.name = data.name,
               .shape = data.shape,
               .class_names = data.class_names,
               .factors = data.factors,
               .feature_names = data.feature_names,
               .train = without_class(data.train, label),
               .test = without_class(data.test, label),
               .labels_from = data.labels_from,
               .split_by = data.split_by,
               .scaling = data.scaling,
               .map = data.map,
               .range = data.range};
  if (rest.train.count() == 0 || rest.test.count() == 0) {
    throw Error("Without that class '" + data.name + "' holds no samples " +
                (rest.train.count() == 0 ? "to train on." : "back to test on."));
  }
  return rest;
}

std::vector<std::uint8_t> is_of_class(const Samples& samples, std::int32_t label) {
  std::vector<std::uint8_t> is;
  is.reserve(samples.labels.size());
  for (const std::int32_t each : samples.labels) is.push_back(each == label ? 1 : 0);
  return is;
}

std::vector<RocPoint> bends(std::span<const RocPoint> curve) {
  std::vector<RocPoint> kept;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (i > 0 && i + 1 < curve.size()) {
      const RocPoint &before = curve[i - 1], &here = curve[i], &after = curve[i + 1];
      // Steps between points are multiples of one sample: those in line are so to the bit, nearly.
      const double turn = (here.false_positive_rate - before.false_positive_rate) *
                              (after.true_positive_rate - here.true_positive_rate) -
                          (after.false_positive_rate - here.false_positive_rate) *
                              (here.true_positive_rate - before.true_positive_rate);
      if (turn < 1e-12 && turn > -1e-12) continue;
    }
    kept.push_back(curve[i]);
  }
  return kept;
}

}  // namespace hourglass
