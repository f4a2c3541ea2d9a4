#include "ui/images/pictures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/largest.h"

namespace hourglass::ui {
namespace {

constexpr std::int64_t kMaxImages = 400;

// Of the bars of a vector: pixels of all of them together, at least, and of the highest.
constexpr std::int64_t kBarsWidth = 48, kBarsHeight = 32, kMaxBars = 1024;

// A vector as an image of bars, from the lower edge, with a gap where there is room for one.
session::Bytes bars_of(std::span<const std::uint8_t> values, std::int64_t unit) {
  const auto columns = static_cast<std::int64_t>(values.size());
  session::Bytes image(static_cast<std::size_t>(columns * unit * kBarsHeight));
  for (std::int64_t i = 0; i < columns; ++i) {
    // A value of 0 keeps a trace of a bar: it is there.
    const std::int64_t high =
        std::max<std::int64_t>(1, (values[static_cast<std::size_t>(i)] * kBarsHeight + 127) / 255);
    const std::int64_t wide = unit > 2 ? unit - 1 : unit;
    for (std::int64_t y = kBarsHeight - high; y < kBarsHeight; ++y) {
      const auto start = image.begin() + y * columns * unit + i * unit;
      std::fill(start, start + wide, std::uint8_t{255});
    }
  }
  return image;
}

bool is_vector(const session::DataReady& shape) {
  return shape.rows == 1 && shape.channels == 1 && shape.columns > 1 && shape.columns <= kMaxBars;
}

// Of `count` documents at most, of `features` numbers each.
template <typename Value>
std::vector<std::vector<ImageAtlas::Word>> strongest_of(std::span<const Value> values,
                                                        std::size_t features, std::int64_t count) {
  std::vector<std::vector<ImageAtlas::Word>> all;
  count = std::min({count, kMaxImages, static_cast<std::int64_t>(values.size() / features)});
  for (std::int64_t i = 0; i < count; ++i) {
    const auto document = values.subspan(static_cast<std::size_t>(i) * features, features);
    std::vector<ImageAtlas::Word>& words = all.emplace_back();
    for (const std::uint32_t word : largest_above_zero(document, ImageAtlas::kMostWords)) {
      const auto most =
          static_cast<float>(words.empty() ? document[word] : document[words.front().word]);
      words.push_back({word, static_cast<float>(document[word]) / most});
    }
  }
  return all;
}

}  // namespace

session::Bytes difference_bytes(const session::Bytes& a, const session::Bytes& b,
                                std::int64_t channels, std::int64_t plane) {
  session::Bytes out;
  if (channels < 1 || plane < 1) return out;
  const std::int64_t features = channels * plane;
  const std::int64_t count = static_cast<std::int64_t>(std::min(a.size(), b.size())) / features;
  out.resize(static_cast<std::size_t>(count * plane));
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t at = 0; at < plane; ++at) {
      std::int64_t sum = 0;
      for (std::int64_t c = 0; c < channels; ++c) {
        const auto from = static_cast<std::size_t>(i * features + c * plane + at);
        sum += std::abs(static_cast<int>(a[from]) - static_cast<int>(b[from]));
      }
      out[static_cast<std::size_t>(i * plane + at)] =
          static_cast<std::uint8_t>((sum + channels / 2) / channels);
    }
  }
  return out;
}

void ImageAtlas::update(std::uint64_t revision, const session::Bytes* bytes, std::int64_t count,
                        const session::DataReady& shape) {
  if (revision == revision_) return;
  revision_ = revision;
  count_ = 0;
  words_.clear();
  if (!shape.words.empty() && bytes) {
    words_ = strongest_of(std::span<const std::uint8_t>(*bytes), shape.words.size(), count);
    count_ = static_cast<int>(words_.size());
    return;
  }
  bars_ = is_vector(shape);
  if (bars_ && bytes) {
    update_bars(*bytes, count, shape.columns);
    return;
  }
  if (!bytes || shape.rows < 1 || shape.columns < 1 || shape.channels < 1 || shape.rows > 256 ||
      shape.columns > 256) {
    return;
  }
  fill(*bytes, count, shape);
}

void ImageAtlas::update_bars(const session::Bytes& bytes, std::int64_t count,
                             std::int64_t columns) {
  count = std::min({count, kMaxImages, static_cast<std::int64_t>(bytes.size()) / columns});
  session::DataReady shape;
  const std::int64_t unit = std::max<std::int64_t>(1, (kBarsWidth + columns - 1) / columns);
  shape.rows = kBarsHeight;
  shape.columns = columns * unit;
  session::Bytes images;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto values = std::span<const std::uint8_t>(bytes).subspan(
        static_cast<std::size_t>(i * columns), static_cast<std::size_t>(columns));
    const session::Bytes image = bars_of(values, unit);
    images.insert(images.end(), image.begin(), image.end());
  }
  fill(images, count, shape);
}

