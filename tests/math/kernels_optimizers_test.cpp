// The optimizers' steps of every instruction set that runs here, against plain loops in double
// precision.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "tests/support/kernel_arrays.h"
#include "tests/support/worst.h"

using namespace hourglass;
using namespace hourglass::tests;

namespace {

// One parameter's step in double precision: w, and two moments.
using PlainStep = void (*)(const OptimizerCoefficients&, double g, double& w, double& first,
                           double& second);

double flushed(double x) { return std::abs(x) < 1e-30 ? 0 : x; }

struct Method {
  const char* name;
  Kernels::Step Kernels::* kernel;
  PlainStep plain;
};

const Method kMethods[] = {
    {"sgd", &Kernels::sgd,
     [](const OptimizerCoefficients& n, double g, double& w, double& v, double&) {
       v = flushed(n.momentum * v + g);
       w = n.kept * w - n.rate * v;
     }},
    {"rmsprop", &Kernels::rmsprop,
     [](const OptimizerCoefficients& n, double g, double& w, double& s, double& v) {
       s = flushed(n.rho * s + (1 - n.rho) * g * g);
       v = flushed(n.momentum * v + g / (std::sqrt(s) + n.epsilon));
       w = n.kept * w - n.rate * v;
     }},
    {"adadelta", &Kernels::adadelta,
     [](const OptimizerCoefficients& n, double g, double& w, double& s, double& u) {
       s = flushed(n.rho * s + (1 - n.rho) * g * g);
       const double d = g * std::sqrt((u + n.epsilon) / (s + n.epsilon));
       u = flushed(n.rho * u + (1 - n.rho) * d * d);
       w = n.kept * w - n.rate * d;
     }},
    {"adam", &Kernels::adam,
     [](const OptimizerCoefficients& n, double g, double& w, double& m, double& s) {
       m = flushed(n.beta1 * m + (1 - n.beta1) * g);
       s = flushed(n.beta2 * s + (1 - n.beta2) * g * g);
       w = n.kept * w - n.rate * m / (std::sqrt(s) * n.inverse + n.epsilon);
     }},
};

const OptimizerCoefficients kNumbers{.rate = Scalar(0.01),
                                     .kept = Scalar(0.999),
                                     .momentum = Scalar(0.9),
                                     .rho = Scalar(0.9),
                                     .beta1 = Scalar(0.9),
                                     .beta2 = Scalar(0.999),
                                     .epsilon = Scalar(1e-7),
                                     .inverse = Scalar(1.7)};

}  // namespace

TEST_CASE("optimizers' steps equal plain loops on every instruction set") {
  for_each_set([](const Kernels& k) {
    for (const Method& method : kMethods) {
      CAPTURE(std::string(method.name));
      for (const Index size : sizes()) {
        Array w(size, 1), first(size, 2, 0, 1), second(size, 3, 0, 1), g(size, 4, -0.1f, 0.1f);
        for (Index i = 0; i < size; ++i) {
          if (i % 7 == 3) g[i] = first[i] = second[i] = 0;     // an input that is always 0
          if (i % 7 == 5) g[i] = 0, first[i] = Scalar(1e-30);  // decays into nothing
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

TEST_CASE("a parameter's step does not depend on how arrays are cut") {
  constexpr Index kSize = 133;
  for_each_set([](const Kernels& k) {
    const auto compare = [](Array& whole, Array& cut) {
      CHECK(std::memcmp(whole.data(), cut.data(), sizeof(Scalar) * kSize) == 0);
    };
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
  });
}

TEST_CASE("instruction sets agree about optimizers' steps") {
  constexpr Index kSize = 1000;
  const Kernels& least = *runnable_kernels().front();
  for_each_set([&](const Kernels& k) {
    const auto compare = [](Array& a, Array& b) {
      double worst = 0;
      for (Index i = 0; i < kSize; ++i) {
        worsen(worst, static_cast<double>(std::abs(a[i] - b[i])));
      }
      CHECK(worst < (kSingle ? 1e-5 : 1e-13));
    };
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
  });
}
