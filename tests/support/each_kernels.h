// Runs a test with the kernels of every instruction set that this processor has.
#pragma once

#include <doctest/doctest.h>

#include "core/math/kernels/kernels.h"

namespace hourglass::tests {

template <typename Test>
void with_each_kernels(Test test) {
  struct Restore {
    const Kernels& before = kernels();
    ~Restore() { use_kernels_for_test(before); }
  } restore;
  for (const Kernels* each : runnable_kernels()) {
    INFO("instruction set: ", each->name);
    use_kernels_for_test(*each);
    test();
  }
}

}  // namespace hourglass::tests
