#include "core/data/import/table_pixels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/write_number.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

constexpr std::size_t kLeastSideBesideLabels = 8;
constexpr double kHalfOfBytes = 127;

// The square's side, or 0.
std::size_t side_of_square(std::size_t features) {
  for (std::size_t side = 4; side <= static_cast<std::size_t>(kMaxPixelsASide); ++side) {
    if (side * side == features) return side;
  }
  return 0;
}

bool is_auto(const ImageShape& shape) { return shape.features() == 0; }
bool is_vector_wanted(const ImportOptions& options) { return options.shape == "table"; }

// Whether a column could be labels that somebody put beside pixels: a few different whole numbers.
bool are_labels(const TableValues& values, std::size_t feature, bool even_one_kind) {
  constexpr double kMaxKinds = 100;
  std::set<double> kinds;
  for (std::size_t row = 0; row < values.rows(); ++row) {
    const double value = values.value(row, feature);
    if (!(value >= 0 && value < kMaxKinds) || value != std::floor(value)) return false;
    kinds.insert(value);
  }
  return kinds.size() > (even_one_kind ? 0 : 1);
}

struct ColumnExtremes {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  bool are_whole = true;

  bool are_bytes() const { return are_whole && low >= 0 && high <= 255; }
  bool are_unit() const { return low >= 0 && high <= 1 && high > 0.5; }
  bool are_signed() const { return low >= -1 && low < -0.5 && high <= 1 && high > 0.5; }
};

// Of the features [first, first + count) of all rows; of missing numbers nothing.
ColumnExtremes extremes_of(const TableValues& values, std::size_t first, std::size_t count) {
  ColumnExtremes found;
  if (values.is_bytes()) {
    std::uint8_t low = 255, high = 0;
    for (std::size_t row = 0; row < values.rows(); ++row) {
      const std::uint8_t* const at = values.bytes().data() + row * values.features() + first;
      for (std::size_t i = 0; i < count; ++i) {
        low = std::min(low, at[i]);
        high = std::max(high, at[i]);
      }
    }
    found.low = low;
    found.high = high;
    return found;
  }
  for (std::size_t row = 0; row < values.rows(); ++row) {
    const float* const at = values.floats().data() + row * values.features() + first;
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = static_cast<double>(at[i]);
      if (std::isnan(value)) continue;
      found.low = std::min(found.low, value);
      found.high = std::max(found.high, value);
      found.are_whole = found.are_whole && value == std::floor(value);
    }
  }
  return found;
}

bool may_be_pixels(const ColumnExtremes& of) {
  return of.are_bytes() || of.are_unit() || of.are_signed();
}

// Whether `features` numbers are as many as an image's that is looked for.
bool are_as_many_as_pixels(std::size_t features, const ImageShape& wanted) {
  if (!is_auto(wanted)) return features == static_cast<std::size_t>(wanted.features());
  return side_of_square(features) >= kLeastSideBesideLabels;
}

// How many columns at the end have one 1 among 0s in each row, if what is before them is an image;
// else 0.
std::size_t one_hot_columns(const TableValues& values, const ImageShape& wanted) {
  constexpr std::size_t kMaxOneHot = 100;
  const std::size_t features = values.features();
  for (std::size_t count = 2; count <= std::min(kMaxOneHot, features - 1); ++count) {
    if (!are_as_many_as_pixels(features - count, wanted)) continue;
    bool is_one_hot = true;
    for (std::size_t row = 0; row < values.rows() && is_one_hot; ++row) {
      double sum = 0;
      for (std::size_t i = features - count; i < features && is_one_hot; ++i) {
        const double value = values.value(row, i);
        is_one_hot = value == 0 || value == 1;
        sum += value;
      }
      is_one_hot = is_one_hot && sum == 1;
    }
    if (is_one_hot) return count;
  }
  return 0;
}

struct WantedRange {
  bool is_auto = false, is_own = false;
  NumberRange bounds;
};

WantedRange range_wanted(const ImportOptions& options) {
  if (options.range == "auto") return {.is_auto = true, .bounds = {}};
  if (options.range == "own") return {.is_own = true, .bounds = {}};
  WantedRange range;
  const std::size_t dots = options.range.find("..");
  const std::string_view text = options.range;
  if (dots == text.npos || !parse_number(text.substr(0, dots), range.bounds.low) ||
      !parse_number(text.substr(dots + 2), range.bounds.high) ||
      !(std::abs(range.bounds.low) < 1e30 && std::abs(range.bounds.high) < 1e30) ||
      range.bounds.low == range.bounds.high) {
    throw Refusal(sentence("table.range_words", {options.range}));
  }
  return range;
}

Samples as_bytes(TableValues& values, double white, bool invert) {
  std::vector<std::uint8_t> bytes = values.take_bytes();
  if (white != 255 || invert) {
    std::uint8_t made[256];
    for (int i = 0; i < 256; ++i) {
      const auto byte = std::min(std::lround(i * 255 / white), 255L);
      made[i] = static_cast<std::uint8_t>(invert ? 255 - byte : byte);
    }
    for (std::uint8_t& byte : bytes) byte = made[byte];
  }
  return Samples(static_cast<Index>(values.features()), std::move(bytes));
}

