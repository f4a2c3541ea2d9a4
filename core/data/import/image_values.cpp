#include "core/data/import/image_values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

// "3x32x32" as numbers; empty if it is not of that form.
std::vector<int> numbers_between_crosses(std::string_view text) {
  std::vector<int> numbers;
  while (true) {
    const std::size_t end = text.find_first_of("xX");
    int number = 0;
    if (!parse_number(text.substr(0, end), number) || number < 1) return {};
    numbers.push_back(number);
    if (end == std::string_view::npos) return numbers;
    text.remove_prefix(end + 1);
  }
}

std::size_t colours_of(int channels) {
  return static_cast<std::size_t>(channels % 2 == 0 ? channels - 1 : channels);
}

// Calls change(value) for all values but alpha.
template <typename Values, typename Change>
void for_colours(Values& values, int channels, const Change& change) {
  const std::size_t colours = colours_of(channels);
  for (std::size_t at = 0; at < values.size(); at += static_cast<std::size_t>(channels)) {
    for (std::size_t c = 0; c < colours; ++c) change(values[at + c]);
  }
}

}  // namespace

TileSides tile_sides(const std::string& text) {
  if (text.empty()) return {};
  const std::vector<int> sides = numbers_between_crosses(text);
  if (sides.empty() || sides.size() > 2 || std::ranges::max(sides) > kMaxImageSide) {
    throw Refusal(sentence("images.bad_tiles", {text}));
  }
  return {sides.front(), sides.back()};
}

ImageShape wanted_shape(const ImportOptions& options, const TileSides& tiles) {
  const Index channels = options.colour ? 3 : 1;
  const auto fits = [](Index side) { return side >= 2 && side <= kMaxPixelsASide; };
  if (options.trained) {
    const ImageShape& shape = options.trained->shape;
    if (shape.is_vector() || (shape.channels != 1 && shape.channels != 3)) {
      throw Error("These are images, and the model takes " + shape_text(shape) +
                  (shape.is_vector() ? "." : " (channels, rows, columns)."));
    }
    return shape;
  }
  if (options.shape == "auto") {
    if (fits(tiles.rows) && fits(tiles.columns)) return {channels, tiles.rows, tiles.columns};
    return {channels, options.image_side, options.image_side};
  }
  const std::vector<int> sides = numbers_between_crosses(options.shape);
  ImageShape shape{channels, 0, 0};
  if (sides.size() == 2) shape = {channels, sides[0], sides[1]};
  if (sides.size() == 3) shape = {sides[0], sides[1], sides[2]};
  if (!fits(shape.rows) || !fits(shape.columns) || (shape.channels != 1 && shape.channels != 3)) {
    throw Refusal(sentence("images.bad_shape", {options.shape, kMaxPixelsASide}));
  }
  return shape;
}

PixelRange::PixelRange(const std::string& option) {
  if (option == "auto" || option == "own") return;
  const std::size_t dots = option.find("..", 1);
  const bool is_range = dots != std::string::npos &&
                        parse_number(std::string_view(option).substr(0, dots), low_) &&
                        parse_number(std::string_view(option).substr(dots + 2), high_);
  if (!is_range || !std::isfinite(low_) || !std::isfinite(high_) || low_ >= high_) {
    throw Refusal(sentence("images.bad_range", {option}));
  }
  is_said_ = true;
}

std::uint8_t PixelRange::level(double value) const {
  return static_cast<std::uint8_t>(
      std::lround(std::clamp((value - low_) / (high_ - low_), 0.0, 1.0) * 255));
}

void PixelRange::apply(Image& image) const {
  if (!is_said_) return;
  std::array<std::uint8_t, 256> levels{};
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = level(static_cast<double>(i));
  for_colours(image.pixels, image.channels, [&](std::uint8_t& value) { value = levels[value]; });
}

Image PixelRange::eight_bits(const DeepImage& image, std::uint16_t white) const {
  constexpr std::uint16_t kAllBits = 65535;
  Image out{image.width, image.height, image.channels,
            std::vector<std::uint8_t>(image.values.size())};
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    out.pixels[i] = static_cast<std::uint8_t>(image.values[i] >> 8);
  }
  if (!is_said_ && white == kAllBits) return out;
  std::size_t at = 0;
  const auto channels = static_cast<std::size_t>(image.channels);
  const std::size_t colours = colours_of(image.channels);
  for (; at < out.pixels.size(); ++at) {
    if (at % channels >= colours) continue;
    const std::uint32_t value = image.values[at];
    out.pixels[at] =
        is_said_
            ? level(value)
            : static_cast<std::uint8_t>((std::min<std::uint32_t>(value, white) * 255 + white / 2u) /
                                        std::max<std::uint32_t>(white, 1));
  }
  return out;
}

std::uint16_t largest_value(const DeepImage& image) {
  std::uint16_t largest = 0;
  for_colours(image.values, image.channels,
              [&](const std::uint16_t value) { largest = std::max(largest, value); });
  return largest;
}

std::uint16_t white_of(std::uint16_t largest) {
  constexpr std::uint16_t kUpperHalf = 1 << 15;
  return largest == 0 || largest >= kUpperHalf ? std::uint16_t{65535} : largest;
}

}  // namespace hourglass
