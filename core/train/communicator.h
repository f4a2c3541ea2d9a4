// What several processes that train one model together tell each other.
#pragma once

#include <span>

#include "core/math/types.h"

namespace hourglass {

// Each process holds all parameters and goes through its own part of every mini-batch. All of them
// call the same functions in the same order with spans of the same lengths, and each call waits for
// the others. What a call leaves has the same bits in every process, so that they take equal steps.
// A call may throw if another process is gone; its span is then in no particular state.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;   // of this process, in [0, ranks())
  virtual int ranks() const = 0;  // how many there are, at least 1

  // Replaces each element by its sum over all processes.
  virtual void all_reduce(std::span<float> values) = 0;
  virtual void all_reduce(std::span<double> values) = 0;
  // Replaces each element by the one of rank 0.
  virtual void broadcast(std::span<Scalar> values) = 0;
};

// Part of a row of things: [first, first + count).
struct Shard {
  Index first = 0, count = 0;
};

// The part of `things` that is this process's own; the parts differ by one at most, and some are
// empty if there are fewer things than processes. All of them where there is no communicator.
inline Shard shard_of(Index things, const Communicator* communicator) {
  if (!communicator) return {0, things};
  const Index first = things * communicator->rank() / communicator->ranks();
  return {first, things * (communicator->rank() + 1) / communicator->ranks() - first};
}

}  // namespace hourglass
