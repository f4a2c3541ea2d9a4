#include "core/data/sources/mnist.h"

#include <doctest/doctest.h>

#include <numeric>

#include "core/base/file.h"
#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "tests/data/expect_error.h"
#include "tests/data/real_data.h"
#include "tests/data/temporary_folder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Four small files: 3 training and 2 test images of 2 x 2 pixels.
struct Files {
  Bytes train_images =
      write_idx(std::vector<Index>{3, 2, 2}, Bytes{0, 51, 102, 153, 204, 255, 0, 0, 1, 2, 3, 4});
  Bytes train_labels = write_idx(std::vector<Index>{3}, Bytes{2, 0, 1});
  Bytes test_images = write_idx(std::vector<Index>{2, 2, 2}, Bytes{9, 9, 9, 9, 8, 8, 8, 8});
  Bytes test_labels = write_idx(std::vector<Index>{2}, Bytes{1, 3});

  Dataset read(const std::string& name = "mine") const {
    return dataset_from_idx(name, train_images, train_labels, test_images, test_labels);
  }
};

std::vector<Scalar> sample(const Samples& samples, std::uint32_t index) {
  Matrix column(samples.features(), 1);
  samples.gather(std::span(&index, 1), columns(column, 0, 1));
  return {column.data(), column.data() + column.size()};
}

TEST_CASE("data set from IDX: images, labels, classes") {
  const Dataset dataset = Files{}.read();
  CHECK(dataset.name == "mine");
  CHECK(dataset.shape == ImageShape{1, 2, 2});
  CHECK(dataset.train.count() == 3);
  CHECK(dataset.test.count() == 2);
  CHECK(dataset.train.labels == std::vector<std::int32_t>{2, 0, 1});
  CHECK(dataset.class_names == std::vector<std::string>{"0", "1", "2", "3"});
  CHECK(dataset.factors.empty());
  const auto first = sample(dataset.train, 0);
  CHECK(first[0] == Scalar(0));
  CHECK(first[1] == doctest::Approx(0.2));
  CHECK(first[3] == doctest::Approx(0.6));
  CHECK(sample(dataset.train, 1)[1] == Scalar(1));
  CHECK(Files{}.read("mnist").class_names.size() == 10);
  CHECK(Files{}.read("fashion-mnist").class_names[9] == "Ankle boot");
}

TEST_CASE("data set from IDX: floats, colour images and plain vectors") {
  Files files;
  const std::vector<float> values(12, 2.5f);
  files.train_images = write_idx(std::vector<Index>{3, 4}, values);
  files.test_images = write_idx(std::vector<Index>{2, 4}, Bytes(8, 255));
  Dataset dataset = files.read();
  CHECK(dataset.shape == ImageShape{1, 1, 4});
  CHECK(sample(dataset.train, 2)[3] == Scalar(2.5));
  CHECK(sample(dataset.test, 1)[3] == Scalar(1));
  files.train_images = write_idx(std::vector<Index>{3, 2, 1, 2}, values);
  files.test_images = write_idx(std::vector<Index>{2, 2, 1, 2}, Bytes(8, 255));
  CHECK(files.read().shape == ImageShape{2, 1, 2});
}

TEST_CASE("data set from IDX: files that do not belong together are errors") {
  Files files;
  files.train_labels = files.test_labels;
  CHECK(contains(error_of([&] { files.read(); }), "2 labels"));
  files = {};
  files.train_labels = files.train_images;
  CHECK(contains(error_of([&] { files.read(); }), "does not hold labels"));
  files = {};
  files.train_images = files.train_labels;
  CHECK(contains(error_of([&] { files.read(); }), "one dimension"));
  files = {};
  files.test_images = write_idx(std::vector<Index>{2, 4}, Bytes(8, 1));
  CHECK(contains(error_of([&] { files.read(); }), "both must be the same"));
  files = {};
  files.test_labels.pop_back();
  CHECK(contains(error_of([&] { files.read(); }), "t10k-labels-idx1-ubyte"));
  files = {};
  files.train_images.clear();
  CHECK(contains(error_of([&] { files.read(); }), "train-images-idx3-ubyte"));
}

TEST_CASE("data set folder: plain and compressed files, and what is missing") {
  const TemporaryFolder folder;
  const Files files;
  CHECK(contains(error_of([&] { load_idx_folder(folder / "nowhere", "x"); }), "nowhere"));
  write_file(folder / "train-images-idx3-ubyte", files.train_images);
  write_file(folder / "train-labels-idx1-ubyte.gz", gzip(files.train_labels));
  write_file(folder / "t10k-images-idx3-ubyte.gz", gzip(files.test_images));
  const std::string message = error_of([&] { load_idx_folder(folder.path(), "x"); });
  CHECK(contains(message, "lacks t10k-labels-idx1-ubyte (each plain or with .gz)"));
  CHECK_FALSE(contains(message, "./dev data"));  // knows nothing of one's own files
  CHECK(contains(message, "all four are needed"));
  const std::string known = error_of([&] { load_idx_folder(folder.path(), "mnist"); });
  CHECK(contains(known, "./dev data"));
  CHECK(contains(known, "--data strokes"));
  CHECK(contains(message, folder.path().string()));
  write_file(folder / "t10k-labels-idx1-ubyte", files.test_labels);
  const Dataset dataset = load_idx_folder(folder.path(), "x");
  CHECK(dataset.train.labels == std::vector<std::int32_t>{2, 0, 1});
  CHECK(dataset.test.labels == std::vector<std::int32_t>{1, 3});
}

// Mean of all training features, a figure that is widely published for these sets.
double training_mean(const Dataset& dataset) {
  std::vector<std::uint32_t> indices(1000);
  Matrix batch(dataset.shape.features(), 1000);
  double sum = 0;
  for (Index start = 0; start < dataset.train.count(); start += 1000) {
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(start));
    dataset.train.gather(indices, columns(batch, 0, 1000));
    sum += static_cast<double>(batch.sum());
  }
  return sum / static_cast<double>(dataset.train.count() * dataset.shape.features());
}

TEST_CASE("real MNIST is read") {
  const auto folder = real_data("mnist", "real MNIST is read");
  if (!folder) return;
  const Dataset dataset = load_idx_folder(*folder, "mnist");
  CHECK(dataset.shape == ImageShape{1, 28, 28});
  CHECK(dataset.train.count() == 60000);
  CHECK(dataset.test.count() == 10000);
  const auto first = [](const std::vector<std::int32_t>& labels) {
    return std::vector<std::int32_t>(labels.begin(), labels.begin() + 5);
  };
  CHECK(first(dataset.train.labels) == std::vector<std::int32_t>{5, 0, 4, 1, 9});
  CHECK(first(dataset.test.labels) == std::vector<std::int32_t>{7, 2, 1, 0, 4});
  CHECK(training_mean(dataset) == doctest::Approx(0.1307).epsilon(0.001));
}

TEST_CASE("real Fashion-MNIST is read") {
  const auto folder = real_data("fashion-mnist", "real Fashion-MNIST is read");
  if (!folder) return;
  const Dataset dataset = load_idx_folder(*folder, "fashion-mnist");
  CHECK(dataset.train.count() == 60000);
  CHECK(dataset.class_names[static_cast<std::size_t>(dataset.train.labels[0])] == "Ankle boot");
  CHECK(training_mean(dataset) == doctest::Approx(0.2860).epsilon(0.001));
}

}  // namespace
}  // namespace hourglass
