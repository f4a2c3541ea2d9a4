// Activations, losses and the like of every instruction set that runs here, against plain loops in
// double precision.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/kernel_arrays.h"
#include "tests/support/worst.h"

using namespace hourglass;
using namespace hourglass::tests;

namespace {

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

// Whole numbers of floats: all that tests need of special cases.
std::vector<Scalar> special_values() {
  std::vector<Scalar> values{0,
                             Scalar(-0.0),
                             1,
                             -1,
                             Scalar(1e-30),
                             Scalar(-1e-30),
                             10,
                             -10,
                             20,
                             -20,
                             60,
                             -60,
                             100,
                             -100,
                             1000,
                             -1000,
                             Scalar(1e30),
                             Scalar(-1e30),
                             kInfinity,
                             -kInfinity};
  return values;
}

struct Unary {
  const char* name;
  void (*Kernels::*kernel)(Scalar*, Index);
  double (*expected)(double);
  double least;  // results smaller than this may differ by this
};

const Unary kUnary[] = {
    {"relu", &Kernels::relu, [](double z) { return z > 0 ? z : 0; }, 0},
    {"leaky relu", &Kernels::leaky_relu,
     [](double z) { return z > 0 ? z : static_cast<double>(Scalar(0.01)) * z; }, 0},
    // exp(z) - 1 cancels near 0.
    {"elu", &Kernels::elu, [](double z) { return z > 0 ? z : std::expm1(z); }, kSingle ? 0.3 : 0.1},
    {"tanh", &Kernels::tanh, [](double z) { return std::tanh(z); }, 0},
    {"sigmoid", &Kernels::sigmoid, sigmoid, 1e-20},
};

struct Slope {
  const char* name;
  void (*Kernels::*kernel)(const Scalar*, Scalar*, Index);
  double (*expected)(double y, double delta);
};

const Slope kSlopes[] = {
    {"relu", &Kernels::relu_backward, [](double y, double d) { return y > 0 ? d : 0; }},
    {"leaky relu", &Kernels::leaky_relu_backward,
     [](double y, double d) { return y > 0 ? d : static_cast<double>(Scalar(0.01)) * d; }},
    {"elu", &Kernels::elu_backward, [](double y, double d) { return y > 0 ? d : (y + 1) * d; }},
    {"tanh", &Kernels::tanh_backward, [](double y, double d) { return d * (1 - y * y); }},
    {"sigmoid", &Kernels::sigmoid_backward, [](double y, double d) { return d * y * (1 - y); }},
};

double bce(double y, double t) {
  const double low = static_cast<double>(Scalar(1e-7));
  const double high = static_cast<double>(Scalar(1) - Scalar(1e-7));
  const double p = std::min(std::max(y, low), high);
  return -t * std::log(p) - (1 - t) * std::log(1 - p);
}

}  // namespace

TEST_CASE("activations equal plain loops on every instruction set") {
  for_each_set([](const Kernels& k) {
    for (const Unary& f : kUnary) {
      CAPTURE(std::string(f.name));
      double worst = 0;
      for (const Index size : sizes()) {
        Array x(size, 1, -12, 12), y = x;
        (k.*f.kernel)(y.data(), size);
        for (Index i = 0; i < size; ++i) {
          const double expected = f.expected(static_cast<double>(x[i]));
          const double scale = std::max(std::abs(expected), f.least);
          tests::worsen(worst,
                        std::abs(static_cast<double>(y[i]) - expected) / (scale > 0 ? scale : 1));
        }
        REQUIRE(y.edges_are_whole());
      }
      CHECK(worst < kClose);
    }
  });
}

TEST_CASE("activations are close over their whole range, and NaN stays NaN") {
  for_each_set([](const Kernels& k) {
    for (const Unary& f : kUnary) {
      CAPTURE(std::string(f.name));
      std::vector<Scalar> x = special_values();
      for (int i = -1100; i <= 1100; ++i) x.push_back(static_cast<Scalar>(i * 0.0813));
      for (int i = -100; i <= 10; ++i) {
        x.push_back(static_cast<Scalar>(std::exp(i * 0.31)));
        x.push_back(-x.back());
      }
      std::vector<Scalar> y = x;
      (k.*f.kernel)(y.data(), static_cast<Index>(y.size()));
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = f.expected(static_cast<double>(x[i]));
        CAPTURE(x[i]);
        if (std::isinf(expected)) {
          CHECK(static_cast<double>(y[i]) == expected);
        } else {
          const double scale = std::max(std::abs(expected), f.least);
          CHECK(std::abs(static_cast<double>(y[i]) - expected) <= kClose * scale);
        }
      }
      for (const Scalar nan : {kNan, -kNan, std::numeric_limits<Scalar>::signaling_NaN()}) {
        std::vector<Scalar> with_nan(37, Scalar(0.5));
        with_nan[3] = with_nan[36] = nan;
        (k.*f.kernel)(with_nan.data(), 37);
        for (std::size_t i = 0; i < 37; ++i) CHECK(std::isnan(with_nan[i]) == (i == 3 || i == 36));
      }
    }
  });
}

