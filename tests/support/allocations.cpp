#include "tests/support/allocations.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::int64_t> count{0}, bytes{0};

void note(std::size_t size) {
  ++count;
  bytes += static_cast<std::int64_t>(size);
}
}  // namespace

namespace hourglass::tests {
std::int64_t allocations() { return count.load(); }
std::int64_t allocated_bytes() { return bytes.load(); }
}  // namespace hourglass::tests

// The linker sends every call in this program to __wrap_NAME (see CMakeLists.txt).
extern "C" {
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t number, std::size_t size);
void* __real_realloc(void* old, std::size_t size);
int __real_posix_memalign(void** out, std::size_t alignment, std::size_t size);
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);

void* __wrap_malloc(std::size_t size) {
  note(size);
  return __real_malloc(size);
}
void* __wrap_calloc(std::size_t number, std::size_t size) {
  note(number * size);
  return __real_calloc(number, size);
}
void* __wrap_realloc(void* old, std::size_t size) {
  note(size);
  return __real_realloc(old, size);
}
int __wrap_posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  note(size);
  return __real_posix_memalign(out, alignment, size);
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  note(size);
  return __real_aligned_alloc(alignment, size);
}
}

// The library's own operator new lies outside this program, where the linker does not reach.
void* operator new(std::size_t size) {
  if (void* const memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  if (void* const memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}
// The variants that do not throw too, or memory of a sanitizer's operator new would come to our
// delete.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size ? size : 1);
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return operator new(size, nothrow);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