Samples as_unit_floats(TableValues& values, NumberRange range, bool invert,
                       const std::string& name) {
  values.make_floats();
  std::vector<float> floats = values.take_floats();
  if (invert) std::swap(range.low, range.high);
  const double scale = 1 / (range.high - range.low);
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const double unit = (static_cast<double>(floats[i]) - range.low) * scale;
    if (!(unit > -1e-6 && unit < 1 + 1e-6)) {
      throw Refusal(
          sentence("table.pixel_out",
                   {i / values.features() + 1, name, shortest_text(static_cast<double>(floats[i])),
                    shortest_text(range.low), shortest_text(range.high)}));
    }
    floats[i] = static_cast<float>(std::clamp(unit, 0.0, 1.0));
  }
  return Samples(static_cast<Index>(values.features()), std::move(floats));
}

Samples as_vectors(TableValues& values) {
  values.make_floats();
  return Samples(static_cast<Index>(values.features()), values.take_floats());
}

// What is black and what is white in images of these numbers; for a guess.
NumberRange pixel_range(const ColumnExtremes& of) {
  if (of.are_bytes() && of.high > 1) return {0, of.high > kHalfOfBytes ? 255 : of.high};
  if (of.low >= 0 && of.high <= 1) return {0, 1};
  if (of.low >= -1 && of.high <= 1) return {-1, 1};
  return {of.low, of.high > of.low ? of.high : of.low + 1};
}

std::string image_text(const ImageShape& shape) {
  return (shape.channels > 1 ? std::to_string(shape.channels) + " x " : "") +
         std::to_string(shape.rows) + " x " + std::to_string(shape.columns) + " pixels";
}

// The shape that is guessed; {1, 1, features} for no image.
ImageShape likely_shape(std::size_t features, const ColumnExtremes& of) {
  const auto side = static_cast<Index>(side_of_square(features));
  const bool is_large = side >= 8;
  const bool is_image = of.are_bytes() && of.high > 1
                            ? side > 0 && (is_large || of.high > kHalfOfBytes)
                            : is_large && (of.are_unit() || of.are_signed());
  if (is_image) return {1, side, side};
  return {1, 1, static_cast<Index>(features)};
}

// Rows and columns of each image are exchanged, in place by way of one image.
template <typename Number>
void transpose_images(std::vector<Number>& values, const ImageShape& shape) {
  const auto rows = static_cast<std::size_t>(shape.rows);
  const auto columns = static_cast<std::size_t>(shape.columns);
  const std::size_t plane = rows * columns;
  std::vector<Number> from(plane);
  for (std::size_t start = 0; start + plane <= values.size(); start += plane) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(start);
    std::copy(at, at + static_cast<std::ptrdiff_t>(plane), from.begin());
    for (std::size_t i = 0; i < plane; ++i) {
      at[static_cast<std::ptrdiff_t>(i % columns * rows + i / columns)] = from[i];
    }
  }
}

// EMNIST's images lie on their sides in its tables as in its other files.
bool is_emnist(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return name.find("emnist") != name.npos;
}

Samples transposed(const Samples& samples, const ImageShape& shape) {
  if (!samples.bytes().empty()) {
    std::vector<std::uint8_t> bytes(samples.bytes().begin(), samples.bytes().end());
    transpose_images(bytes, shape);
    return Samples(samples.features(), std::move(bytes));
  }
  std::vector<float> floats(samples.values().begin(), samples.values().end());
  transpose_images(floats, shape);
  return Samples(samples.features(), std::move(floats));
}

// What is black and white for a model whose own images were read so; a guess where they were not,
// or where these do not keep to that. Numbers in [0, 1] are no dark images of 0..255.
bool keeps_to_range(const FileReading& reading, const ColumnExtremes& of) {
  const bool is_unit = of.low >= 0 && of.high <= 1;
  const bool is_within = of.low >= reading.low() && of.high <= reading.high();
  return reading.has_range() && is_within && (!is_unit || reading.low() < 0);
}

NumberRange range_for_model(const FileReading& reading, const ColumnExtremes& of) {
  return keeps_to_range(reading, of) ? NumberRange{reading.low(), reading.high()} : pixel_range(of);
}

}  // namespace

