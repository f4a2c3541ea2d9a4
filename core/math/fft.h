// Fourier transforms of many sequences side by side.
#pragma once

#include <vector>

#include "core/math/types.h"

namespace hourglass {

// Complex sequences of one length, kBatch of them at a time, element by element: real and imaginary
// parts in arrays of their own, of which element i of sequence l is number i * kBatch + l. So all
// arithmetic is in whole vectors, whatever the instruction set.
class Fft {
 public:
  static constexpr Index kBatch = 8;

  // The least length from `least` on that transforms take: 2^a 3^b with a >= 1.
  static Index length_from(Index least);

  // `length` is one that length_from() gives.
  explicit Fft(Index length);

  Index length() const { return length_; }
  // The frequency, in [0, length), that stands at each place after forward().
  const std::vector<Index>& frequencies() const { return frequencies_; }

  // In place: X_k = sum_t x_t exp(-2 pi i k t / length), in the order of frequencies(): decimation
  // in frequency (Gentleman and Sande 1966) by radices 4, 3 and 2.
  void forward(Scalar* re, Scalar* im) const;
  // From the order of frequencies(): length times what forward() took.
  void inverse(Scalar* re, Scalar* im) const;

 private:
  Index length_;
  std::vector<Index> radices_;
  std::vector<Index> frequencies_;
  std::vector<Scalar> cos_, sin_;  // of 2 pi t / length
};

}  // namespace hourglass
