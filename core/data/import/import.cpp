#include "core/data/import/import.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/data/import/idle_options.h"
#include "core/data/import/image_layout.h"
#include "core/data/import/import_sources.h"
#include "core/data/import/name_words.h"
#include "core/data/import/sample_choice.h"
#include "core/data/import/sentences.h"
#include "core/data/import/zip_files.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"

namespace hourglass {
namespace {

// A file compressed with gzip is what is in it, which takes the whole file to find out.
FileKind kind_within(const FileSet& files, std::size_t file) {
  const std::string& path = files.entries()[file].path;
  const FileKind kind = kind_of(files.head(file, kHeadBytes), path);
  if (kind != FileKind::kGzip) return kind;
  const auto content = gunzip(files.read(file), files.title(file), kMaxArrayBytes);
  return kind_of(std::span(content).first(std::min(content.size(), kHeadBytes)), path);
}

// Files that some systems and tools leave in every folder and archive.
bool is_litter(const std::string& path) {
  const std::string name = file_name_of(path);
  return name.starts_with('.') || path.starts_with("__MACOSX/") || name == "Thumbs.db" ||
         name == "desktop.ini";
}

ImportRequest request_of(const FileSet& files, const std::string& set, const ImportOptions& options,
                         const WordInput* known_words) {
  ImportRequest request{files, {}, files.unread(), set, options, known_words};
  request.kinds.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    FileKind kind = FileKind::kUnknown;
    try {
      if (!is_litter(files.entries()[i].path)) kind = kind_within(files, i);
    } catch (const Error& error) {
      // One among others does not stop them; a file alone is the person's question.
      if (files.size() == 1) throw;
      request.unreadable.push_back(sentence_of(error));
    }
    request.kinds.push_back(kind);
  }
  return request;
}

void note_unreadable(const std::vector<Sentence>& unreadable, ImportReport& report) {
  constexpr std::size_t kNamed = 5;
  for (std::size_t i = 0; i < std::min(kNamed, unreadable.size()); ++i) {
    report.notes.push_back(sentence("files.unread", {unreadable[i]}));
  }
  if (unreadable.size() > kNamed) {
    report.notes.push_back(sentence("files.more_unread", {unreadable.size() - kNamed}));
  }
  report.left_out += std::ssize(unreadable);
}

// Files of another kind than those that were read lie beside them in a folder or an archive.
void note_beside(const ImportRequest& request, ImportReport& report) {
  const bool from_arrays = report.kind == "NPY" || report.kind == "NPZ";
  const bool from_texts = report.kind == "table" || report.kind == "documents";
  const FileKind read = from_arrays            ? FileKind::kNpy
                        : report.kind == "IDX" ? FileKind::kIdx
                        : report.kind == "MAT" ? FileKind::kMat5
                        : from_texts           ? FileKind::kText
                                               : FileKind::kUnknown;
  // The others say for themselves what they leave out.
  if (read == FileKind::kUnknown || request.count(read) == 0) return;
  std::vector<std::string> beside;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const FileKind kind = request.kinds[i];
    const std::string& path = request.files.entries()[i].path;
    const auto words = words_of_name(path);
    const auto has_word = [&](const char* word) {
      return std::ranges::find(words, word) != words.end();
    };
    // What explains the data is no data; EMNIST's mapping names its classes.
    const bool explains = kind == FileKind::kText && (has_word("readme") || has_word("license") ||
                                                      has_word("licence") || has_word("mapping"));
    if (kind == read || kind == FileKind::kUnknown || kind == FileKind::kEmpty || explains)
      continue;
    beside.push_back(path);
  }
  if (beside.empty()) return;
  report.left_out += std::ssize(beside);
  report.notes.push_back(
      sentence("files.of_other_kinds", {report.kind, request.files.name(), some_of(beside)}));
}

// How samples were divided that no source has said it of: Dataset::split_by.
Sentence split_sentence(const std::string& split_by) {
  if (Sentence files = sentence("split.files"); files.text == split_by) return files;
  const auto share_in = [&](std::string_view key) -> Sentence {
    const std::string behind = sentence(key, {""}).text;
    if (!split_by.ends_with(behind)) return {};
    Sentence share(split_by.substr(0, split_by.size() - behind.size()));
    for (const char* word : {"split.one_in_six", "split.one"}) {
      if (sentence(word).text == share.text) share = sentence(word);
    }
    return sentence(key, {share});
  };
  Sentence said = share_in("split.of_each_class");
  if (said.text.empty()) said = share_in("split.random");
  return said.text.empty() ? Sentence(split_by) : said;
}

Imported import_request(const ImportRequest& request) {
  const FileSet& files = request.files;
  for (const ImportSource& source : import_sources()) {
    if (!source.takes(request)) continue;
    Imported imported = source.import(request);
    note_unreadable(request.unreadable, imported.report);
    note_beside(request, imported.report);
    const bool are_images = !imported.data.shape.is_vector();
    if (!request.options.trained) {
      const std::string idle =
          idle_options_sentence(request.options, imported.report.kind, are_images);
      if (!idle.empty()) imported.report.notes.push_back(idle);
    }
    if (!request.options.whole) choose_samples(request.options, files.name(), imported);
    const std::string& split_by = imported.data.split_by;
    if (imported.report.split.text != split_by) imported.report.split = split_sentence(split_by);
    return imported;
  }
  // Nobody takes them: what they are says why.
  if (files.size() == 1) throw Refusal(refusal_of(request.kinds[0], files.title(0)));
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (request.kinds[i] != FileKind::kUnknown && request.kinds[i] != FileKind::kEmpty) {
      throw Refusal(refusal_of(request.kinds[i], files.title(i)));
    }
  }
  if (!request.unreadable.empty()) throw Refusal(request.unreadable[0]);
  throw Refusal(sentence("files.no_data", {files.name()}));
}

}  // namespace

std::size_t ImportRequest::count(FileKind kind) const {
  return static_cast<std::size_t>(std::ranges::count(kinds, kind));
}

std::size_t ImportRequest::first(FileKind kind) const {
  return static_cast<std::size_t>(std::ranges::find(kinds, kind) - kinds.begin());
}

std::vector<std::uint8_t> ImportRequest::content(std::size_t file) const {
  std::vector<std::uint8_t> bytes = files.read(file);
  if (!is_gzip(bytes)) return bytes;
  bytes = gunzip(bytes, files.title(file), kMaxArrayBytes);
  if (is_gzip(bytes)) {
    throw Refusal(sentence("files.gzip_twice", {files.title(file)}));
  }
  return bytes;
}

FileContent ImportRequest::view(std::size_t file) const {
  const std::span<const std::uint8_t> there = files.in_place(file);
  return there.empty() || is_gzip(there) ? FileContent(content(file)) : FileContent(there);
}

Imported import_data(const FileSet& files, const std::string& set, const ImportOptions& options,
                     const WordInput* known_words) {
  if (options.most_samples == 1 && !options.whole) {
    throw Refusal(sentence("files.most_samples_one"));
  }
  const ImportRequest request = request_of(files, set, options, known_words);
  if (files.size() != 1 || request.kinds[0] != FileKind::kZip) return import_request(request);
  // What lies in an archive is what is imported, one archive deep.
  const auto inside = files_in_zip(request.content(0), files.title(0));
  const Sentence refusal = refusal_of_archive(*inside);
  if (!refusal.text.empty()) throw Refusal(refusal);
  return import_request(request_of(*inside, set, options, known_words));
}

}  // namespace hourglass
