// Data sets in the layout of MNIST: a folder of four IDX files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace hourglass {

// The most samples that one split may have.
inline constexpr Index kMaxSamples = 10'000'000;

// The names of the classes 0, 1, ... of "mnist" and "fashion-mnist"; none of any other set.
std::vector<std::string> known_class_names(const std::string& set);

// A data set out of the bytes of its four files (uncompressed, or, natively, gzip). Images are
// samples x rows x columns, samples x channels x rows x columns, or samples x features; labels are
// one unsigned byte for each. Classes of "fashion-mnist" have their English names, others "0", "1",
// ... The images' bytes become the data set's own: moved in, they are never there twice.
// Throws Error if a file is damaged, both splits differ in shape, or labels do not match
// images.
Dataset dataset_from_idx(const std::string& name, std::vector<std::uint8_t> train_images,
                         std::vector<std::uint8_t> train_labels,
                         std::vector<std::uint8_t> test_images,
                         std::vector<std::uint8_t> test_labels);

// Reads train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
// t10k-labels-idx1-ubyte (each plain or with .gz) from `folder`. Throws Error, besides the above,
// if folder or files are missing; the message says how to get them.
Dataset load_idx_folder(const std::filesystem::path& folder, const std::string& name);

}  // namespace hourglass
