// The element-wise kernels of every instruction set that runs here, against plain loops in double precision.
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/math/kernels/kernels.h"
#include "core/math/random.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

constexpr bool kSingle = sizeof(Scalar) == 4;
// What is asked of a result, relatively, where nothing cancels.
constexpr double kClose = kSingle ? 4e-7 : 4e-15;
constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();
const Scalar kNan = std::numeric_limits<Scalar>::quiet_NaN();

// Random numbers from -4 to 4, at an address that no vector begins at, between canaries.
class Array {
 public:
  Array(Index size, std::uint32_t seed, float low = -4, float high = 4)
      : size_(size), room_(static_cast<std::size_t>(size) + 2 * kEdge, kCanary) {
    Random random(seed, RandomStream::kTest, 0, 0);
    for (Index i = 0; i < size; ++i) (*this)[i] = static_cast<Scalar>(random.uniform(low, high));
  }
  Scalar* data() { return room_.data() + kEdge; }
  Scalar& operator[](Index i) { return data()[i]; }
  Index size() const { return size_; }
  bool edges_are_whole() const {
    bool whole = true;
    for (std::size_t i = 0; i < kEdge; ++i) {
      whole = whole && room_[i] == kCanary && room_[room_.size() - 1 - i] == kCanary;
    }
    return whole;
  }

 private:
  static constexpr std::size_t kEdge = 19;
  static constexpr Scalar kCanary = Scalar(-12345.5);
  Index size_;
  std::vector<Scalar> room_;
};

std::vector<Index> sizes() {
  std::vector<Index> sizes;
  for (Index size = 0; size <= 70; ++size) sizes.push_back(size);
  sizes.push_back(1000);
  sizes.push_back(5003);
  return sizes;
}

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

// Whole numbers of floats: all that tests need of special cases.
std::vector<Scalar> special_values() {
  std::vector<Scalar> values{0,    Scalar(-0.0), 1,    -1,    Scalar(1e-30), Scalar(-1e-30), 10,   -10,
                             20,   -20,          60,   -60,   100,           -100,           1000, -1000,
                             Scalar(1e30), Scalar(-1e30), kInfinity, -kInfinity};
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
    {"exp", &Kernels::exp, [](double z) { return std::exp(z); },
     static_cast<double>(std::numeric_limits<Scalar>::min()) / kClose},
};

struct Slope {
  const char* name;
  void (*Kernels::*kernel)(const Scalar*, Scalar*, Index);
  double (*expected)(double y, double delta);
};

const Slope kSlopes[] = {
    {"relu", &Kernels::relu_slope, [](double y, double d) { return y > 0 ? d : 0; }},
    {"leaky relu", &Kernels::leaky_relu_slope,
     [](double y, double d) { return y > 0 ? d : static_cast<double>(Scalar(0.01)) * d; }},
    {"elu", &Kernels::elu_slope, [](double y, double d) { return y > 0 ? d : (y + 1) * d; }},
    {"tanh", &Kernels::tanh_slope, [](double y, double d) { return d * (1 - y * y); }},
    {"sigmoid", &Kernels::sigmoid_slope, [](double y, double d) { return d * y * (1 - y); }},
};

double bce(double y, double t) {
  const double low = static_cast<double>(Scalar(1e-7));
  const double high = static_cast<double>(Scalar(1) - Scalar(1e-7));
  const double p = std::min(std::max(y, low), high);
  return -t * std::log(p) - (1 - t) * std::log(1 - p);
}

void for_each_set(const std::function<void(const Kernels&)>& check) {
  for (const Kernels* each : runnable_kernels()) {
    CAPTURE(std::string(each->key));
    check(*each);
  }
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
          tests::worsen(worst, std::abs(static_cast<double>(y[i]) - expected) /
                                      (scale > 0 ? scale : 1));
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
        double expected = f.expected(static_cast<double>(x[i]));
        if (expected > static_cast<double>(std::numeric_limits<Scalar>::max())) {
          expected = std::numeric_limits<double>::infinity();
        }
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
        tests::worsen(worst, std::abs(static_cast<double>(delta[i]) - expected) /
                                    (scale / (p * (1 - p))));
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
      Array z(size, 1, -8, 8), t(size, 2, 0, 1), delta(size, 3), y = z;
      if (size > 20) {
        const std::vector<Scalar> special = special_values();
        for (Index i = 0; i < 20; ++i) {
          y[i] = z[i] = special[static_cast<std::size_t>(i)];
          t[i] = static_cast<Scalar>(i % 2);
        }
      }
      const double sum = k.sigmoid_bce(y.data(), t.data(), Scalar(0.37), delta.data(), size);
      double expected = 0, worst = 0;
      for (Index i = 0; i < size; ++i) {
        const double value = sigmoid(static_cast<double>(z[i]));
        const double target = static_cast<double>(t[i]);
        expected += bce(value, target);
        tests::worsen(worst, std::abs(static_cast<double>(y[i]) - value));
        tests::worsen(worst, std::abs(static_cast<double>(delta[i]) -
                                         static_cast<double>(Scalar(0.37)) * (value - target)));
      }
      CHECK(sum == doctest::Approx(expected).epsilon(kSingle ? 2e-6 : 1e-7));
      CHECK(worst < kClose);
      CHECK(y.edges_are_whole());
      CHECK(delta.edges_are_whole());
    }
    std::vector<Scalar> z(40, Scalar(0.5)), t(40, Scalar(0.5)), delta(40);
    z[7] = kNan;
    CHECK(std::isnan(k.sigmoid_bce(z.data(), t.data(), 1, delta.data(), 40)));
    CHECK(std::isnan(z[7]));
    CHECK(std::isnan(delta[7]));
    CHECK(!std::isnan(z[8]));
  });
}