TEST_CASE("slopes equal plain loops on every instruction set") {
  for_each_set([](const Kernels& k) {
    for (const Slope& f : kSlopes) {
      CAPTURE(std::string(f.name));
      double worst = 0;
      for (const Index size : sizes()) {
        Array y(size, 1, -1, 1), delta(size, 2), out = delta;
        if (size > 5) y[5] = 0;  // the kink
        (k.*f.kernel)(y.data(), out.data(), size);
        for (Index i = 0; i < size; ++i) {
          const double expected =
              f.expected(static_cast<double>(y[i]), static_cast<double>(delta[i]));
          tests::worsen(worst, std::abs(static_cast<double>(out[i]) - expected));
        }
        REQUIRE(out.edges_are_whole());
      }
      CHECK(worst < 4 * kClose);
      std::vector<Scalar> ones(21, 1), nans(21, kNan);
      (k.*f.kernel)(ones.data(), nans.data(), 21);
      CHECK(std::isnan(nans[0]));
      CHECK(std::isnan(nans[20]));
    }
  });
}

TEST_CASE("losses and their gradients equal plain loops on every instruction set") {
  for_each_set([](const Kernels& k) {
    for (const Index size : sizes()) {
      CAPTURE(size);
      Array y(size, 1, 0, 1), t(size, 2, 0, 1), delta(size, 3);
      if (size > 9) {
        y[2] = 0, y[3] = 1, y[4] = 0, y[5] = 1;
        t[2] = 0, t[3] = 1, t[4] = 1, t[5] = 0;
      }
      double squares = 0, entropy = 0, sum = 0, sum_of_squares = 0;
      for (Index i = 0; i < size; ++i) {
        const double a = static_cast<double>(y[i]), b = static_cast<double>(t[i]);
        squares += (a - b) * (a - b);
        entropy += bce(a, b);
        sum += a;
        sum_of_squares += a * a;
      }
      CHECK(k.squared_error(y.data(), t.data(), size) == doctest::Approx(squares).epsilon(1e-6));
      CHECK(k.bce(y.data(), t.data(), size) == doctest::Approx(entropy).epsilon(1e-6));
      CHECK(k.sum(y.data(), size) == doctest::Approx(sum).epsilon(1e-6));
      CHECK(k.sum_of_squares(y.data(), size) == doctest::Approx(sum_of_squares).epsilon(1e-6));

      const double scale = static_cast<double>(Scalar(0.37));
      double worst = 0;
      k.difference(y.data(), t.data(), Scalar(0.37), delta.data(), size);
      for (Index i = 0; i < size; ++i) {
        const double expected = scale * (static_cast<double>(y[i]) - static_cast<double>(t[i]));
        tests::worsen(worst, std::abs(static_cast<double>(delta[i]) - expected));
      }
      CHECK(worst < kClose);
      k.bce_gradient(y.data(), t.data(), Scalar(0.37), delta.data(), size);
      worst = 0;
      for (Index i = 0; i < size; ++i) {
        const double low = static_cast<double>(Scalar(1e-7));
        const double high = static_cast<double>(Scalar(1) - Scalar(1e-7));
        const double p = std::min(std::max(static_cast<double>(y[i]), low), high);
        const double b = static_cast<double>(t[i]);
        const double expected = scale * (p - b) / (p * (1 - p));
        tests::worsen(worst,
                      std::abs(static_cast<double>(delta[i]) - expected) / (scale / (p * (1 - p))));
      }
      CHECK(worst < 2 * kClose);
      CHECK(delta.edges_are_whole());
    }
    std::vector<Scalar> y(40, Scalar(0.5)), t(40, Scalar(0.5));
    y[38] = kNan;
    CHECK(std::isnan(k.squared_error(y.data(), t.data(), 40)));
    CHECK(std::isnan(k.bce(y.data(), t.data(), 40)));
    CHECK(std::isnan(k.sum(y.data(), 40)));
  });
}

TEST_CASE("sums over long arrays stay exact") {
  const std::vector<Scalar> tenths(1000003, Scalar(0.1));
  for_each_set([&](const Kernels& k) {
    CHECK(k.sum(tenths.data(), 1000003) ==
          doctest::Approx(1000003 * static_cast<double>(Scalar(0.1))).epsilon(1e-6));
  });
}

TEST_CASE("a sigmoid with its cross-entropy in one pass equals the plain formula") {
  for_each_set([](const Kernels& k) {
    for (const Index size : sizes()) {
      CAPTURE(size);
      Array z(size, 1, -8, 8), t(size, 2, 0, 1);
      if (size > 20) {
        const std::vector<Scalar> special = special_values();
        for (Index i = 0; i < 20; ++i) {
          z[i] = special[static_cast<std::size_t>(i)];
          t[i] = static_cast<Scalar>(i % 2);
        }
      }
      Array delta = z;
      const double sum = k.sigmoid_bce(delta.data(), t.data(), Scalar(0.37), size);
      double expected = 0, worst = 0;
      for (Index i = 0; i < size; ++i) {
        const double value = sigmoid(static_cast<double>(z[i]));
        const double target = static_cast<double>(t[i]);
        expected += bce(value, target);
        tests::worsen(worst, std::abs(static_cast<double>(delta[i]) -
                                      static_cast<double>(Scalar(0.37)) * (value - target)));
      }
      CHECK(sum == doctest::Approx(expected).epsilon(kSingle ? 2e-6 : 1e-7));
      CHECK(worst < kClose);
      CHECK(delta.edges_are_whole());
    }
    std::vector<Scalar> z(40, Scalar(0.5)), t(40, Scalar(0.5));
    z[7] = kNan;
    CHECK(std::isnan(k.sigmoid_bce(z.data(), t.data(), 1, 40)));
    CHECK(std::isnan(z[7]));
    CHECK(!std::isnan(z[8]));
  });
}

