// What several processes that train one model together tell each other.
#pragma once

#include <span>

#include "core/math/types.h"

namespace hourglass {

// Each process holds all parameters and goes through its own part of every mini-batch. All of them
// call the same functions in the same order with spans of the same lengths, and each call waits for
// the others. What a call leaves has the same bits in every process, so that they take equal steps.
// A call may throw if another process is gone; its span is then in no particular state.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual int rank() const = 0;   // of this process, in [0, ranks())
  virtual int ranks() const = 0;  // how many there are, at least 1

  // Replaces each element by its sum over all processes.
  virtual void sum(std::span<float> values) = 0;
  virtual void sum(std::span<double> values) = 0;
  // Replaces each element by the one of rank 0.
  virtual void copy_first(std::span<Scalar> values) = 0;
};

// Part of a row of things: [first, first + count).
struct Share {
  Index first = 0, count = 0;
};

// The part of `things` that is this process's own; the parts differ by one at most, and some are
// empty if there are fewer things than processes. All of them where there is no exchange.
inline Share share_of(Index things, const Exchange* exchange) {
  if (!exchange) return {0, things};
  const Index first = things * exchange->rank() / exchange->ranks();
  return {first, things * (exchange->rank() + 1) / exchange->ranks() - first};
}

}  // namespace hourglass
