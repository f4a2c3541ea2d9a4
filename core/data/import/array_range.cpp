#include "core/data/import/array_range.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/data/import/sentences.h"

namespace hourglass {
namespace {

// Values this far beyond a range are rounding.
constexpr double kRangeRounding = 1e-4;
// Of bytes in which nothing is brighter, all would be nearly black.
constexpr double kMaxFewGreys = 16;

std::string number_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

struct Extremes {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  bool is_whole = true, is_bool = false;
};

void look_at_values(const NumericArray& array, const std::string& name, Extremes& seen) {
  if (array.is_bytes) {
    const auto [low, high] = std::ranges::minmax(array.bytes);
    seen.low = std::min<double>(seen.low, low);
    seen.high = std::max<double>(seen.high, high);
    seen.is_bool = seen.is_bool || array.is_bool;
    return;
  }
  float low = array.values[0], high = low;
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    const float value = array.values[i];
    if (!std::isfinite(value)) {
      const std::size_t sample = i / static_cast<std::size_t>(array.features());
      throw Refusal(sentence("array.not_finite", {name, number_text(static_cast<double>(value)),
                                                  sample + 1, array.shape[0]}));
    }
    low = std::min(low, value);
    high = std::max(high, value);
    seen.is_whole = seen.is_whole && value == std::floor(value);
  }
  seen.low = std::min(seen.low, static_cast<double>(low));
  seen.high = std::max(seen.high, static_cast<double>(high));
}

bool parse_range(const std::string& text, ArrayRange& range) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) return false;
  return parse_number(std::string_view(text).substr(0, dots), range.low) &&
         parse_number(std::string_view(text).substr(dots + 2), range.high) &&
         std::isfinite(range.low) && std::isfinite(range.high) && range.low < range.high;
}

ArrayRange guess_of_bytes(const Extremes& seen) {
  if (seen.is_bool) return {.low = 0, .high = 1};
  if (seen.high > 0 && seen.high <= kMaxFewGreys) return {.low = 0, .high = seen.high};
  return {.low = 0, .high = 255};
}

ArrayRange guess_of_floats(const Extremes& seen) {
  if (seen.low >= -kRangeRounding && seen.high <= 1 + kRangeRounding) return {};
  if (seen.low >= -1 - kRangeRounding && seen.high <= 1 + kRangeRounding)
    return {.low = -1, .high = 1};
  if (seen.low >= 0 && seen.is_whole) {
    if (seen.high <= kMaxFewGreys) return {.low = 0, .high = seen.high};
    if (seen.high <= 255) return {.low = 0, .high = 255, .to_bytes = true};
    for (const int bits : {10, 12, 16}) {
      const double most = std::exp2(bits) - 1;
      if (seen.high <= most) return {.low = 0, .high = most};
    }
  }
  if (seen.low >= 0 && seen.high > 64 && seen.high <= 255 + kRangeRounding) {
    return {.low = 0, .high = 255};
  }
  if (seen.is_whole && seen.low >= -128 && seen.high <= 127) return {.low = -128, .high = 127};
  return {.low = seen.low, .high = seen.high > seen.low ? seen.high : seen.low + 1};
}

// For samples of a model: what its own were read with, where that can be; nothing if it is to be
// guessed as for anybody.
std::optional<ArrayRange> range_for_model(const Extremes& seen, bool are_bytes,
                                          const FileReading& reading) {
  const double low = reading.low(), high = reading.high();
  const bool is_within = seen.low >= low - kRangeRounding && seen.high <= high + kRangeRounding;
  const bool is_unit = low == 0 && high == 1;
  if (are_bytes) {
    if (seen.is_bool) return std::nullopt;
    const bool is_known = reading.has_range() && !is_unit && is_within;
    return is_known ? ArrayRange{.low = low, .high = high} : ArrayRange{.low = 0, .high = 255};
  }
  const bool is_signed = reading.has_range() && low < 0 && seen.low < -kRangeRounding;
  // What noise makes of [0, 1] is nearer to that than to any other range.
  constexpr double kNoise = 0.5;
  const bool is_noisy_unit = seen.low >= -kNoise && seen.high <= 1 + kNoise;
  const bool is_plain_unit = seen.low >= -kRangeRounding && seen.high <= 1 + kRangeRounding;
  if (is_plain_unit) return ArrayRange{};
  const bool is_nearly_unit = low >= -kNoise && high <= 1 + kNoise;
  if (reading.has_range() && !is_unit && is_within &&
      (is_signed || is_nearly_unit || !is_noisy_unit)) {
    return ArrayRange{
        .low = low, .high = high, .to_bytes = seen.is_whole && low == 0 && high == 255};
  }
  return is_noisy_unit ? std::optional(ArrayRange{.is_own = true}) : std::nullopt;
}

}  // namespace