TEST_CASE("arrays are added, multiplied and read from bytes") {
  for_each_set([](const Kernels& k) {
    for (const Index size : sizes()) {
      Array a(size, 1), b(size, 2), sum = b, product(size, 3), scaled(size, 4);
      k.add_scaled(Scalar(0.25), a.data(), sum.data(), size);
      k.multiply_elements(a.data(), b.data(), product.data(), size);
      std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size) + 1);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
      }
      k.from_bytes(bytes.data() + 1, 2.0 / 255, -1, scaled.data(), size);
      double worst = 0;
      for (Index i = 0; i < size; ++i) {
        const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
        tests::worsen(worst, std::abs(static_cast<double>(sum[i]) - (0.25 * x + y)) / 8);
        tests::worsen(worst, std::abs(static_cast<double>(product[i]) - x * y) / 16);
        tests::worsen(worst, std::abs(static_cast<double>(scaled[i]) -
                                      (bytes[static_cast<std::size_t>(i) + 1] * 2.0 / 255 - 1)));
      }
      CHECK(worst < kClose / 4);
      CHECK(sum.edges_are_whole());
      CHECK(product.edges_are_whole());
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

namespace {

// One parameter's step in double precision: w, and two moments.
using PlainStep = void (*)(const StepNumbers&, double g, double& w, double& first, double& second);

double flushed(double x) { return std::abs(x) < 1e-30 ? 0 : x; }

struct Method {
  const char* name;
  Kernels::Step Kernels::*kernel;
  PlainStep plain;
};

const Method kMethods[] = {
    {"sgd", &Kernels::sgd,
     [](const StepNumbers& n, double g, double& w, double& v, double&) {
       v = flushed(n.momentum * v + g);
       w = n.kept * w - n.rate * v;
     }},
    {"rmsprop", &Kernels::rmsprop,
     [](const StepNumbers& n, double g, double& w, double& s, double& v) {
       s = flushed(n.rho * s + (1 - n.rho) * g * g);
       v = flushed(n.momentum * v + g / (std::sqrt(s) + n.epsilon));
       w = n.kept * w - n.rate * v;
     }},
    {"adadelta", &Kernels::adadelta,
     [](const StepNumbers& n, double g, double& w, double& s, double& u) {
       s = flushed(n.rho * s + (1 - n.rho) * g * g);
       const double d = g * std::sqrt((u + n.epsilon) / (s + n.epsilon));
       u = flushed(n.rho * u + (1 - n.rho) * d * d);
       w = n.kept * w - n.rate * d;
     }},
    {"adam", &Kernels::adam,
     [](const StepNumbers& n, double g, double& w, double& m, double& s) {
       m = flushed(n.beta1 * m + (1 - n.beta1) * g);
       s = flushed(n.beta2 * s + (1 - n.beta2) * g * g);
       w = n.kept * w - n.rate * m / (std::sqrt(s) * n.inverse + n.epsilon);
     }},
};

const StepNumbers kNumbers{.rate = Scalar(0.01), .kept = Scalar(0.999), .momentum = Scalar(0.9),
                           .rho = Scalar(0.9), .beta1 = Scalar(0.9), .beta2 = Scalar(0.999),
                           .epsilon = Scalar(1e-7), .inverse = Scalar(1.7)};

}  // namespace

TEST_CASE("optimizers' steps equal plain loops on every instruction set") {
  for_each_set([](const Kernels& k) {
    for (const Method& method : kMethods) {
      CAPTURE(std::string(method.name));
      for (const Index size : sizes()) {
        Array w(size, 1), first(size, 2, 0, 1), second(size, 3, 0, 1), g(size, 4, -0.1f, 0.1f);
        for (Index i = 0; i < size; ++i) {
          if (i % 7 == 3) g[i] = first[i] = second[i] = 0;       // an input that is always 0
          if (i % 7 == 5) g[i] = 0, first[i] = Scalar(1e-30);    // decays into nothing
          if (i % 11 == 4) g[i] = Scalar(1e-6), first[i] = second[i] = 0;
          if (i % 11 == 8) g[i] = Scalar(1e12);
        }
        Array new_w = w, new_first = first, new_second = second;
        Scalar* const moments[] = {new_first.data(), new_second.data()};
        (k.*method.kernel)(kNumbers, new_w.data(), moments, g.data(), size);
        for (Index i = 0; i < size; ++i) {
          double x = static_cast<double>(w[i]), m = static_cast<double>(first[i]);
          double s = static_cast<double>(second[i]);
          const double from = x;
          method.plain(kNumbers, static_cast<double>(g[i]), x, m, s);
          CAPTURE(i);
          CHECK(std::abs(static_cast<double>(new_w[i]) - x) <=
                2 * kClose * (std::abs(x) + std::abs(x - from)));
          CHECK(std::abs(static_cast<double>(new_first[i]) - m) <=
                2 * kClose * (std::abs(m) + std::abs(static_cast<double>(first[i]))));
          CHECK(std::abs(static_cast<double>(new_second[i]) - s) <=
                2 * kClose * (std::abs(s) + std::abs(static_cast<double>(second[i]))));
        }
        CHECK(new_w.edges_are_whole());
        CHECK(new_first.edges_are_whole());
        CHECK(new_second.edges_are_whole());
      }
      std::vector<Scalar> w(20, 1), first(20, 0), second(20, 0), g(20, 0);
      g[4] = kNan;
      Scalar* const moments[] = {first.data(), second.data()};
      (k.*method.kernel)(kNumbers, w.data(), moments, g.data(), 20);
      for (std::size_t i = 0; i < 20; ++i) CHECK(std::isnan(w[i]) == (i == 4));
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
    for (const Method& method : kMethods) {
      CAPTURE(std::string(method.name));
      Array w(kSize, 1), m(kSize, 2, 0, 1), s(kSize, 3, 0, 1), g(kSize, 4);
      Array w2 = w, m2 = m, s2 = s;
      Scalar* const moments[] = {m.data(), s.data()};
      (k.*method.kernel)(kNumbers, w.data(), moments, g.data(), kSize);
      for (Index at = 0, step = 1; at < kSize; at += step++) {
        Scalar* const moments2[] = {m2.data() + at, s2.data() + at};
        (k.*method.kernel)(kNumbers, w2.data() + at, moments2, g.data() + at,
                           std::min(step, kSize - at));
      }
      compare(w, w2);
      compare(m, m2);
      compare(s, s2);
    }
    Array z(kSize, 1), t(kSize, 2, 0, 1), delta(kSize, 3), z2 = z, delta2 = delta;
    double sum = 0;
    const double whole = k.sigmoid_bce(z.data(), t.data(), 1, delta.data(), kSize);
    for (Index at = 0, step = 1; at < kSize; at += step++) {
      sum += k.sigmoid_bce(z2.data() + at, t.data() + at, 1, delta2.data() + at,
                           std::min(step, kSize - at));
    }
    compare(z, z2);
    compare(delta, delta2);
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
    for (const Method& method : kMethods) {
      CAPTURE(std::string(method.name));
      Array a(kSize, 1), m(kSize, 2, 0, 1), s(kSize, 3, 0, 1), g(kSize, 4);
      Array b = a, m2 = m, s2 = s;
      Scalar* const moments[] = {m.data(), s.data()};
      Scalar* const moments2[] = {m2.data(), s2.data()};
      (least.*method.kernel)(kNumbers, a.data(), moments, g.data(), kSize);
      (k.*method.kernel)(kNumbers, b.data(), moments2, g.data(), kSize);
      compare(a, b);
    }
    Array a(kSize, 1), t(kSize, 2, 0, 1), delta(kSize, 3), b = a;
    const double sum = least.sigmoid_bce(a.data(), t.data(), 1, delta.data(), kSize);
    CHECK(k.sigmoid_bce(b.data(), t.data(), 1, delta.data(), kSize) ==
          doctest::Approx(sum).epsilon(1e-5));
    compare(a, b);
  });
}

TEST_CASE("random numbers are those of Philox's blocks on every instruction set") {
  const DrawTask task{{123456789, 0x9ABCDEF0}, {0xFFFFFFFA, 7, 8, 9}};  // the first word will overflow
  for_each_set([&](const Kernels& k) {
    for (const Index size : sizes()) {
      CAPTURE(size);
      Array uniform(size, 1), normal(size, 2);
      k.uniform(task, uniform.data(), size);
      k.normal(task, normal.data(), size);
      bool equal = true;
      double worst = 0;
      for (Index i = 0; i < size; ++i) {
        const auto block = philox({task.counter[0] + static_cast<std::uint32_t>(i / 4), 7, 8, 9},
                                  {task.key[0], task.key[1]});
        const auto word = [&](Index which) { return block[static_cast<std::size_t>(which)] >> 8; };
        equal = equal && uniform[i] == static_cast<Scalar>(word(i % 4)) / 16777216;
        const Index pair = i % 4 / 2 * 2;
        const double radius = std::sqrt(-2 * std::log((word(pair) + 1.0) / 16777216));
        const double angle = 2 * 3.14159265358979323846 * (word(pair + 1) / 16777216.0);
        const double expected = radius * (i % 2 ? std::sin(angle) : std::cos(angle));
        tests::worsen(worst, std::abs(static_cast<double>(normal[i]) - expected));
      }
      REQUIRE(equal);
      CHECK(worst < (kSingle ? 1e-6 : 1e-14));
      CHECK(uniform.edges_are_whole());
      CHECK(normal.edges_are_whole());
    }
  });
}
