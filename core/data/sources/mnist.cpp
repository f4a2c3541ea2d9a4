#include "core/data/sources/mnist.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/formats/idx.h"

namespace hourglass {
namespace {

constexpr const char* kFiles[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                  "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

constexpr const char* kFashionClasses[] = {"T-shirt/top", "Trouser",   "Pullover", "Dress",
                                           "Coat",        "Sandal",    "Shirt",    "Sneaker",
                                           "Bag",         "Ankle boot"};

ImageShape image_shape(const IdxArray& images, const std::string& name) {
  const auto& shape = images.shape;
  switch (shape.size()) {
    case 2:
      return {1, 1, shape[1]};
    case 3:
      return {1, shape[1], shape[2]};
    case 4:
      return {shape[1], shape[2], shape[3]};
    default:
      throw Error("'" + name + "' has " +
                  (shape.size() == 1 ? "one dimension" : "too many dimensions") +
                  ", and samples x features or samples x rows x columns are needed.");
  }
}

// One split; tells the shape of its images.
Samples make_samples(std::vector<std::uint8_t>& image_file, std::vector<std::uint8_t>& label_file,
                     const std::string& image_name, const std::string& label_name,
                     ImageShape& shape) {
  IdxArray images = read_idx(std::move(image_file), image_name);
  shape = image_shape(images, image_name);
  const Index count = images.shape[0];
  if (count > kMaxSamples) {
    throw Error("'" + image_name + "' holds " + std::to_string(count) + " samples; at most " +
                std::to_string(kMaxSamples) + " can be used.");
  }
  const IdxArray labels = read_idx(std::move(label_file), label_name);
  if (labels.shape.size() != 1 || !labels.is_bytes) {
    throw Error("'" + label_name +
                "' does not hold labels: one unsigned byte for each sample is "
                "needed.");
  }
  if (labels.shape[0] != count) {
    throw Error("'" + label_name + "' holds " + std::to_string(labels.shape[0]) + " labels, but '" +
                image_name + "' holds " + std::to_string(count) + " samples.");
  }
  Samples samples = images.is_bytes ? Samples(images.features(), std::move(images.bytes))
                                    : Samples(images.features(), std::move(images.values));
  samples.labels.assign(labels.bytes.begin(), labels.bytes.end());
  return samples;
}

std::vector<std::string> class_names(const std::string& name, const Dataset& dataset) {
  std::int32_t most = 0;
  for (const Samples* samples : {&dataset.train, &dataset.test}) {
    for (const std::int32_t label : samples->labels) most = std::max(most, label);
  }
  std::vector<std::string> names;
  if (name == "fashion-mnist" && most < static_cast<std::int32_t>(std::size(kFashionClasses))) {
    names.assign(std::begin(kFashionClasses), std::end(kFashionClasses));
  } else {
    const std::int32_t count = name == "mnist" ? std::max(most + 1, 10) : most + 1;
    for (std::int32_t label = 0; label < count; ++label) names.push_back(std::to_string(label));
  }
  return names;
}

Dataset assemble(const std::string& name, std::array<std::vector<std::uint8_t>, 4>& files,
                 const std::array<std::string, 4>& names) {
  Dataset dataset;
  dataset.name = name;
  ImageShape test_shape;
  dataset.train = make_samples(files[0], files[1], names[0], names[1], dataset.shape);
  dataset.test = make_samples(files[2], files[3], names[2], names[3], test_shape);
  if (!(dataset.shape == test_shape)) {
    throw Error("The samples of '" + names[0] + "' are " + shape_text(dataset.shape) +
                " and those of '" + names[2] + "' " + shape_text(test_shape) +
                " (channels x rows x columns); both must be the same.");
  }
  dataset.class_names = class_names(name, dataset);
  dataset.labels_from = "the label files";
  dataset.split_by = "as the files have it";
  return dataset;
}

}  // namespace

std::vector<std::string> known_class_names(const std::string& set) {
  std::vector<std::string> names;
  if (set == "fashion-mnist") {
    names.assign(std::begin(kFashionClasses), std::end(kFashionClasses));
  } else if (set == "mnist") {
    for (int digit = 0; digit < 10; ++digit) names.push_back(std::to_string(digit));
  }
  return names;
}

Dataset dataset_from_idx(const std::string& name, std::vector<std::uint8_t> train_images,
                         std::vector<std::uint8_t> train_labels,
                         std::vector<std::uint8_t> test_images,
                         std::vector<std::uint8_t> test_labels) {
  std::array<std::string, 4> names;
  for (std::size_t i = 0; i < 4; ++i) names[i] = name + "/" + kFiles[i];
  std::array<std::vector<std::uint8_t>, 4> files = {std::move(train_images),
                                                    std::move(train_labels), std::move(test_images),
                                                    std::move(test_labels)};
  return assemble(name, files, names);
}

Dataset load_idx_folder(const std::filesystem::path& folder, const std::string& name) {
  // Of one's own files no download knows anything.
  const bool to_be_had = name == "mnist" || name == "fashion-mnist";
  const std::string advice =
      to_be_had
          ? "; './dev data' downloads MNIST and Fashion-MNIST, and '--data strokes' needs no files."
          : "; all four are needed, under these names.";
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    throw Error("There is no folder '" + folder.string() + "', where the data set '" + name +
                "' was looked for" + advice);
  }
  std::array<std::filesystem::path, 4> paths;
  std::string missing;
  for (std::size_t i = 0; i < 4; ++i) {
    for (const char* ending : {"", ".gz"}) {
      const auto path = folder / (std::string(kFiles[i]) + ending);
      if (std::filesystem::is_regular_file(path, error)) {
        paths[i] = path;
        break;
      }
    }
    if (paths[i].empty()) missing += (missing.empty() ? "" : ", ") + std::string(kFiles[i]);
  }
  if (!missing.empty()) {
    throw Error("The folder '" + folder.string() + "' lacks " + missing +
                " (each plain or with .gz) of a data set in MNIST's layout" + advice);
  }
  std::array<std::vector<std::uint8_t>, 4> files;
  std::array<std::string, 4> names;
  for (std::size_t i = 0; i < 4; ++i) {
    files[i] = read_file(paths[i]);
    names[i] = paths[i].string();
  }
  return assemble(name, files, names);
}

}  // namespace hourglass
