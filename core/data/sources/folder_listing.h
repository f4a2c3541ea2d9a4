// What lies in a folder of samples.
#pragma once

#include <filesystem>
#include <vector>

namespace hourglass {

// A folder's files of a kind and its subfolders, each in the order of their names.
struct FolderListing {
  std::vector<std::filesystem::path> files, folders;
};

// Those files that `is_wanted` by their path; names that begin with a dot are passed over, and so
// are links to nowhere. Throws Error if the folder cannot be read.
FolderListing list_folder(const std::filesystem::path& folder,
                          bool (*is_wanted)(const std::filesystem::path& path));

}  // namespace hourglass
