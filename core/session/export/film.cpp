#include "core/session/export/film.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/names.h"
#include "core/formats/gif.h"

namespace hourglass::session {
namespace {

constexpr std::array<std::string_view, 2> kFilmNames = {"film_images", "film_map"};

constexpr int kFrameHundredths = 11, kLastHundredths = 150;
constexpr int kBarHeight = 4;
constexpr std::uint32_t kFilmPaper = 0xffffff, kFilmBar = 0x3f90da, kFilmBarRest = 0xe9e7e2;

// Places in the palettes behind what a film is of.
struct FilmColors {
  std::uint8_t paper, bar, rest;
};

FilmColors add_film_colors(std::vector<std::uint32_t>& palette) {
  const auto first = static_cast<std::uint8_t>(palette.size());
  palette.insert(palette.end(), {kFilmPaper, kFilmBar, kFilmBarRest});
  return {first, static_cast<std::uint8_t>(first + 1), static_cast<std::uint8_t>(first + 2)};
}

// A frame of a film, as places in a palette.
struct FilmSheet {
  FilmSheet(int width, int height, std::uint8_t paper)
      : width(width), height(height), pixels(static_cast<std::size_t>(width) * height, paper) {}

  void box(int x, int y, int w, int h, std::uint8_t color) {
    for (int row = std::max(y, 0); row < std::min(y + h, height); ++row) {
      for (int column = std::max(x, 0); column < std::min(x + w, width); ++column) {
        pixels[static_cast<std::size_t>(row) * width + column] = color;
      }
    }
  }
  void bar(double share, const FilmColors& colors) {
    box(0, height - kBarHeight, width, kBarHeight, colors.rest);
    box(0, height - kBarHeight, static_cast<int>(std::lround(share * width)), kBarHeight,
        colors.bar);
  }

  int width, height;
  std::vector<std::uint8_t> pixels;
};

std::vector<std::uint8_t> film_bytes(GifWriter& gif, std::size_t frames, const FilmColors& colors,
                                     const auto& draw) {
  for (std::size_t i = 0; i < frames; ++i) {
    FilmSheet sheet = draw(i);
    sheet.bar(static_cast<double>(i + 1) / static_cast<double>(frames), colors);
    gif.add(sheet.pixels, i + 1 < frames ? kFrameHundredths : kLastHundredths);
  }
  return gif.finish();
}

// -------------------------------------------------------------------------------- reconstructions

constexpr int kImagesAbreast = 10, kImageGap = 4;
constexpr int kGreys = 253;     // beside the three of the film itself
constexpr int kLevels = 6;      // of each of three colours
constexpr int kLeastCell = 56;  // pixels: small images are enlarged

// Where images are in a frame. Those of other numbers of channels than 1 and 3 are drawn as their
// planes, one below the other.
struct FilmGrid {
  int rows, columns, channels, scale;
  int count, abreast;

  int cell_width() const { return columns * scale; }
  int cell_height() const { return rows * scale; }
  int lines() const { return (count + abreast - 1) / abreast; }
  int width() const { return abreast * (cell_width() + kImageGap) + kImageGap; }
  // Originals, right below them what is made of them, and air.
  int line_height() const { return 2 * cell_height() + 1 + 2 * kImageGap; }
  int height() const { return lines() * line_height() + kImageGap + kBarHeight; }
};

std::vector<std::uint32_t> film_palette(int channels) {
  std::vector<std::uint32_t> palette;
  if (channels == 1) {
    for (int i = 0; i < kGreys; ++i) {
      const auto grey = static_cast<std::uint32_t>(std::lround(i * 255.0 / (kGreys - 1)));
      palette.push_back(grey << 16 | grey << 8 | grey);
    }
    return palette;
  }
  for (std::uint32_t i = 0; i < kLevels * kLevels * kLevels; ++i) {
    constexpr std::uint32_t kApart = 255 / (kLevels - 1);
    palette.push_back((i / (kLevels * kLevels) * kApart) << 16 |
                      (i / kLevels % kLevels * kApart) << 8 | i % kLevels * kApart);
  }
  return palette;
}

// The place in the palette of the pixel at `at` of an image of `size` pixels a channel.
std::uint8_t film_color(const std::uint8_t* image, std::size_t size, std::size_t at, int channels) {
  const auto nearest = [](std::uint8_t value, int count) {
    return static_cast<int>(std::lround(value * (count - 1) / 255.0));
  };
  if (channels == 1) return static_cast<std::uint8_t>(nearest(image[at], kGreys));
  int place = 0;
  for (int c = 0; c < 3; ++c) {
    place = place * kLevels + nearest(image[static_cast<std::size_t>(c) * size + at], kLevels);
  }
  return static_cast<std::uint8_t>(place);
}

void draw_film_image(FilmSheet& sheet, const FilmGrid& grid, const std::uint8_t* image, int x,
                     int y) {
  const auto size = static_cast<std::size_t>(grid.rows) * static_cast<std::size_t>(grid.columns);
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      const std::size_t at = static_cast<std::size_t>(row) * grid.columns + column;
      sheet.box(x + column * grid.scale, y + row * grid.scale, grid.scale, grid.scale,
                film_color(image, size, at, grid.channels));
    }
  }
}

// ------------------------------------------------------------------------------------------- map

constexpr int kMapSide = 480, kMapMargin = 12;
constexpr std::array<std::uint32_t, 10> kFilmClasses = {0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2,
                                                        0x832db6, 0xa96b59, 0xe76300, 0xb9ac70,
                                                        0x717581, 0x92dadd};