ImageShape shape_wanted(const ImportOptions& options) {
  const std::string& text = options.shape;
  if (text == "auto" || text == "table") return {0, 0, 0};
  std::vector<Index> sides;
  std::string_view rest = text;
  bool is_good = true;
  while (is_good && !rest.empty()) {
    const std::size_t end = std::min(rest.find('x'), rest.size());
    Index side = 0;
    is_good =
        parse_number(rest.substr(0, end), side) && side >= 1 && side <= 10'000 && sides.size() < 3;
    sides.push_back(side);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (is_good && sides.size() == 2) sides.insert(sides.begin(), 1);
  if (!is_good || sides.size() != 3 || (sides[0] != 1 && sides[0] != 3) || sides[1] < 2 ||
      sides[2] < 2) {
    throw Refusal(sentence("table.bad_shape", {text}));
  }
  const ImageShape shape{sides[0], sides[1], sides[2]};
  if (sides[1] > kMaxPixelsASide || sides[2] > kMaxPixelsASide) {
    throw Refusal(sentence("table.shape_too_large", {text, kMaxPixelsASide}));
  }
  return shape;
}

LabelsBesidePixels labels_beside_pixels(TableValues& values, const ImportOptions& options,
                                        bool even_one_kind) {
  LabelsBesidePixels found;
  const ImageShape wanted = shape_wanted(options);
  const std::size_t features = values.features();
  if (features < 2 || values.rows() == 0) return found;
  if (are_as_many_as_pixels(features - 1, wanted)) {
    for (const bool is_first : {true, false}) {
      const std::size_t column = is_first ? 0 : features - 1;
      if (!are_labels(values, column, even_one_kind) ||
          (is_auto(wanted) &&
           !may_be_pixels(extremes_of(values, is_first ? 1 : 0, features - 1)))) {
        continue;
      }
      found.features = {column};
      for (std::size_t row = 0; row < values.rows(); ++row) {
        found.texts.push_back(std::to_string(static_cast<int>(values.value(row, column))));
      }
      return found;
    }
  }
  const std::size_t count = one_hot_columns(values, wanted);
  if (count == 0) return found;
  if (is_auto(wanted) && !may_be_pixels(extremes_of(values, 0, features - count))) return found;
  for (std::size_t i = 0; i < count; ++i) found.features.push_back(features - count + i);
  for (std::size_t row = 0; row < values.rows(); ++row) {
    std::size_t which = 0;
    while (values.value(row, found.features[which]) != 1) ++which;
    found.texts.push_back(std::to_string(which));
  }
  return found;
}

TableSamples samples_of_values(TableValues& values, const ImportOptions& options,
                               const std::string& name) {
  const std::size_t features = values.features();
  const WantedRange range = range_wanted(options);
  ImageShape shape = shape_wanted(options);
  const bool is_said = !is_auto(shape);
  if (is_said && static_cast<std::size_t>(shape.features()) != features) {
    throw Refusal(sentence("table.shape_needs", {options.shape, shape.features(), name, features}));
  }
  const ColumnExtremes of = extremes_of(values, 0, features);
  const bool is_for_model =
      options.trained && options.trained->shape.features() == static_cast<Index>(features);
  if (is_vector_wanted(options)) {
    shape = {1, 1, static_cast<Index>(features)};
  } else if (!is_said && is_for_model) {
    shape = options.trained->shape;
  } else if (!is_said) {
    shape = likely_shape(features, of);
    const auto side = static_cast<Index>(side_of_square(features));
    if (!range.is_auto && !range.is_own && side > 0) shape = {1, side, side};
  }
  TableSamples made{shape, {}, {of.low, of.high}, {}, {}};
  const bool is_image = shape.rows > 1;
  if (!is_image) {
    if (!range.is_auto && !range.is_own) {
      throw Refusal(
          sentence("table.range_for_images", {options.range, features, name, kMaxPixelsASide}));
    }
    made.samples = as_vectors(values);
    return made;
  }
  made.range = range.is_own      ? NumberRange{0, 1}
               : !range.is_auto  ? range.bounds
               : options.trained ? range_for_model(options.trained->reading, of)
                                 : pixel_range(of);
  // A range that is only these samples' own says nothing of what the model knows.
  const bool is_foreign = options.trained && range.is_auto &&
                          !keeps_to_range(options.trained->reading, of) && !of.are_bytes() &&
                          (of.low < -1 || of.high > 1);
  if (is_foreign) {
    made.notes.push_back("'" + name + "' holds values from " + shortest_text(of.low) + " to " +
                         shortest_text(of.high) + ", which are taken as they are, and the model " +
                         "was trained on 0 to 1.");
    made.samples = as_vectors(values);
    return made;
  }
  made.reading = {options.invert ? made.range.high : made.range.low,
                  options.invert ? made.range.low : made.range.high};
  const bool is_from_0 = made.range.low == 0 && made.range.high > 0 && made.range.high <= 255 &&
                         of.high <= made.range.high;
  if (of.are_bytes() && is_from_0 && values.make_bytes()) {
    made.samples = as_bytes(values, made.range.high, options.invert);
  } else {
    made.samples = as_unit_floats(values, made.range, options.invert, name);
  }
  const bool is_emnist_table = options.transpose == Guess::kAuto && is_emnist(name);
  if (options.transpose == Guess::kYes || is_emnist_table) {
    made.samples = transposed(made.samples, shape);
    std::swap(made.shape.rows, made.shape.columns);
  }
  if (is_emnist_table) {
    made.notes.push_back(sentence("table.emnist", {name}));
  }
  if (!is_said && !is_for_model) {
    made.notes.push_back(
        sentence("table.as_images", {features, image_text(shape), shortest_text(made.range.low),
                                     shortest_text(made.range.high)}));
  }
  return made;
}

}  // namespace hourglass
