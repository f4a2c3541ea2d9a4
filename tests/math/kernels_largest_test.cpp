// The selection of the largest numbers on every instruction set, against sorting.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "tests/support/kernel_arrays.h"

using namespace hourglass;
using namespace hourglass::tests;

namespace {

// Of equals the first, as a stable sort leaves them.
std::vector<bool> largest_of(Array& x, Index k) {
  std::vector<Index> order(static_cast<std::size_t>(x.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return x[a] > x[b]; });
  std::vector<bool> kept(order.size(), false);
  for (Index i = 0; i < k; ++i)
    kept[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = true;
  return kept;
}

void check(const Kernels& kernels, Array& x, Index k) {
  CAPTURE(x.size());
  CAPTURE(k);
  Array y(x.size(), 8), kept(x.size(), 9);
  kernels.keep_largest(x.data(), k, y.data(), kept.data(), x.size());
  const std::vector<bool> expected = largest_of(x, k);
  bool equal = true;
  for (Index i = 0; i < x.size(); ++i) {
    const bool stays = expected[static_cast<std::size_t>(i)];
    equal = equal && kept[i] == (stays ? 1 : 0) && y[i] == (stays ? x[i] : 0);
  }
  CHECK(equal);
  CHECK(y.edges_are_whole());
  CHECK(kept.edges_are_whole());
}

}  // namespace

TEST_CASE("the k largest are kept, of any number of features") {
  for_each_set([](const Kernels& kernels) {
    for (const Index size : sizes()) {
      if (size == 0) continue;
      Array x(size, 1), negative(size, 2, -4, -1);
      for (const Index k : {Index{1}, (size + 3) / 4, size - 1, size}) {
        if (k == 0) continue;
        check(kernels, x, k);
        check(kernels, negative, k);
      }
    }
  });
}

TEST_CASE("of equal numbers the first are kept, and 0 equals -0") {
  for_each_set([](const Kernels& kernels) {
    for (const Index size : {1, 5, 16, 37, 100}) {
      Array x(size, 3);
      const Scalar least = std::numeric_limits<Scalar>::denorm_min();
      const Scalar greatest = std::numeric_limits<Scalar>::max();
      for (const std::vector<Scalar>& values : {std::vector<Scalar>{2},
                                                {0, -0.0f},
                                                {1, 0, 0, -0.0f},
                                                {0, least, -least},
                                                {greatest, -greatest, 1},
                                                {-1, 3, -1, -1}}) {
        for (Index i = 0; i < size; ++i) x[i] = values[static_cast<std::size_t>(i) % values.size()];
        for (Index k = 1; k <= size; k += 3) check(kernels, x, k);
      }
    }
  });
}

TEST_CASE("where one number is not finite all are kept, so that it shows") {
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  for_each_set([&](const Kernels& kernels) {
    for (const Scalar broken : {kNan, -kNan, infinity, -infinity}) {
      for (Index at = 0; at < 21; ++at) {
        Array x(21, 4), y(21, 5), kept(21, 6);
        x[at] = broken;
        kernels.keep_largest(x.data(), 3, y.data(), kept.data(), 21);
        bool whole = true;
        for (Index i = 0; i < 21; ++i) {
          whole = whole && kept[i] == 1 && (i == at ? !std::isfinite(y[i]) : y[i] == x[i]);
        }
        CHECK(whole);
      }
    }
  });
}
