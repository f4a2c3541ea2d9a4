// Room for the intermediate numbers of one function, kept from call to call.
#pragma once

#include <cstdint>

#include "core/math/simd/interface.h"
#include "core/math/types.h"

namespace hourglass {

// `size` up to whole vectors, whatever the instruction set.
constexpr Index whole_vectors(Index size) { return (size + kMaxLanes - 1) / kMaxLanes * kMaxLanes; }

// At least `size` numbers of this thread's own, of any value. They are the next caller's too.
inline Scalar* scratch(Index size) {
  static thread_local Vector room;
  if (room.size() < size) room.resize(size);
  return room.data();
}

// Cuts scratch into parts: `count` of them, of `size` numbers together.
class ScratchParts {
 public:
  ScratchParts(Index size, Index count) : next_(scratch(size + count * kMaxLanes)) {}
  // A part whose number `first` lies where a vector should: loads over two cache lines cost double.
  Scalar* take(Index size, Index first = 0) {
    constexpr std::uintptr_t kLine = kMaxLanes * sizeof(Scalar);
    const auto address = reinterpret_cast<std::uintptr_t>(next_ + first);
    Scalar* const part = next_ + (kLine - address % kLine) % kLine / sizeof(Scalar);
    next_ = part + size;
    return part;
  }

 private:
  Scalar* next_;
};

}  // namespace hourglass
