#include "core/data/import/image_source.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/data/import/image_collection.h"
#include "core/data/import/image_labels.h"
#include "core/data/import/image_layout.h"
#include "core/data/import/sample_choice.h"
#include "core/data/import/sentences.h"
#include "core/data/sources/mnist.h"
#include "core/data/split.h"
#include "core/formats/byte_reader.h"
#include "core/formats/image_file.h"

namespace hourglass {
namespace {

bool is_read(FileKind kind) {
  return kind == FileKind::kPng || kind == FileKind::kJpeg || kind == FileKind::kBmp;
}

// Endings of pictures, whatever the file is.
bool is_called_picture(const std::string& path) {
  static constexpr std::string_view kEndings[] = {
      ".png",  ".jpg",  ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic",
      ".avif", ".heif", ".svg",  ".ico", ".tga", ".pgm",  ".ppm", ".pnm",  ".psd"};
  return std::ranges::find(kEndings, ending_of(path)) != std::end(kEndings);
}

// What lies among the images and is none: told, not passed over in silence.
void tell_others(const ImportRequest& request, ImportReport& report) {
  std::vector<std::string> unread, damaged, others;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const std::string& path = request.files.entries()[i].path;
    const FileKind kind = request.kinds[i];
    const bool has_labels = report.label.text.ends_with(" of '" + path + "'");
    if (is_read(kind) || has_labels || file_name_of(path).starts_with('.')) continue;
    const bool is_other_picture =
        kind == FileKind::kGif || kind == FileKind::kWebp || kind == FileKind::kTiff;
    const std::string ending = ending_of(path);
    const bool should_be_read =
        ending == ".png" || ending == ".jpg" || ending == ".jpeg" || ending == ".bmp";
    if (!is_other_picture && should_be_read) {
      damaged.push_back(path);
    } else if (is_other_picture || is_called_picture(path)) {
      unread.push_back(path);
    } else if (kind != FileKind::kUnknown ||
               (!ending.empty() && ending != ".db" && ending != ".ini")) {
      others.push_back(path);
    }
  }
  const auto tell = [&](const std::vector<std::string>& paths, std::string_view key) {
    if (!paths.empty()) report.notes.push_back(sentence(key, {paths.size(), some_of(paths)}));
  };
  report.left_out += std::ssize(damaged) + std::ssize(unread);
  tell(damaged, "images.damaged");
  tell(unread, "images.not_read");
  tell(others, "images.no_picture");
}

bool has_one_class(const ImageLayout& layout) {
  const auto is_first = [&](const ImageLayout::Place& place) {
    return place.class_name == layout.train.front().class_name;
  };
  return !layout.train.empty() && std::ranges::all_of(layout.train, is_first) &&
         std::ranges::all_of(layout.test, is_first);
}

// How the images lie, and what labels a table beside them has if no folders are classes or if
// data.label names one of its columns.
ImageLayout labelled_layout(const ImportRequest& request, const std::vector<ImagePath>& images,
                            ImportReport& report) {
  const std::string& label = request.options.label;
  const bool is_of_folders =
      label == "auto" || label == "first" || label == "last" || label == "none";
  const auto labels = ImageLabels::find(request, images);
  if (labels) report.columns = labels->columns();
  if (is_of_folders || !labels) {
    ImageLayout layout = image_layout(images, request.files.name(), label);
    // One folder for all images, as train/ beside train.csv, is no class where a table has some.
    if (labels && label == "auto" && has_one_class(layout)) layout.has_classes = false;
    if (layout.has_classes) report.label = sentence("labels.subfolders");
    if (layout.has_classes || !labels || label != "auto") return layout;
  }
  ImageLayout layout = image_layout(images, request.files.name(), "none");
  std::vector<std::string> unknown;
  for (auto* const places : {&layout.train, &layout.test}) {
    std::erase_if(*places, [&](ImageLayout::Place& place) {
      const std::string& path = request.files.entries()[place.file].path;
      place.class_name = labels->of(place.file);
      if (place.class_name.empty()) unknown.push_back(path);
      return place.class_name.empty();
    });
  }
  report.label = sentence("column.of_table", {labels->column(), labels->table()});
  if (!unknown.empty()) {
    layout.left_out += std::ssize(unknown);
    layout.notes.push_back(
        sentence("images.no_label", {labels->table(), unknown.size(), some_of(unknown)}));
  }
  layout.has_classes = true;
  return layout;
}

// Of each part as many as data.most_samples leaves.
void choose(const ImportOptions& options, ImageLayout& layout, ImportReport& report) {
  const Index train = std::ssize(layout.train), test = std::ssize(layout.test);
  if (options.most_samples == 0 || train + test <= options.most_samples) return;
  const auto [keep_train, keep_test] = chosen_counts(train, test, options.most_samples);
  const auto keep = [&](std::vector<ImageLayout::Place>& places, Index most) {
    std::vector<ImageLayout::Place> kept;
    for (const std::uint32_t i : chosen_places(std::ssize(places), most, options.split_seed)) {
      kept.push_back(std::move(places[i]));
    }
    places = std::move(kept);
  };
  keep(layout.train, keep_train);
  keep(layout.test, keep_test);
  report.left_out += train + test - keep_train - keep_test;
  report.notes.push_back(choice_sentence(keep_train + keep_test, train + test, "images"));
}

// Before any memory is taken.
void refuse_too_many(const ImportRequest& request, std::uint64_t count, std::uint64_t features) {
  const std::uint64_t most =
      std::min(static_cast<std::uint64_t>(kMaxSamples), kMaxArrayBytes / features);
  if (count <= most) return;
  throw Refusal(sentence(count <= static_cast<std::uint64_t>(kMaxSamples)
                             ? "images.too_many_or_large"
                             : "images.too_many",
                         {request.files.name(), count, features, most}));
}

// Sets in which there is next to nothing to be learned.
void tell_of_emptiness(const std::vector<std::uint8_t>& pixels, std::size_t features,
                       ImportReport& report) {
  std::uint8_t lowest = 255, highest = 0;
  std::size_t plain = 0;
  const std::size_t count = pixels.size() / features;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint8_t low = 255, high = 0;
    for (std::size_t k = i * features; k < (i + 1) * features; ++k) {
      low = std::min(low, pixels[k]);
      high = std::max(high, pixels[k]);
    }
    plain += low == high ? 1 : 0;
    lowest = std::min(lowest, low);
    highest = std::max(highest, high);
  }
  constexpr int kHardlyAny = 26;  // a tenth of what there is between black and white
  const std::string levels = std::to_string(lowest) + ".." + std::to_string(highest);
  if (lowest == highest) {
    report.notes.push_back(sentence("images.all_equal", {lowest}));
  } else if (highest - lowest < kHardlyAny) {
    report.notes.push_back(sentence("images.hardly_any", {levels}));
  } else if (plain > 0) {
    report.notes.push_back(sentence("images.plain", {plain, count}));
  }
}