TEST_CASE("columns are added in their order") {
  for_each_set([](const Kernels& k) {
    for (const Index size : sizes()) {
      for (const Index columns : {0, 1, 3, 4, 5, 9}) {
        const Index stride = size + 3;
        Array x(columns * stride, 1), sum(size, 2), expected = sum;
        for (Index j = 0; j < columns; ++j) {
          for (Index i = 0; i < size; ++i) expected[i] += x[i + j * stride];
        }
        k.add_columns(x.data(), stride, columns, sum.data(), size);
        Index different = 0;
        for (Index i = 0; i < size; ++i) different += sum[i] != expected[i];
        CHECK(different == 0);
        CHECK(sum.edges_are_whole());
      }
    }
  });
}

TEST_CASE("arrays are read from bytes") {
  for_each_set([](const Kernels& k) {
    for (const Index size : sizes()) {
      Array scaled(size, 3);
      std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size) + 1);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
      }
      k.from_bytes(bytes.data() + 1, 2.0 / 255, -1, scaled.data(), size);
      double worst = 0;
      for (Index i = 0; i < size; ++i) {
        tests::worsen(worst, std::abs(static_cast<double>(scaled[i]) -
                                      (bytes[static_cast<std::size_t>(i) + 1] * 2.0 / 255 - 1)));
      }
      CHECK(worst < kClose / 4);
      CHECK(scaled.edges_are_whole());
    }
    std::vector<std::uint8_t> all(256);
    for (std::size_t i = 0; i < 256; ++i) all[i] = static_cast<std::uint8_t>(i);
    std::vector<Scalar> unit(256);
    k.from_bytes(all.data(), 1.0 / 255, 0, unit.data(), 256);
    for (std::size_t i = 0; i < 256; ++i) {
      const Scalar expected = static_cast<Scalar>(i) / 255;
      // Exactly, in the engine's own precision.
      CHECK(std::abs(unit[i] - expected) <= (kSingle ? 0 : Scalar(1e-15)));
    }
  });
}

TEST_CASE("what becomes of an element does not depend on how arrays are cut") {
  constexpr Index kSize = 133;
  for_each_set([](const Kernels& k) {
    const auto compare = [](Array& whole, Array& cut) {
      CHECK(std::memcmp(whole.data(), cut.data(), sizeof(Scalar) * kSize) == 0);
    };
    for (const Unary& f : kUnary) {
      CAPTURE(std::string(f.name));
      Array whole(kSize, 1), cut = whole;
      (k.*f.kernel)(whole.data(), kSize);
      for (Index at = 0, step = 1; at < kSize; at += step++) {
        (k.*f.kernel)(cut.data() + at, std::min(step, kSize - at));
      }
      compare(whole, cut);
    }
    Array z(kSize, 1), t(kSize, 2, 0, 1), z2 = z;
    double sum = 0;
    const double whole = k.sigmoid_bce(z.data(), t.data(), 1, kSize);
    for (Index at = 0, step = 1; at < kSize; at += step++) {
      sum += k.sigmoid_bce(z2.data() + at, t.data() + at, 1, std::min(step, kSize - at));
    }
    compare(z, z2);
    CHECK(sum == doctest::Approx(whole).epsilon(1e-6));
  });
}

TEST_CASE("instruction sets agree") {
  constexpr Index kSize = 1000;
  const Kernels& least = *runnable_kernels().front();
  for_each_set([&](const Kernels& k) {
    const auto compare = [](Array& a, Array& b) {
      double worst = 0;
      for (Index i = 0; i < kSize; ++i) {
        tests::worsen(worst, static_cast<double>(std::abs(a[i] - b[i])));
      }
      CHECK(worst < (kSingle ? 1e-5 : 1e-13));
    };
    for (const Unary& f : kUnary) {
      CAPTURE(std::string(f.name));
      Array a(kSize, 1), b = a;
      (least.*f.kernel)(a.data(), kSize);
      (k.*f.kernel)(b.data(), kSize);
      compare(a, b);
    }
    Array a(kSize, 1), t(kSize, 2, 0, 1), b = a;
    const double sum = least.sigmoid_bce(a.data(), t.data(), 1, kSize);
    CHECK(k.sigmoid_bce(b.data(), t.data(), 1, kSize) == doctest::Approx(sum).epsilon(1e-5));
    compare(a, b);
  });
}
