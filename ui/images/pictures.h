// What the panels draw of the store's arrays of images. Rebuilt only when the arrays have changed.
#pragma once

#include <imgui.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ui/kit/texture.h"
#include "ui/state/requests.h"
#include "ui/state/store.h"

namespace hourglass::ui {

enum class ImageRow { kOriginal, kCorrupted, kReconstructed, kDifference };

// |a - b| of images of `channels` channels of `plane` pixels each: one grey value per pixel, the
// mean over the channels. What one of the two lacks at its end is left out.
session::Bytes difference_bytes(const session::Bytes& a, const session::Bytes& b,
                                std::int64_t channels, std::int64_t plane);

// Images side by side in one texture. The features of a vector (a single row) are bars from the
// lower edge. Grey images are white with the ink in the alpha channel, so
// that the colours of paper and ink are chosen when they are drawn; colour images are opaque.
class ImageAtlas {
 public:
  // `bytes` holds count x channels x rows x columns, of 0 to 255; too few bytes give no pictures.
  void update(std::uint64_t revision, const session::Bytes* bytes, std::int64_t count,
              const session::DataReady& shape);
  // The same of numbers in [0, 1], as many images as there are numbers for.
  void update(std::uint64_t revision, std::span<const float> images,
              const session::DataReady& shape);
  // The grey difference of two such arrays.
  void update_difference(std::uint64_t revision, const session::Bytes* a, const session::Bytes* b,
                         std::int64_t count, const session::DataReady& shape);

  // Of a document in place of an image: its strongest words, largest first, as shares of the first.
  struct Word {
    std::uint32_t word = 0;  // in DataReady::words
    float share = 0;
  };
  static constexpr std::size_t kMostWords = 12;
  // Whether it holds documents, and those words of number `index`.
  bool has_words() const { return !words_.empty(); }
  std::span<const Word> words(int index) const { return words_[static_cast<std::size_t>(index)]; }

  std::uint64_t revision() const { return revision_; }
  int count() const { return count_; }
  bool grey() const { return grey_; }
  // Width of an image by its height. Vectors are drawn as bars, which take any shape: 0.
  float aspect() const {
    return bars_ || rows_ < 1 ? 0 : static_cast<float>(columns_) / static_cast<float>(rows_);
  }
  ImTextureRef ref() { return texture_.ref(); }
  // The corners of image `index` in texture coordinates.
  void corners(int index, ImVec2& from, ImVec2& to) const;

 private:
  void update_bars(const session::Bytes& bytes, std::int64_t count, std::int64_t columns);
  void fill(const session::Bytes& bytes, std::int64_t count, const session::DataReady& shape);

  Texture texture_;
  std::uint64_t revision_ = 0;
  int count_ = 0, across_ = 1, rows_ = 0, columns_ = 0;  // of an image in the texture
  bool grey_ = true, bars_ = false;
  std::vector<std::vector<Word>> words_;
};

class Pictures {
 public:
  ImageAtlas& row(ImageRow row, const Store& store);
  // The images that the engine has answered with.
  ImageAtlas& asked(Query what, const Requests& requests, const Store& store);

 private:
  ImageAtlas rows_[4];
  std::array<ImageAtlas, static_cast<std::size_t>(Query::kCount)> asked_;
};

}  // namespace hourglass::ui
