// What the tests of the kernels share, which hold each instruction set that runs here against plain
// loops in double precision.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/math/random.h"
#include "core/math/simd/kernels.h"

namespace hourglass::tests {

inline constexpr bool kSingle = sizeof(Scalar) == 4;
// What is asked of a result, relatively, where nothing cancels.
inline constexpr double kClose = kSingle ? 4e-7 : 4e-15;
inline const Scalar kNan = std::numeric_limits<Scalar>::quiet_NaN();

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

inline std::vector<Index> sizes() {
  std::vector<Index> sizes;
  for (Index size = 0; size <= 70; ++size) sizes.push_back(size);
  sizes.push_back(1000);
  sizes.push_back(5003);
  return sizes;
}

inline void for_each_set(const std::function<void(const Kernels&)>& check) {
  for (const Kernels* each : runnable_kernels()) {
    CAPTURE(std::string(each->key));
    check(*each);
  }
}

}  // namespace hourglass::tests
