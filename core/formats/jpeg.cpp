// JPEG by stb, which is compiled here for JPEG alone.
#define STBI_ONLY_JPEG
#include "core/formats/jpeg.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <memory>
#include <optional>

#include "core/base/error.h"
#include "core/formats/gzip.h"
#include "core/formats/jpeg_header.h"
#include "core/formats/stb_private.h"

namespace hourglass {
namespace {

static_assert(kMaxImageSide == STBI_MAX_DIMENSIONS);
constexpr std::uint64_t kMaxDecodedBytes = std::uint64_t{1} << 28;

}  // namespace

std::vector<std::uint8_t> write_jpeg(const Image& image, int quality) {
  assert(quality >= 1 && quality <= 100 && (image.channels == 1 || image.channels == 3));
  if (image.width < 1 || image.height < 1 || image.width > kMaxImageSide ||
      image.height > kMaxImageSide) {
    throw Error("An image of " + std::to_string(image.width) + " x " +
                std::to_string(image.height) +
                " pixels cannot be written as JPEG: its sides must "
                "be 1 to " +
                std::to_string(kMaxImageSide) + ".");
  }
  std::vector<std::uint8_t> out;
  const auto append = [](void* context, void* data, int size) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    auto* to = static_cast<std::vector<std::uint8_t>*>(context);
    to->insert(to->end(), bytes, bytes + size);
  };
  if (!stbi_write_jpg_to_func(append, &out, image.width, image.height, image.channels,
                              image.pixels.data(), quality)) {
    throw Error("There is not enough memory to write an image as JPEG.");
  }
  return out;
}

Image read_jpeg(std::span<const std::uint8_t> file, const std::string& name, int channels) {
  assert(channels == 1 || channels == 3);
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error("'" + name + "' is too large to be read as JPEG.");
  }
  const std::optional<JpegHeader> header = read_jpeg_header(file);
  if (!header || !has_sound_huffman_tables(file)) {
    throw Error("'" + name + "' is no JPEG file, or a damaged one.");
  }
  if (header->has_arithmetic_codes) {
    throw Error("'" + name +
                "' is a JPEG file with arithmetic codes, which hardly any program reads; save it "
                "as PNG.");
  }
  if (header->components == 4 && !header->is_by_adobe) {
    throw Error("'" + name +
                "' is a JPEG file of four colours that does not say which (CMYK mostly); save it "
                "in RGB.");
  }
  const std::uint64_t decoded = static_cast<std::uint64_t>(header->width) *
                                static_cast<std::uint64_t>(header->height) *
                                static_cast<std::uint64_t>(std::max(header->components, channels));
  if (decoded > kMaxDecodedBytes || decoded > most_decompressed(file.size())) {
    throw Error("'" + name + "' is an image of " + std::to_string(header->width) + " x " +
                std::to_string(header->height) + " pixels in " + std::to_string(file.size()) +
                " bytes, which is more than can be used: 256 MiB decoded, or 64 times the file.");
  }
  int width = 0, height = 0, held = 0;
  const std::unique_ptr<stbi_uc, FreePixels> pixels(stbi_load_from_memory(
      file.data(), static_cast<int>(file.size()), &width, &height, &held, channels));
  if (!pixels) throw Error("'" + name + "' is no JPEG file, or a damaged one.");
  Image image{width, height, channels, {}};
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                    static_cast<std::size_t>(channels);
  image.pixels.assign(pixels.get(), pixels.get() + size);
  return image;
}

}  // namespace hourglass