// Numbers the classes of both parts together.
void label(std::vector<std::string> classes, std::size_t train_count, const std::string& what,
           Samples& train, Samples& test, Dataset& data) {
  const std::vector<std::int32_t> labels = labels_from_texts(classes, what, data.class_names);
  const auto middle = labels.begin() + static_cast<std::ptrdiff_t>(train_count);
  train.labels.assign(labels.begin(), middle);
  test.labels.assign(middle, labels.end());
}

// "28x28" where the only image is a sheet of what the model takes; else "".
std::string tiles_for_model(const ImportRequest& request, const std::vector<ImagePath>& images) {
  const ImportOptions& options = request.options;
  if (!options.cuts_sheets || !options.trained || !options.tiles.empty() || images.size() != 1) {
    return "";
  }
  const std::size_t file = images[0].file;
  const Image image = read_image_file(request.content(file), request.files.title(file), false);
  const auto [channels, rows, columns] = options.trained->shape;
  const bool is_sheet = rows > 1 && image.height % rows == 0 && image.width % columns == 0 &&
                        (image.height > rows || image.width > columns);
  return is_sheet ? std::to_string(rows) + "x" + std::to_string(columns) : "";
}

// All images, whatever their folders say.
ImageLayout layout_of_all(const std::vector<ImagePath>& images) {
  ImageLayout layout;
  for (const ImagePath& image : images) layout.train.push_back({image.file, ""});
  return layout;
}

}  // namespace

