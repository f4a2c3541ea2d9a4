// JPEG by stb, which is compiled here for JPEG alone.
#define STBI_ONLY_JPEG
#include "core/formats/jpeg.h"

#include <cassert>
#include <limits>
#include <memory>

#include "core/base/error.h"
#include "core/formats/stb_private.h"

namespace hourglass {
namespace {

static_assert(kMaxImageSide == STBI_MAX_DIMENSIONS);

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
