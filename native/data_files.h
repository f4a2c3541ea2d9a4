// Where a native program finds its data sets.
#pragma once

#include <filesystem>
#include <string>

#include "core/data/dataset.h"
#include "core/session/messages.h"

namespace hourglass {

// $HOURGLASS_DATA_DIR, or "data" below the current folder: holds mnist/ and fashion-mnist/.
std::filesystem::path data_folder();

// Whether the four files of `name` are there.
bool has_data(const std::string& name);

// The data set "mnist" or "fashion-mnist" from data_folder(). Throws Error that says how to get it.
Dataset load_data(const std::string& name);

// The answer to the session's DataWanted: the bytes of the four files, or why they cannot be had.
session::Command answer_data_wanted(const std::string& name);

}  // namespace hourglass
