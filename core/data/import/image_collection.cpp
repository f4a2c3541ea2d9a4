#include "core/data/import/image_collection.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"
#include "core/formats/image_file.h"

namespace hourglass {
namespace {

// Whether two channels of a pixel differ.
bool shows_colour(const Image& image) {
  if (image.channels < 3) return false;
  const auto channels = static_cast<std::size_t>(image.channels);
  for (std::size_t at = 0; at + 2 < image.pixels.size(); at += channels) {
    const std::uint8_t red = image.pixels[at];
    if (red != image.pixels[at + 1] || red != image.pixels[at + 2]) return true;
  }
  return false;
}

bool is_plain(const Image& image) {
  return std::ranges::all_of(image.pixels,
                             [&](std::uint8_t value) { return value == image.pixels[0]; });
}

Image tile_of(const Image& sheet, int top, int left, const TileSides& sides) {
  Image tile{sides.columns, sides.rows, sheet.channels, {}};
  const std::ptrdiff_t bytes = std::ptrdiff_t{sides.columns} * sheet.channels;
  tile.pixels.reserve(static_cast<std::size_t>(bytes * sides.rows));
  for (int row = top; row < top + sides.rows; ++row) {
    const auto from =
        sheet.pixels.begin() + (std::ptrdiff_t{row} * sheet.width + left) * sheet.channels;
    tile.pixels.insert(tile.pixels.end(), from, from + bytes);
  }
  return tile;
}

Sentence span_text(int low, int high) {
  return low == high ? Sentence(low) : sentence("span", {low, high});
}

}  // namespace

ImageCollection::ImageCollection(const ImportRequest& request, std::size_t expected)
    : request_(request),
      tiles_(tile_sides(request.options.tiles)),
      shape_(wanted_shape(request.options, tiles_)),
      range_(request.options.range),
      canvas_(shape_, request.options.fit, request.options.ground, tiles_.rows ? 0 : expected) {}

void ImageCollection::add(const ImageLayout::Place& place) {
  ++files_;
  std::optional<Image> image;
  // A damaged file among thousands costs one sample, not the others: this is the one place that
  // goes on after an Error.
  try {
    const std::vector<std::uint8_t> bytes = request_.content(place.file);
    const std::string title = request_.files.title(place.file);
    if (!is_deep_png(bytes)) {
      image = read_image_file(bytes, title, shape_.channels == 3);
      range_.apply(*image);
    } else {
      const DeepImage deep = read_deep_png(bytes, title);
      const std::uint16_t largest = largest_value(deep);
      largest_ = std::max(largest_, largest);
      image = range_.eight_bits(deep, white_of(largest));
      if (!range_.is_said() && tiles_.rows == 0) {
        deep_.push_back({canvas_.size(), place.file});
      }
    }
    look_at(*image, bytes);
  } catch (const Error& error) {
    if (unreadable_.empty()) first_reason_ = sentence_of(error);
    unreadable_.push_back(request_.files.entries()[place.file].path);
    return;
  }
  if (tiles_.rows > 0) {
    add_tiles(*image, place);
    return;
  }
  const std::size_t at = canvas_.add_place();
  classes_.push_back(place.class_name);
  if (deep_.empty() || deep_.back().place != at) put(at, std::move(*image));
}

void ImageCollection::look_at(const Image& image, std::span<const std::uint8_t> file) {
  min_width_ = std::min(min_width_, image.width);
  max_width_ = std::max(max_width_, image.width);
  min_height_ = std::min(min_height_, image.height);
  max_height_ = std::max(max_height_, image.height);
  if (has_colour_) return;
  has_colour_ = shows_colour(image);
  // A JPEG was made grey already. Many are grey in three components, so a few are looked at again.
  constexpr int kLooks = 3;
  if (image.channels == 1 && may_have_colour(file) && jpegs_looked_at_ < kLooks) {
    ++jpegs_looked_at_;
    has_colour_ = shows_colour(read_image_file(file, "", true));
  }
}

void ImageCollection::put(std::size_t place, Image image) {
  constexpr int kTransposed = 5;  // of Exif's orientations
  if (request_.options.transpose == Guess::kYes) image = oriented(std::move(image), kTransposed);
  canvas_.put(place, image);
}

void ImageCollection::add_tiles(const Image& sheet, const ImageLayout::Place& place) {
  const int down = sheet.height / tiles_.rows, across = sheet.width / tiles_.columns;
  if (down == 0 || across == 0) {
    throw Refusal(sentence(
        "images.smaller_than_tile",
        {request_.files.title(place.file), sheet.height, sheet.width, request_.options.tiles}));
  }
  if (sheet.height % tiles_.rows != 0 || sheet.width % tiles_.columns != 0) ++cut_off_;
  int count = down * across;
  const auto tile = [&](int i) {
    return tile_of(sheet, i / across * tiles_.rows, i % across * tiles_.columns, tiles_);
  };
  // What a sheet that is not full has behind its last tile.
  while (count > 1 && is_plain(tile(count - 1))) {
    --count;
    ++blank_tiles_;
  }
  for (int i = 0; i < count; ++i) {
    put(canvas_.add_place(), tile(i));
    classes_.push_back(place.class_name);
  }
}

std::vector<std::uint8_t> ImageCollection::finish(ImportReport& report) {
  tell_unreadable(report);
  if (canvas_.size() == 0) {
    throw Refusal(first_reason_.text.empty() ? sentence("images.none", {request_.files.name()})
                                             : first_reason_);
  }
  const std::uint16_t white = this->white();
  for (const Deep& deep : deep_) {
    const DeepImage image =
        read_deep_png(request_.content(deep.file), request_.files.title(deep.file));
    put(deep.place, range_.eight_bits(image, white));
  }
  const ImageCanvas::Facts facts = canvas_.finish();
  if (request_.options.invert) {
    for (std::uint8_t& value : canvas_.pixels()) value = static_cast<std::uint8_t>(255 - value);
  }
  tell_sizes(report);
  tell_values(facts, report);
  return std::move(canvas_.pixels());
}

// A model's own white, where these keep to it.
std::uint16_t ImageCollection::white() const {
  const auto& trained = request_.options.trained;
  const double known = trained ? trained->reading.high() : 0;
  const bool is_known = known > 255 && known <= 65535 && largest_ <= known;
  return is_known ? static_cast<std::uint16_t>(known) : white_of(largest_);
}

// A range that a person has said is in the settings. What is made of images that go beside deep
// ones is not told apart.
FileReading ImageCollection::reading() const {
  const double white = range_.is_said() ? 0 : largest_ > 0 ? this->white() : 255;
  return request_.options.invert ? FileReading{.black = white, .white = 0}
                                 : FileReading{.black = 0, .white = white};
}

void ImageCollection::tell_unreadable(ImportReport& report) const {
  if (unreadable_.empty()) return;
  report.left_out += std::ssize(unreadable_);
  report.notes.push_back(sentence(
      "images.unreadable", {unreadable_.size(), files_, some_of(unreadable_), first_reason_}));
}

void ImageCollection::tell_sizes(ImportReport& report) const {
  const std::string target = std::to_string(shape_.rows) + " x " + std::to_string(shape_.columns);
  if (tiles_.rows > 0) {
    report.notes.push_back(sentence("images.sheets", {tiles_.rows, tiles_.columns}));
    if (cut_off_ > 0) {
      report.notes.push_back(sentence("images.cut_off", {cut_off_}));
    }
    if (blank_tiles_ > 0) {
      report.notes.push_back(sentence("images.blank_tiles", {blank_tiles_}));
      report.left_out += static_cast<std::int64_t>(blank_tiles_);
    }
    return;
  }
  if (min_width_ == max_width_ && min_height_ == max_height_) {
    if (min_width_ == shape_.columns && min_height_ == shape_.rows) return;
    const bool can_be_kept = std::max(min_width_, min_height_) <= kMaxPixelsASide &&
                             std::min(min_width_, min_height_) >= 2;
    report.notes.push_back(sentence(can_be_kept ? "images.resized_keep" : "images.resized_one",
                                    {min_height_, min_width_, target}));
    return;
  }
  report.notes.push_back(sentence("images.resized", {span_text(min_height_, max_height_),
                                                     span_text(min_width_, max_width_), target}));
}

void ImageCollection::tell_values(const ImageCanvas::Facts& facts, ImportReport& report) const {
  const ImportOptions& options = request_.options;
  if (facts.of_other_proportions > 0) {
    const bool has_ground = options.fit == Fit::kFit && facts.transparent == 0;
    const char* const key = options.fit == Fit::kCrop      ? "images.cut"
                            : options.fit == Fit::kStretch ? "images.distorted"
                            : !has_ground                  ? "images.padded"
                            : facts.padding_is_white       ? "images.padded_white"
                                                           : "images.padded_black";
    report.notes.push_back(sentence(key, {facts.of_other_proportions}));
  }
  if (facts.transparent > 0) {
    report.notes.push_back(
        sentence(facts.ground_is_white ? "images.ground_white" : "images.ground_black",
                 {facts.transparent}));
  }
  if (largest_ > 0 && white() == largest_ && largest_ < 65535 && !range_.is_said()) {
    report.notes.push_back(sentence("images.deep_white", {largest_}));
  }
  if (has_colour_ && shape_.channels == 1) {
    report.notes.push_back(sentence("images.made_grey", {}));
  }
}

}  // namespace hourglass
