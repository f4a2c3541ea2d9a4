// A white sheet to draw pictures on, with soft edges, and a pen that can write.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/formats/png.h"

namespace hourglass {

// Coordinates are in pixels from the top left corner, with pixel (0, 0) covering [0, 1] x [0, 1].
// Colours are 0xRRGGBB. What falls outside is cut off.
class Canvas {
 public:
  using Rgb = std::uint32_t;

  Canvas(int width, int height);

  // A disc.
  void dot(float x, float y, float radius, Rgb color, float opacity = 1);
  // A straight stroke with round ends.
  void line(float x0, float y0, float x1, float y1, float thickness, Rgb color, float opacity = 1);

  // `image` (of 1 or 3 channels) as a picture of width x height: each pixel the mean of those that
  // it covers, or, enlarged, the nearest one.
  void picture(const Image& image, float x, float y, float width, float height);
  // The outline of a rectangle.
  void frame(float x, float y, float width, float height, float thickness, Rgb color);
  // A filled rectangle.
  void box(float x, float y, float width, float height, Rgb color, float opacity = 1);

  // One line of text in a plain single-stroke hand; letters of a capital's height `size`, on the
  // baseline `y`, from `x` to the right. Knows ASCII's letters, digits and some signs.
  void text(std::string_view text, float x, float y, float size, float thickness, Rgb color);
  // The same from top to bottom turned by a quarter to the left: reads upwards, from `y` on.
  void text_upwards(std::string_view text, float x, float y, float size, float thickness,
                    Rgb color);
  // How wide text() would be.
  static float text_width(std::string_view text, float size);

  Image image() const;

 private:
  void blend(int x, int y, Rgb color, float opacity);

  int width_, height_;
  std::vector<float> pixels_;  // red, green, blue in [0, 255]
};

}  // namespace hourglass
