#include "core/data/description.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

#include "core/data/data_hash.h"

namespace hourglass {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

void pad_rows(DataDescription& all, double low, double high) {
  all.low = std::min(all.low, low);
  all.high = std::max(all.high, high);
}

// Values come back from their scale with errors of rounding: as much of them as a float holds.
double six_digits(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return std::strtod(text, nullptr);
}

void widen_by_bytes(std::span<const std::uint8_t> bytes, DataDescription& all) {
  std::uint8_t low = 255, high = 0;
  for (const std::uint8_t byte : bytes) {
    low = std::min(low, byte);
    high = std::max(high, byte);
  }
  pad_rows(all, low, high);
}

// Values were scaled where they lie; each feature has a map of its own, or all have one.
void widen_by_values(const Samples& samples, const ScalingMap& map, DataDescription& all) {
  const auto features = static_cast<std::size_t>(samples.features());
  std::vector<float> low(features, std::numeric_limits<float>::infinity());
  std::vector<float> high(features, -std::numeric_limits<float>::infinity());
  const std::span<const float> values = samples.values();
  for (std::size_t start = 0; start + features <= values.size(); start += features) {
    for (std::size_t i = 0; i < features; ++i) {
      low[i] = std::min(low[i], values[start + i]);
      high[i] = std::max(high[i], values[start + i]);
    }
  }
  for (std::size_t i = 0; i < features; ++i) {
    const std::size_t at = map.scale.size() == 1 ? 0 : i;
    const double a = (static_cast<double>(low[i]) - map.offset[at]) / map.scale[at];
    const double b = (static_cast<double>(high[i]) - map.offset[at]) / map.scale[at];
    pad_rows(all, six_digits(std::min(a, b)), six_digits(std::max(a, b)));
  }
}

// From the samples' own units, [0, 1] or bytes, back to the numbers that the file has.
void to_numbers_of_file(const FileReading& reading, bool are_bytes, DataDescription& all) {
  const auto back = [&](double value) {
    const double unit = are_bytes ? value / 255 : value;
    return six_digits(reading.black + unit * (reading.white - reading.black));
  };
  const double a = back(all.low), b = back(all.high);
  all.low = std::min(a, b);
  all.high = std::max(a, b);
}

}  // namespace

std::string sample_noun(const ImageShape& shape, Index count) {
  return std::string(is_table(shape) ? "sample" : "image") + (count == 1 ? "" : "s");
}

DataDescription describe(const Dataset& data) {
  DataDescription all{.is_table = is_table(data.shape),
                      .is_bytes = data.train.values().empty(),
                      .low = kFar,
                      .high = -kFar,
                      .seen = data.range,
                      .hash = data_hash(data)};
  for (const Samples* samples : {&data.train, &data.test}) {
    if (samples->count() == 0) continue;
    if (!samples->bytes().empty()) widen_by_bytes(samples->bytes(), all);
    if (!samples->values().empty()) widen_by_values(*samples, data.map, all);
  }
  if (data.reading.has_range()) to_numbers_of_file(data.reading, all.is_bytes, all);
  return all;
}

}  // namespace hourglass
