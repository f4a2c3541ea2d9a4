// Softmax and its loss, each instruction set against plain loops in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/kernel_arrays.h"
#include "tests/support/worst.h"

using namespace hourglass;
using namespace hourglass::tests;

namespace {

std::vector<double> softmax_of(Array& z) {
  double largest = -1e300, sum = 0;
  std::vector<double> y;
  for (Index i = 0; i < z.size(); ++i) largest = std::max(largest, static_cast<double>(z[i]));
  for (Index i = 0; i < z.size(); ++i) {
    y.push_back(std::exp(static_cast<double>(z[i]) - largest));
    sum += y.back();
  }
  for (double& value : y) value /= sum;
  return y;
}

}  // namespace

TEST_CASE("softmax makes shares of a whole, of any number of features") {
  for_each_set([](const Kernels& k) {
    double worst = 0;
    for (const Index size : sizes()) {
      if (size == 0) continue;
      Array z(size, 1, -20, 20);
      const std::vector<double> expected = softmax_of(z);
      k.softmax(z.data(), size);
      double sum = 0;
      for (Index i = 0; i < size; ++i) {
        const double value = static_cast<double>(z[i]);
        sum += value;
        worsen(worst, std::abs(value - expected[static_cast<std::size_t>(i)]));
      }
      worsen(worst, std::abs(sum - 1));
      CHECK(z.edges_are_whole());
    }
    CHECK(worst < 10 * kClose);
  });
}

TEST_CASE("softmax of numbers far apart overflows nowhere, and a NaN shows") {
  for_each_set([](const Kernels& k) {
    for (const Index size : {Index{3}, Index{40}}) {
      Array z(size, 1);
      z[1] = Scalar(3000), z[2] = Scalar(-3000);
      k.softmax(z.data(), size);
      CHECK(z[1] == doctest::Approx(1));
      CHECK(z[2] == 0);
      for (Index at = 0; at < size; ++at) {
        Array broken(size, 2), t(size, 3, 0, 1);
        broken[at] = kNan;
        Array other = broken;
        k.softmax(broken.data(), size);
        CHECK(std::isnan(broken[0]));
        CHECK(std::isnan(k.softmax_cce(other.data(), t.data(), 1, size)));
        CHECK(std::isnan(other[0]));
      }
    }
  });
}

TEST_CASE("categorical cross-entropy after a softmax: loss and gradient") {
  for_each_set([](const Kernels& k) {
    double worst = 0;
    for (const Index size : sizes()) {
      if (size == 0) continue;
      // Targets of any sum, many of them 0, as word counts are.
      Array z(size, 1, -8, 8), t(size, 2, -1, 1);
      double targets = 0, expected = 0;
      for (Index i = 0; i < size; ++i) {
        t[i] = std::max(t[i], Scalar(0));
        targets += static_cast<double>(t[i]);
      }
      const std::vector<double> y = softmax_of(z);
      for (Index i = 0; i < size; ++i) {
        expected -= static_cast<double>(t[i]) * std::log(y[static_cast<std::size_t>(i)]);
      }
      Array shares = z;
      const double loss = k.softmax_cce(z.data(), t.data(), Scalar(0.5), size);
      worsen(worst, std::abs(loss - expected) / std::max(1.0, expected));
      for (Index i = 0; i < size; ++i) {
        const double slope = 0.5 * (targets * y[static_cast<std::size_t>(i)] - t[i]);
        worsen(worst, std::abs(static_cast<double>(z[i]) - slope) / std::max(1.0, targets));
      }
      CHECK(z.edges_are_whole());
      k.softmax(shares.data(), size);
      worsen(worst,
             std::abs(k.cce(shares.data(), t.data(), size) - expected) / std::max(1.0, expected));
    }
    CHECK(worst < 10 * kClose);
    // What a model holds for impossible and comes all the same is dear, not infinite.
    Array y(2, 1), t(2, 1);
    y[0] = 0, y[1] = 1, t[0] = Scalar(0.5), t[1] = Scalar(0.5);
    CHECK(k.cce(y.data(), t.data(), 2) == doctest::Approx(-0.5 * std::log(1e-30)));
  });
}
