#include <cstdlib>
#include <cstring>
#include <string>

#include "core/base/error.h"
#include "core/math/simd/isa.h"
#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

const Kernels* forced_for_test = nullptr;

const Kernels& choose() {
  const std::vector<const Kernels*> runnable = runnable_kernels();
  const char* const wanted = std::getenv("HOURGLASS_ISA");
  if (!wanted || !*wanted) return *runnable.back();
  std::string names;
  for (const Kernels* each : runnable) {
    if (std::strcmp(each->key, wanted) == 0) return *each;
    names += (names.empty() ? "" : ", ") + std::string(each->key);
  }
  throw Error("HOURGLASS_ISA cannot be '" + std::string(wanted) +
              "'; on this processor it can be " + names + ", or unset for the best of them.");
}

}  // namespace

std::vector<const Kernels*> runnable_kernels() {
  std::vector<const Kernels*> runnable{&baseline_kernels()};
#ifdef HOURGLASS_X86_KERNELS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    runnable.push_back(&avx2_kernels());
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      runnable.push_back(&avx512_kernels());
    }
  }
#endif
  return runnable;
}

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return forced_for_test ? *forced_for_test : chosen;
}

void use_kernels_for_test(const Kernels& other) { forced_for_test = &other; }

}  // namespace hourglass
