#include "core/data/picture.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/data/resize.h"
#include "core/formats/jpeg.h"
#include "core/formats/png.h"

namespace hourglass {

std::vector<std::uint8_t> picture_as_image(std::span<const std::uint8_t> file,
                                           const std::string& name, const ImageShape& shape) {
  const bool colour = shape.channels == 3;
  if (std::min(shape.rows, shape.columns) < 2 || (shape.channels != 1 && !colour)) {
    throw Error(
        "'" + name +
        "' cannot become a sample: the data in use are no images of one or three channels.");
  }
  const bool is_png = file.size() > 1 && file[0] == 0x89 && file[1] == 'P';
  const bool is_jpeg = file.size() > 1 && file[0] == 0xFF && file[1] == 0xD8;
  if (!is_png && !is_jpeg) {
    throw Error("'" + name +
                "' is neither a PNG nor a JPEG, which are the pictures that are read.");
  }
  const Image image = is_jpeg ? read_jpeg(file, name, colour ? 3 : 1) : read_png(file, name);
  return resized(image, static_cast<int>(shape.rows), static_cast<int>(shape.columns), colour);
}

}  // namespace hourglass
