#include "core/math/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace hourglass;

TEST_CASE("philox gives the known answers of its authors") {
  // kat_vectors of Random123, philox4x32 with 10 rounds.
  using Words = std::array<std::uint32_t, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t ones = 0xffffffff;
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("draws depend on all four parts of the key") {
  const auto first = [](std::uint64_t seed, RandomStream stream, std::uint32_t step,
                        std::uint32_t sample) { return Random(seed, stream, step, sample).bits(); };
  const auto base = first(1, RandomStream::kTest, 2, 3);
  CHECK(base == first(1, RandomStream::kTest, 2, 3));
  CHECK(base != first(2, RandomStream::kTest, 2, 3));
  CHECK(base != first(1ull << 32 | 1, RandomStream::kTest, 2, 3));
  CHECK(base != first(1, RandomStream::kDropout, 2, 3));
  CHECK(base != first(1, RandomStream::kTest, 3, 3));
  CHECK(base != first(1, RandomStream::kTest, 2, 4));
}

TEST_CASE("bulk draws have the moments that they should") {
  std::vector<Scalar> values(100001);  // odd, so that the last stretch is not whole
  const auto moments = [&] {
    double sum = 0, square = 0, fourth = 0;
    for (const Scalar value : values) {
      const double v = value;
      sum += v;
      square += v * v;
      fourth += v * v * v * v;
    }
    const double n = static_cast<double>(values.size());
    return std::array{sum / n, square / n, fourth / n};
  };
  Random(3, RandomStream::kTest, 0, 0).fill_normal(values);
  auto [mean, square, fourth] = moments();
  CHECK(std::abs(mean) < 0.015);
  CHECK(std::abs(square - 1) < 0.02);
  CHECK(std::abs(fourth - 3) < 0.15);
  Random(3, RandomStream::kTest, 0, 0).fill_uniform(values);
  std::tie(mean, square, fourth) = std::tuple_cat(moments());
  CHECK(std::abs(mean - 0.5) < 0.005);
  CHECK(std::abs(square - 1.0 / 3) < 0.005);
  CHECK(*std::min_element(values.begin(), values.end()) >= 0);
  CHECK(*std::max_element(values.begin(), values.end()) < 1);
}

TEST_CASE("shuffling is a permutation that depends on the epoch") {
  std::vector<std::uint32_t> a(1000), b(1000), again(1000);
  shuffle_indices(5, RandomStream::kShuffle, 0, a);
  shuffle_indices(5, RandomStream::kShuffle, 1, b);
  shuffle_indices(5, RandomStream::kShuffle, 0, again);
  CHECK(a == again);
  CHECK(a != b);
  std::sort(a.begin(), a.end());
  std::vector<std::uint32_t> all(1000);
  std::iota(all.begin(), all.end(), 0u);
  CHECK(a == all);
}

TEST_CASE("below() reaches all its values evenly") {
  Random random(1, RandomStream::kTest, 0, 0);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[random.below(7)];
  for (const int count : counts) CHECK(std::abs(count - 10000) < 500);
}
