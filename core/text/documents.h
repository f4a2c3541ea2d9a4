// Documents: texts with or without labels, out of a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/index.h"
#include "core/text/document_columns.h"

namespace hourglass {

// What a file may hold: bytes when it is unpacked, documents, different labels.
inline constexpr std::uint64_t kMaxDocumentBytes = std::uint64_t{256} << 20;
inline constexpr Index kMaxDocuments = 1'000'000;
inline constexpr std::size_t kMaxDocumentLabels = 1000;

// Texts one behind the other in one piece of memory, each with any number of labels.
class Documents {
 public:
  Index count() const { return static_cast<Index>(ends_.size()); }
  // In UTF-8 without control characters, nor blanks at its ends; never empty.
  std::string_view text(Index document) const;
  std::vector<std::string_view> texts() const;
  // Numbers in label_names(), ascending, each once.
  std::span<const std::uint32_t> labels(Index document) const;
  // Where it stands in its file, from 1.
  std::size_t line(Index document) const { return lines_[static_cast<std::size_t>(document)]; }
  const std::vector<std::string>& label_names() const { return label_names_; }  // by alphabet
  // Of a file with columns: which the labels are from, "column 'sentiment'" ("" without a title, or
  // of one that says it), what was guessed, in sentences, and all columns by title or number.
  const std::string& labels_from() const { return labels_from_; }
  const std::vector<std::string>& notes() const { return notes_; }
  const std::vector<std::string>& columns() const { return columns_; }
  // Lines with a label and without a text: these are no documents.
  const std::vector<std::size_t>& lines_without_text() const { return lines_without_text_; }

 private:
  friend class DocumentReader;

  std::string bytes_;
  std::vector<std::size_t> ends_, label_ends_, lines_, lines_without_text_;
  std::vector<std::uint32_t> labels_;
  std::vector<std::string> label_names_, notes_, columns_;
  std::string labels_from_;
};

struct DocumentFormat {
  enum class Kind {
    kLines,  // a document a line; what stands before the first tab is its label
    kCsv     // a table as CsvLines reads it: the text, or label and text
  };
  Kind kind = Kind::kLines;
  // `&lt;`, `&gt;` and `&amp;` stand for <, > and &.
  bool entities = false;
  DocumentWish wish = {};  // for files of columns
};

// How a file of this name is read: a table if it ends in .csv or .csv.gz, else lines.
DocumentFormat document_format(std::string_view file_name);

// The documents in the bytes of a file, plain or, natively, compressed with gzip, in their order.
// Several labels are joined by "|"; one that comes twice counts once. Control characters become
// blanks; lines without anything are passed over. Which column of a table, or of lines with as many
// tabs each, is what, columns_of_documents() tells.
// `name` is what messages call the file. Takes memory for what is unpacked (at most
// kMaxDocumentBytes) twice. Throws Error if the file is empty, is damaged, is no text in UTF-8,
// holds no text, or more than the bounds above.
Documents read_documents(std::span<const std::uint8_t> file, const std::string& name,
                         const DocumentFormat& format = {});

// Documents that are about one thing each: those with exactly one label, of the most frequent ones.
struct SingleTopics {
  std::vector<Index> documents;      // ascending
  std::vector<std::int32_t> labels;  // of each, a number in `names`
  std::vector<std::string> names;    // of these labels, by alphabet
};
// The `most` (>= 1) labels that most of the documents with one label have; of equally frequent ones
// the first by alphabet.
SingleTopics single_topics(const Documents& documents, std::size_t most);

// As much of a text as has at most `bytes` bytes, cut between characters, with "..." where it goes
// on.
std::string beginning_of(std::string_view text, std::size_t bytes);

// Documents of a folder: a file each, with a label or "".
struct DocumentFile {
  std::string label, name;
  std::vector<std::uint8_t> bytes;  // plain or, natively, packed with gzip
};
// In their order, of which line() is the number: a file is a document, and its line ends are
// blanks; files without text are passed over. `folder` is what messages call them. Throws Error as
// read_documents().
Documents documents_of_files(std::span<const DocumentFile> files, const std::string& folder);

// "lines 3, 17 and 20", "lines 1, 2, 3, 4, 5 and 12 more": where documents stand.
std::string lines_text(std::span<const std::size_t> lines, const std::string& unit = "line");

}  // namespace hourglass
