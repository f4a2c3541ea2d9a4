// PNG by stb, which is compiled here for PNG alone.
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <string_view>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"
#include "core/formats/png.h"

namespace {

// The memory of stb's writer. Its buffers grow without a look at whether they could, so that where
// there is no memory for more an exception has to end it; what it had by then is freed here.
struct alignas(std::max_align_t) WriterBlock {
  WriterBlock* next;
  WriterBlock** link;  // what points here
};
thread_local WriterBlock* writer_blocks = nullptr;

void unlink_block(WriterBlock* block) {
  *block->link = block->next;
  if (block->next) block->next->link = block->link;
}

void* writer_realloc(void* memory, std::size_t size) {
  WriterBlock* const old = memory ? static_cast<WriterBlock*>(memory) - 1 : nullptr;
  if (old) unlink_block(old);
  auto* const block = static_cast<WriterBlock*>(std::realloc(old, sizeof(WriterBlock) + size));
  if (!block) {
    std::free(old);
    throw std::bad_alloc();
  }
  *block = {writer_blocks, &writer_blocks};
  if (block->next) block->next->link = &block->next;
  writer_blocks = block;
  return block + 1;
}

void writer_free(void* memory) {
  if (!memory) return;
  WriterBlock* const block = static_cast<WriterBlock*>(memory) - 1;
  unlink_block(block);
  std::free(block);
}

struct FreeWriterBlocks {
  ~FreeWriterBlocks() {
    while (writer_blocks) writer_free(writer_blocks + 1);
  }
};

}  // namespace

#define STBI_ONLY_PNG
#define STBIW_MALLOC(size) writer_realloc(nullptr, size)
#define STBIW_REALLOC(memory, size) writer_realloc(memory, size)
#define STBIW_FREE(memory) writer_free(memory)
#include "core/formats/stb_private.h"

namespace hourglass {
namespace {

static_assert(kMaxImageSide == STBI_MAX_DIMENSIONS);
constexpr std::uint64_t kMaxPixels = std::uint64_t{1} << 28;  // bytes, decoded

// Whether the file is a row of whole chunks (PNG specification, section 5.3) from the header to the
// end mark. stb looks no further than it needs to, and must not meet image data that begins with an
// empty chunk: it would copy to a null pointer.
bool chunks_are_whole(std::span<const std::uint8_t> file) {
  constexpr std::size_t kSignatureSize = 8, kChunkFrame = 12;
  bool has_data = false;
  for (std::size_t at = kSignatureSize; file.size() - at >= kChunkFrame;) {
    const std::size_t length = read_big_endian<std::uint32_t>(file.data() + at);
    if (length > file.size() - at - kChunkFrame) return false;
    const std::string_view type(reinterpret_cast<const char*>(file.data() + at + 4), 4);
    if (type == "IEND") return has_data;
    if (type == "IDAT") {
      if (length == 0 && !has_data) return false;
      has_data = true;
    }
    at += kChunkFrame + length;
  }
  return false;
}

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

bool has_png_signature(std::span<const std::uint8_t> file) {
  constexpr std::uint8_t kSignature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  return file.size() >= sizeof kSignature && std::equal(kSignature, kSignature + 8, file.begin());
}

// Throws what is wrong with a file before anything is decoded, into so many bytes a pixel at least.
void check_png(std::span<const std::uint8_t> file, const std::string& name, int want_channels,
               int bytes_a_channel) {
  if (!has_png_signature(file)) throw Error("'" + name + "' is not a PNG file.");
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error("'" + name + "' is larger than the 2 GiB that a PNG file may have here.");
  }
  if (!chunks_are_whole(file)) {
    throw Error("'" + name + "' is a damaged PNG file: its chunks do not fit together.");
  }
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(file.data(), static_cast<int>(file.size()), &width, &height,
                             &channels) ||
      width <= 0 || height <= 0) {
    throw Error("'" + name + "' is a damaged PNG file, or one of more than " +
                std::to_string(kMaxImageSide) + " pixels a side.");
  }
  const std::uint64_t decoded =
      static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height) *
      static_cast<std::uint64_t>(std::max(channels, want_channels) * bytes_a_channel);
  if (decoded > kMaxPixels) {
    throw Error("'" + name + "' is an image of " + size_text(width, height) +
                " pixels, which is more than can be used: 256 MiB decoded.");
  }
  if (decoded > most_decompressed(file.size())) {
    throw Error("'" + name + "' is an image of " + size_text(width, height) + " pixels in " +
                std::to_string(file.size()) +
                " bytes, which is less than any image has that shows something.");
  }
}

// A row of values of stb's, copied.
template <typename Value>
std::vector<Value> taken(const Value* values, int width, int height, int channels) {
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                            static_cast<std::size_t>(channels);
  return {values, values + count};
}

}  // namespace

Image read_png(std::span<const std::uint8_t> file, const std::string& name, int want_channels) {
  assert(want_channels >= 0 && want_channels <= 4);
  check_png(file, name, want_channels, 1);
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, FreePixels> pixels(stbi_load_from_memory(
      file.data(), static_cast<int>(file.size()), &width, &height, &channels, want_channels));
  if (!pixels) {
    throw Error("'" + name + "' is a damaged PNG file: " + stbi_failure_reason() + ".");
  }
  if (want_channels > 0) channels = want_channels;
  return {width, height, channels, taken(pixels.get(), width, height, channels)};
}

bool is_deep_png(std::span<const std::uint8_t> file) {
  constexpr std::size_t kDepth = 24;  // behind the signature, a chunk's head and two sides
  return has_png_signature(file) && file.size() > kDepth && file[kDepth] == 16;
}

DeepImage read_deep_png(std::span<const std::uint8_t> file, const std::string& name) {
  check_png(file, name, 0, 2);
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_us, FreePixels> values(stbi_load_16_from_memory(
      file.data(), static_cast<int>(file.size()), &width, &height, &channels, 0));
  if (!values) {
    throw Error("'" + name + "' is a damaged PNG file: " + stbi_failure_reason() + ".");
  }
  return {width, height, channels, taken(values.get(), width, height, channels)};
}

std::vector<std::uint8_t> write_png(const Image& image) {
  if (image.width < 1 || image.height < 1 || image.width > kMaxImageSide ||
      image.height > kMaxImageSide) {
    throw Error("An image of " + size_text(image.width, image.height) +
                " pixels cannot be written as PNG: its sides must be 1 to " +
                std::to_string(kMaxImageSide) + ".");
  }
  assert(image.pixels.size() == static_cast<std::size_t>(image.width) *
                                    static_cast<std::size_t>(image.height) *
                                    static_cast<std::size_t>(image.channels));
  std::vector<std::uint8_t> out;
  const auto append = [](void* context, void* data, int size) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    auto* to = static_cast<std::vector<std::uint8_t>*>(context);
    to->insert(to->end(), bytes, bytes + size);
  };
  const FreeWriterBlocks left_over;
  if (!stbi_write_png_to_func(append, &out, image.width, image.height, image.channels,
                              image.pixels.data(), image.width * image.channels)) {
    throw std::bad_alloc();
  }
  return out;
}

}  // namespace hourglass
