#include "core/data/import/array_layout.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/data/import/pixel_likeness.h"
#include "core/data/import/sentences.h"
#include "core/data/sources/mnist.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

constexpr Index kMaxChannels = 4;
constexpr Index kMaxSideInFile = 16384;

std::string sides_text(const ImageShape& shape) {
  return (shape.channels > 1 ? std::to_string(shape.channels) + " x " : "") +
         std::to_string(shape.rows) + " x " + std::to_string(shape.columns);
}

bool is_channels(Index size) { return size >= 1 && size <= kMaxChannels; }

// Makes the layout of images of which the dimensions of `array` are given by their places; a place
// of -1 is a dimension of size 1 that is not there.
struct Places {
  int sample = 0, channel = -1, row = 1, column = 2;
};

ArrayLayout layout_at(const std::vector<Index>& shape, const Places& places) {
  std::vector<std::uint64_t> step(shape.size(), 1);
  for (std::size_t d = shape.size() - 1; d > 0; --d) {
    step[d - 1] = step[d] * static_cast<std::uint64_t>(shape[d]);
  }
  const auto size = [&](int place) {
    return place < 0 ? 1 : shape[static_cast<std::size_t>(place)];
  };
  const auto stride = [&](int place) {
    return place < 0 ? std::uint64_t{0} : step[static_cast<std::size_t>(place)];
  };
  return {size(places.sample),   {size(places.channel), size(places.row), size(places.column)},
          stride(places.sample), stride(places.channel),
          stride(places.row),    stride(places.column)};
}

class LayoutGuess {
 public:
  LayoutGuess(const NumericArray& array, const LayoutHints& hints, const ImportOptions& options,
              std::vector<Sentence>& notes)
      : array_(array),
        hints_(hints),
        option_(options.shape),
        wanted_(shape_from_option(options.shape)),
        transpose_(options.transpose),
        notes_(notes),
        shape_(array.shape),
        what_(sentence("array.is_shape", {hints.name, shape_in_file(array, hints)})) {
    // Dimensions of size 1 beyond those of images say nothing.
    for (std::size_t d = shape_.size(); d-- > 1 && shape_.size() > 4;) {
      if (shape_[d] == 1) shape_.erase(shape_.begin() + static_cast<std::ptrdiff_t>(d));
    }
  }

  ArrayLayout guess() {
    ArrayLayout layout = shape_.size() == 2   ? of_rows()
                         : shape_.size() == 3 ? of_grey_images()
                         : shape_.size() == 4 ? of_images()
                                              : refused_by_dimensions();
    if (shape_.size() > 2) layout = as_wanted(layout);
    // MATLAB's images are column by column, but for those that are columns themselves.
    const bool is_turned =
        hints_.is_transposed || (hints_.is_column_major && (shape_.size() > 2 || rows_are_last_));
    const bool exchange =
        transpose_ == Guess::kAuto || axis_was_meant_ ? is_turned : transpose_ == Guess::kYes;
    if (!layout.shape.is_vector() && exchange) {
      std::swap(layout.shape.rows, layout.shape.columns);
      std::swap(layout.row_step, layout.column_step);
    }
    check(layout);
    return layout;
  }

 private:
  static std::string shape_in_file(const NumericArray& array, const LayoutHints& hints) {
    std::vector<Index> shape = array.shape;
    if (hints.is_column_major) std::ranges::reverse(shape);
    return tuple_text(shape);
  }

  [[noreturn]] ArrayLayout refused_by_dimensions() const {
    throw Refusal(
        sentence(shape_.size() == 1 ? "array.one_dimension" : "array.dimensions", {what_}));
  }

  // (samples, features), or the reverse in files of MATLAB's.
  ArrayLayout of_rows() {
    const bool last = hints_.is_column_major && rows_are_samples();
    rows_are_last_ = last;
    const Index count = shape_[last ? 1 : 0], features = shape_[last ? 0 : 1];
    const std::uint64_t feature_step = last ? static_cast<std::uint64_t>(shape_[1]) : 1;
    const ImageShape shape = shape_of_features(count, features, last);
    return {count,
            shape,
            last ? 1 : static_cast<std::uint64_t>(shape_[1]),
            feature_step * static_cast<std::uint64_t>(shape.rows * shape.columns),
            feature_step * static_cast<std::uint64_t>(shape.columns),
            feature_step};
  }

