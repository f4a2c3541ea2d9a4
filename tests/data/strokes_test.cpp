#include "core/strokes/strokes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

using Pixels = std::array<std::uint8_t, kStrokesPixels>;

Pixels draw(int label, const StrokeFactors& factors) {
  Pixels pixels;
  draw_stroke_digit(label, factors, pixels);
  return pixels;
}

// What can be measured on a drawing, without knowing how it was made.
struct Measured {
  double ink = 0;                 // sum of coverage, in pixels
  double x = 0, y = 0;            // centre of mass from the image's centre
  double xx = 0, xy = 0, yy = 0;  // central second moments
  double width = 0, height = 0;   // of the box around what is at least half covered

  double lean() const { return std::atan(-xy / yy) * 180 / std::numbers::pi; }
};

Measured measure(const Pixels& pixels) {
  Measured m;
  int left = 28, right = -1, top = 28, bottom = -1;
  const auto each = [&pixels](const auto& function) {
    for (int row = 0; row < 28; ++row) {
      for (int column = 0; column < 28; ++column) {
        function(column, row, pixels[static_cast<std::size_t>(row * 28 + column)] / 255.0);
      }
    }
  };
  each([&](int column, int row, double value) {
    m.ink += value;
    m.x += value * (column - 13.5);
    m.y += value * (row - 13.5);
    if (value < 0.5) return;
    left = std::min(left, column);
    right = std::max(right, column);
    top = std::min(top, row);
    bottom = std::max(bottom, row);
  });
  m.x /= m.ink;
  m.y /= m.ink;
  each([&](int column, int row, double value) {
    const double dx = column - 13.5 - m.x, dy = row - 13.5 - m.y;
    m.xx += value * dx * dx / m.ink;
    m.xy += value * dx * dy / m.ink;
    m.yy += value * dy * dy / m.ink;
  });
  m.width = right - left + 1;
  m.height = bottom - top + 1;
  return m;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) ma += a[i], mb += b[i];
  ma /= static_cast<double>(a.size());
  mb /= static_cast<double>(b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
    ab += (a[i] - ma) * (b[i] - mb);
  }
  return ab / std::sqrt(aa * bb);
}

TEST_CASE("strokes: a sample depends on seed and index alone, to the bit, on every machine") {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (std::uint32_t index = 0; index < 200; ++index) {
    Pixels pixels;
    StrokeFactors factors;
    const int label = draw_stroke_digit(42, index, pixels, factors);
    for (const std::uint8_t byte : pixels) hash = (hash ^ byte) * 0x100000001b3u;
    hash = (hash ^ static_cast<std::uint8_t>(label)) * 0x100000001b3u;
  }
  CHECK(hash == 6251027014180201406u);

  const Dataset dataset = make_strokes(42, 50, 20);
  Pixels pixels;
  StrokeFactors factors;
  const std::uint32_t index = 33;
  CHECK(draw_stroke_digit(42, index, pixels, factors) == dataset.train.labels[index]);
  Matrix column(kStrokesPixels, 1);
  dataset.train.gather(std::span(&index, 1), columns(column, 0, 1));
  double difference = 0;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    difference +=
        std::abs(static_cast<double>(column(static_cast<Index>(i), 0)) - pixels[i] / 255.0);
  }
  CHECK(difference < 1e-3);
  const auto values = stroke_factor_values(factors);
  for (std::size_t f = 0; f < values.size(); ++f) {
    CHECK(dataset.train.factors[f][index] == values[f]);
  }
  CHECK(make_strokes(43, 50, 0).train.labels != dataset.train.labels);
  CHECK(make_strokes(42, 20, 0).train.labels != dataset.test.labels);
}

TEST_CASE("strokes: threads that share the work draw the same") {
  ThreadPool pool(3);
  const Dataset alone = make_strokes(42, 700, 20);
  const Dataset shared = make_strokes(42, 700, 20, &pool);
  for (Samples Dataset::* const split : {&Dataset::train, &Dataset::test}) {
    const Samples &a = alone.*split, &b = shared.*split;
    CHECK(std::ranges::equal(a.bytes(), b.bytes()));
    CHECK(a.labels == b.labels);
    CHECK(a.factors == b.factors);
  }
}

