// stb's readers and writers of pictures, private to the file that includes this, with a bound on
// what they allocate. Define STBI_ONLY_PNG or its like before; include nothing of stb besides.
#pragma once

#include <cstddef>
#include <cstdlib>

namespace {

// A file of a few MB can claim to decompress to gigabytes.
constexpr std::size_t kMaxAllocation = std::size_t{1} << 29;

[[maybe_unused]] void* bounded_malloc(std::size_t size) {
  return size <= kMaxAllocation ? std::malloc(size) : nullptr;
}
[[maybe_unused]] void* bounded_realloc(void* memory, std::size_t size) {
  return size <= kMaxAllocation ? std::realloc(memory, size) : nullptr;
}

}  // namespace

#define STBI_MALLOC(size) bounded_malloc(size)
#define STBI_REALLOC(memory, size) bounded_realloc(memory, size)
#define STBI_FREE(memory) std::free(memory)
#define STBI_MAX_DIMENSIONS 16384
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#endif
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace {

struct FreePixels {
  void operator()(void* pixels) const { stbi_image_free(pixels); }
};

}  // namespace