  // Of a column-major array, which is (columns, rows) here: whether its rows, the second dimension
  // here, are the samples. The number of labels says it, the option, or which side makes an image;
  // else there are more samples than features.
  bool rows_are_samples() {
    const Index rows = shape_[1], columns = shape_[0];
    if (hints_.labels == rows || hints_.labels == columns) return hints_.labels == rows;
    if (transpose_ != Guess::kAuto) {
      axis_was_meant_ = true;
      return transpose_ == Guess::kNo;
    }
    const bool row_is_image = image_of_features(columns).has_value();
    const bool column_is_image = image_of_features(rows).has_value();
    const bool by_image = row_is_image != column_is_image;
    const bool by_rows = by_image ? row_is_image : rows >= columns;
    const std::string size = std::to_string(by_image ? (by_rows ? columns : rows) : 0);
    const char* const key = by_image ? (by_rows ? "array.rows_image" : "array.columns_image")
                                     : (by_rows ? "array.rows_more" : "array.columns_more");
    notes_.push_back(sentence(key, {hints_.name, rows, columns, size}));
    return by_rows;
  }

  // 8 x 8 to 64 x 64, and the faces of B. Frey, which are 28 x 20.
  std::optional<ImageShape> image_of_features(Index features) const {
    const Index side = square_side(features);
    if (side > 0) return ImageShape{1, side, side};
    if (hints_.is_column_major && features == 560) return ImageShape{1, 28, 20};
    return std::nullopt;
  }

  ImageShape shape_of_features(Index count, Index features, bool last) {
    if (wanted_.columns > 0) {
      if (wanted_.features() != features && hints_.trained.features() > 0) return {1, 1, features};
      if (wanted_.features() != features) {
        throw Refusal(sentence("array.other_size", {what_, option_, wanted_.features(), features}));
      }
      return wanted_;
    }
    const ImageShape table{1, 1, features};
    if (wanted_.rows == 0 && hints_.trained.features() == features) return hints_.trained;
    const auto image = image_of_features(features);
    if (wanted_.rows > 0) return table;
    if (!image) {
      if (features == 3 * 32 * 32) {
        notes_.push_back(sentence("array.maybe_colour", {features, hints_.name}));
      }
      return table;
    }
    const auto outer = static_cast<std::uint64_t>(shape_[1]);
    if (!array_.is_bytes &&
        !are_like_pixels(array_, *image, count, last ? 1 : outer, last ? outer : 1)) {
      return table;
    }
    if (!array_.is_bytes || image->rows != image->columns) {
      notes_.push_back(
          sentence("array.taken_as_image", {features, hints_.name, sides_text(*image)}));
    }
    return *image;
  }

  bool fits(Index size) const { return size <= kMaxPixelsASide; }

  // Whether the last dimension is the samples, as data.shape, the number of labels, or the sizes
  // say: images of `rows` x `columns`, which are square or far fewer pixels a side than samples.
  bool samples_are_last(Index rows, Index columns) const {
    constexpr Index kFar = 8;
    const Index count = shape_.back(), side = std::max(rows, columns);
    if (wanted_.columns > 0) return wanted_.rows == rows && wanted_.columns == columns;
    const ImageShape& trained = hints_.trained;
    const bool are_first =
        trained.rows == shape_[shape_.size() - 2] && trained.columns == shape_[shape_.size() - 1];
    if (trained.rows > 1 && trained.rows == rows && trained.columns == columns && !are_first) {
      return true;
    }
    if (hints_.labels > 0) return hints_.labels == count && hints_.labels != shape_[0];
    return fits(side) && !fits(count) && (rows == columns || count > kFar * side);
  }

  // (samples, rows, columns), or (rows, columns, samples).
  ArrayLayout of_grey_images() {
    const bool last = samples_are_last(shape_[0], shape_[1]);
    if (!last) return layout_at(shape_, {0, -1, 1, 2});
    say_samples_last(2);
    return layout_at(shape_, {2, -1, 0, 1});
  }

  ArrayLayout of_images() {
    const bool last = is_channels(shape_[2])   ? samples_are_last(shape_[0], shape_[1])
                      : is_channels(shape_[0]) ? samples_are_last(shape_[1], shape_[2])
                                               : false;
    if (last) {
      say_samples_last(3);
      return is_channels(shape_[2]) ? layout_at(shape_, {3, 2, 0, 1})
                                    : layout_at(shape_, {3, 0, 1, 2});
    }
    const auto one_or_three = [](Index size) { return size == 1 || size == 3; };
    const bool first = one_or_three(shape_[1]) ||
                       (is_channels(shape_[1]) && !one_or_three(shape_[3]) && shape_[3] != 4);
    if (first) return layout_at(shape_, {0, 1, 2, 3});
    if (is_channels(shape_[3])) return layout_at(shape_, {0, 3, 1, 2});
    if (wanted_.rows > 0 && wanted_.columns == 0) return layout_at(shape_, {0, 1, 2, 3});
    throw Refusal(sentence("array.no_channels", {what_}));
  }

  void say_samples_last(std::size_t place) {
    if (hints_.is_column_major) return;
    notes_.push_back(
        sentence("array.samples_last", {hints_.name, tuple_text(array_.shape), shape_[place]}));
  }

