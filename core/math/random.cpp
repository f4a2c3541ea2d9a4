#include "core/math/random.h"

#include <cassert>
#include <cmath>
#include <numbers>

#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

constexpr float kTwoToMinus24 = 1.0f / 16777216.0f;

// [0, 1): the 24 high bits, which a float holds exactly.
float to_unit(std::uint32_t bits) { return static_cast<float>(bits >> 8) * kTwoToMinus24; }

// (0, 1]: safe to take the log of.
float to_open_unit(std::uint32_t bits) {
  return static_cast<float>((bits >> 8) + 1) * kTwoToMinus24;
}

// The blocks that `count` numbers take, from the next one on.
DrawTask take(const std::array<std::uint32_t, 2>& key, std::array<std::uint32_t, 4>& counter,
              std::size_t count) {
  const DrawTask task{{key[0], key[1]}, {counter[0], counter[1], counter[2], counter[3]}};
  counter[0] += static_cast<std::uint32_t>((count + 3) / 4);
  return task;
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

Random::Random(std::uint64_t seed, RandomStream stream, std::uint32_t step, std::uint32_t sample)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{0, sample, step, static_cast<std::uint32_t>(stream)} {}

std::array<std::uint32_t, 4> Random::next_block() {
  const auto block = philox(counter_, key_);
  ++counter_[0];
  return block;
}

std::uint32_t Random::bits() {
  if (used_ == 4) {
    block_ = next_block();
    used_ = 0;
  }
  return block_[used_++];
}

float Random::uniform() { return to_unit(bits()); }

std::uint32_t Random::below(std::uint32_t count) {
  return static_cast<std::uint32_t>((std::uint64_t{bits()} * count) >> 32);
}

float Random::normal() {
  const float radius = std::sqrt(-2.0f * std::log(to_open_unit(bits())));
  return radius * std::cos(2.0f * std::numbers::pi_v<float> * to_unit(bits()));
}

void Random::fill_uniform(std::span<Scalar> out) {
  kernels().uniform(take(key_, counter_, out.size()), out.data(), static_cast<Index>(out.size()));
}

void Random::fill_normal(std::span<Scalar> out) {
  kernels().normal(take(key_, counter_, out.size()), out.data(), static_cast<Index>(out.size()));
}

void Random::add_normal(std::span<const Scalar> x, Scalar deviation, Scalar low, Scalar high,
                        std::span<Scalar> out) {
  assert(x.size() == out.size());
  kernels().add_normal({take(key_, counter_, out.size()), deviation, low, high}, x.data(),
                       out.data(), static_cast<Index>(out.size()));
}

void Random::drop(std::span<const Scalar> x, Scalar rate, Scalar dropped, Scalar scale,
                  std::span<Scalar> out) {
  assert(x.size() == out.size());
  kernels().drop({take(key_, counter_, out.size()), rate, dropped, scale}, x.data(), out.data(),
                 static_cast<Index>(out.size()));
}

void shuffle_indices(std::uint64_t seed, RandomStream stream, std::uint32_t step,
                     std::span<std::uint32_t> order) {
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  Random random(seed, stream, step, 0);
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }
}

}  // namespace hourglass
