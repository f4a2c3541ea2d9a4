// Where a native program finds its data sets.
#pragma once

#include <filesystem>
#include <string>

#include "core/data/dataset.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"

namespace hourglass {

// $HOURGLASS_DATA_DIR, or "data" below the current folder: holds mnist/ and fashion-mnist/.
std::filesystem::path data_folder();

// Whether the four files of `name` are there.
bool has_data(const std::string& name);

// The data set "mnist" or "fashion-mnist" from data_folder(). Throws Error that says how to get it.
Dataset load_data(const std::string& name);

// The data in a person's own file or folder, unscaled: a folder of four IDX files in MNIST's layout
// or of PNG images, a .csv, .tsv or .npy file (each also with .gz). The settings data.image_side,
// data.colour and data.label say how to read them. It is called as the file or folder is, in UTF-8.
// Throws Error if `path` is not there or none of these.
Dataset load_data_path(const std::filesystem::path& path, const session::Settings& settings);

// What a path may be, as a part of a sentence.
inline constexpr const char* kDataPathKinds =
    "a folder in MNIST's layout, a folder of PNG images, or a .csv or .npy file";

// The answer to the session's DataWanted: the bytes of the four files, or why they cannot be had.
session::Command answer_data_wanted(const std::string& name);

}  // namespace hourglass
