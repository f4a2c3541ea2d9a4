#include "core/data/import/document_source.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/import/sentences.h"
#include "core/data/sources/document_dataset.h"
#include "core/text/document_kind.h"

namespace hourglass {
namespace {

bool is_text_file(const ImportRequest& request, std::size_t file) {
  return request.kinds[file] == FileKind::kText &&
         ending_of(request.files.entries()[file].path) == ".txt";
}

// A file of documents; else, of several, the texts that are files of their own.
bool is_collection(const ImportRequest& request) {
  return request.files.size() > 1 && request.count(FileKind::kText) > 1;
}

Documents collected(const ImportRequest& request) {
  std::vector<DocumentFile> files;
  std::uint64_t bytes = 0;
  // Those beside the folders come first, as they have no topic.
  for (const bool in_folders : {false, true}) {
    for (std::size_t i = 0; i < request.files.size(); ++i) {
      const std::string folder = folder_of(request.files.entries()[i].path);
      if (!is_text_file(request, i) || in_folders == folder.empty()) continue;
      files.push_back(
          {to_utf8(file_name_of(folder)), request.files.title(i), request.files.read(i)});
      bytes += files.back().bytes.size();
      if (bytes > kMaxDocumentBytes || std::ssize(files) > kMaxDocuments) {
        throw Refusal(sentence("documents.too_many",
                               {request.files.name(), kMaxDocumentBytes >> 20, kMaxDocuments}));
      }
    }
  }
  return documents_of_files(files, request.files.name());
}

// Whether one of the first characters is a digit.
bool has_digits(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kThatTell = 1 << 16;
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kThatTell, bytes.size()));
  return std::any_of(bytes.begin(), end, [](std::uint8_t c) { return c >= '0' && c <= '9'; });
}

// What people have taken for texts: a page that came in a download's place, and JSON.
void refuse_pages(const std::vector<std::uint8_t>& bytes, const std::string& name) {
  constexpr std::size_t kThatTell = 200;
  std::string begin(bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kThatTell, bytes.size())));
  std::ranges::transform(begin, begin.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  begin.erase(0, begin.find_first_not_of(" \t\r\n\xEF\xBB\xBF"));
  if (begin.starts_with("<!doctype") || begin.starts_with("<html") || begin.starts_with("<?xml")) {
    throw Refusal(sentence("documents.web_page", {name}));
  }
  if (begin.starts_with("{\"") || begin.starts_with("[{")) {
    throw Refusal(sentence("documents.json", {name}));
  }
}

}  // namespace

bool takes_documents(const ImportRequest& request) {
  if (is_collection(request)) {
    for (std::size_t i = 0; i < request.files.size(); ++i) {
      if (is_text_file(request, i)) return true;
    }
    return false;
  }
  const std::size_t file = request.first(FileKind::kText);
  if (file == request.files.size()) return false;
  if (request.options.trained && !request.known_words) return false;  // numbers are wanted
  if (request.known_words || request.options.shape == "documents") return true;
  if (request.options.shape != "auto") return false;  // a person calls it a table or images
  const FileContent content = request.view(file);
  const std::span<const std::uint8_t> bytes = content.bytes();
  const std::string title = request.files.title(file);
  if (ending_of(title) == ".txt" && !has_digits(bytes)) return true;  // no table of numbers
  return holds_documents(bytes, title);
}

Imported import_documents(const ImportRequest& request) {
  const bool several = is_collection(request);
  Documents documents;
  if (several) {
    documents = collected(request);
  } else {
    const std::size_t file = request.first(FileKind::kText);
    const std::string title = request.files.title(file);
    const std::vector<std::uint8_t> bytes = request.content(file);
    refuse_pages(bytes, title);
    DocumentFormat format = document_format(title);
    format.wish.label = request.options.label;
    if (request.options.header != Guess::kAuto) {
      format.wish.header = request.options.header == Guess::kYes;
    }
    // For a model the labels do not count, and its own files' need not be here.
    if (request.options.whole) format.wish.label = "auto";
    documents = read_documents(bytes, title, format);
  }
  Imported result;
  result.report.kind = "documents";
  result.data = dataset_from_documents(documents, request.set,
                                       {.words = request.options.words,
                                        .weighting = request.options.weighting,
                                        .known = request.known_words,
                                        .unit = several ? "file" : "line",
                                        .whole = request.options.whole});
  const Sentence topics = sentence("labels.topics");
  const std::string& from = result.data.labels_from;
  if (!from.empty()) result.report.label = from == topics.text ? topics : Sentence(from);
  result.report.columns = documents.columns();
  if (!request.options.whole) {
    result.report.notes.assign(documents.notes().begin(), documents.notes().end());
  }
  return result;
}

}  // namespace hourglass