TEST_CASE("strokes: the data set says what its factors are") {
  const Dataset dataset = make_strokes(1, 3000, 10);
  CHECK(dataset.shape == ImageShape{1, 28, 28});
  CHECK(dataset.class_names.size() == 10);
  CHECK(dataset.train.count() == 3000);
  CHECK(dataset.test.count() == 10);
  REQUIRE(dataset.factors.size() == kStrokeFactorCount);
  REQUIRE(dataset.train.factors.size() == kStrokeFactorCount);
  for (std::size_t f = 0; f < dataset.factors.size(); ++f) {
    CAPTURE(dataset.factors[f].name);
    const auto& values = dataset.train.factors[f];
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const float range = dataset.factors[f].high - dataset.factors[f].low;
    CHECK(*low >= dataset.factors[f].low);
    CHECK(*high <= dataset.factors[f].high);
    CHECK(*high - *low > 0.8f * range);
  }
  std::array<int, 10> count{};
  for (const std::int32_t label : dataset.train.labels) ++count[static_cast<std::size_t>(label)];
  for (const int c : count) CHECK(std::abs(c - 300) < 83);  // five standard deviations
  CHECK_THROWS_AS(make_strokes(1, -1, 0), Error);
  CHECK_THROWS_AS(make_strokes(1, 0, 2'000'000), Error);
  CHECK(make_strokes(1, 0, 0).train.count() == 0);
}

TEST_CASE("strokes: each factor does to a plain stroke what its name and unit say") {
  StrokeFactors plain;  // the 1 as a plain stroke
  const auto one = [&plain](auto&& change) {
    StrokeFactors factors = plain;
    change(factors);
    return measure(draw(1, factors));
  };
  for (const float degrees : {-20.0f, 0.0f, 15.0f, 35.0f}) {
    CAPTURE(degrees);
    CHECK(std::abs(one([&](auto& f) { f.slant = degrees; }).lean() - degrees) < 2.5);
  }
  // Turned clockwise by 14 degrees, an upright stroke leans to the right by as much.
  CHECK(std::abs(one([](auto& f) { f.rotation = 14; }).lean() - 14) < 2);
  for (const float pixels : {1.5f, 2.5f, 3.5f}) {
    CAPTURE(pixels);
    const Measured m = one([&](auto& f) { f.thickness = pixels; });
    // A capsule: a rectangle and two half discs.
    const double expected = (20 - pixels) * pixels + std::numbers::pi * pixels * pixels / 4;
    CHECK(m.ink == doctest::Approx(expected).epsilon(0.05));
  }
  for (const float pixels : {17.0f, 19.0f, 21.0f}) {
    CHECK(std::abs(one([&](auto& f) { f.size = pixels; }).height - pixels) <= 1.01);
  }
  for (const float shift : {-1.5f, 0.0f, 1.25f}) {
    CHECK(std::abs(one([&](auto& f) { f.x = shift; }).x - shift) < 0.15);
    CHECK(std::abs(one([&](auto& f) { f.y = shift; }).y - shift) < 0.15);
  }
}

TEST_CASE("strokes: width, shape, variant and wobble change the form of every digit") {
  for (int label = 0; label < 10; ++label) {
    CAPTURE(label);
    StrokeFactors plain, wide, other, unsteady, same;
    wide.width = 1.5f;
    other.shape = 1;
    unsteady.wobble = 1;
    same.hand = 99;
    const Pixels base = draw(label, plain);
    if (label != 1) {  // a plain stroke has no width
      const Measured narrow = measure(base), broad = measure(draw(label, wide));
      CHECK(broad.width / broad.height > 1.15 * narrow.width / narrow.height);
    }
    CHECK(draw(label, other) != base);
    CHECK(draw(label, unsteady) != base);
    CHECK(draw(label, same) == base);  // without wobble every hand is the same
    unsteady.hand = 99;
    CHECK(draw(label, unsteady) != draw(label, [] {
            StrokeFactors f;
            f.wobble = 1;
            return f;
          }()));
    CHECK(stroke_variants(label) >= 2);
    for (int variant = 1; variant < stroke_variants(label); ++variant) {
      StrokeFactors written = plain;
      written.variant = variant;
      CHECK(draw(label, written) != base);
    }
  }
}

