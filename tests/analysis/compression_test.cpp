#include "core/analysis/compression.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "core/base/error.h"
#include "core/formats/jpeg.h"
#include "core/nn/initializer.h"
#include "core/strokes/strokes.h"
#include "tests/analysis/golden_applications.h"
#include "tests/support/small_data.h"

using namespace hourglass;

TEST_CASE("a quantised code comes back from its bytes within half a cell") {
  Matrix codes = tests::random_matrix(7, 200, 1, -2, 3);
  codes.row(4).setConstant(Scalar(0.25));  // a dead unit
  for (int bits = 1; bits <= 8; ++bits) {
    Quantizer quantizer(7, bits);
    quantizer.see(tests::view_of(codes));
    CHECK(quantizer.changing_units() == 6);
    CHECK(quantizer.packed_bytes() == (6 * bits + 7) / 8);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(quantizer.packed_bytes()));
    Vector back(7);
    for (Index j = 0; j < codes.cols(); ++j) {
      quantizer.pack({codes.col(j).data(), 7}, bytes);
      quantizer.unpack(bytes, {back.data(), 7});
      for (Index i = 0; i < 7; ++i) {
        CHECK(std::abs(back[i] - codes(i, j)) <= Scalar(2.5001) / Scalar(1 << bits));
      }
      CHECK(back[4] == Scalar(0.25));
    }
    // What is beyond the range, or no number, still has a cell.
    CHECK(quantizer.cell(0, Scalar(1e30)) == (1 << bits) - 1);
    CHECK(quantizer.cell(0, Scalar(-1e30)) == 0);
    CHECK(quantizer.cell(0, std::numeric_limits<Scalar>::quiet_NaN()) == 0);
  }
}

TEST_CASE("the ideal coder's bits are the entropy of the cells") {
  Matrix codes(2, 4);
  codes << 0, 0, 1, 1, 0, 0, 0, 1;
  Quantizer quantizer(2, 1);
  quantizer.see(tests::view_of(codes));
  CellCounts counts(quantizer);
  for (Index j = 0; j < 4; ++j) counts.add(quantizer, {codes.col(j).data(), 2});
  const double quarter = -0.25 * std::log2(0.25) - 0.75 * std::log2(0.75);
  CHECK(counts.bits_per_code() == doctest::Approx(1 + quarter));
  CHECK(CellCounts().bits_per_code() == 0);
}

TEST_CASE("JPEG and back is near the image, and what is no JPEG is refused") {
  Image image{16, 16, 1, {}};
  for (int i = 0; i < 256; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i));
  const auto fine = write_jpeg(image, 95), coarse = write_jpeg(image, 5);
  CHECK(coarse.size() < fine.size());
  const Image back = read_jpeg(fine, "it", 1);
  CHECK(back.width == 16);
  REQUIRE(back.pixels.size() == image.pixels.size());
  for (std::size_t i = 0; i < 256; ++i) {
    CHECK(std::abs(int{back.pixels[i]} - int{image.pixels[i]}) <= 12);
  }
  CHECK_THROWS_WITH_AS(read_jpeg(std::vector<std::uint8_t>{1, 2, 3}, "it", 1),
                       doctest::Contains("no JPEG"), Error);
}

TEST_CASE("the curve of a code: more bits cost more and lose less, the same on any threads") {
  const Dataset data = scaled(make_strokes(1, 300, 150), Scaling::kUnit);
  const Model model(
      tests::small_spec(Activation::kTanh, Activation::kSigmoid, Loss::kBinaryCrossEntropy, 20, 6),
      data.shape);
  ParameterBuffer parameters = ParameterBuffer::Zero(model.layout().buffer_size());
  initialize(model.layout(), Initializer::kGlorotUniform, 1, parameters);
  LinearCode pca{Vector::Zero(784), Matrix::Zero(784, 6)};
  for (Index i = 0; i < 6; ++i) pca.axes(300 + i, i) = 1;
  std::vector<RatePoint> first;
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    CompressionCurve curve({model, parameters.data(), data, &pca}, pool);
    double progress = 0;
    while (curve.advance()) {
      CHECK(curve.progress() >= progress);
      progress = curve.progress();
    }
    CHECK(curve.progress() == doctest::Approx(1));
    CHECK(curve.decoder_bytes() == 4 * (6 * 20 + 20 + 20 * 784 + 784));
    const auto& points = curve.points();
    if (threads == 1) {
      first = points;
    } else {
      for (std::size_t i = 0; i < points.size(); ++i) {
        CHECK(points[i].bytes == first[i].bytes);
        CHECK(points[i].mse == first[i].mse);
      }
    }
    std::map<std::string, std::vector<RatePoint>> by_method;
    for (const RatePoint& point : points) by_method[point.method].push_back(point);
    CHECK(by_method.size() == 6);
    for (const char* method : {"code", "pca"}) {
      const auto& found = by_method.at(method);
      REQUIRE(found.size() == 9);
      for (int bits = 1; bits <= 8; ++bits) {
        const RatePoint& point = found[static_cast<std::size_t>(bits) - 1];
        CHECK(point.bytes == (6 * bits + 7) / 8);
        CHECK(point.ideal_bytes <= 6 * bits / 8.0 + 1e-9);
      }
      CHECK(found[7].mse == doctest::Approx(found[8].mse).epsilon(0.01));
      CHECK(found[8].bytes == 24);
    }
    // What comes back loses what was measured.
    std::vector<std::uint32_t> all(150);
    std::iota(all.begin(), all.end(), 0u);
    Matrix originals(784, 150);
    data.test.gather(all, columns(originals, 0, 150));
    for (const RatePoint& point : points) {
      CAPTURE(point.method);
      const Matrix back = curve.restored(point.method, point.setting, all);
      const Matrix held = back.cwiseMax(Scalar(0)).cwiseMin(Scalar(1));
      const double mse = static_cast<double>((held - originals).squaredNorm()) / (150 * 784);
      CHECK(mse == doctest::Approx(point.mse).epsilon(1e-4));
    }
    CHECK_THROWS_WITH_AS(curve.restored("code", 9, all), doctest::Contains("no point"), Error);
    all.push_back(150);
    CHECK_THROWS_WITH_AS(curve.restored("code", 8, all), doctest::Contains("sample 150"), Error);
    CHECK(by_method.at("png")[0].mse < 1e-9);
    CHECK(by_method.at("png-sheet")[0].bytes < by_method.at("png")[0].bytes);
    CHECK(by_method.at("jpeg").front().bytes < by_method.at("jpeg").back().bytes);
    CHECK(by_method.at("jpeg").front().mse > by_method.at("jpeg").back().mse);
  }
}
