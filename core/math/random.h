// Counter-based random numbers: a draw depends on what it is for, never on when or on which thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/math/types.h"

namespace hourglass {

// What a sequence of draws is for. Streams with different names never share a number. The values
// are part of what makes a run repeatable: never renumber them.
enum class RandomStream : std::uint32_t {
  kInitialise = 1,  // first weights; step = parameter index
  kShuffle = 2,     // order of the samples; step = epoch
  kCorruption = 3,  // noise on training inputs; step = training step, sample = column in the batch
  kDropout = 4,     // dropout masks; step = training step, sample = column in the batch
  kSampling = 5,  // draws of a variational code; step = training step, sample = column in the batch
  kViewNoise = 6,      // noise on the images on display; sample = index in the data set
  kViewSamples = 7,    // which images are on display; step = which set of them
  kStrokes = 8,        // the built-in data set; sample = index in the data set
  kTest = 9,           // tests
  kSplit = 32,         // which samples of a file or folder are held out, and their order
  kPrior = 33,         // codes drawn from a variational model's prior; sample = its number
  kEigenvectors = 34,  // first directions of a subspace; sample = direction
  kTsne = 35,          // the start of a map where the codes give no axis; step = axis
  kMixture = 36,       // a Gaussian mixture: step 0 = codes drawn, 1 = where its fit begins
  kLabels = 37,        // which samples keep their labels; step = class, then order
};

// One block of Philox-4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
// 2011).
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

// The sequence of random numbers that belongs to (seed, stream, step, sample). Making one is free.
class Random {
 public:
  Random(std::uint64_t seed, RandomStream stream, std::uint32_t step, std::uint32_t sample);

  // Uniform over all 32-bit values.
  std::uint32_t bits();
  // Uniform in [0, 1), a multiple of 2^-24.
  float uniform();
  // Uniform in [low, high).
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  // Uniform in {0, ..., count - 1}; count >= 1. The bias is below count / 2^32.
  std::uint32_t below(std::uint32_t count);
  // Standard normal (Box and Muller 1958).
  float normal();

  // Fills `out` with values in [0, 1) / standard normal values, four at a time; faster than one by
  // one and a different part of the sequence than the functions above would give.
  void fill_uniform(std::span<Scalar> out);
  void fill_normal(std::span<Scalar> out);

  // Uses the draws of fill_normal(): out = x + deviation * draw, held within [low, high]. `out` is
  // as long as `x`, and may be the same memory.
  void add_normal(std::span<const Scalar> x, Scalar deviation, Scalar low, Scalar high,
                  std::span<Scalar> out);
  // Uses the draws of fill_uniform(): out = `dropped` where the draw is below `rate`, else x *
  // scale.
  void drop(std::span<const Scalar> x, Scalar rate, Scalar dropped, Scalar scale,
            std::span<Scalar> out);

 private:
  std::array<std::uint32_t, 4> next_block();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;  // block, sample, step, stream
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;  // how many words of block_ have been handed out
};

// Fills `order` with a random permutation of 0, ..., order.size() - 1 (Fisher and Yates).
void shuffle_indices(std::uint64_t seed, RandomStream stream, std::uint32_t step,
                     std::span<std::uint32_t> order);

}  // namespace hourglass
