#include "core/data/sources/folder_listing.h"

#include <algorithm>
#include <system_error>

#include "core/base/error.h"

namespace hourglass {

FolderListing list_folder(const std::filesystem::path& folder,
                          bool (*is_wanted)(const std::filesystem::path& path)) {
  FolderListing listing;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename().string().starts_with('.')) continue;
    std::error_code unknown;  // a link to nowhere is neither
    if (entry->is_directory(unknown)) {
      listing.folders.push_back(entry->path());
    } else if (is_wanted(entry->path()) && entry->is_regular_file(unknown)) {
      listing.files.push_back(entry->path());
    }
  }
  if (error) {
    throw Error("The folder '" + folder.string() + "' cannot be read: " + error.message() + ".");
  }
  std::sort(listing.files.begin(), listing.files.end());
  std::sort(listing.folders.begin(), listing.folders.end());
  return listing;
}

}  // namespace hourglass
