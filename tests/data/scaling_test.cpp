#include "core/data/scaling.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "core/data/corruption.h"
#include "core/data/dataset.h"
#include "tests/data/expect_error.h"
#include "tests/support/worst.h"

namespace hourglass {
namespace {

Matrix all_of(const Samples& samples) {
  Matrix matrix(samples.features(), samples.count());
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(samples.count()); ++i) {
    samples.gather(std::span(&i, 1), columns(matrix, i, 1));
  }
  return matrix;
}

Dataset byte_images() {
  Dataset data;
  data.name = "bytes";
  data.shape = {1, 2, 2};
  data.train = Samples(4, std::vector<std::uint8_t>{0, 51, 102, 255, 0, 0, 255, 255});
  data.test = Samples(4, std::vector<std::uint8_t>{0, 255, 51, 204});
  return data;
}

// Columns: from 10 to 30, constant, from -1 to 1; a held-out sample goes beyond.
Dataset table() {
  Dataset data;
  data.name = "table";
  data.shape = {1, 1, 3};
  data.train = Samples(3, std::vector<float>{10, 7, -1, 20, 7, 0, 30, 7, 1, 20, 7, 0});
  data.test = Samples(3, std::vector<float>{40, 7, 0.5f});
  return data;
}

TEST_CASE("scalings have names") {
  for (const auto name : scaling_names()) CHECK(scaling_name(scaling_from_name(name)) == name);
  CHECK(scaling_from_name("negative") == Scaling::kNegative);
  CHECK(contains(error_of([] { scaling_from_name("half"); }), "'half'; there are unit, signed"));
}

TEST_CASE("images of bytes are scaled as a whole and stay bytes") {
  const Matrix own = all_of(byte_images().train);
  CHECK(own(1, 0) == doctest::Approx(0.2));
  const Dataset unit = scaled(byte_images(), Scaling::kUnit);
  CHECK(all_of(unit.train) == own);  // to the bit
  CHECK(unit.range == ValueRange{0, 1});
  const Dataset with_sign = scaled(byte_images(), Scaling::kSigned);
  CHECK(with_sign.scaling == Scaling::kSigned);
  CHECK(with_sign.range == ValueRange{-1, 1});
  CHECK(with_sign.train.bytes().size() == 8);
  CHECK(all_of(with_sign.train)(0, 0) == -1);
  CHECK(all_of(with_sign.train)(3, 0) == 1);
  CHECK(all_of(with_sign.test)(2, 0) == doctest::Approx(-0.6));
  const Dataset negative = scaled(byte_images(), Scaling::kNegative);
  CHECK(negative.range == ValueRange{-1, 0});
  CHECK(all_of(negative.train)(2, 0) == doctest::Approx((102.0 - 255) / 255));
}

TEST_CASE("standardised images have mean 0 and deviation 1 over the training split") {
  const Dataset data = scaled(byte_images(), Scaling::kStandardised);
  const Matrix train = all_of(data.train);
  CHECK(std::abs(train.mean()) < 1e-6);
  CHECK(std::abs(train.squaredNorm() / 8 - 1) < 1e-5);
  // The held-out image is black where the training images are.
  CHECK(all_of(data.test)(0, 0) == train(0, 0));
  CHECK(data.range.low == doctest::Approx(static_cast<double>(train(0, 0))));
  CHECK(data.range.high == doctest::Approx(static_cast<double>(train(3, 0))));
}

TEST_CASE("a table is scaled feature by feature, by the training split alone") {
  const Dataset unit = scaled(table(), Scaling::kUnit);
  const Matrix train = all_of(unit.train);
  CHECK(std::abs(train.row(0).minCoeff()) < 1e-12);
  CHECK(train.row(0).maxCoeff() == doctest::Approx(1));
  CHECK(train(0, 1) == doctest::Approx(0.5));
  CHECK(train(1, 2) == 0);  // constant
  CHECK(train(2, 1) == doctest::Approx(0.5));
  CHECK(all_of(unit.test)(0, 0) == doctest::Approx(1.5));
  const Matrix with_sign = all_of(scaled(table(), Scaling::kSigned).train);
  CHECK(with_sign.row(0).minCoeff() == -1);
  CHECK(with_sign.row(0).maxCoeff() == 1);
  const Dataset negative = scaled(table(), Scaling::kNegative);
  CHECK(std::abs(all_of(negative.train).maxCoeff()) < 1e-12);
  CHECK(negative.range == ValueRange{-1, 0});
  const Dataset standardised = scaled(table(), Scaling::kStandardised);
  const Matrix values = all_of(standardised.train);
  for (const Index row : {0, 2}) {
    CHECK(std::abs(values.row(row).mean()) < 1e-6);
    CHECK(std::abs(values.row(row).squaredNorm() / 4 - 1) < 1e-5);
  }
  CHECK(values.row(1).isZero());
  CHECK(standardised.range.low == doctest::Approx(static_cast<double>(values.minCoeff())));
  CHECK(standardised.range.high == doctest::Approx(static_cast<double>(values.maxCoeff())));
}

TEST_CASE("a feature that is constant in training is scaled as the others are") {
  Dataset data = table();
  data.train = Samples(3, std::vector<float>{0, 0, 100, 200, 0, 0, 100, 0, 250});
  data.test = Samples(3, std::vector<float>{100, 200, 0});
  for (const auto name : scaling_names()) {
    CAPTURE(name);
    const Dataset of = scaled(data, scaling_from_name(name));
    CHECK(of.map.scale[1] == doctest::Approx(of.map.scale[2]));  // the lower of two
    CHECK(all_of(of.test)(1, 0) - of.range.low < 4);
  }
  // Where all are constant, nothing says what they could be.
  data.train = Samples(3, std::vector<float>{1, 2, 3, 1, 2, 3});
  CHECK(scaled(data, Scaling::kUnit).map.scale == std::vector<double>{1, 1, 1});
}

TEST_CASE("clipping holds held-out values of a table to the range of the training rows") {
  for (const auto name : scaling_names()) {
    CAPTURE(name);
    const Dataset free = scaled(table(), scaling_from_name(name));
    const Dataset held = scaled(table(), scaling_from_name(name), /*clip=*/true);
    CHECK(all_of(free.test)(0, 0) > free.range.high);
    CHECK(all_of(held.test)(0, 0) == held.range.high);
    CHECK(tests::largest_difference(all_of(held.train), all_of(free.train)) < 1e-6);
  }
}

TEST_CASE("scaled values go back to the data's own units") {
  for (const auto name : scaling_names()) {
    CAPTURE(name);
    for (const Dataset& own : {byte_images(), table()}) {
      const Dataset data = scaled(own, scaling_from_name(name));
      Matrix values = all_of(data.train);
      const Matrix before = values, expected = all_of(own.train);
      to_own_units(data.map, columns(values, 0, values.cols()));
      CHECK(tests::largest_difference(values, expected) < 1e-5);
      to_model_scale(data.map, columns(values, 0, values.cols()));
      CHECK(tests::largest_difference(values, before) < 1e-5);
    }
    // What is shown of images is in their own units.
    const Dataset data = scaled(byte_images(), scaling_from_name(name));
    Matrix shown = all_of(data.train);
    to_unit_range(data.range, columns(shown, 0, shown.cols()));
    CHECK(tests::largest_difference(shown, all_of(byte_images().train)) < 1e-5);
  }
}

TEST_CASE("large numbers that differ little keep their digits") {
  Dataset data;
  data.name = "large";
  data.shape = {1, 1, 1};
  data.train = Samples(1, std::vector<float>{1e6f, 1e6f + 0.25f, 1e6f + 0.5f});
  data.test = data.train;
  data = scaled(std::move(data), Scaling::kUnit);
  Matrix values = all_of(data.train);
  CHECK(values(0, 1) == doctest::Approx(0.5));
  to_own_units(data.map, columns(values, 0, 3));
  CHECK(values(0, 1) == Scalar(1e6 + 0.25));
}

TEST_CASE("values that cannot be scaled are errors") {
  Dataset data = table();
  data.shape = {1, 3, 1};
  CHECK(contains(error_of([&] { scaled(data, Scaling::kUnit); }),
                 "'table' are floats up to 40; they must lie in 0 to 1, or be unsigned bytes"));
  data.test = Samples(3, std::vector<float>{0, std::numeric_limits<float>::infinity(), 0});
  CHECK(contains(error_of([&] { scaled(data, Scaling::kSigned); }), "not finite"));
  data = table();
  data.train = Samples(3, std::vector<float>{0, std::nanf(""), 0});
  CHECK(contains(error_of([&] { scaled(data, Scaling::kStandardised); }), "not finite"));
}

TEST_CASE("a table of bytes and a table of floats may be one data set") {
  Dataset data = table();
  data.test = Samples(3, std::vector<std::uint8_t>{255, 0, 51});
  data = scaled(std::move(data), Scaling::kUnit);
  CHECK(all_of(data.test)(2, 0) == doctest::Approx(0.6));
}

TEST_CASE("noise keeps to the data's range") {
  const ValueRange range{-1, 3};
  const std::vector<Scalar> clean(20000, Scalar(0.5));
  std::vector<Scalar> out(clean.size());
  const auto run = [&](CorruptionKind kind, Scalar level) {
    corrupt({kind, level}, Random(1, RandomStream::kTest, 0, 0), clean, out, range);
    return Eigen::Map<const Vector>(out.data(), static_cast<Index>(out.size()));
  };
  const auto gaussian = run(CorruptionKind::kGaussian, Scalar(0.1));
  const Scalar deviation = std::sqrt((gaussian.array() - gaussian.mean()).square().mean());
  CHECK(deviation == doctest::Approx(0.4).epsilon(0.03));
  const auto wild = run(CorruptionKind::kGaussian, 1);
  CHECK(wild.minCoeff() == -1);
  CHECK(wild.maxCoeff() == 3);
  const auto masked = run(CorruptionKind::kMasking, Scalar(0.25));
  CHECK(masked.minCoeff() == -1);
  CHECK(masked.maxCoeff() == Scalar(0.5));
  const auto salted = run(CorruptionKind::kSaltAndPepper, Scalar(0.25));
  CHECK(salted.minCoeff() == -1);
  CHECK(salted.maxCoeff() == 3);
  CHECK(run(CorruptionKind::kDropout, Scalar(0.5)).minCoeff() == 0);
}

}  // namespace
}  // namespace hourglass