bool takes_images(const ImportRequest& request) {
  std::size_t images = 0, texts = 0;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const bool is_text = request.kinds[i] == FileKind::kText;
    images += is_read(request.kinds[i]) ? 1u : 0u;
    texts += is_text && !is_called_picture(request.files.entries()[i].path) ? 1u : 0u;
  }
  if (images == 0) return false;
  // One picture beside texts or tables belongs to them, unless it is a sheet.
  return images > 1 || texts == 0 || !request.options.tiles.empty();
}

Imported import_images(const ImportRequest& request) {
  std::vector<ImagePath> paths;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (is_read(request.kinds[i])) paths.push_back({i, request.files.entries()[i].path});
  }
  if (const std::string tiles = tiles_for_model(request, paths); !tiles.empty()) {
    ImportOptions options = request.options;
    options.tiles = tiles;
    return import_images({request.files, request.kinds, request.unreadable, request.set, options,
                          request.known_words});
  }
  const bool whole = request.options.whole;
  Imported result;
  ImportReport& report = result.report;
  report.kind = "images";
  ImageLayout layout = whole ? layout_of_all(paths) : labelled_layout(request, paths, report);
  report.left_out = layout.left_out;
  report.notes = std::move(layout.notes);
  tell_others(request, report);
  const bool are_sheets = !request.options.tiles.empty();
  if (!are_sheets && !whole) choose(request.options, layout, report);

  const std::size_t files = layout.train.size() + layout.test.size();
  const TileSides tiles = tile_sides(request.options.tiles);
  const auto features = static_cast<std::uint64_t>(wanted_shape(request.options, tiles).features());
  refuse_too_many(request, files, features);
  ImageCollection images(request, files);
  for (const ImageLayout::Place& place : layout.train) images.add(place);
  const std::size_t train_count = images.size();
  for (const ImageLayout::Place& place : layout.test) images.add(place);
  std::vector<std::uint8_t> pixels = images.finish(report);
  if (!whole) tell_of_emptiness(pixels, static_cast<std::size_t>(features), report);

  Dataset& data = result.data;
  data.name = request.set;
  data.shape = images.shape();
  data.reading = images.reading();
  const auto middle = pixels.begin() + static_cast<std::ptrdiff_t>(train_count * features);
  Samples test(data.shape.features(), std::vector<std::uint8_t>(middle, pixels.end()));
  pixels.erase(middle, pixels.end());
  Samples train(data.shape.features(), std::move(pixels));
  if (layout.has_classes) {
    const std::string what = report.label.key == "labels.subfolders"
                                 ? "The subfolders of '" + request.files.name() + "'"
                                 : "The labels in " + report.label.text;
    label(std::move(images.classes()), train_count, what, train, test, data);
    data.labels_from = report.label.text;
  }
  if (whole) {
    data.train = std::move(train);
    return result;
  }
  if (test.count() > 0 && train.count() > 0) {
    report.split = layout.split_by;
    data.split_by = layout.split_by.text;
    data.train = mixed(train);
    data.test = mixed(test);
    return result;
  }
  if (train.count() + test.count() == 1 && !are_sheets) {
    if (report.left_out == 0) throw Refusal(sentence("images.one_sample", {request.files.name()}));
    throw Refusal(sentence("images.one_sample_left", {request.files.name(), report.notes.front()}));
  }
  split_samples(train.count() > 0 ? train : test, request.files.name(), data);
  return result;
}

}  // namespace hourglass
