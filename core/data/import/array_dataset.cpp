#include "core/data/import/array_dataset.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/data/import/array_layout.h"
#include "core/data/import/array_range.h"
#include "core/data/import/sentences.h"
#include "core/data/resize.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

std::string pixels_text(const ImageShape& shape) {
  return std::to_string(shape.rows) + " x " + std::to_string(shape.columns);
}

// The shape that images become which are larger than can be used, or wanted otherwise; `shape` if
// they stay as they are.
ImageShape shape_to_make(const ImageShape& shape, const std::string& option) {
  if (shape.is_vector()) return shape;
  const ImageShape wanted = shape_from_option(option);
  if (wanted.channels > 1 && wanted.channels != shape.channels) {
    throw Refusal(sentence("array.other_channels", {option, wanted.channels, shape.channels}));
  }
  if (wanted.columns > 0) return {shape.channels, wanted.rows, wanted.columns};
  const Index side = std::max(shape.rows, shape.columns);
  if (side <= kMaxPixelsASide) return shape;
  const auto shrunk = [&](Index pixels) {
    return std::max<Index>(1, (pixels * kMaxPixelsASide + side / 2) / side);
  };
  return {shape.channels, shrunk(shape.rows), shrunk(shape.columns)};
}

// Each channel for itself, as bytes: floats in [0, 1] are rounded to them.
void resize_array(const ImageShape& from, const ImageShape& to, NumericArray& array) {
  const auto plane = static_cast<std::size_t>(from.rows * from.columns);
  Image image{static_cast<int>(from.columns), static_cast<int>(from.rows), 1,
              std::vector<std::uint8_t>(plane)};
  std::vector<std::uint8_t> out;
  const std::size_t planes = array.elements() / plane;
  out.reserve(planes * static_cast<std::size_t>(to.rows * to.columns));
  for (std::size_t p = 0; p < planes; ++p) {
    for (std::size_t i = 0; i < plane; ++i) {
      const std::size_t at = p * plane + i;
      image.pixels[i] = array.is_bytes ? array.bytes[at]
                                       : static_cast<std::uint8_t>(std::lround(
                                             255 * std::clamp(array.values[at], 0.0f, 1.0f)));
    }
    const auto small =
        resized(image, static_cast<int>(to.rows), static_cast<int>(to.columns), false);
    out.insert(out.end(), small.begin(), small.end());
  }
  array.bytes = std::move(out);
  array.values = {};
  array.is_bytes = true;
}

Samples samples_of(NumericArray& array, const ImageShape& shape) {
  if (array.is_bytes) return {shape.features(), std::move(array.bytes)};
  return {shape.features(), std::move(array.values)};
}

Index count_of_labels(const ArrayPart& part) {
  if (!part.labels) return 0;
  const auto& shape = part.labels->shape;
  return shape.size() == 2 && shape[0] == 1 ? shape[1] : shape[0];
}

ArrayLayout lay_out(const ArraySet& set, const ArrayPart& part, const ImportOptions& options,
                    std::vector<Sentence>& notes) {
  return array_layout(part.samples,
                      {.name = part.name,
                       .labels = count_of_labels(part),
                       .is_transposed = set.is_transposed,
                       .is_column_major = set.is_column_major,
                       .trained = options.trained ? options.trained->shape : ImageShape{}},
                      options, notes);
}

// An array that is one sample of what a model takes gets a dimension for the samples.
void make_one_sample(const ImageShape& trained, std::vector<Index>& shape) {
  const auto [channels, rows, columns] = trained;
  const std::vector<Index> plane = {rows, columns}, first = {channels, rows, columns},
                           last = {rows, columns, channels}, line = {trained.features()};
  const bool is_plane = shape == plane && channels == 1 && rows > 1 && columns > 1;
  const bool is_colour = channels > 1 && (shape == first || shape == last);
  if (shape == line || is_plane || is_colour) shape.insert(shape.begin(), 1);
}

// What data.shape says of rows of numbers that are of this layout.
std::string shape_as_option(const ArrayLayout& layout) {
  ImageShape shape = layout.shape;
  if (shape.is_vector()) return "table";
  if (layout.row_step < layout.column_step) std::swap(shape.rows, shape.columns);
  return std::to_string(shape.channels) + "x" + std::to_string(shape.rows) + "x" +
         std::to_string(shape.columns);
}

