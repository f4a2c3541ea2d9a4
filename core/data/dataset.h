// What a data set is: samples with labels and known factors, held compactly, read a batch at a
// time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/shape.h"
#include "core/data/file_reading.h"
#include "core/data/scaling.h"
#include "core/math/types.h"

namespace hourglass {

// The samples of one split, with whatever is known about each. Features are bytes 0..255 that stand
// for [0, 1] (60,000 images of 28x28 take 47 MB that way, 188 MB as floats), or floats as they are;
// either may be scaled to what a model is to see.
class Samples {
 public:
  Samples() = default;
  // `bytes` holds count x features values, sample by sample.
  Samples(Index features, std::vector<std::uint8_t> bytes);
  Samples(Index features, std::vector<float> values);

  Index features() const { return features_; }
  Index count() const { return count_; }

  // Makes gather() give value * scale + offset: for bytes from then on, with a map of one element,
  // while floats are replaced at once. A map with one element for each feature makes floats of
  // bytes. Only once.
  void scale(const ScalingMap& map);

  // Holds floats, scaled already, to `range`. Bytes keep to their range anyway.
  void clip(const ValueRange& range);

  // What gather() makes of the bytes 0 and 255, between which lies what it makes of any other.
  std::pair<double, double> byte_bounds() const;

  // What is held: one of them is empty. Bytes are unscaled.
  std::span<const std::uint8_t> bytes() const { return bytes_; }
  std::span<const float> values() const { return values_; }

  // Writes the features of sample indices[j] into column j of `out` (features x indices.size()),
  // scaled. Every index must be below count(). Allocates nothing.
  void gather(std::span<const std::uint32_t> indices, MatrixView out) const;

  // One per sample, or empty if the data has none. Values in [0, class_names.size()) of the data
  // set.
  std::vector<std::int32_t> labels;
  // factors[f][i] is the value of the data set's factor f for sample i; empty if none are known.
  std::vector<std::vector<float>> factors;
  // Where each sample was in the file that it comes from, counted from 0; empty where nobody has
  // changed the order.
  std::vector<std::uint32_t> rows;

 private:
  Index features_ = 0;
  Index count_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::vector<float> values_;
  bool bytes_scaled_ = false;  // `byte_scale_` and `byte_offset_` are in use
  double byte_scale_ = 1, byte_offset_ = 0;
};

// A factor of variation that the generator of a data set knows: what a code could come to mean.
struct Factor {
  std::string name;  // "slant", a key of the texts
  std::string unit;  // "degrees", "pixels", "" for a plain number
  float low = 0;     // range it is drawn from
  float high = 0;
};

struct DocumentInfo;

struct Dataset {
  std::string name;  // "mnist", "fashion-mnist", "strokes", or the name of a folder or file
  ImageShape shape;
  std::vector<std::string> class_names;  // "0".."9", "T-shirt/top", ...; empty without labels
  std::vector<Factor> factors;
  std::vector<std::string> feature_names;  // titles of a table's columns; empty if it has none
  Samples train;
  Samples test;

  // How labels and split came about, to be read by a person: "column 'kind'", "the subfolders";
  // "one in six, chosen at random". "" without labels, and where it is not known.
  std::string labels_from, split_by;
  FileReading reading;  // of a person's own files

  // What scaled() set: how the samples' own units ([0, 1] for images) become what gather() gives.
  Scaling scaling = Scaling::kUnit;
  ScalingMap map;
  ValueRange range;  // of scaled values

  // Most values are 0, as with words of documents: training lists those that are not.
  bool is_sparse = false;

  // Of documents: a feature is a word of documents->input.vocabulary. Null for images and tables.
  std::shared_ptr<const DocumentInfo> documents;
};

using DatasetPointer = std::shared_ptr<const Dataset>;

}  // namespace hourglass
