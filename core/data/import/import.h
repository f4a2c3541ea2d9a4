// The one way in for a person's own data: files in, a data set or one sentence out. The command
// line, the desktop and the page use it alike.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/dataset.h"
#include "core/data/import/file_kind.h"
#include "core/data/import/file_set.h"
#include "core/data/import/import_options.h"
#include "core/text/word_input.h"

namespace hourglass {

// What was understood beside the data set itself, to be checked by a person.
struct ImportReport {
  std::string kind;  // "IDX", "NPY", "NPZ", "table", "images", "CIFAR-10", "documents", ...
  Sentence label;    // which column or file the labels are from, "column 'kind'"; ""
  Sentence split;    // how it was divided: Dataset::split_by
  std::int64_t left_out = 0;    // files or rows that are not among the samples
  std::vector<Sentence> notes;  // whole sentences: guesses, what was left out and why
  std::vector<double> range;    // of the file's numbers, where they are others than the samples'
  // What a person may choose among instead.
  std::vector<std::string> columns;  // a table's, by title or number: for data.label
  std::vector<std::string> arrays;   // of an archive: for data.array
};

struct Imported {
  Dataset data;  // unscaled
  ImportReport report;
};

// The bytes of a file, in its own memory or in that of the files.
class FileContent {
 public:
  explicit FileContent(std::vector<std::uint8_t> bytes)
      : owned_(std::move(bytes)), is_owned_(true) {}
  explicit FileContent(std::span<const std::uint8_t> in_place) : in_place_(in_place) {}
  std::span<const std::uint8_t> bytes() const {
    return is_owned_ ? std::span<const std::uint8_t>(owned_) : in_place_;
  }

 private:
  std::vector<std::uint8_t> owned_;
  std::span<const std::uint8_t> in_place_;
  bool is_owned_ = false;
};

// What a source gets: files, what they are (one kind each, gzip looked through where the whole file
// can be unpacked), and what was said about them.
struct ImportRequest {
  const FileSet& files;
  std::vector<FileKind> kinds;
  // Why files of a set could not be looked into: a sentence each. A file alone is refused.
  std::vector<Sentence> unreadable;
  std::string set;  // what the data set is to be called
  const ImportOptions& options;
  const WordInput* known_words = nullptr;  // of the model that documents are for

  std::size_t count(FileKind kind) const;
  // The first file of that kind; files.size() if there is none.
  std::size_t first(FileKind kind) const;
  // Its bytes, unpacked where it is compressed with gzip.
  std::vector<std::uint8_t> content(std::size_t file) const;
  // The same without a copy of what is in memory, for files that may be large.
  FileContent view(std::size_t file) const;
};

// The data set that `files` are, called `set`. What they are is told from their contents; the
// options say what a person wants to have understood otherwise. Throws Error with a sentence that
// says what would work.
Imported import_data(const FileSet& files, const std::string& set, const ImportOptions& options,
                     const WordInput* known_words = nullptr);

}  // namespace hourglass
