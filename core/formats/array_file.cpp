#include "core/formats/array_file.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cstdint>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "core/formats/npy.h"
#include "core/formats/png.h"

namespace hourglass {
namespace {

enum class Format { kNpy, kIdx, kPng, kUnknown };

struct FileKind {
  Format format = Format::kUnknown;
  bool compressed = false;
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

FileKind kind_of_name(const std::filesystem::path& path) {
  FileKind kind;
  std::string ending = lower(path.extension().string());
  if (ending == ".gz") {
    kind.compressed = true;
    ending = lower(path.stem().extension().string());
  }
  if (ending == ".npy") kind.format = Format::kNpy;
  if (ending == ".idx") kind.format = Format::kIdx;
  if (ending == ".png" && !kind.compressed) kind.format = Format::kPng;
  return kind;
}

Format format_of_content(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 4) return Format::kUnknown;
  if (bytes[0] == 0x93 && bytes[1] == 'N') return Format::kNpy;
  if (bytes[0] == 0x89 && bytes[1] == 'P') return Format::kPng;
  if (bytes[0] == 0 && bytes[1] == 0) return Format::kIdx;
  return Format::kUnknown;
}

std::string features_text(const ImageShape& shape) {
  if (shape.channels == 1 && shape.rows == 1) return std::to_string(shape.columns) + " features";
  return std::to_string(shape.features()) + " features (" +
         (shape.channels > 1 ? std::to_string(shape.channels) + " x " : "") +
         std::to_string(shape.rows) + " x " + std::to_string(shape.columns) + ")";
}

// Counts samples and features in an array of `shape`, and scales bytes.
SampleArray to_samples(const std::vector<Index>& shape, std::vector<float> values, bool is_bytes,
                       const ImageShape& expected) {
  SampleArray array;
  array.samples = shape[0];
  array.features = 1;
  for (std::size_t i = 1; i < shape.size(); ++i) array.features *= shape[i];
  if (shape.size() == 1 && shape[0] == expected.features()) {
    array.samples = 1;
    array.features = shape[0];
  }
  array.values = std::move(values);
  if (is_bytes) {
    for (float& value : array.values) value /= 255.0f;
  }
  return array;
}

SampleArray from_idx(std::span<const std::uint8_t> bytes, const std::string& name,
                     const ImageShape& expected) {
  IdxArray idx = read_idx(bytes, name);
  if (idx.is_bytes) idx.values.assign(idx.bytes.begin(), idx.bytes.end());
  return to_samples(idx.shape, std::move(idx.values), idx.is_bytes, expected);
}

SampleArray from_npy(std::span<const std::uint8_t> bytes, const std::string& name,
                     const ImageShape& expected) {
  NpyArray npy = read_npy(bytes, name);
  if (npy.is_bytes) npy.values.assign(npy.bytes.begin(), npy.bytes.end());
  return to_samples(npy.shape, std::move(npy.values), npy.is_bytes && !npy.is_bool, expected);
}

SampleArray from_png(std::span<const std::uint8_t> bytes, const std::string& name,
                     const ImageShape& expected) {
  SampleArray array;
  if (expected.features() > 0) {
    if (expected.channels != 1 && expected.channels != 3) {
      throw Error("'" + name + "' cannot be used: samples of " + std::to_string(expected.channels) +
                  " channels are needed, which a PNG does not give; use .npy.");
    }
    const Image image = read_png(bytes, name, static_cast<int>(expected.channels));
    array.values = split_grid(image, expected, name);
    array.features = expected.features();
  } else {
    Image image = read_png(bytes, name);
    if (image.channels == 2 || image.channels == 4) {  // drop alpha
      image = read_png(bytes, name, image.channels - 1);
    }
    const ImageShape whole{image.channels, image.height, image.width};
    array.values = split_grid(image, whole, name);
    array.features = whole.features();
  }
  array.samples = static_cast<Index>(array.values.size()) / array.features;
  return array;
}

// Images to a line of a sheet: no gap at the end if that leaves the sheet about square, else
// square.
int sheet_columns(Index count) {
  Index root = 1;
  while (root * root < count) ++root;
  for (Index columns = root; columns <= 4 * root; ++columns) {
    if (count % columns == 0) return static_cast<int>(columns);
  }
  return static_cast<int>(root);
}

}  // namespace

SampleArray read_array(const std::filesystem::path& path, const ImageShape& expected) {
  const std::string name = path.string();
  std::vector<std::uint8_t> bytes = read_file(path, kMaxArrayBytes);
  if (is_gzip(bytes)) bytes = gunzip(bytes, name, kMaxArrayBytes);
  Format format = kind_of_name(path).format;
  if (format == Format::kUnknown) format = format_of_content(bytes);
  SampleArray array;
  switch (format) {
    case Format::kNpy:
      array = from_npy(bytes, name, expected);
      break;
    case Format::kIdx:
      array = from_idx(bytes, name, expected);
      break;
    case Format::kPng:
      array = from_png(bytes, name, expected);
      break;
    case Format::kUnknown:
      throw Error("'" + name +
                  "' is no array of samples: a .npy, .idx, .npy.gz, .idx.gz or .png "
                  "file is needed.");
  }
  if (expected.features() > 0 && array.features != expected.features()) {
    throw Error("'" + name + "' holds " + std::to_string(array.samples) + " samples of " +
                std::to_string(array.features) + " features each, but " + features_text(expected) +
                " are needed.");
  }
  return array;
}

void check_array_path(const std::filesystem::path& path, const ImageShape& shape) {
  const FileKind kind = kind_of_name(path);
  if (kind.format == Format::kUnknown) {
    throw Error("Cannot write '" + path.string() +
                "': its name must end in .npy, .idx, .npy.gz, .idx.gz or .png.");
  }
  const bool is_image = shape.rows > 1 && (shape.channels == 1 || shape.channels == 3);
  if (kind.format == Format::kPng && !is_image) {
    throw Error("Cannot write '" + path.string() + "': the samples have " + features_text(shape) +
                " and are no grey or colour images; use .npy.");
  }
}

void write_array(const std::filesystem::path& path, const ConstMatrixView& samples,
                 const ImageShape& shape) {
  assert(samples.rows() == shape.features());
  check_array_path(path, shape);
  if (samples.cols() == 0) {
    throw Error("Cannot write '" + path.string() + "': there are no samples to write.");
  }
  const FileKind kind = kind_of_name(path);
  if (kind.format == Format::kPng) {
    const GridLayout layout{sheet_columns(samples.cols()), 0, false, 0};
    write_file(path, write_png(make_grid(samples, shape, layout)));
    return;
  }
  std::vector<float> values(static_cast<std::size_t>(samples.size()));
  Eigen::Map<Eigen::MatrixXf>(values.data(), samples.rows(), samples.cols()) =
      samples.cast<float>();
  std::vector<std::uint8_t> bytes;
  if (kind.format == Format::kNpy) {
    bytes = write_npy(std::vector<Index>{samples.cols(), samples.rows()}, values);
  } else {
    std::vector<Index> dimensions = {samples.cols()};
    if (shape.channels > 1) dimensions.push_back(shape.channels);
    if (shape.channels > 1 || shape.rows > 1) dimensions.push_back(shape.rows);
    dimensions.push_back(shape.columns);
    bytes = write_idx(dimensions, std::span<const float>(values));
  }
  write_file(path, kind.compressed ? gzip(bytes) : bytes);
}

}  // namespace hourglass
