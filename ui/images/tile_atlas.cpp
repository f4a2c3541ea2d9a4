#include "ui/images/tile_atlas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace hourglass::ui {
namespace {

constexpr std::int64_t kMaxTiles = 256;
// Smaller tiles are enlarged pixel by pixel: the filter between pixels would make mist of a 3 x 3
// kernel.
constexpr int kSharpSide = 33;

int channel(Rgb rgb, int shift) { return static_cast<int>((rgb >> shift) & 0xFF); }

}  // namespace

Rgb diverging_color(std::uint8_t value, const Palette& colors) {
  const int away = std::clamp(static_cast<int>(value) - 128, -127, 127);
  const Rgb end = away < 0 ? colors.negative : colors.positive;
  const double share = std::abs(away) / 127.0;
  Rgb mixed = 0;
  for (const int shift : {16, 8, 0}) {
    const double from = channel(colors.tile, shift), to = channel(end, shift);
    mixed |= static_cast<Rgb>(std::lround(from + (to - from) * share)) << shift;
  }
  return mixed;
}

void TileAtlas::update(std::uint64_t revision, const session::Snapshot& snapshot,
                       const Palette& colors) {
  if (revision == revision_ && colors.tile == paper_) return;
  revision_ = revision;
  paper_ = colors.tile;
  count_ = 0;
  const std::int64_t channels = snapshot.tile_channels, rows = snapshot.tile_rows,
                     columns = snapshot.tile_columns;
  if (!snapshot.tiles || channels < 1 || rows < 1 || columns < 1 || rows > kLargestTexture - 2 ||
      columns > kLargestTexture - 2 || channels > 65536) {
    return;
  }
  const std::int64_t plane = rows * columns, features = channels * plane;
  const int larger = static_cast<int>(std::max(rows, columns));
  const int zoom = larger >= kSharpSide ? 1 : (kSharpSide + larger - 1) / larger;
  width_ = static_cast<int>(columns) * zoom;
  height_ = static_cast<int>(rows) * zoom;
  const int across = kLargestTexture / (width_ + 2), down = kLargestTexture / (height_ + 2);
  const std::int64_t count = std::min({static_cast<std::int64_t>(snapshot.tiles->size()) / features,
                                       kMaxTiles, static_cast<std::int64_t>(across) * down});
  if (count < 1) return;

  count_ = static_cast<int>(count);
  across_ = std::min(across, count_);
  aspect_ = static_cast<float>(columns) / static_cast<float>(rows);
  colored_ = channels == 3;
  blank_.assign(static_cast<std::size_t>(count_), true);
  std::array<Rgb, 256> table;
  for (int i = 0; i < 256; ++i) {
    table[static_cast<std::size_t>(i)] = diverging_color(static_cast<std::uint8_t>(i), colors);
  }
  const int texture_width = across_ * (width_ + 2);
  const int texture_height = ((count_ + across_ - 1) / across_) * (height_ + 2);
  std::vector<Rgb> pixels(static_cast<std::size_t>(plane));
  texture_.update(texture_width, texture_height, [&](std::span<std::uint8_t> out) {
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    for (int tile = 0; tile < count_; ++tile) {
      const std::uint8_t* bytes = snapshot.tiles->data() + tile * features;
      blank_[static_cast<std::size_t>(tile)] =
          std::all_of(bytes, bytes + features, [](std::uint8_t value) { return value == 128; });
      for (std::int64_t i = 0; i < plane; ++i) {
        Rgb& pixel = pixels[static_cast<std::size_t>(i)];
        if (colored_) {
          pixel = static_cast<Rgb>(bytes[i]) << 16 | static_cast<Rgb>(bytes[plane + i]) << 8 |
                  bytes[2 * plane + i];
          continue;
        }
        std::int64_t sum = 0;
        for (std::int64_t c = 0; c < channels; ++c) sum += bytes[c * plane + i];
        pixel = table[static_cast<std::size_t>((sum + channels / 2) / channels)];
      }
      const int left = (tile % across_) * (width_ + 2), top = (tile / across_) * (height_ + 2);
      // One more pixel on every side repeats the edge: the filter between pixels reads it.
      for (int y = 0; y < height_ + 2; ++y) {
        const std::int64_t row = std::clamp(y - 1, 0, height_ - 1) / zoom;
        std::uint8_t* to = out.data() + 4 * (static_cast<std::size_t>(top + y) *
                                                 static_cast<std::size_t>(texture_width) +
                                             static_cast<std::size_t>(left));
        for (int x = 0; x < width_ + 2; ++x, to += 4) {
          const std::int64_t column = std::clamp(x - 1, 0, width_ - 1) / zoom;
          const Rgb pixel = pixels[static_cast<std::size_t>(row * columns + column)];
          to[0] = static_cast<std::uint8_t>(channel(pixel, 16));
          to[1] = static_cast<std::uint8_t>(channel(pixel, 8));
          to[2] = static_cast<std::uint8_t>(channel(pixel, 0));
          to[3] = 255;
        }
      }
    }
  });
}

void TileAtlas::corners(int index, ImVec2& from, ImVec2& to) const {
  const float w = static_cast<float>(texture_.width()), h = static_cast<float>(texture_.height());
  const float x = static_cast<float>((index % across_) * (width_ + 2) + 1);
  const float y = static_cast<float>((index / across_) * (height_ + 2) + 1);
  from = {x / w, y / h};
  to = {(x + static_cast<float>(width_)) / w, (y + static_cast<float>(height_)) / h};
}

TileGrid arrange_tiles(int count, float width, float height, float least, float most, float spacing,
                       float bar) {
  TileGrid best;
  if (count < 1 || width <= 0 || height <= 0) return best;
  most = std::max(least, std::min(most, height));
  const int widest = std::max(1, static_cast<int>((width + spacing) / (least + spacing)));
  for (int columns = 1; columns <= std::min(widest, count); ++columns) {
    const float room = (width + spacing) / static_cast<float>(columns) - spacing;
    const float cell = std::floor(std::min(most, room));
    const float lines = static_cast<float>((count + columns - 1) / columns);
    const float all = lines * (cell + spacing) - spacing;
    // Of arrangements with the same places the wider one is the calmer.
    if (all <= height && cell >= best.cell) best = {columns, cell, all, false};
  }
  if (best.columns > 0 && best.cell >= least) return best;
  width -= bar;
  const float good = std::min(most, least * 1.25f);
  const int columns = std::max(1, static_cast<int>((width + spacing) / (good + spacing)));
  const float cell =
      std::floor(std::min(most, (width + spacing) / static_cast<float>(columns) - spacing));
  const float lines = static_cast<float>((count + columns - 1) / columns);
  return {columns, cell, lines * (cell + spacing) - spacing, true};
}

}  // namespace hourglass::ui
