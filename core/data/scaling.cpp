#include "core/data/scaling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <string>

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/base/write_number.h"
#include "core/data/dataset.h"

namespace hourglass {
namespace {

constexpr std::string_view kScalingNames[] = {"unit", "signed", "negative", "standardised"};

double element(const std::vector<double>& values, Index row) {
  return values[values.size() == 1 ? 0 : static_cast<std::size_t>(row)];
}

// Where [0, 1] goes.
ValueRange fixed_range(Scaling scaling) {
  switch (scaling) {
    case Scaling::kSigned:
      return {-1, 1};
    case Scaling::kNegative:
      return {-1, 0};
    case Scaling::kUnit:
    case Scaling::kStandardised:
      break;
  }
  return {0, 1};
}

// Count, extremes, mean and squared deviations of a sequence (Welford 1962).
struct Statistics {
  double count = 0, low = 0, high = 0, mean = 0, squares = 0;

  void add(double value) {
    low = count == 0 ? value : std::min(low, value);
    high = count == 0 ? value : std::max(high, value);
    ++count;
    const double change = value - mean;
    mean += change / count;
    squares += change * (value - mean);
  }
  double deviation() const { return count > 0 ? std::sqrt(squares / count) : 0; }
};

// Of all values together, in own units; bytes by their histogram.
Statistics statistics_of_all(const Samples& samples) {
  Statistics all;
  if (samples.values().empty()) {
    std::vector<double> histogram(256);
    for (const std::uint8_t byte : samples.bytes()) ++histogram[byte];
    double sum = 0;
    for (int byte = 0; byte < 256; ++byte) sum += histogram[static_cast<std::size_t>(byte)] * byte;
    all.count = static_cast<double>(samples.bytes().size());
    all.mean = all.count > 0 ? sum / all.count / 255 : 0;
    for (int byte = 0; byte < 256; ++byte) {
      const double deviation = byte / 255.0 - all.mean;
      all.squares += histogram[static_cast<std::size_t>(byte)] * deviation * deviation;
    }
  } else {
    for (const float value : samples.values()) all.add(static_cast<double>(value));
  }
  return all;
}

std::vector<Statistics> statistics_of_features(const Samples& samples) {
  const auto features = static_cast<std::size_t>(samples.features());
  std::vector<Statistics> all(features);
  const auto values = samples.values();
  for (std::size_t i = 0; i < values.size(); ++i) {
    all[i % features].add(static_cast<double>(values[i]));
  }
  return all;
}

// 0 for a feature that does not vary. Below what float can tell apart it is rounding, not
// variation.
double standard_scale(const Statistics& of) {
  const double deviation = of.deviation();
  return deviation > 1e-7 * std::abs(of.mean) ? 1 / deviation : 0;
}

double filling_scale(const Statistics& of, const ValueRange& range) {
  return of.high > of.low ? static_cast<double>(range.width()) / (of.high - of.low) : 0;
}

// The median of those that are not 0; 1 if all are.
double median_scale(std::vector<double> scales) {
  std::erase(scales, 0);
  if (scales.empty()) return 1;
  const auto middle = scales.begin() + static_cast<std::ptrdiff_t>((scales.size() - 1) / 2);
  std::nth_element(scales.begin(), middle, scales.end());
  return *middle;
}

void scale_table(Dataset& data) {
  const std::vector<Statistics> statistics = statistics_of_features(data.train);
  const bool standardised = data.scaling == Scaling::kStandardised;
  const ValueRange range = fixed_range(data.scaling);
  std::vector<double>&scales = data.map.scale, &offsets = data.map.offset;
  scales.clear();
  for (const Statistics& of : statistics) {
    scales.push_back(standardised ? standard_scale(of) : filling_scale(of, range));
  }
  const double shared = median_scale(scales);
  offsets.resize(scales.size());
  double low = 0, high = 0;
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    const Statistics& of = statistics[i];
    if (scales[i] == 0) scales[i] = shared;
    offsets[i] =
        standardised ? -of.mean * scales[i] : static_cast<double>(range.low) - of.low * scales[i];
    low = std::min(low, of.low * scales[i] + offsets[i]);
    high = std::max(high, of.high * scales[i] + offsets[i]);
  }
  data.range = range;
  if (standardised && high > low)
    data.range = {static_cast<Scalar>(low), static_cast<Scalar>(high)};
}

void scale_images(Dataset& data) {
  if (data.scaling != Scaling::kStandardised) {
    data.range = fixed_range(data.scaling);
    data.map.scale = {static_cast<double>(data.range.width())};
    data.map.offset = {static_cast<double>(data.range.low)};
    return;
  }
  const Statistics of = statistics_of_all(data.train);
  const double scale = standard_scale(of);
  data.map.scale = {scale > 0 ? scale : 1};
  data.map.offset = {-of.mean * data.map.scale[0]};
  const double low = data.map.offset[0];
  data.range = {static_cast<Scalar>(low), static_cast<Scalar>(low + data.map.scale[0])};
}

void check_values(const Dataset& data, bool images) {
  float low = 0, high = 1;
  for (const Samples* samples : {&data.train, &data.test}) {
    for (const float value : samples->values()) {
      if (value - value != 0.0f) {
        throw Error("The data set '" + data.name +
                    "' holds numbers that are not finite; every value must be a number.");
      }
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (images && (low < 0 || high > 1)) {
    throw Error("The images of '" + data.name + "' are floats " +
                (high > 1 ? "up to " + shortest_text(static_cast<double>(high))
                          : "down to " + shortest_text(static_cast<double>(low))) +
                "; they must lie in 0 to 1, or be unsigned bytes.");
  }
}

}  // namespace

std::span<const std::string_view> scaling_names() { return kScalingNames; }

std::string_view scaling_name(Scaling scaling) {
  return kScalingNames[static_cast<std::size_t>(scaling)];
}

Scaling scaling_from_name(std::string_view name) {
  return value_from_name<Scaling>(kScalingNames, name, "scaling");
}

bool ScalingMap::is_identity() const {
  return std::all_of(scale.begin(), scale.end(), [](double value) { return value == 1; }) &&
         std::all_of(offset.begin(), offset.end(), [](double value) { return value == 0; });
}

void to_model_scale(const ScalingMap& map, MatrixView samples) {
  if (map.is_identity()) return;
  for (Index j = 0; j < samples.cols(); ++j) {
    for (Index i = 0; i < samples.rows(); ++i) {
      samples(i, j) = static_cast<Scalar>(
          static_cast<double>(samples(i, j)) * element(map.scale, i) + element(map.offset, i));
    }
  }
}

void to_own_units(const ScalingMap& map, MatrixView samples) {
  if (map.is_identity()) return;
  for (Index j = 0; j < samples.cols(); ++j) {
    for (Index i = 0; i < samples.rows(); ++i) {
      samples(i, j) = static_cast<Scalar>(
          (static_cast<double>(samples(i, j)) - element(map.offset, i)) / element(map.scale, i));
    }
  }
}

void to_unit_range(const ValueRange& range, MatrixView samples) {
  if (range == ValueRange{}) return;
  samples.array() = (samples.array() - range.low) / range.width();
}

Dataset scaled(Dataset data, Scaling scaling, bool clip) {
  if (data.documents) {
    if (scaling == Scaling::kUnit) return data;
    throw Error("'" + data.name + "' are documents, whose words have weights of their own; " +
                "data.scaling must be unit, not " + std::string(scaling_name(scaling)) + ".");
  }
  assert(data.map.is_identity() && data.range == ValueRange{});
  const bool images = data.shape.channels > 1 || data.shape.rows > 1;
  check_values(data, images);
  data.scaling = scaling;
  if (images || data.train.values().empty()) {
    scale_images(data);
  } else {
    scale_table(data);
  }
  data.train.scale(data.map);
  data.test.scale(data.map);
  if (clip) {
    data.train.clip(data.range);
    data.test.clip(data.range);
  }
  return data;
}

}  // namespace hourglass