TEST_CASE("strokes: the factors can be found again in the samples") {
  std::vector<double> slant, lean, thickness, ink, x, mass_x, y, mass_y, size, box;
  for (std::uint32_t index = 0; index < 4000; ++index) {
    Pixels pixels;
    StrokeFactors f;
    const int label = draw_stroke_digit(5, index, pixels, f);
    const Measured m = measure(pixels);
    if (label == 1 && f.variant == 0) {
      slant.push_back(f.slant + f.rotation);
      lean.push_back(m.lean());
    }
    if (label == 0) {
      thickness.push_back(f.thickness);
      ink.push_back(m.ink);
    }
    x.push_back(f.x);
    mass_x.push_back(m.x);
    y.push_back(f.y);
    mass_y.push_back(m.y);
    size.push_back(f.size);
    box.push_back(std::max(m.width, m.height));
  }
  CHECK(slant.size() > 100);
  CHECK(correlation(slant, lean) > 0.9);
  CHECK(correlation(thickness, ink) > 0.9);
  CHECK(correlation(x, mass_x) > 0.9);
  CHECK(correlation(y, mass_y) > 0.9);
  CHECK(correlation(size, box) > 0.8);
}

TEST_CASE("strokes: no factor, however absurd, breaks the drawing") {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float value :
       {-1e30f, -kInfinity, kInfinity, 1e30f, std::numeric_limits<float>::quiet_NaN()}) {
    for (int label = 0; label < 10; ++label) {
      StrokeFactors f;
      f.slant = f.thickness = f.size = f.width = f.x = f.y = f.rotation = f.wobble = f.shape =
          value;
      f.variant = value > 0 ? 1000 : -1000;
      CHECK(measure(draw(label, f)).ink > 5);
    }
  }
}

// Shard of `test` samples whose nearest training sample by squared distance has another label.
double nearest_neighbour_error(const Samples& train, const Samples& test) {
  const auto gather = [](const Samples& samples) {
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(samples.count()));
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::uint32_t>(i);
    Matrix all(samples.features(), samples.count());
    samples.gather(indices, columns(all, 0, all.cols()));
    return all;
  };
  const Matrix a = gather(train), b = gather(test);
  const Vector norms = a.colwise().squaredNorm();
  int wrong = 0;
  constexpr Index kAtOnce = 250;
  Matrix products(a.cols(), kAtOnce);
  for (Index start = 0; start < b.cols(); start += kAtOnce) {
    const Index count = std::min(kAtOnce, b.cols() - start);
    products.leftCols(count).noalias() = a.transpose() * b.middleCols(start, count);
    for (Index j = 0; j < count; ++j) {
      Index nearest = 0;
      (norms - 2 * products.col(j)).minCoeff(&nearest);
      wrong += train.labels[static_cast<std::size_t>(nearest)] !=
               test.labels[static_cast<std::size_t>(start + j)];
    }
  }
  return static_cast<double>(wrong) / static_cast<double>(b.cols());
}

TEST_CASE("strokes: about as hard as MNIST for nearest neighbours on pixels") {
#if defined(__SANITIZE_ADDRESS__)
  // A smaller measurement where 160 billion operations would take minutes: fewer neighbours to
  // choose from, hence more errors.
  const Dataset dataset = make_strokes(1, 2000, 500);
  const double error = nearest_neighbour_error(dataset.train, dataset.test);
  MESSAGE("1-NN error, 2,000 training samples: " << 100 * error << " %");
  CHECK(error > 0.02);
  CHECK(error < 0.09);
#else
  const Dataset dataset = make_strokes(1, 10'000, 10'000);
  const double error = nearest_neighbour_error(dataset.train, dataset.test);
  MESSAGE("1-NN error, 10,000 training samples: " << 100 * error << " %");
  CHECK(error > 0.015);
  CHECK(error < 0.045);
#endif
}

}  // namespace
}  // namespace hourglass