ArrayRange array_range(std::span<const NumericArray* const> arrays, bool are_images,
                       const std::string& name, const ImportOptions& options,
                       std::vector<Sentence>& notes) {
  Extremes seen;
  bool all_bytes = true;
  for (const NumericArray* array : arrays) {
    look_at_values(*array, name, seen);
    all_bytes = all_bytes && array->is_bytes;
  }
  if (seen.low == seen.high) {
    notes.push_back(sentence("array.all_equal", {name, number_text(seen.low)}));
  }
  ArrayRange range;
  if (options.range == "own" || (options.range == "auto" && !are_images)) {
    range.is_own = true;
    return range;
  }
  if (options.range != "auto") {
    if (!parse_range(options.range, range)) {
      throw Refusal(sentence("array.bad_range", {options.range}));
    }
    return range;
  }
  const bool is_known = options.trained && (options.whole || options.trained->reading.has_range());
  if (is_known) {
    const auto known = range_for_model(seen, all_bytes, options.trained->reading);
    if (known) return *known;
  }
  range = all_bytes ? guess_of_bytes(seen) : guess_of_floats(seen);
  if (is_known && range.low == seen.low && range.high == seen.high) {
    notes.push_back("'" + name + "' holds values from " + number_text(seen.low) + " to " +
                    number_text(seen.high) + ", which are taken as they are, and the model was " +
                    "trained on 0 to 1.");
    range.is_own = true;
    return range;
  }
  if (range.is_identity(all_bytes) || seen.is_bool) return range;
  notes.push_back(sentence("array.range", {name, number_text(seen.low), number_text(seen.high),
                                           number_text(range.low), number_text(range.high)}));
  return range;
}

void apply_range(const ArrayRange& range, bool are_images, bool invert, NumericArray& array) {
  const bool invert_pixels = invert && are_images;
  if (array.is_bool && range.is_own) {
    // Plain numbers 0 and 1, and no bytes that stand for 0 and 1/255.
    array.values.assign(array.bytes.begin(), array.bytes.end());
    array.bytes = {};
    array.is_bytes = array.is_bool = false;
  }
  if (range.is_identity(array.is_bytes)) {
    if (range.is_own && !are_images) return;
    for (float& value : array.values) {
      if (!range.is_own) value = std::clamp(value, 0.0f, 1.0f);
      if (invert_pixels) value = 1 - value;
    }
    if (invert_pixels) {
      for (std::uint8_t& byte : array.bytes) byte = static_cast<std::uint8_t>(255 - byte);
    }
    return;
  }
  const double scale = 1 / (range.high - range.low);
  const auto mapped = [&](double value) {
    double to = (value - range.low) * scale;
    if (are_images) to = std::clamp(to, 0.0, 1.0);
    return invert_pixels ? 1 - to : to;
  };
  const auto as_byte = [&](double value) {
    return static_cast<std::uint8_t>(std::lround(255 * mapped(value)));
  };
  if (array.is_bytes && are_images) {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = as_byte(static_cast<double>(i));
    for (std::uint8_t& byte : array.bytes) byte = table[byte];
  } else if (array.is_bytes) {
    array.values.reserve(array.bytes.size());
    for (const std::uint8_t byte : array.bytes) {
      array.values.push_back(static_cast<float>(mapped(byte)));
    }
    array.bytes = {};
    array.is_bytes = false;
  } else if (range.to_bytes) {
    array.bytes.reserve(array.values.size());
    for (const float value : array.values) array.bytes.push_back(as_byte(value));
    array.values = {};
    array.is_bytes = true;
  } else {
    for (float& value : array.values) value = static_cast<float>(mapped(value));
  }
  array.is_bool = false;
}

}  // namespace hourglass
