#include "core/data/sources/npy_dataset.h"

#include <doctest/doctest.h>

#include <numeric>
#include <string>

#include "core/base/file.h"
#include "core/formats/gzip.h"
#include "core/formats/npy.h"
#include "tests/data/expect_error.h"
#include "tests/data/temporary_folder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes floats(const std::vector<Index>& shape, float step = 0.001f) {
  Index count = 1;
  for (const Index side : shape) count *= side;
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = step * static_cast<float>(i);
  return write_npy(shape, values);
}

// As floats(), but unsigned bytes: 0, 1, 2, ...
Bytes bytes(const std::vector<Index>& shape) {
  const Bytes as_floats = floats(shape, 1);
  std::string header(as_floats.begin(), as_floats.begin() + 128);
  const std::size_t content = header.find('\n') + 1;
  header.replace(header.find("<f4"), 3, "|u1");
  Bytes file(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(content));
  for (std::size_t i = 0; i < (as_floats.size() - content) / 4; ++i) {
    file.push_back(static_cast<std::uint8_t>(i));
  }
  return file;
}

Dataset read(const Bytes& file, const Bytes& labels = {}) {
  return dataset_from_npy(file, "x.npy", labels, "x_labels.npy", "x");
}

TEST_CASE("NPY data: shapes") {
  CHECK(read(floats({12, 5})).shape == ImageShape{1, 1, 5});
  CHECK(read(floats({12, 64})).shape == ImageShape{1, 1, 64});
  CHECK(read(bytes({12, 64})).shape == ImageShape{1, 8, 8});
  CHECK(read(bytes({12, 5})).shape == ImageShape{1, 1, 5});
  CHECK(read(floats({12, 3, 4})).shape == ImageShape{1, 3, 4});
  CHECK(read(floats({12, 3, 2, 4})).shape == ImageShape{3, 2, 4});
  const Dataset data = read(bytes({12, 2, 2}));
  CHECK(data.train.count() == 10);
  CHECK(data.test.count() == 2);
  CHECK(data.train.bytes().size() == 40);
  CHECK(data.train.bytes()[3] == data.train.bytes()[0] + 3);
  CHECK(data.train.bytes()[0] % 4 == 0);
  CHECK(data.train.labels.empty());
}

TEST_CASE("NPY data: labels, also in a file beside it") {
  const Bytes labels =
      write_npy(std::vector<Index>{12}, std::vector<float>{7, 3, 7, 3, 7, 3, 7, 3, 7, 3, 7, 3});
  const Dataset data = read(bytes({12, 4}), labels);
  CHECK(data.class_names == std::vector<std::string>{"3", "7"});
  for (std::size_t i = 0; i < data.train.labels.size(); ++i) {
    CHECK(data.train.labels[i] == (data.train.bytes()[4 * i] / 4 % 2 ? 0 : 1));
  }
  CHECK(data.test.labels.size() == 2);
  const TemporaryFolder folder;
  write_file(folder / "x.npy.gz", gzip(floats({12, 2})));
  CHECK(load_npy_dataset(folder / "x.npy.gz", "mine").test.labels.empty());
  write_file(folder / "x_labels.npy", labels);
  CHECK(load_npy_dataset(folder / "x.npy.gz", "mine").test.labels.size() == 2);
  write_file(folder / "x.npy", floats({11, 2}));
  CHECK(contains(error_of([&] { load_npy_dataset(folder / "x.npy", "mine"); }),
                 "x_labels.npy' holds 12 labels"));
}

TEST_CASE("NPY data: what cannot be used") {
  CHECK(contains(error_of([] { read(floats({12})); }), "the shape (12); (samples, features)"));
  CHECK(contains(error_of([] { read(floats({2, 65, 4})); }), "at most 64 x 64"));
  CHECK(contains(error_of([] { read(floats({2, 8, 8, 3})); }), "transpose(0, 3, 1, 2)"));
  CHECK(contains(error_of([] { read(floats({2, 2, 8, 8})); }), "1 or 3 channels"));
  CHECK(contains(error_of([] { read(floats({2, 12289})); }), "at most 12288 features"));
  CHECK(contains(error_of([] { read(floats({1, 3})); }), "one sample"));
  const auto label_error = [](const Bytes& labels) {
    return error_of([&] { read(floats({3, 2}), labels); });
  };
  CHECK(contains(label_error(floats({2, 2})), "one whole number for each sample"));
  CHECK(contains(label_error(floats({3}, 0.5f)), "no whole numbers"));
  CHECK(contains(label_error(floats({4}, 1)), "4 labels, but 'x.npy' holds 3 samples"));
  CHECK(contains(label_error(Bytes{1, 2, 3}), "x_labels.npy"));
}

}  // namespace
}  // namespace hourglass