void ImageAtlas::fill(const session::Bytes& bytes, std::int64_t count,
                      const session::DataReady& shape) {
  const bool colored = shape.channels >= 3;  // a fourth would be opacity
  const std::int64_t features = shape.channels * shape.rows * shape.columns;
  const int cell_w = static_cast<int>(shape.columns) + 2, cell_h = static_cast<int>(shape.rows) + 2;
  const int across = kLargestTexture / cell_w, down = kLargestTexture / cell_h;
  count = std::min({count, static_cast<std::int64_t>(bytes.size()) / features, kMaxImages,
                    static_cast<std::int64_t>(across) * down});
  if (count < 1) return;

  count_ = static_cast<int>(count);
  grey_ = !colored;
  rows_ = static_cast<int>(shape.rows);
  columns_ = static_cast<int>(shape.columns);
  across_ = std::min(across, count_);
  const int width = across_ * cell_w;
  const int height = ((count_ + across_ - 1) / across_) * cell_h;
  texture_.update(width, height, [&](std::span<std::uint8_t> pixels) {
    std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
    const std::int64_t plane = shape.rows * shape.columns;
    for (int i = 0; i < count_; ++i) {
      const std::uint8_t* image = bytes.data() + i * features;
      const int left = (i % across_) * cell_w, top = (i / across_) * cell_h;
      // One more pixel on every side repeats the edge: the filter between pixels reads it.
      for (int y = 0; y < cell_h; ++y) {
        const int row = std::clamp(y - 1, 0, rows_ - 1);
        std::uint8_t* out = pixels.data() + 4 * (static_cast<std::size_t>(top + y) *
                                                     static_cast<std::size_t>(width) +
                                                 static_cast<std::size_t>(left));
        for (int x = 0; x < cell_w; ++x, out += 4) {
          const int at = row * columns_ + std::clamp(x - 1, 0, columns_ - 1);
          if (colored) {
            for (int c = 0; c < 3; ++c) out[c] = image[c * plane + at];
            out[3] = 255;
          } else {
            out[0] = out[1] = out[2] = 255;
            out[3] = image[at];
          }
        }
      }
    }
  });
}

void ImageAtlas::update(std::uint64_t revision, std::span<const float> images,
                        const session::DataReady& shape) {
  if (revision == revision_) return;
  if (!shape.words.empty()) {
    update(revision, nullptr, 0, shape);
    words_ = strongest_of(images, shape.words.size(), kMaxImages);
    count_ = static_cast<int>(words_.size());
    return;
  }
  session::Bytes bytes(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    // Written so that what is not a number is paper.
    const float held = images[i] > 0 ? std::min(images[i], 1.0f) : 0.0f;
    bytes[i] = static_cast<std::uint8_t>(held * 255 + 0.5f);
  }
  const std::int64_t features =
      std::max<std::int64_t>(1, shape.channels * shape.rows * shape.columns);
  update(revision, &bytes, static_cast<std::int64_t>(bytes.size()) / features, shape);
}

void ImageAtlas::update_difference(std::uint64_t revision, const session::Bytes* a,
                                   const session::Bytes* b, std::int64_t count,
                                   const session::DataReady& shape) {
  if (revision == revision_) return;
  if (!a || !b) {
    update(revision, nullptr, 0, shape);
    return;
  }
  session::DataReady grey;
  grey.channels = 1;
  grey.rows = shape.rows;
  grey.columns = shape.columns;
  const session::Bytes bytes = difference_bytes(*a, *b, shape.channels, shape.rows * shape.columns);
  update(revision, &bytes, count, grey);
}

void ImageAtlas::corners(int index, ImVec2& from, ImVec2& to) const {
  const float w = static_cast<float>(texture_.width()), h = static_cast<float>(texture_.height());
  const float x = static_cast<float>((index % across_) * (columns_ + 2) + 1);
  const float y = static_cast<float>((index / across_) * (rows_ + 2) + 1);
  from = {x / w, y / h};
  to = {(x + static_cast<float>(columns_)) / w, (y + static_cast<float>(rows_)) / h};
}

ImageAtlas& Pictures::row(ImageRow row, const Store& store) {
  ImageAtlas& atlas = rows_[static_cast<int>(row)];
  const session::Snapshot& now = store.snapshot;
  const Store::Revisions& at = store.revisions;
  switch (row) {
    case ImageRow::kOriginal:
      atlas.update(at.originals, now.originals.get(), now.image_count, store.data);
      break;
    case ImageRow::kCorrupted:
      atlas.update(at.corrupted, now.corrupted.get(), now.image_count, store.data);
      break;
    case ImageRow::kReconstructed:
      atlas.update(at.reconstructed, now.reconstructed.get(), now.image_count, store.data);
      break;
    case ImageRow::kDifference:
      // Both only ever rise, so their sum changes whenever one of them does.
      atlas.update_difference(at.originals + at.reconstructed, now.originals.get(),
                              now.reconstructed.get(), now.image_count, store.data);
      break;
  }
  return atlas;
}

ImageAtlas& Pictures::asked(Query what, const Requests& requests, const Store& store) {
  ImageAtlas& atlas = asked_[static_cast<std::size_t>(what)];
  const Answer& answer = requests.answer(what);
  atlas.update(answer.revision, answer.images, store.data);
  return atlas;
}

}  // namespace hourglass::ui
