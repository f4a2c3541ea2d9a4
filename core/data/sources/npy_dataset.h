// Data sets out of NumPy's arrays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/data/dataset.h"

namespace hourglass {

// A data set called `set` out of the bytes of a .npy file (natively also compressed with gzip), of
// shape (samples, features), (samples, rows, columns) or (samples, channels, rows, columns):
// unsigned bytes, which stand for [0, 1], or numbers. Images have one or three channels and at most
// 64 x 64 pixels; bytes of shape (samples, features) are square images if the features make a
// square of 8 to 64 pixels a side. `labels` is empty or a .npy of one whole number for each sample.
// One sample in six is held out as split_samples() does it. `name` and `labels_name` are what
// messages call the files. Throws Error if a file is damaged, its shape is none of these, or labels
// do not match samples.
Dataset dataset_from_npy(std::span<const std::uint8_t> file, const std::string& name,
                         std::span<const std::uint8_t> labels, const std::string& labels_name,
                         const std::string& set);

// The same from a file, with the labels in a file beside it if there is one: for digits.npy (or
// digits.npy.gz) that is digits_labels.npy.
Dataset load_npy_dataset(const std::filesystem::path& path, const std::string& set);

}  // namespace hourglass