  // data.shape of images: "table", other sides of as many values, or a size to be made, which
  // whoever resizes looks at.
  ArrayLayout as_wanted(ArrayLayout layout) const {
    const Index features = layout.shape.features();
    const bool reshape = wanted_.columns > 0 && wanted_.features() == features;
    if (wanted_.rows == 0 || (wanted_.columns > 0 && !reshape)) return layout;
    if (!layout.is_in_order()) {
      if (wanted_ == layout.shape) return layout;
      throw Refusal(sentence("array.no_other_view", {what_, option_}));
    }
    const ImageShape shape = reshape ? wanted_ : ImageShape{1, 1, features};
    return {layout.count,
            shape,
            layout.sample,
            static_cast<std::uint64_t>(shape.rows * shape.columns),
            static_cast<std::uint64_t>(shape.columns),
            1};
  }

  void check(const ArrayLayout& layout) const {
    if (layout.count > kMaxSamples) {
      throw Refusal(sentence("array.too_many_samples", {hints_.name, layout.count, kMaxSamples}));
    }
    const ImageShape& shape = layout.shape;
    if (shape.is_vector()) {
      if (shape.columns > kMaxFeatures) {
        throw Refusal(sentence("array.too_many_features", {what_, kMaxFeatures}));
      }
      return;
    }
    if (std::max(shape.rows, shape.columns) > kMaxSideInFile) {
      throw Refusal(sentence("array.too_large_images", {what_, kMaxSideInFile}));
    }
  }

  const NumericArray& array_;
  const LayoutHints& hints_;
  const std::string option_;
  const ImageShape wanted_;
  const Guess transpose_;
  std::vector<Sentence>& notes_;
  std::vector<Index> shape_;
  const Sentence what_;
  bool rows_are_last_ = false;   // of a column-major array, and they are the samples
  bool axis_was_meant_ = false;  // data.transpose has chosen the samples' axis
};

template <typename Value>
std::vector<Value> arranged(const ArrayLayout& layout, const std::vector<Value>& from) {
  std::vector<Value> to;
  to.reserve(from.size());
  for (Index n = 0; n < layout.count; ++n) {
    for (Index c = 0; c < layout.shape.channels; ++c) {
      for (Index r = 0; r < layout.shape.rows; ++r) {
        std::uint64_t at = static_cast<std::uint64_t>(n) * layout.sample +
                           static_cast<std::uint64_t>(c) * layout.channel_step +
                           static_cast<std::uint64_t>(r) * layout.row_step;
        for (Index x = 0; x < layout.shape.columns; ++x, at += layout.column_step) {
          to.push_back(from[static_cast<std::size_t>(at)]);
        }
      }
    }
  }
  return to;
}

}  // namespace

bool ArrayLayout::is_in_order() const {
  const auto plane = static_cast<std::uint64_t>(shape.rows * shape.columns);
  const auto in_order = [](Index size, std::uint64_t step, std::uint64_t expected) {
    return size == 1 || step == expected;
  };
  return in_order(shape.columns, column_step, 1) &&
         in_order(shape.rows, row_step, static_cast<std::uint64_t>(shape.columns)) &&
         in_order(shape.channels, channel_step, plane) &&
         in_order(count, sample, plane * static_cast<std::uint64_t>(shape.channels));
}

ArrayLayout array_layout(const NumericArray& array, const LayoutHints& hints,
                         const ImportOptions& options, std::vector<Sentence>& notes) {
  return LayoutGuess(array, hints, options, notes).guess();
}

void arrange(const ArrayLayout& layout, NumericArray& array) {
  if (!layout.is_in_order()) {
    if (array.is_bytes) {
      array.bytes = arranged(layout, array.bytes);
    } else {
      array.values = arranged(layout, array.values);
    }
  }
  array.shape = {layout.count, layout.shape.channels, layout.shape.rows, layout.shape.columns};
}

ImageShape shape_from_option(const std::string& text) {
  if (text.empty() || text == "auto") return {0, 0, 0};
  if (text == "table") return {1, 1, 0};
  std::vector<Index> sides;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('x', from), text.size());
    std::int64_t side = 0;
    if (!parse_number(std::string_view(text).substr(from, end - from), side) || side < 1 ||
        side > kMaxSideInFile) {
      sides.clear();
      break;
    }
    sides.push_back(static_cast<Index>(side));
    from = end + 1;
  }
  const bool good = sides.size() == 2 || (sides.size() == 3 && is_channels(sides[0]));
  if (!good) {
    throw Refusal(sentence("array.bad_shape", {text}));
  }
  if (sides.size() == 2) sides.insert(sides.begin(), 1);
  if (std::max(sides[1], sides[2]) > kMaxPixelsASide) {
    throw Refusal(sentence("array.shape_too_large", {text, kMaxPixelsASide}));
  }
  return {sides[0], sides[1], sides[2]};
}

}  // namespace hourglass