// The labels of a part with `count` samples: none, or `kNoLabel` for each if only the other part
// has some.
std::vector<std::int64_t> labels_of_part(const ArrayPart& part, Index count, bool other_has_some,
                                         std::vector<Sentence>& notes) {
  if (part.labels) return label_numbers(*part.labels, part.labels_name, count, part.name, notes);
  if (!other_has_some) return {};
  notes.push_back(sentence("array.unlabelled", {part.name}));
  return std::vector<std::int64_t>(static_cast<std::size_t>(count), kNoLabel);
}

}  // namespace

void dataset_from_arrays(ArraySet set, const ImportRequest& request, Imported& result) {
  Dataset& data = result.data;
  std::vector<Sentence>& notes = result.report.notes;
  const ImportOptions& options = request.options;
  std::vector<ArrayPart*> parts = {&set.train};
  if (set.test) parts.push_back(&*set.test);
  if (options.whole && options.trained && !set.is_column_major) {
    for (ArrayPart* part : parts) make_one_sample(options.trained->shape, part->samples.shape);
  }

  const ArrayLayout layout = lay_out(set, set.train, options, notes);
  arrange(layout, set.train.samples);
  data.name = request.set;
  data.shape = layout.shape;
  Index test_count = 0;
  if (set.test) {
    // The training samples have said what is to be said.
    std::vector<Sentence> said;
    ImportOptions same = options;
    if (set.test->samples.shape.size() == 2) same.shape = shape_as_option(layout);
    const ArrayLayout held_out = lay_out(set, *set.test, same, said);
    if (!(held_out.shape == layout.shape)) {
      throw Refusal(sentence("array.test_differs", {set.train.name, shape_text(layout.shape),
                                                    set.test->name, shape_text(held_out.shape)}));
    }
    arrange(held_out, set.test->samples);
    test_count = held_out.count;
  }

  const bool are_images = !layout.shape.is_vector();
  std::vector<const NumericArray*> arrays;
  for (const ArrayPart* part : parts) arrays.push_back(&part->samples);
  const ArrayRange range = array_range(arrays, are_images, set.train.name, options, notes);
  if (!range.is_own && !(range.low == 0 && range.high == 255)) {
    result.report.range = {range.low, range.high};
  }
  if (are_images && !range.is_own) {
    data.reading.black = range.low;
    data.reading.white = range.high;
    if (options.invert) std::swap(data.reading.black, data.reading.white);
  }
  data.reading.is_transposed = set.is_transposed && options.transpose == Guess::kAuto;
  data.shape = shape_to_make(layout.shape, options.shape);
  const bool resizes = !(data.shape == layout.shape);
  for (ArrayPart* part : parts) {
    apply_range(range, are_images, options.invert, part->samples);
    if (resizes) resize_array(layout.shape, data.shape, part->samples);
  }
  if (resizes) {
    if (options.shape == "auto") {
      notes.push_back(sentence("array.made_smaller", {set.train.name, pixels_text(layout.shape),
                                                      pixels_text(data.shape), kMaxPixelsASide}));
    } else {
      notes.push_back(sentence("array.made_as_said", {set.train.name, pixels_text(layout.shape),
                                                      pixels_text(data.shape)}));
    }
  }

  const bool has_labels = !options.whole && (set.train.labels || (set.test && set.test->labels));
  const auto train_labels = labels_of_part(set.train, layout.count, has_labels, notes);
  std::vector<std::int64_t> test_labels;
  if (set.test) {
    // What is said of how the training labels are read goes for the others.
    std::vector<Sentence> said;
    test_labels = labels_of_part(*set.test, test_count, has_labels, said);
    if (!set.test->labels || !set.train.labels) notes.insert(notes.end(), said.begin(), said.end());
  }
  data.train = samples_of(set.train.samples, data.shape);
  if (set.test) data.test = samples_of(set.test->samples, data.shape);
  if (has_labels) {
    set_labels(train_labels, test_labels, set.class_names, "The labels in " + set.labels_from.text,
               data);
    result.report.label = set.labels_from;
    data.labels_from = set.labels_from.text;
  }
  if (options.whole) {
    if (set.test) data.train = joined(data.train, std::exchange(data.test, {}));
  } else if (set.test) {
    data.split_by = "as the files have it";
  } else {
    const Samples all = std::move(data.train);
    split_samples(all, set.train.name, data);
  }
}

}  // namespace hourglass
