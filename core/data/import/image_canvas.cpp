#include "core/data/import/image_canvas.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/data/import/sentences.h"
#include "core/data/resize.h"
#include "core/data/sources/mnist.h"
#include "core/formats/byte_reader.h"

namespace hourglass {
namespace {

// Whether any pixel lets something through.
bool has_clear_pixels(const Image& image) {
  if (image.channels % 2 != 0) return false;
  const auto channels = static_cast<std::size_t>(image.channels);
  for (std::size_t at = channels - 1; at < image.pixels.size(); at += channels) {
    if (image.pixels[at] != 255) return true;
  }
  return false;
}

std::size_t scaled_side(int side, double scale, std::size_t most) {
  return std::clamp(static_cast<std::size_t>(std::lround(side * scale)), std::size_t{1}, most);
}

}  // namespace

ImageCanvas::ImageCanvas(const ImageShape& shape, Fit fit, Ground ground, std::size_t expected)
    : shape_(shape),
      fit_(fit),
      ground_(ground),
      rows_(static_cast<std::size_t>(shape.rows)),
      columns_(static_cast<std::size_t>(shape.columns)),
      channels_(static_cast<std::size_t>(shape.channels)),
      features_(static_cast<std::size_t>(shape.features())) {
  assert(shape.channels == 1 || shape.channels == 3);
  pixels_.reserve(expected * features_);
}

std::size_t ImageCanvas::add_place() {
  if (count_ == static_cast<std::size_t>(kMaxSamples) ||
      static_cast<std::uint64_t>(count_ + 1) * features_ > kMaxArrayBytes) {
    throw Refusal(sentence("images.more_than_room", {count_}));
  }
  pixels_.resize(pixels_.size() + features_);
  return count_++;
}

ImageCanvas::Area ImageCanvas::area_of(const Image& image) const {
  const Area whole{0, 0, rows_, columns_};
  if (fit_ != Fit::kFit) return whole;
  const double scale = std::min(static_cast<double>(rows_) / image.height,
                                static_cast<double>(columns_) / image.width);
  Area area{0, 0, scaled_side(image.height, scale, rows_),
            scaled_side(image.width, scale, columns_)};
  area.top = (rows_ - area.rows) / 2;
  area.left = (columns_ - area.columns) / 2;
  return area;
}

// The largest part in the middle that has the shape's proportions.
Image ImageCanvas::cut(const Image& image) const {
  const double scale = std::max(static_cast<double>(rows_) / image.height,
                                static_cast<double>(columns_) / image.width);
  const auto side = [&](std::size_t wanted, int has) {
    return std::clamp(static_cast<int>(std::lround(static_cast<double>(wanted) / scale)), 1, has);
  };
  Image part{side(columns_, image.width), side(rows_, image.height), image.channels, {}};
  const int left = (image.width - part.width) / 2, top = (image.height - part.height) / 2;
  const std::ptrdiff_t line = std::ptrdiff_t{image.width} * image.channels;
  for (int y = top; y < top + part.height; ++y) {
    const auto from = image.pixels.begin() + y * line + std::ptrdiff_t{left} * image.channels;
    part.pixels.insert(part.pixels.end(), from, from + std::ptrdiff_t{part.width} * part.channels);
  }
  return part;
}

void ImageCanvas::put(std::size_t place, const Image& image) {
  const bool has_proportions =
      std::size_t(image.width) * rows_ == std::size_t(image.height) * columns_;
  if (!has_proportions) ++facts_.of_other_proportions;
  const bool cuts = fit_ == Fit::kCrop && !has_proportions;
  const Image part = cuts ? cut(image) : Image{};
  const Image& used = cuts ? part : image;
  const Area area = area_of(used);
  const bool is_clear = has_clear_pixels(used);
  const auto content = [&](std::uint8_t ground) {
    return resized(used, static_cast<int>(area.rows), static_cast<int>(area.columns),
                   channels_ == 3, ground);
  };
  const auto first = content(ground_ == Ground::kBlack ? 0 : 255);
  write(place, area, first);
  if (is_clear) {
    ++facts_.transparent;
    if (ground_ == Ground::kAuto) {
      on_black_.push_back({place, area, content(0)});
      for (const std::uint8_t level : first) seen_on_white_ += 255 - level;
      for (const std::uint8_t level : on_black_.back().content) seen_on_black_ += level;
    }
  } else {
    look_at_edges(area, first);
  }
  if (area.rows < rows_ || area.columns < columns_) padded_.push_back({place, area, is_clear});
}

void ImageCanvas::write(std::size_t place, const Area& area,
                        std::span<const std::uint8_t> content) {
  std::uint8_t* const sample = pixels_.data() + place * features_;
  if (area.rows == rows_ && area.columns == columns_) {
    std::ranges::copy(content, sample);
    return;
  }
  for (std::size_t line = 0; line < channels_ * area.rows; ++line) {
    const std::size_t channel = line / area.rows, row = area.top + line % area.rows;
    std::copy_n(content.data() + line * area.columns, area.columns,
                sample + (channel * rows_ + row) * columns_ + area.left);
  }
}

void ImageCanvas::look_at_edges(const Area& area, std::span<const std::uint8_t> content) {
  for (std::size_t channel = 0; channel < channels_; ++channel) {
    const std::uint8_t* const plane = content.data() + channel * area.rows * area.columns;
    const std::uint8_t* const last = plane + (area.rows - 1) * area.columns;
    std::size_t sum = 0;
    for (std::size_t x = 0; x < area.columns; ++x) sum += std::size_t{plane[x]} + last[x];
    for (std::size_t y = 0; y < area.rows; ++y) {
      const std::uint8_t* const line = plane + y * area.columns;
      sum += std::size_t{line[0]} + line[area.columns - 1];
    }
    edge_sum_ += static_cast<double>(sum);
    edge_count_ += static_cast<double>(2 * (area.rows + area.columns));
  }
}

void ImageCanvas::fill_around(const Padded& padded, std::uint8_t level) {
  const Area& area = padded.area;
  std::uint8_t* line = pixels_.data() + padded.place * features_;
  for (std::size_t i = 0; i < channels_ * rows_; ++i, line += columns_) {
    const std::size_t row = i % rows_;
    const bool is_beside = row >= area.top && row < area.top + area.rows;
    std::fill_n(line, is_beside ? area.left : columns_, level);
    if (!is_beside) continue;
    const std::size_t right = area.left + area.columns;
    std::fill_n(line + right, columns_ - right, level);
  }
}

ImageCanvas::Facts ImageCanvas::finish() {
  // So much more must be seen on black before it is preferred to white, which paper has.
  constexpr double kFarMore = 8;
  facts_.ground_is_white = ground_ == Ground::kAuto ? seen_on_white_ * kFarMore >= seen_on_black_
                                                    : ground_ == Ground::kWhite;
  facts_.padding_is_white = ground_ == Ground::kAuto
                                ? edge_sum_ >= 127.5 * edge_count_ && edge_count_ > 0
                                : ground_ == Ground::kWhite;
  if (!facts_.ground_is_white) {
    for (const OnBlack& one : on_black_) write(one.place, one.area, one.content);
  }
  on_black_.clear();
  for (const Padded& one : padded_) {
    const bool white = one.is_transparent ? facts_.ground_is_white : facts_.padding_is_white;
    fill_around(one, white ? 255 : 0);
  }
  return facts_;
}

}  // namespace hourglass
