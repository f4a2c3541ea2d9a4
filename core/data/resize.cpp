#include "core/data/resize.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace hourglass {
namespace {

// Which of the old pixels one new pixel is made of; the weights sum to 1.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Taps> taps_of_side(int from, int to) {
  std::vector<Taps> all(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    Taps& taps = all[static_cast<std::size_t>(i)];
    if (from > to) {
      const double begin = i * step, end = (i + 1) * step;
      taps.first = static_cast<int>(begin);
      const int last = std::min(from, static_cast<int>(std::ceil(end - 1e-9)));
      for (int x = taps.first; x < last; ++x) {
        const double covered = std::min(end, x + 1.0) - std::max(begin, static_cast<double>(x));
        taps.weights.push_back(static_cast<float>(std::max(0.0, covered) / step));
      }
    } else {
      const double centre = std::clamp((i + 0.5) * step - 0.5, 0.0, from - 1.0);
      taps.first = static_cast<int>(centre);
      const auto behind = static_cast<float>(centre - taps.first);
      taps.weights = {1 - behind};
      if (behind > 0) taps.weights.push_back(behind);
    }
  }
  return all;
}

using Pixel = std::array<float, 3>;  // grey in the first

Pixel pixel_at(const std::uint8_t* at, int channels, bool colour, float ground) {
  const float alpha = channels % 2 == 0 ? static_cast<float>(at[channels - 1]) / 255 : 1;
  const auto on_ground = [&](int channel) {
    return alpha * static_cast<float>(at[channel]) + (1 - alpha) * ground;
  };
  if (channels <= 2) {
    const float grey = on_ground(0);
    return {grey, grey, grey};
  }
  const Pixel rgb{on_ground(0), on_ground(1), on_ground(2)};
  if (colour) return rgb;
  return {0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2], 0, 0};
}

}  // namespace

std::vector<std::uint8_t> resized(const Image& image, int rows, int columns, bool colour,
                                  std::uint8_t ground) {
  assert(image.width > 0 && image.height > 0 && rows > 0 && columns > 0);
  const bool stays = image.width == columns && image.height == rows;
  if (stays && image.channels == 1 && !colour) return image.pixels;
  const std::vector<Taps> across = taps_of_side(image.width, columns);
  const std::vector<Taps> down = taps_of_side(image.height, rows);
  const std::size_t channels = colour ? 3 : 1;
  const std::size_t height = down.size(), width = across.size();
  std::vector<std::uint8_t> out(channels * height * width);
  for (std::size_t row = 0; row < height; ++row) {
    for (std::size_t column = 0; column < width; ++column) {
      Pixel sum{};
      for (std::size_t y = 0; y < down[row].weights.size(); ++y) {
        const auto line = static_cast<std::size_t>(down[row].first) + y;
        const std::size_t start = line * static_cast<std::size_t>(image.width) +
                                  static_cast<std::size_t>(across[column].first);
        const std::uint8_t* at =
            image.pixels.data() + start * static_cast<std::size_t>(image.channels);
        for (const float weight : across[column].weights) {
          const Pixel pixel = pixel_at(at, image.channels, colour, ground);
          for (std::size_t c = 0; c < channels; ++c) {
            sum[c] += down[row].weights[y] * weight * pixel[c];
          }
          at += image.channels;
        }
      }
      for (std::size_t c = 0; c < channels; ++c) {
        out[(c * height + row) * width + column] =
            static_cast<std::uint8_t>(std::clamp(sum[c] + 0.5f, 0.0f, 255.0f));
      }
    }
  }
  return out;
}

}  // namespace hourglass
