#include "core/data/sources/npy_dataset.h"

#include <cmath>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/sources/mnist.h"
#include "core/data/split.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"
#include "core/formats/npy.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

NpyArray read_array_file(std::span<const std::uint8_t> file, const std::string& name) {
  if (!is_gzip(file)) return read_npy(file, name);
  return read_npy(gunzip(file, name, kMaxArrayBytes), name);
}

std::string tuple_text(const std::vector<Index>& shape) {
  std::string text;
  for (const Index side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
  return "(" + text + ")";
}

// The side of a square image that has so many pixels, or 0.
Index square_image_side(Index features) {
  constexpr Index kMinSide = 8;
  for (Index side = kMinSide; side <= kMaxPixelsASide; ++side) {
    if (side * side == features) return side;
  }
  return 0;
}

ImageShape sample_shape(const NpyArray& array, const std::string& name) {
  const auto& shape = array.shape;
  const std::string what = "'" + name + "' has the shape " + tuple_text(shape);
  if (shape.size() < 2) {
    throw Error(what +
                "; (samples, features), (samples, rows, columns) or (samples, channels, rows, "
                "columns) is needed.");
  }
  if (shape.size() == 2) {
    if (shape[1] > kMaxFeatures) {
      throw Error(what + "; at most " + std::to_string(kMaxFeatures) + " features can be used.");
    }
    const Index side = array.is_bytes ? square_image_side(shape[1]) : 0;
    return side > 0 ? ImageShape{1, side, side} : ImageShape{1, 1, shape[1]};
  }
  const Index channels = shape.size() == 4 ? shape[1] : 1;
  if (channels != 1 && channels != 3) {
    const bool last = shape[3] == 1 || shape[3] == 3;
    throw Error(what + "; 1 or 3 channels are needed, in the second place" +
                (last ? ": array.transpose(0, 3, 1, 2) puts them there." : "."));
  }
  const ImageShape image{channels, shape[shape.size() - 2], shape[shape.size() - 1]};
  if (image.rows > kMaxPixelsASide || image.columns > kMaxPixelsASide) {
    throw Error(what + "; images may have at most " + std::to_string(kMaxPixelsASide) + " x " +
                std::to_string(kMaxPixelsASide) + " pixels.");
  }
  return image;
}

std::vector<std::int32_t> read_labels(std::span<const std::uint8_t> file, const std::string& name,
                                      Index count, const std::string& samples_name,
                                      std::vector<std::string>& class_names) {
  constexpr float kMaxLabel = 1'000'000;
  NpyArray array = read_array_file(file, name);
  if (array.is_bytes) array.values.assign(array.bytes.begin(), array.bytes.end());
  if (array.shape.size() != 1 && !(array.shape.size() == 2 && array.shape[1] == 1)) {
    throw Error("'" + name + "' has the shape " + tuple_text(array.shape) +
                "; labels are one whole number for each sample.");
  }
  if (array.shape[0] != count) {
    throw Error("'" + name + "' holds " + std::to_string(array.shape[0]) + " labels, but '" +
                samples_name + "' holds " + std::to_string(count) + " samples.");
  }
  std::vector<std::string> texts;
  texts.reserve(array.values.size());
  for (const float value : array.values) {
    if (!(std::abs(value) <= kMaxLabel) || value != std::floor(value)) {
      throw Error("'" + name + "' holds labels that are no whole numbers up to 1,000,000.");
    }
    texts.push_back(std::to_string(static_cast<std::int64_t>(value)));
  }
  return labels_from_texts(texts, "The labels in '" + name + "'", class_names);
}

}  // namespace

Dataset dataset_from_npy(std::span<const std::uint8_t> file, const std::string& name,
                         std::span<const std::uint8_t> labels, const std::string& labels_name,
                         const std::string& set) {
  NpyArray array = read_array_file(file, name);
  Dataset data;
  data.name = set;
  data.shape = sample_shape(array, name);
  const Index count = array.shape[0];
  if (count > kMaxSamples) {
    throw Error("'" + name + "' holds " + std::to_string(count) + " samples; at most " +
                std::to_string(kMaxSamples) + " can be used.");
  }
  Samples all;
  if (array.is_bytes) {
    all = Samples(data.shape.features(), std::move(array.bytes));
  } else {
    all = Samples(data.shape.features(), std::move(array.values));
  }
  if (!labels.empty()) {
    all.labels = read_labels(labels, labels_name, count, name, data.class_names);
    data.labels_from = "'" + fs::path(labels_name).filename().string() + "'";
  }
  split_samples(all, name, data);
  return data;
}

Dataset load_npy_dataset(const fs::path& path, const std::string& set) {
  const std::vector<std::uint8_t> file = read_file(path, kMaxArrayBytes);
  fs::path stem = path;
  if (stem.extension() == ".gz") stem.replace_extension();
  stem.replace_extension();
  const fs::path labels_path = stem.string() + "_labels.npy";
  std::vector<std::uint8_t> labels;
  std::error_code error;
  if (fs::is_regular_file(labels_path, error)) {
    labels = read_file(labels_path, kMaxArrayBytes);
    if (labels.empty()) throw Error("The label file '" + labels_path.string() + "' is empty.");
  }
  return dataset_from_npy(file, path.string(), labels, labels_path.string(), set);
}

}  // namespace hourglass
