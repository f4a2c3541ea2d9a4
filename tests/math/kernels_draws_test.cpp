// The random numbers of every instruction set that runs here, against those of single blocks.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/kernel_arrays.h"
#include "tests/support/worst.h"

using namespace hourglass;
using namespace hourglass::tests;

TEST_CASE("random numbers are those of Philox's blocks on every instruction set") {
  const DrawTask task{{123456789, 0x9ABCDEF0},
                      {0xFFFFFFFA, 7, 8, 9}};  // the first word will overflow
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

TEST_CASE("noise is made of the same draws, whether they are added or written down") {
  const DrawTask task{{3, 4}, {0xFFFFFFF0, 5, 6, 7}};
  const Scalar deviation = Scalar(0.5), low = -3, high = 3, rate = Scalar(0.3), scale = 2;
  for_each_set([&](const Kernels& k) {
    for (const Index size : sizes()) {
      CAPTURE(size);
      Array x(size, 1), normal(size, 2), uniform(size, 3), noisy(size, 4), dropped(size, 5);
      if (size > 2) x[2] = kNan;
      k.normal(task, normal.data(), size);
      k.uniform(task, uniform.data(), size);
      k.add_normal({task, deviation, low, high}, x.data(), noisy.data(), size);
      k.drop({task, rate, Scalar(-1), scale}, x.data(), dropped.data(), size);
      double worst = 0;
      bool equal = true;
      for (Index i = 0; i < size; ++i) {
        if (i == 2) continue;
        const Scalar sum = std::min(std::max(x[i] + deviation * normal[i], low), high);
        tests::worsen(worst, std::abs(static_cast<double>(noisy[i] - sum)));
        equal = equal && noisy[i] >= low && noisy[i] <= high;
        equal = equal && dropped[i] == (uniform[i] < rate ? Scalar(-1) : x[i] * scale);
      }
      CHECK(equal);
      CHECK(worst < (kSingle ? 1e-6 : 1e-14));
      if (size > 2) {
        CHECK(std::isnan(noisy[2]));
        CHECK(std::isnan(dropped[2]) == !(uniform[2] < rate));
      }
      CHECK(noisy.edges_are_whole());
      CHECK(dropped.edges_are_whole());
      // In place, as the trainer does where targets are others.
      k.add_normal({task, deviation, low, high}, x.data(), x.data(), size);
      for (Index i = 0; i < size; ++i) equal = equal && (i == 2 || x[i] == noisy[i]);
      CHECK(equal);
    }
  });
}

TEST_CASE("normal numbers are exact to 1.2e-6 for all of the words that they are made of") {
  if (!kSingle) return;
  for_each_set([&](const Kernels& k) {
    double worst = 0;
    Array uniform(1 << 18, 1), normal(1 << 18, 2);
    for (std::uint32_t sample = 0; sample < 4; ++sample) {
      const DrawTask task{{1, 2}, {0, sample, 3, 4}};
      k.uniform(task, uniform.data(), uniform.size());
      k.normal(task, normal.data(), normal.size());
      for (Index i = 0; i < normal.size(); i += 2) {
        const double u = static_cast<double>(uniform[i]) + 1 / 16777216.0;
        const double radius = std::sqrt(-2 * std::log(u));
        const double angle = 2 * 3.14159265358979323846 * static_cast<double>(uniform[i + 1]);
        tests::worsen(worst, std::abs(static_cast<double>(normal[i]) - radius * std::cos(angle)));
        tests::worsen(worst,
                      std::abs(static_cast<double>(normal[i + 1]) - radius * std::sin(angle)));
      }
    }
    CHECK(worst < 1.2e-6);
  });
}
