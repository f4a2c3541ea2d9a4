#include "core/data/sources/text_folder.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/sources/folder_listing.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

bool is_text_name(const fs::path& path) {
  std::string name = path.filename().string();
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return name.ends_with(".txt") && !name.starts_with('.');
}

FolderListing list_texts(const fs::path& folder) { return list_folder(folder, is_text_name); }

}  // namespace

bool has_text_files(const fs::path& folder) {
  const FolderListing listing = list_texts(folder);
  return !listing.files.empty() ||
         std::any_of(listing.folders.begin(), listing.folders.end(),
                     [](const fs::path& inner) { return !list_texts(inner).files.empty(); });
}

Documents documents_in_folder(const fs::path& folder) {
  std::vector<DocumentFile> files;
  std::uint64_t bytes = 0;
  const auto read = [&](const std::vector<fs::path>& paths, const std::string& label) {
    for (const fs::path& path : paths) {
      files.push_back({label, path.string(), read_file(path, kMaxDocumentBytes)});
      bytes += files.back().bytes.size();
      if (bytes > kMaxDocumentBytes || std::ssize(files) > kMaxDocuments) {
        throw Error("The folder '" + folder.string() + "' holds more than the " +
                    std::to_string(kMaxDocumentBytes >> 20) + " MiB or the " +
                    std::to_string(kMaxDocuments) + " files of text that can be read.");
      }
    }
  };
  const FolderListing listing = list_texts(folder);
  read(listing.files, "");
  for (const fs::path& inner : listing.folders) {
    read(list_texts(inner).files, to_utf8(inner.filename().string()));
  }
  return documents_of_files(files, folder.string());
}

}  // namespace hourglass
