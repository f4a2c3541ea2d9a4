// Files that a person gave: those of a folder, of an archive, or dropped onto a page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/sentence.h"

namespace hourglass {

class FileSet {
 public:
  struct Entry {
    std::string
        path;  // below what was given, parts divided by '/': "train/cat/1.png", "digits.npy"
    std::uint64_t bytes = 0;
  };

  virtual ~FileSet() = default;
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;

  // What messages call the whole: the path of a folder, the name of an archive.
  const std::string& name() const { return name_; }
  // In the order of their paths.
  const std::vector<Entry>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  // Why parts of it are not among them (a folder that may not be read): a sentence each.
  const std::vector<Sentence>& unread() const { return unread_; }
  // What messages call a file: "folder/train/cat/1.png", "archive.zip/1.png".
  virtual std::string title(std::size_t file) const;

  // The bytes of a file as it is stored (one that is compressed with gzip stays that). Throws Error
  // if it cannot be read or is damaged.
  virtual std::vector<std::uint8_t> read(std::size_t file) const = 0;
  // The same bytes where they lie in memory already; nothing for files that have to be read.
  virtual std::span<const std::uint8_t> in_place(std::size_t file) const;
  // Its first bytes, at most `most`.
  virtual std::vector<std::uint8_t> head(std::size_t file, std::size_t most) const;

 protected:
  FileSet(std::string name, std::vector<Entry> entries, std::vector<Sentence> unread = {});

 private:
  std::string name_;
  std::vector<Entry> entries_;
  std::vector<Sentence> unread_;
};

// The last part of a path.
std::string file_name_of(const std::string& path);
// What a path has before its last part, without the '/'; "" for none.
std::string folder_of(const std::string& path);
// The folder that holds all of some files, with its '/': what the `first` and the `last` of their
// sorted paths have in common; "" if there is none.
std::string common_folder(const std::string& first, const std::string& last);
// The ending of a file's name in small letters with its dot, ".gz" left out: ".csv" of "A.CSV.gz";
// "" without one.
std::string ending_of(const std::string& path);

// A file alone (of a .npy also the labels beside it: digits_labels.npy), or all in a folder and its
// subfolders, six levels deep; names that begin with a dot, links to nowhere and links to a folder
// that the link lies in are passed over. Files are read when they are asked for. Throws Error if
// `path` is not there, is neither a file nor a folder, cannot be listed, or holds more than
// 11,000,000 files.
std::unique_ptr<FileSet> files_at(const std::filesystem::path& path);

// Files in memory; their order becomes that of their paths, and a folder that holds all of them,
// such as one that was dropped, is left out of those. `name` is what messages call them.
struct NamedBytes {
  std::string path;
  std::vector<std::uint8_t> bytes;
};
std::unique_ptr<FileSet> files_in_memory(std::string name, std::vector<NamedBytes> files);

}  // namespace hourglass
