// Sheets of images (png.h): laying out and cutting.
#include <algorithm>
#include <cassert>

#include "core/base/error.h"
#include "core/formats/png.h"

namespace hourglass {
namespace {

std::uint8_t to_byte(Scalar value) {
  if (!(value > 0)) return 0;  // NaN too
  return value < 1 ? static_cast<std::uint8_t>(value * 255 + Scalar(0.5)) : 255;
}

}  // namespace

Image make_grid(std::span<const ConstMatrixView> sets, const ImageShape& shape,
                const GridLayout& layout) {
  assert(!sets.empty() && layout.columns >= 1 && layout.spacing >= 0);
  assert(shape.channels == 1 || shape.channels == 3);
  const Index count = sets[0].cols();
  for ([[maybe_unused]] const ConstMatrixView& set : sets) {
    assert(set.cols() == count && set.rows() == shape.features());
  }
  const Index set_count = static_cast<Index>(sets.size());
  const Index columns = std::max<Index>(1, std::min<Index>(layout.columns, count));
  const Index lines = (count + columns - 1) / columns * set_count;
  const Index step_x = shape.columns + layout.spacing, step_y = shape.rows + layout.spacing;
  const Index margin = layout.border ? layout.spacing : 0;
  const Index width = columns * step_x - layout.spacing + 2 * margin;
  const Index height = lines * step_y - layout.spacing + 2 * margin;
  if (count == 0 || width < 1 || height < 1 || width > kMaxImageSide || height > kMaxImageSide) {
    throw Error("A sheet of " + std::to_string(count * set_count) + " images, " +
                std::to_string(columns) + " to a line, would be " + std::to_string(width) + " x " +
                std::to_string(height) + " pixels; it must have 1 to " +
                std::to_string(kMaxImageSide) + " a side.");
  }
  Image image{
      static_cast<int>(width), static_cast<int>(height), static_cast<int>(shape.channels), {}};
  image.pixels.assign(static_cast<std::size_t>(width * height * shape.channels), layout.background);
  for (Index set = 0; set < set_count; ++set) {
    for (Index i = 0; i < count; ++i) {
      const Index left = margin + i % columns * step_x;
      const Index top = margin + (i / columns * set_count + set) * step_y;
      const Scalar* value = sets[static_cast<std::size_t>(set)].col(i).data();
      for (Index channel = 0; channel < shape.channels; ++channel) {
        for (Index y = 0; y < shape.rows; ++y) {
          for (Index x = 0; x < shape.columns; ++x) {
            const Index pixel = (top + y) * width + left + x;
            image.pixels[static_cast<std::size_t>(pixel * shape.channels + channel)] =
                to_byte(*value++);
          }
        }
      }
    }
  }
  return image;
}

Image make_grid(const ConstMatrixView& images, const ImageShape& shape, const GridLayout& layout) {
  return make_grid(std::span<const ConstMatrixView>(&images, 1), shape, layout);
}

std::vector<float> split_grid(const Image& image, const ImageShape& shape,
                              const std::string& name) {
  assert(shape.features() > 0);
  if (image.width % shape.columns != 0 || image.height % shape.rows != 0 ||
      image.channels != shape.channels) {
    throw Error("'" + name + "' has " + std::to_string(image.width) + " x " +
                std::to_string(image.height) + " pixels of " + std::to_string(image.channels) +
                (image.channels == 1 ? " channel" : " channels") + "; images of " +
                std::to_string(shape.columns) + " x " + std::to_string(shape.rows) + " pixels of " +
                std::to_string(shape.channels) + (shape.channels == 1 ? " channel" : " channels") +
                ", or a sheet of such images without gaps, are needed.");
  }
  const Index across = image.width / shape.columns, down = image.height / shape.rows;
  std::vector<float> values(static_cast<std::size_t>(across * down * shape.features()));
  float* to = values.data();
  for (Index tile = 0; tile < across * down; ++tile) {
    const Index left = tile % across * shape.columns, top = tile / across * shape.rows;
    for (Index channel = 0; channel < shape.channels; ++channel) {
      for (Index y = 0; y < shape.rows; ++y) {
        for (Index x = 0; x < shape.columns; ++x) {
          const Index pixel = (top + y) * image.width + left + x;
          *to++ = static_cast<float>(
                      image.pixels[static_cast<std::size_t>(pixel * image.channels + channel)]) /
                  255.0f;
        }
      }
    }
  }
  return values;
}

}  // namespace hourglass
