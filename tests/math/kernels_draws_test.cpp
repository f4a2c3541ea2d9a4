// The random numbers of every instruction set that runs here, against those of single blocks.
#include <doctest/doctest.h>

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
