// Images of any size, made samples of one shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/shape.h"
#include "core/data/import/import_options.h"
#include "core/formats/png.h"

namespace hourglass {

// Each image is resized as resized() does. One of other proportions than the shape's is padded, cut
// or distorted (Fit). Transparent pixels show the ground, and so does padding.
//
// Ground::kAuto: transparent pixels are white, or black where far more is seen of all images then.
// The padding of images without any is what the edges of all of them are nearer to, black or white.
// Both are known when the last image is: finish() puts them in.
class ImageCanvas {
 public:
  // One or three channels. Memory is taken for `expected` images.
  ImageCanvas(const ImageShape& shape, Fit fit, Ground ground, std::size_t expected);

  // Room for one more image, to be put there later; its place. Throws Error if there are more than
  // kMaxSamples or kMaxArrayBytes of them; nothing is taken then.
  std::size_t add_place();
  void put(std::size_t place, const Image& image);
  std::size_t size() const { return count_; }

  // What was done, for people to check.
  struct Facts {
    std::size_t of_other_proportions = 0;
    std::size_t transparent = 0;  // images
    bool ground_is_white = true, padding_is_white = false;
  };
  // Ends the images; nothing may be put afterwards.
  Facts finish();
  // All of them, channel by channel, row by row: bytes. After finish().
  std::vector<std::uint8_t>& pixels() { return pixels_; }

 private:
  // Where an image lies within its sample.
  struct Area {
    std::size_t top = 0, left = 0, rows = 0, columns = 0;
  };
  struct Padded {
    std::size_t place;
    Area area;
    bool is_transparent;
  };
  struct OnBlack {
    std::size_t place;
    Area area;
    std::vector<std::uint8_t> content;
  };

  Area area_of(const Image& image) const;
  Image cut(const Image& image) const;
  void write(std::size_t place, const Area& area, std::span<const std::uint8_t> content);
  void fill_around(const Padded& padded, std::uint8_t level);
  void look_at_edges(const Area& area, std::span<const std::uint8_t> content);

  ImageShape shape_;
  Fit fit_;
  Ground ground_;
  std::size_t rows_, columns_, channels_, features_;
  std::size_t count_ = 0;
  std::vector<std::uint8_t> pixels_;
  std::vector<Padded> padded_;
  std::vector<OnBlack> on_black_;  // the transparent ones, once more
  double seen_on_white_ = 0, seen_on_black_ = 0;
  double edge_sum_ = 0, edge_count_ = 0;
  Facts facts_;
};

}  // namespace hourglass
