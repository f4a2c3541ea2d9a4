#include "core/data/sources/text_folder.h"

#include <algorithm>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

bool is_text_name(const fs::path& path) {
  std::string name = path.filename().string();
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return name.ends_with(".txt") && !name.starts_with('.');
}

struct TextListing {
  std::vector<fs::path> folders, texts;  // by name
};

TextListing list_texts(const fs::path& folder) {
  TextListing listing;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename().string().starts_with('.')) continue;
    std::error_code unknown;  // a link to nowhere is neither
    if (entry->is_directory(unknown)) {
      listing.folders.push_back(entry->path());
    } else if (is_text_name(entry->path()) && entry->is_regular_file(unknown)) {
      listing.texts.push_back(entry->path());
    }
  }
  if (error) {
    throw Error("The folder '" + folder.string() + "' cannot be read: " + error.message() + ".");
  }
  std::sort(listing.folders.begin(), listing.folders.end());
  std::sort(listing.texts.begin(), listing.texts.end());
  return listing;
}

}  // namespace

bool has_text_files(const fs::path& folder) {
  const TextListing listing = list_texts(folder);
  return !listing.texts.empty() ||
         std::any_of(listing.folders.begin(), listing.folders.end(),
                     [](const fs::path& inner) { return !list_texts(inner).texts.empty(); });
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
  const TextListing listing = list_texts(folder);
  read(listing.texts, "");
  for (const fs::path& inner : listing.folders) {
    read(list_texts(inner).texts, to_utf8(inner.filename().string()));
  }
  return documents_of_files(files, folder.string());
}

}  // namespace hourglass
