// Data sets out of folders of PNG images.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace hourglass {

// What the images of a folder are made into.
struct ImageFormat {
  int side = 28;  // pixels, 1 to kMaxPixelsASide
  bool colour = false;

  ImageShape shape() const { return {colour ? 3 : 1, side, side}; }
};

// One image, resized as resized() does. `name` is what messages call it. Throws Error if it is no
// PNG or damaged.
std::vector<std::uint8_t> image_from_png(std::span<const std::uint8_t> file,
                                         const std::string& name, const ImageFormat& format);

// Whether `folder` has PNG files, in itself, in its subfolders or in theirs.
bool has_png_files(const std::filesystem::path& folder);

// The PNG files in `folder`, in the order of their names; subfolders with PNG files are classes, in
// the order of their names. One image in six is held out, as split_samples() does it; if there are
// subfolders train and test, both with images (or with subfolders that are classes), those are the
// two splits. Files that are no .png and names that begin with a dot are passed over. Throws Error
// if there are fewer than two images, images lie both beside and in subfolders, one of them cannot
// be read, or they are more than fit (10,000,000 images, 4 GiB).
Dataset load_png_folder(const std::filesystem::path& folder, const std::string& name,
                        const ImageFormat& format);

}  // namespace hourglass
