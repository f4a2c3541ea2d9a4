#include "core/formats/image_file.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/base/error.h"
#include "core/formats/bmp.h"
#include "core/formats/jpeg.h"
#include "core/formats/jpeg_header.h"

namespace hourglass {
namespace {

bool is_png_file(std::span<const std::uint8_t> file) {
  return file.size() > 25 && file[0] == 0x89 && file[1] == 'P';
}

bool is_jpeg_file(std::span<const std::uint8_t> file) {
  return file.size() > 2 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF;
}

}  // namespace

Image read_image_file(std::span<const std::uint8_t> file, const std::string& name, bool colour) {
  if (is_png_file(file)) return read_png(file, name);
  if (is_jpeg_file(file)) {
    const auto header = read_jpeg_header(file);
    return oriented(read_jpeg(file, name, colour ? 3 : 1), header ? header->orientation : 1);
  }
  if (is_bmp(file)) return read_bmp(file, name);
  throw Error("'" + name + "' is no picture that is read: PNG, JPEG and BMP are" +
              (file.empty() ? ", and it is empty." : "."));
}

bool may_have_colour(std::span<const std::uint8_t> file) {
  constexpr std::size_t kColourType = 25;
  if (is_png_file(file)) return (file[kColourType] & 2) != 0;
  if (!is_jpeg_file(file)) return true;
  const auto header = read_jpeg_header(file);
  return header && header->components > 1;
}

Image oriented(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  // 5 to 8 exchange rows and columns; what is left is mirrored across, down, or both.
  const bool turns = orientation >= 5;
  const bool across = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool down = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  Image out{turns ? image.height : image.width, turns ? image.width : image.height, image.channels,
            std::vector<std::uint8_t>(image.pixels.size())};
  const auto channels = static_cast<std::size_t>(image.channels);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int a = across ? out.width - 1 - x : x;
      const int b = down ? out.height - 1 - y : y;
      const std::pair<int, int> from = turns ? std::pair(b, a) : std::pair(a, b);
      const std::size_t source =
          static_cast<std::size_t>(from.second) * static_cast<std::size_t>(image.width) +
          static_cast<std::size_t>(from.first);
      const std::size_t target = static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) +
                                 static_cast<std::size_t>(x);
      std::copy_n(image.pixels.begin() + static_cast<std::ptrdiff_t>(source * channels),
                  image.channels,
                  out.pixels.begin() + static_cast<std::ptrdiff_t>(target * channels));
    }
  }
  return out;
}

}  // namespace hourglass
