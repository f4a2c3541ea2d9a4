// Runs a test with the kernels of every instruction set that this processor has.
#pragma once

#include <doctest/doctest.h>

#include "core/math/simd/kernels.h"

namespace hourglass::tests {

// At its end the kernels are those of its beginning.
class KernelsRestored {
 public:
  ~KernelsRestored() { use_kernels_for_test(before_); }

 private:
  const Kernels& before_ = kernels();
};

template <typename Test>
void with_each_kernels(Test test) {
  const KernelsRestored restored;
  for (const Kernels* each : runnable_kernels()) {
    INFO("instruction set: ", each->name);
    use_kernels_for_test(*each);
    test();
  }
}

}  // namespace hourglass::tests
