#include "core/data/import/file_set.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/import/sentences.h"
#include "core/data/sources/folder_listing.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxFolderDepth = 6;
constexpr std::size_t kMaxFiles = 11'000'000;

// What lies in a folder and below: files, where each lies, and why some could not be listed.
struct FolderFiles {
  std::vector<FileSet::Entry> entries;
  std::vector<fs::path> paths;
  std::vector<Sentence> unread;
};

class FilesOnDisk final : public FileSet {
 public:
  FilesOnDisk(const fs::path& name, FolderFiles found)
      : FileSet(name.string(), std::move(found.entries), std::move(found.unread)),
        paths_(std::move(found.paths)) {}

  std::string title(std::size_t file) const override { return paths_[file].string(); }
  std::vector<std::uint8_t> read(std::size_t file) const override {
    return read_file(paths_[file]);
  }
  std::vector<std::uint8_t> head(std::size_t file, std::size_t most) const override {
    std::ifstream stream(paths_[file], std::ios::binary);
    std::vector<std::uint8_t> bytes(most);
    stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(most));
    if (stream.bad() || (!stream.is_open())) return read(file);  // which says what is wrong
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
  }

 private:
  std::vector<fs::path> paths_;
};

class FilesInMemory final : public FileSet {
 public:
  FilesInMemory(std::string name, std::vector<Entry> entries, std::vector<NamedBytes> files)
      : FileSet(std::move(name), std::move(entries)), files_(std::move(files)) {}

  std::string title(std::size_t file) const override { return files_[file].path; }
  std::vector<std::uint8_t> read(std::size_t file) const override { return files_[file].bytes; }
  std::span<const std::uint8_t> in_place(std::size_t file) const override {
    return files_[file].bytes;
  }
  std::vector<std::uint8_t> head(std::size_t file, std::size_t most) const override {
    const auto& bytes = files_[file].bytes;
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(most, bytes.size()));
    return {bytes.begin(), end};
  }

 private:
  std::vector<NamedBytes> files_;
};

// A link to a folder that it lies in leads round and round.
bool leads_upward(const fs::path& link) {
  std::error_code error;
  if (!fs::is_symlink(link, error)) return false;
  const fs::path target = fs::canonical(link, error);
  const fs::path folder = fs::canonical(link.parent_path(), error);
  const auto differ = std::mismatch(target.begin(), target.end(), folder.begin(), folder.end());
  return error || differ.first == target.end();
}

void list_below(const fs::path& folder, const std::string& prefix, int depth, FolderFiles& found) {
  const FolderListing listing = list_folder(folder, [](const fs::path&) { return true; });
  for (const fs::path& file : listing.files) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(file, error);
    found.entries.push_back({prefix + file.filename().string(), error ? 0 : bytes});
    found.paths.push_back(file);
  }
  if (found.paths.size() > kMaxFiles) {
    throw Refusal(sentence("files.too_many", {folder.string(), kMaxFiles}));
  }
  for (const fs::path& inner : listing.folders) {
    if (leads_upward(inner)) continue;
    if (depth == kMaxFolderDepth) {
      found.unread.push_back(sentence("files.too_deep", {inner.string(), kMaxFolderDepth}));
      continue;
    }
    try {
      list_below(inner, prefix + inner.filename().string() + "/", depth + 1, found);
    } catch (const Error& error) {
      if (found.paths.size() > kMaxFiles) throw;
      found.unread.push_back(sentence_of(error));
    }
  }
}

}  // namespace

FileSet::FileSet(std::string name, std::vector<Entry> entries, std::vector<Sentence> unread)
    : name_(std::move(name)), entries_(std::move(entries)), unread_(std::move(unread)) {}

std::string FileSet::title(std::size_t file) const { return name_ + "/" + entries_[file].path; }

std::span<const std::uint8_t> FileSet::in_place(std::size_t) const { return {}; }

std::vector<std::uint8_t> FileSet::head(std::size_t file, std::size_t most) const {
  std::vector<std::uint8_t> bytes = read(file);
  bytes.resize(std::min(most, bytes.size()));
  return bytes;
}

std::string file_name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string folder_of(const std::string& path) {
  const std::size_t end = path.rfind('/');
  return end == std::string::npos ? "" : path.substr(0, end);
}

std::string common_folder(const std::string& first, const std::string& last) {
  const auto end = std::ranges::mismatch(first, last).in1;
  const std::string common(first.begin(), end);
  return common.substr(0, common.rfind('/') + 1);
}

std::string ending_of(const std::string& path) {
  std::string name = file_name_of(path);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos || dot == 0 ? "" : name.substr(dot);
}

std::unique_ptr<FileSet> files_at(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) throw Error("There is no file or folder '" + path.string() + "'.");
  FolderFiles found;
  if (fs::is_directory(path, error)) {
    list_below(path, "", 0, found);
  } else if (fs::is_regular_file(path, error)) {
    const std::uintmax_t bytes = fs::file_size(path, error);
    found.entries.push_back({path.filename().string(), error ? 0 : bytes});
    found.paths.push_back(path);
    // An array has its labels beside it: digits.npy is followed by digits_labels.npy.
    if (ending_of(path.string()) == ".npy") {
      const fs::path labels = path.string().substr(0, path.string().rfind(".npy")) + "_labels.npy";
      if (fs::is_regular_file(labels, error)) {
        const std::uintmax_t label_bytes = fs::file_size(labels, error);
        found.entries.push_back({labels.filename().string(), error ? 0 : label_bytes});
        found.paths.push_back(labels);
      }
    }
  } else {
    throw Error("'" + path.string() +
                "' is neither a file nor a folder; save what comes out of it in a file.");
  }
  return std::make_unique<FilesOnDisk>(path, std::move(found));
}

std::unique_ptr<FileSet> files_in_memory(std::string name, std::vector<NamedBytes> files) {
  std::ranges::sort(files, {}, &NamedBytes::path);
  std::vector<FileSet::Entry> entries;
  entries.reserve(files.size());
  const std::size_t folder =
      files.empty() ? 0 : common_folder(files.front().path, files.back().path).size();
  for (const NamedBytes& file : files) {
    entries.push_back({file.path.substr(folder), file.bytes.size()});
  }
  return std::make_unique<FilesInMemory>(std::move(name), std::move(entries), std::move(files));
}

}  // namespace hourglass
