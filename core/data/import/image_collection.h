// Picture files decoded one after the other into samples; what cannot be read is left out and told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/image_canvas.h"
#include "core/data/import/image_layout.h"
#include "core/data/import/image_values.h"
#include "core/data/import/import.h"

namespace hourglass {

class ImageCollection {
 public:
  // Memory is taken for `expected` images. Throws Error if what the options say of shape, range or
  // tiles is nothing.
  ImageCollection(const ImportRequest& request, std::size_t expected);

  const ImageShape& shape() const { return shape_; }

  // Decodes the file of that place, or the tiles of it, and keeps the class name of each. One that
  // is damaged is noted.
  void add(const ImageLayout::Place& place);
  // So many samples so far, and their class names.
  std::size_t size() const { return canvas_.size(); }
  std::vector<std::string>& classes() { return classes_; }

  // Which of the files' numbers are black and white, after finish().
  FileReading reading() const;

  // Ends the images: those whose white depends on all of them are decoded once more. Adds to the
  // report what was done and left out.
  std::vector<std::uint8_t> finish(ImportReport& report);

 private:
  void look_at(const Image& image, std::span<const std::uint8_t> file);
  void put(std::size_t place, Image image);
  void add_tiles(const Image& sheet, const ImageLayout::Place& place);
  void tell_unreadable(ImportReport& report) const;
  void tell_sizes(ImportReport& report) const;
  void tell_values(const ImageCanvas::Facts& facts, ImportReport& report) const;

  const ImportRequest& request_;
  TileSides tiles_;
  ImageShape shape_;
  PixelRange range_;
  ImageCanvas canvas_;
  std::vector<std::string> classes_;

  struct Deep {
    std::size_t place, file;
  };
  std::uint16_t white() const;  // of images of 16 bits
  std::vector<Deep> deep_;      // of 16 bits: put in at the end
  std::uint16_t largest_ = 0;

  std::vector<std::string> unreadable_;  // paths
  Sentence first_reason_;
  std::size_t files_ = 0;
  int min_width_ = kMaxImageSide, max_width_ = 0, min_height_ = kMaxImageSide, max_height_ = 0;
  bool has_colour_ = false;
  int jpegs_looked_at_ = 0;
  std::size_t cut_off_ = 0, blank_tiles_ = 0;
};

}  // namespace hourglass