struct FilmExtent {
  double low = HUGE_VAL, high = -HUGE_VAL;

  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double middle() const { return (low + high) / 2; }
  double span() const { return high - low; }
};

}  // namespace

FilmKind film_kind_from_name(std::string_view name) {
  return value_from_name<FilmKind>(kFilmNames, name, "film");
}

bool is_film_kind(std::string_view name) {
  return std::ranges::find(kFilmNames, name) != kFilmNames.end();
}

Film::Film(FilmKind kind, const DataReady& data)
    : kind_(kind), channels_(data.channels), rows_(data.rows), columns_(data.columns) {
  if (kind == FilmKind::kImages && (data.rows < 2 || !data.words.empty())) {
    throw Error("There is no film of images: the data are none.");
  }
  if (static_cast<std::int64_t>(data.map_labels.size()) == data.map_points) {
    labels_ = data.map_labels;
  }
}

void Film::add(const Snapshot& snapshot) {
  if (kind_ == FilmKind::kMap) {
    if (!snapshot.map_points || snapshot.map_points->empty()) return;
    frames_.push_back({.points = snapshot.map_points});
    return;
  }
  const auto bytes = static_cast<std::size_t>(snapshot.image_count * channels_ * rows_ * columns_);
  const bool is_whole = bytes > 0 && snapshot.originals && snapshot.reconstructed &&
                        snapshot.originals->size() == bytes &&
                        snapshot.reconstructed->size() == bytes;
  if (!is_whole) return;
  if (!frames_.empty() && frames_.front().image_count != snapshot.image_count) return;
  frames_.push_back({.image_count = snapshot.image_count,
                     .originals = snapshot.originals,
                     .made = snapshot.reconstructed});
}

ExportedFile Film::file() const {
  if (frames_.empty()) {
    throw Error("There is no film to save yet: it is made of the moments of a run.");
  }
  return kind_ == FilmKind::kMap ? file_of_map() : file_of_images();
}

ExportedFile Film::file_of_images() const {
  const bool planes = channels_ != 1 && channels_ != 3;
  const auto rows = static_cast<int>(planes ? channels_ * rows_ : rows_);
  const auto columns = static_cast<int>(columns_);
  const auto count = static_cast<int>(frames_.front().image_count);
  const FilmGrid grid{.rows = rows,
                      .columns = columns,
                      .channels = planes ? 1 : static_cast<int>(channels_),
                      .scale = std::max(1, kLeastCell / std::max(rows, columns)),
                      .count = count,
                      .abreast = std::min(count, kImagesAbreast)};
  std::vector<std::uint32_t> palette = film_palette(grid.channels);
  const FilmColors colors = add_film_colors(palette);
  GifWriter gif(grid.width(), grid.height(), palette);
  const auto features = static_cast<std::size_t>(channels_ * rows_ * columns_);
  const auto draw = [&](std::size_t frame) {
    FilmSheet sheet(grid.width(), grid.height(), colors.paper);
    for (int i = 0; i < count; ++i) {
      const int x = kImageGap + i % grid.abreast * (grid.cell_width() + kImageGap);
      const int y = kImageGap + i / grid.abreast * grid.line_height();
      const std::size_t at = static_cast<std::size_t>(i) * features;
      draw_film_image(sheet, grid, frames_[frame].originals->data() + at, x, y);
      draw_film_image(sheet, grid, frames_[frame].made->data() + at, x, y + grid.cell_height() + 1);
    }
    return sheet;
  };
  return {"reconstructions.gif", film_bytes(gif, frames_.size(), colors, draw)};
}

ExportedFile Film::file_of_map() const {
  FilmExtent u, v;
  const auto for_each_point = [](const Floats& points, const auto& take) {
    for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
      if (!std::isfinite(points[i]) || !std::isfinite(points[i + 1])) continue;
      take(i / 2, static_cast<double>(points[i]), static_cast<double>(points[i + 1]));
    }
  };
  for (const Frame& frame : frames_) {
    for_each_point(*frame.points, [&](std::size_t, double x, double y) {
      u.take(x);
      v.take(y);
    });
  }
  const double span = std::max({u.span(), v.span(), 1e-12});
  std::vector<std::uint32_t> palette(kFilmClasses.begin(), kFilmClasses.end());
  const FilmColors colors = add_film_colors(palette);
  GifWriter gif(kMapSide, kMapSide + kBarHeight, palette);
  const auto draw = [&](std::size_t frame) {
    FilmSheet sheet(kMapSide, kMapSide + kBarHeight, colors.paper);
    const double room = (kMapSide - 2 * kMapMargin) / span;
    for_each_point(*frames_[frame].points, [&](std::size_t i, double x, double y) {
      const auto left = static_cast<int>(std::lround(kMapSide / 2 + (x - u.middle()) * room));
      const auto top = static_cast<int>(std::lround(kMapSide / 2 - (y - v.middle()) * room));
      const std::int32_t label = i < labels_.size() ? std::max(labels_[i], 0) : 0;
      const auto color = static_cast<std::uint8_t>(label % 10);
      sheet.box(left - 1, top, 3, 1, color);  // a dot is a small cross
      sheet.box(left, top - 1, 1, 3, color);
    });
    return sheet;
  };
  return {"map.gif", film_bytes(gif, frames_.size(), colors, draw)};
}

}  // namespace hourglass::session
