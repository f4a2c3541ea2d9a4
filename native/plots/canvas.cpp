#include "native/plots/canvas.h"

#include <algorithm>
#include <cmath>

#include "native/plots/glyphs.h"

namespace hourglass {
namespace {

constexpr float kGlyphHeight = 12, kGlyphGap = 3.5f;

// Calls pen(x0, y0, x1, y1) for every straight piece of `text` in the glyphs' units.
template <typename Pen>
void write(std::string_view text, Pen pen) {
  float x = 0;
  for (const char character : text) {
    const Glyph glyph = glyph_of(character);
    for (const auto& stroke : glyph.strokes) {
      if (stroke.size() == 1) pen(x + stroke[0].x, stroke[0].y, x + stroke[0].x, stroke[0].y);
      for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
        pen(x + stroke[i].x, stroke[i].y, x + stroke[i + 1].x, stroke[i + 1].y);
      }
    }
    x += glyph.width + kGlyphGap;
  }
}

}  // namespace

Canvas::Canvas(int width, int height)
    : width_(width),
      height_(height),
      pixels_(static_cast<std::size_t>(width) * height * 3, 255.0f) {}

void Canvas::blend(int x, int y, Rgb color, float opacity) {
  float* const pixel = pixels_.data() + (static_cast<std::size_t>(y) * width_ + x) * 3;
  for (int channel = 0; channel < 3; ++channel) {
    const auto value = static_cast<float>(color >> (16 - 8 * channel) & 0xFF);
    pixel[channel] += (value - pixel[channel]) * opacity;
  }
}

void Canvas::dot(float x, float y, float radius, Rgb color, float opacity) {
  line(x, y, x, y, 2 * radius, color, opacity);
}

void Canvas::line(float x0, float y0, float x1, float y1, float thickness, Rgb color,
                  float opacity) {
  const float radius = thickness / 2, reach = radius + 1;
  const auto bound = [](float value, int most) {
    return static_cast<int>(std::clamp(value, 0.0f, static_cast<float>(most)));
  };
  const int left = bound(std::min(x0, x1) - reach, width_);
  const int right = bound(std::max(x0, x1) + reach + 1, width_);
  const int top = bound(std::min(y0, y1) - reach, height_);
  const int bottom = bound(std::max(y0, y1) + reach + 1, height_);
  const float dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy;
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      const float px = static_cast<float>(x) + 0.5f - x0, py = static_cast<float>(y) + 0.5f - y0;
      const float t = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0f, 1.0f) : 0.0f;
      const float distance = std::hypot(px - t * dx, py - t * dy);
      // A stroke thinner than a pixel is paler, not thinner.
      const float coverage = std::min(radius + 0.5f - distance, std::min(1.0f, thickness));
      if (coverage > 0) blend(x, y, color, std::min(coverage, 1.0f) * opacity);
    }
  }
}

void Canvas::picture(const Image& image, float x, float y, float width, float height) {
  const int left = static_cast<int>(std::lround(x)), top = static_cast<int>(std::lround(y));
  const int wide = static_cast<int>(std::lround(width));
  const int high = static_cast<int>(std::lround(height));
  const auto from = [](int i, int pixels, int size) {
    return static_cast<int>(static_cast<std::int64_t>(i) * size / pixels);
  };
  for (int j = std::max(0, -top); j < std::min(high, height_ - top); ++j) {
    const int row = from(j, high, image.height);
    const int row_end = std::max(row + 1, from(j + 1, high, image.height));
    for (int i = std::max(0, -left); i < std::min(wide, width_ - left); ++i) {
      const int column = from(i, wide, image.width);
      const int column_end = std::max(column + 1, from(i + 1, wide, image.width));
      float* const pixel =
          pixels_.data() + (static_cast<std::size_t>(top + j) * width_ + left + i) * 3;
      for (int channel = 0; channel < 3; ++channel) {
        float sum = 0;
        for (int r = row; r < row_end; ++r) {
          for (int c = column; c < column_end; ++c) {
            const std::size_t at = static_cast<std::size_t>(r) * image.width + c;
            sum += image.pixels[at * image.channels + (image.channels == 3 ? channel : 0)];
          }
        }
        pixel[channel] = sum / static_cast<float>((row_end - row) * (column_end - column));
      }
    }
  }
}

void Canvas::frame(float x, float y, float width, float height, float thickness, Rgb color) {
  box(x - thickness, y - thickness, width + 2 * thickness, thickness, color);
  box(x - thickness, y + height, width + 2 * thickness, thickness, color);
  box(x - thickness, y, thickness, height, color);
  box(x + width, y, thickness, height, color);
}

void Canvas::box(float x, float y, float width, float height, Rgb color, float opacity) {
  const int left = std::max(0, static_cast<int>(std::lround(x)));
  const int top = std::max(0, static_cast<int>(std::lround(y)));
  const int right = std::min(width_, static_cast<int>(std::lround(x + width)));
  const int bottom = std::min(height_, static_cast<int>(std::lround(y + height)));
  for (int j = top; j < bottom; ++j) {
    for (int i = left; i < right; ++i) blend(i, j, color, opacity);
  }
}

void Canvas::text(std::string_view text, float x, float y, float size, float thickness, Rgb color) {
  const float scale = size / kGlyphHeight;
  write(text, [&](float x0, float y0, float x1, float y1) {
    line(x + x0 * scale, y + (y0 - kGlyphHeight) * scale, x + x1 * scale,
         y + (y1 - kGlyphHeight) * scale, thickness, color);
  });
}

void Canvas::text_upwards(std::string_view text, float x, float y, float size, float thickness,
                          Rgb color) {
  const float scale = size / kGlyphHeight;
  write(text, [&](float x0, float y0, float x1, float y1) {
    line(x + (y0 - kGlyphHeight) * scale, y - x0 * scale, x + (y1 - kGlyphHeight) * scale,
         y - x1 * scale, thickness, color);
  });
}

float Canvas::text_width(std::string_view text, float size) {
  float width = 0;
  for (const char character : text) width += glyph_of(character).width + kGlyphGap;
  return std::max(0.0f, width - kGlyphGap) * size / kGlyphHeight;
}

Image Canvas::image() const {
  Image image{width_, height_, 3, {}};
  image.pixels.reserve(pixels_.size());
  for (const float value : pixels_) {
    image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f)));
  }
  return image;
}

}  // namespace hourglass
