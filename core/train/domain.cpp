#include "core/train/domain.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "core/base/write_number.h"

namespace hourglass {
namespace {

constexpr Scalar kUnbounded = std::numeric_limits<Scalar>::infinity();
// What scaling to a range may miss its ends by, in float.
constexpr Scalar kRounding = Scalar(1e-5);
constexpr Index kSamplesAtOnce = 256;

bool is_unbounded(const ValueRange& range) {
  return range.low == -kUnbounded && range.high == kUnbounded;
}

// Between which values all of `samples` lie whatever they are; unbounded where that is not known.
ValueRange known_bounds(const Samples& samples) {
  if (samples.bytes().empty()) return {-kUnbounded, kUnbounded};
  const auto [black, white] = samples.byte_bounds();
  return {static_cast<Scalar>(std::min(black, white)), static_cast<Scalar>(std::max(black, white))};
}

// How far outside; NaN is as far as can be.
Scalar distance(Scalar value, const ValueRange& range) {
  if (value >= range.low && value <= range.high) return 0;
  if (std::isnan(value)) return kUnbounded;
  return value < range.low ? range.low - value : value - range.high;
}

std::string range_text(const ValueRange& range) {
  const auto text = [](Scalar end) { return shortest_text(static_cast<double>(end)); };
  if (range.high == kUnbounded) return "below " + text(range.low);
  return "outside " + text(range.low) + " to " + text(range.high);
}

// Four significant digits are enough for a sentence.
std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string noun(const Dataset& data) {
  return data.shape.rows > 1 || data.shape.channels > 1 ? "images" : "rows";
}

SampleSource source_of(const Dataset& data, const Samples& samples) {
  return {(&samples == &data.train ? "training " : "held-out ") + noun(data) + " of '" + data.name +
              "'",
          samples, data.map, data.feature_names};
}

}  // namespace

ValueRange target_range(Loss loss) {
  if (loss == Loss::kBinaryCrossEntropy) return {0, 1};
  if (loss == Loss::kCategoricalCrossEntropy) return {0, kUnbounded};
  return {-kUnbounded, kUnbounded};
}

ValueRange output_range(Activation activation) {
  switch (activation) {
    case Activation::kSigmoid:
    case Activation::kSoftmax:
      return {0, 1};
    case Activation::kTanh:
      return {-1, 1};
    case Activation::kRelu:
      return {0, kUnbounded};
    case Activation::kElu:
      return {-1, kUnbounded};
    case Activation::kLinear:
    case Activation::kLeakyRelu:
      break;
  }
  return {-kUnbounded, kUnbounded};
}

Outside outside(const Samples& samples, const ValueRange& range) {
  Outside found;
  if (is_unbounded(range)) return found;
  const ValueRange allowed{range.low - kRounding, range.high + kRounding};
  const ValueRange known = known_bounds(samples);
  if (known.low >= allowed.low && known.high <= allowed.high) return found;
  Matrix values(samples.features(), std::min(kSamplesAtOnce, samples.count()));
  std::vector<std::uint32_t> indices;
  Scalar furthest = 0;
  for (Index first = 0; first < samples.count(); first += kSamplesAtOnce) {
    const Index count = std::min(kSamplesAtOnce, samples.count() - first);
    indices.resize(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    samples.gather(indices, columns(values, 0, count));
    for (Index j = 0; j < count; ++j) {
      bool is_outside = false;
      for (Index i = 0; i < values.rows(); ++i) {
        const Scalar far = distance(values(i, j), allowed);
        if (far == 0) continue;
        is_outside = true;
        if (far <= furthest) continue;
        furthest = far;
        found.sample = first + j;
        found.feature = i;
        found.value = static_cast<double>(values(i, j));
      }
      found.samples += is_outside ? 1 : 0;
    }
  }
  return found;
}

std::string outside_text(const Outside& found, const ValueRange& range,
                         const SampleSource& source) {
  const Index all = source.samples.count();
  const auto feature = static_cast<std::size_t>(found.feature);
  const std::size_t element = source.map.scale.size() == 1 ? 0 : feature;
  const double own = (found.value - source.map.offset[element]) / source.map.scale[element];
  const std::string scaled = short_text(found.value), unscaled = short_text(own);
  const auto& rows = source.samples.rows;
  const std::int64_t row =
      (rows.empty() ? found.sample : std::int64_t{rows[static_cast<std::size_t>(found.sample)]}) +
      1;
  return std::to_string(found.samples) + " of " + std::to_string(all) + " " + source.name +
         (found.samples == 1 ? " has" : " have") + " values " + range_text(range) +
         " (the furthest is " + unscaled + (scaled == unscaled ? "" : ", scaled " + scaled) +
         ", in column " +
         (feature < source.feature_names.size()
              ? "'" + source.feature_names[feature].substr(0, 60) + "'"
              : std::to_string(feature + 1)) +
         " of row " + std::to_string(row) + ")";
}

void check_targets(const Model& model, const Dataset& data) {
  const Loss loss = model.spec().loss;
  const ValueRange range = target_range(loss);
  if (is_unbounded(range)) return;
  // Every value is there on purpose: it is the scaling that is not for this loss.
  if (data.range.low < range.low || data.range.high > range.high) {
    const Outside found = outside(data.train, range);
    if (loss == Loss::kCategoricalCrossEntropy) {
      throw TargetsOutside(
          "model.loss=cce takes the values for shares of a whole and needs data without any "
          "below 0: set data.scaling to unit.",
          found, data.train.count());
    }
    throw TargetsOutside(
        "model.loss=bce takes each value for a probability and needs data in [0, 1]: set "
        "data.scaling to unit, or model.loss to mse.",
        found, data.train.count());
  }
  for (const Samples* samples : {&data.train, &data.test}) {
    const Outside found = outside(*samples, range);
    if (found.samples == 0) continue;
    throw TargetsOutside(
        outside_text(found, range, source_of(data, *samples)) +
            ", where model.loss=" + std::string(loss_name(loss)) +
            " has no meaning. data.clip=true holds all values to the range of the training rows" +
            (loss == Loss::kBinaryCrossEntropy ? "; model.loss=mse takes them as they are." : "."),
        found, samples->count());
  }
}

Unreachable unreachable(const Model& model, const Dataset& data) {
  Unreachable result;
  if (model.spec().loss == Loss::kCategoricalCrossEntropy) return result;
  const ValueRange range = output_range(model.layer(model.layer_count() - 1).activation());
  const Samples& samples = data.train;
  const Outside found = outside(samples, range);
  if (found.samples == 0) return result;
  double sum = 0, squares = 0, far_squares = 0;
  Matrix values(samples.features(), std::min(kSamplesAtOnce, samples.count()));
  std::vector<std::uint32_t> indices;
  for (Index first = 0; first < samples.count(); first += kSamplesAtOnce) {
    const Index count = std::min(kSamplesAtOnce, samples.count() - first);
    indices.resize(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    samples.gather(indices, columns(values, 0, count));
    const auto block = values.leftCols(count).array();
    sum += static_cast<double>(block.sum());
    squares += static_cast<double>(block.square().sum());
    far_squares +=
        static_cast<double>((block - block.max(range.low).min(range.high)).square().sum());
  }
  const double all = static_cast<double>(samples.features()) * static_cast<double>(samples.count());
  const double low = static_cast<double>(range.low), high = static_cast<double>(range.high);
  result = {.samples = found.samples,
            .of = samples.count(),
            .furthest = found.value,
            .nearest = found.value < low ? low : high,
            .mse = far_squares / all,
            .variance = std::max(0.0, squares / all - (sum / all) * (sum / all))};
  return result;
}

std::string unreachable_note(const Model& model, const Dataset& data) {
  if (model.spec().loss == Loss::kCategoricalCrossEntropy) return "";
  const Activation activation = model.layer(model.layer_count() - 1).activation();
  const ValueRange range = output_range(activation);
  for (const Samples* samples : {&data.train, &data.test}) {
    const Outside found = outside(*samples, range);
    if (found.samples == 0) continue;
    return outside_text(found, range, source_of(data, *samples)) + ", which the last layer's " +
           std::string(activation_name(activation)) +
           " cannot come to; a linear last layer or another data.scaling can.";
  }
  return "";
}

}  // namespace hourglass
