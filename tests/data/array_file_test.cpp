#include "core/formats/array_file.h"

#include <doctest/doctest.h>

#include <fstream>

#include "core/base/file.h"
#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "core/formats/npy.h"
#include "core/formats/png.h"
#include "tests/data/expect_error.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/worst.h"

namespace hourglass {
namespace {

const ImageShape kGrey{1, 2, 3};
const ImageShape kNothing{1, 0, 0};

// features x 6, all multiples of 1/255 so that a PNG holds them exactly.
Matrix samples_of(const ImageShape& shape) {
  Matrix samples(shape.features(), 6);
  for (Index i = 0; i < samples.size(); ++i) {
    samples.data()[i] = static_cast<Scalar>(i * 7 % 256) / 255;
  }
  return samples;
}

ConstMatrixView view(const Matrix& matrix) {
  return {matrix.data(), matrix.rows(), matrix.cols(), Eigen::OuterStride<>(matrix.rows())};
}

void check_same(const SampleArray& array, const Matrix& samples) {
  CHECK(array.samples == samples.cols());
  CHECK(array.features == samples.rows());
  REQUIRE(array.values.size() == static_cast<std::size_t>(samples.size()));
  const Eigen::Map<const Eigen::MatrixXf> back(array.values.data(), samples.rows(), samples.cols());
  CHECK(tests::largest_difference(back, samples.cast<float>()) < 1e-6f);
}

TEST_CASE("arrays: every format brings back what was written") {
  const TemporaryFolder folder;
  for (const ImageShape& shape : {kGrey, ImageShape{3, 2, 2}, ImageShape{1, 1, 5}}) {
    const Matrix samples = samples_of(shape);
    for (const char* name : {"a.npy", "a.npy.gz", "a.idx", "a.idx.gz", "a.IDX", "a.png"}) {
      if (shape.rows == 1 && std::string(name) == "a.png") continue;
      CAPTURE(name);
      write_array(folder / name, view(samples), shape);
      check_same(read_array(folder / name, shape), samples);
      CHECK_FALSE(std::filesystem::exists(folder / (std::string(name) + ".unfinished")));
    }
  }
}

TEST_CASE("arrays: codes outside [0, 1] survive NPY and IDX") {
  const TemporaryFolder folder;
  Matrix codes(2, 3);
  codes << -7, 1e6f, 0.125f, 3, -0.5f, 12;
  const ImageShape shape{1, 1, 2};
  for (const char* name : {"codes.npy", "codes.idx"}) {
    write_array(folder / name, view(codes), shape);
    check_same(read_array(folder / name, shape), codes);
  }
  CHECK(contains(error_of([&] { check_array_path("codes.png", shape); }), "2 features"));
}

TEST_CASE("arrays: bytes stand for [0, 1]; a single vector is one sample; no ending is needed") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> bytes = {0, 51, 102, 153, 204, 255};
  write_file(folder / "t10k-images-idx3-ubyte.gz",
             gzip(write_idx(std::vector<Index>{1, 2, 3}, bytes)));
  write_file(folder / "one-image", write_idx(std::vector<Index>{6}, bytes));
  for (const char* name : {"t10k-images-idx3-ubyte.gz", "one-image"}) {
    const SampleArray array = read_array(folder / name, kGrey);
    CHECK(array.samples == 1);
    CHECK(array.features == 6);
    CHECK(array.values[1] == doctest::Approx(0.2));
    CHECK(array.values[5] == 1.0f);
  }
  const SampleArray column = read_array(folder / "one-image", kNothing);
  CHECK(column.samples == 6);
  CHECK(column.features == 1);
}

TEST_CASE(
    "arrays: a colour PNG becomes grey for a grey model, and a whole image when nothing is "
    "expected") {
  const TemporaryFolder folder;
  const Image image{3, 2, 3, std::vector<std::uint8_t>(18, 102)};
  write_file(folder / "a.png", write_png(image));
  const SampleArray grey = read_array(folder / "a.png", kGrey);
  CHECK(grey.samples == 1);
  CHECK(grey.values[0] == doctest::Approx(0.4));
  CHECK(read_array(folder / "a.png", kNothing).features == 18);
  CHECK(
      contains(error_of([&] { read_array(folder / "a.png", ImageShape{1, 28, 28}); }), "28 x 28"));
}

TEST_CASE("arrays: a sheet is filled exactly where the number of samples allows it") {
  const TemporaryFolder folder;
  for (const Index count : {1, 2, 7, 12, 97, 400}) {
    const Matrix samples = Matrix::Ones(6, count);
    write_array(folder / "a.png", view(samples), kGrey);
    const Index back = read_array(folder / "a.png", kGrey).samples;
    CHECK(back >= count);
    if (count != 97) CHECK(back == count);
  }
}

TEST_CASE("arrays: what cannot be used is told in one sentence") {
  const TemporaryFolder folder;
  const Matrix samples = samples_of(kGrey);
  const auto message = [&](const std::string& name, const std::vector<std::uint8_t>& bytes) {
    write_file(folder / name, bytes);
    return error_of([&] { read_array(folder / name, kGrey); });
  };
  CHECK(contains(error_of([&] { read_array(folder / "nowhere.npy", kGrey); }), "nowhere.npy"));
  CHECK(contains(error_of([&] { read_array(folder.path(), kGrey); }), "folder"));
  CHECK(contains(message("a.npy", {'h', 'e', 'l', 'l', 'o'}), "NPY"));
  CHECK(contains(message("a.idx", {'h', 'e', 'l', 'l', 'o'}), "IDX"));
  CHECK(contains(message("a.png", {'h', 'e', 'l', 'l', 'o'}), "PNG"));
  CHECK(contains(message("a.txt", {'h', 'e', 'l', 'l', 'o'}), ".npy, .idx"));
  CHECK(contains(message("empty", {}), ".npy, .idx"));
  const std::string wrong =
      message("b.npy", write_npy(std::vector<Index>{1, 4}, std::vector<float>(4)));
  CHECK(contains(wrong, "1 samples of 4 features"));
  CHECK(contains(wrong, "6 features (2 x 3)"));

  const auto refuse = [&](const std::string& name) {
    return error_of([&] { write_array(folder / name, view(samples), kGrey); });
  };
  CHECK(contains(refuse("a.csv"), "must end in .npy"));
  CHECK(contains(refuse("png"), "must end in .npy"));
  CHECK(contains(refuse("a.png.gz"), "must end in .npy"));
  CHECK(contains(refuse("no/such/folder/a.npy"), "a.npy"));
  CHECK(contains(error_of([&] { write_array(folder / "a.npy", view(Matrix(6, 0)), kGrey); }),
                 "no samples"));
}

}  // namespace
}  // namespace hourglass
