#include "core/data/sources/png_folder.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/resize.h"
#include "core/data/sources/folder_listing.h"
#include "core/data/sources/mnist.h"
#include "core/data/split.h"
#include "core/formats/byte_reader.h"
#include "core/formats/png.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 28;

bool is_png_name(const fs::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending == ".png";
}

FolderListing list_pngs(const fs::path& folder) { return list_folder(folder, is_png_name); }

// The images of one split, with the name of each one's class; "" where there are no classes.
struct ImageList {
  std::vector<fs::path> paths;
  std::vector<std::string> classes;

  bool has_classes() const { return !classes.empty() && !classes[0].empty(); }
};

ImageList list_images(const fs::path& folder) {
  ImageList list;
  const FolderListing top = list_pngs(folder);
  for (const fs::path& path : top.files) {
    list.paths.push_back(path);
    list.classes.emplace_back();
  }
  for (const fs::path& subfolder : top.folders) {
    const FolderListing below = list_pngs(subfolder);
    if (!below.files.empty() && !top.files.empty()) {
      throw Error("The folder '" + folder.string() +
                  "' has images in itself and in its subfolder '" + subfolder.filename().string() +
                  "'; put all of them into subfolders, which are the classes, or none.");
    }
    for (const fs::path& path : below.files) {
      list.paths.push_back(path);
      list.classes.push_back(subfolder.filename().string());
    }
  }
  return list;
}

Samples read_images(const ImageList& list, const fs::path& folder, const ImageFormat& format) {
  const auto count = static_cast<std::uint64_t>(list.paths.size());
  const auto features = static_cast<std::uint64_t>(format.shape().features());
  if (count > static_cast<std::uint64_t>(kMaxSamples) || count * features > kMaxArrayBytes) {
    throw Error("The folder '" + folder.string() + "' holds " + std::to_string(count) +
                " images, which are more than can be used; a smaller data.image_side, or fewer "
                "images, would do.");
  }
  std::vector<std::uint8_t> pixels;
  pixels.reserve(static_cast<std::size_t>(count * features));
  for (const fs::path& path : list.paths) {
    const auto image = image_from_png(read_file(path, kMaxFileBytes), path.string(), format);
    pixels.insert(pixels.end(), image.begin(), image.end());
  }
  return Samples(format.shape().features(), std::move(pixels));
}

// Numbers the classes of both lists together.
void label(const ImageList& train_list, const ImageList& test_list, const fs::path& folder,
           Samples& train, Samples& test, Dataset& data) {
  std::vector<std::string> all = train_list.classes;
  all.insert(all.end(), test_list.classes.begin(), test_list.classes.end());
  const auto labels =
      labels_from_texts(all, "The subfolders of '" + folder.string() + "'", data.class_names);
  data.labels_from = "the subfolders";
  const auto middle = labels.begin() + static_cast<std::ptrdiff_t>(train_list.classes.size());
  train.labels.assign(labels.begin(), middle);
  test.labels.assign(middle, labels.end());
}

}  // namespace

std::vector<std::uint8_t> image_from_png(std::span<const std::uint8_t> file,
                                         const std::string& name, const ImageFormat& format) {
  return resized(read_png(file, name), format.side, format.colour);
}

bool has_png_files(const fs::path& folder) {
  const FolderListing top = list_pngs(folder);
  if (!top.files.empty()) return true;
  for (const fs::path& subfolder : top.folders) {
    const FolderListing below = list_pngs(subfolder);
    if (!below.files.empty()) return true;
    for (const fs::path& deeper : below.folders) {
      if (!list_pngs(deeper).files.empty()) return true;
    }
  }
  return false;
}

namespace {

// A folder two levels below `folder` that has images; empty if there is none.
fs::path folder_with_images_below(const fs::path& folder) {
  for (const fs::path& subfolder : list_pngs(folder).folders) {
    for (const fs::path& deeper : list_pngs(subfolder).folders) {
      if (!list_pngs(deeper).files.empty()) return deeper;
    }
  }
  return {};
}

}  // namespace

Dataset load_png_folder(const fs::path& folder, const std::string& name,
                        const ImageFormat& format) {
  Dataset data;
  data.name = name;
  data.shape = format.shape();
  std::error_code error;
  const fs::path train_folder = folder / "train", test_folder = folder / "test";
  const bool has_splits =
      fs::is_directory(train_folder, error) && fs::is_directory(test_folder, error);
  const ImageList train_list = list_images(has_splits ? train_folder : folder);
  const ImageList test_list = has_splits ? list_images(test_folder) : ImageList{};
  if (train_list.paths.empty() || (has_splits && test_list.paths.empty())) {
    const fs::path& empty = !has_splits                ? folder
                            : train_list.paths.empty() ? train_folder
                                                       : test_folder;
    const fs::path deeper = folder_with_images_below(empty);
    throw Error("The folder '" + empty.string() +
                "' has no PNG images, neither in itself nor in subfolders, one for each class" +
                (deeper.empty() ? "."
                                : "; there are some deeper, in '" + deeper.string() +
                                      "'. Name the folder above that one, or call the two parts "
                                      "of a split train and test."));
  }
  Samples train = read_images(train_list, folder, format);
  if (!has_splits) {
    Samples none;
    if (train_list.has_classes()) label(train_list, {}, folder, train, none, data);
    split_samples(train, folder.string(), data);
    return data;
  }
  Samples test = read_images(test_list, folder, format);
  if (train_list.has_classes() != test_list.has_classes()) {
    throw Error("One of '" + train_folder.string() + "' and '" + test_folder.string() +
                "' has subfolders for classes and the other has not; both must be the same.");
  }
  if (train_list.has_classes()) label(train_list, test_list, folder, train, test, data);
  data.split_by = "as the folders train and test have it";
  data.train = mixed(train);
  data.test = mixed(test);
  return data;
}

}  // namespace hourglass
