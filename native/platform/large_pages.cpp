#include "native/platform/large_pages.h"

#include <cstdint>
#include <cstdlib>

#if defined(__linux__) && defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace hourglass {

void use_large_pages() {
#if defined(__linux__) && defined(__GLIBC__)
  // All but the largest allocations, of all threads, come from one stretch of addresses, grown in
  // advance. It takes memory only where it is written to.
  constexpr std::size_t kBlock = std::size_t{64} << 20, kPage = std::size_t{2} << 20;
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, kBlock / 2);
  mallopt(M_TRIM_THRESHOLD, 2 * kBlock);
  mallopt(M_TOP_PAD, kBlock);
  const auto before = reinterpret_cast<std::uintptr_t>(sbrk(0));
  void* volatile grown = std::malloc(kPage);  // volatile, or the compiler would leave both out
  std::free(grown);
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0)) / kPage * kPage;
  if (end < before + kBlock) return;  // another allocator, or a limit
  madvise(reinterpret_cast<void*>(end - kBlock + kPage), kBlock - kPage, MADV_HUGEPAGE);
#endif
}

}  // namespace hourglass
