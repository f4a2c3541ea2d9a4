#include "native/platform/data_files.h"

#include <array>
#include <cstdlib>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/sources/document_dataset.h"
#include "core/data/sources/mnist.h"
#include "core/data/sources/text_folder.h"
#include "core/session/engine/import_settings.h"
#include "core/text/corpus.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> kFiles = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                               "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

// The file with or without .gz; empty if there is neither.
fs::path find_file(const fs::path& folder, const char* name) {
  for (const char* ending : {"", ".gz"}) {
    const fs::path path = folder / (std::string(name) + ending);
    std::error_code error;
    if (fs::is_regular_file(path, error)) return path;
  }
  return {};
}

constexpr const char* kReuters = "reuters-21578";
constexpr const char* kBuiltInTexts = "texts";

fs::path reuters_file() { return data_folder() / kReuters / "documents.tsv.gz"; }

std::vector<std::uint8_t> document_set_bytes(const std::string& name) {
  if (name == kBuiltInTexts) {
    const std::string_view text = built_in_documents();
    return {text.begin(), text.end()};
  }
  const fs::path path = reuters_file();
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw Error("'" + path.string() + "' is not there, which '" + name + "' stands for: run " +
                "./dev data to download it, or use texts, which needs no files.");
  }
  return read_file(path, kMaxDocumentBytes);
}

Dataset documents_as_wanted(const Documents& documents, const std::string& name,
                            const session::Settings& settings, const WordInput* known) {
  return dataset_from_documents(
      documents, name,
      {.words = static_cast<Index>(settings.integer("data.vocabulary")),
       .weighting = word_weighting_from_name(settings.text("data.word_weights")),
       .known = known});
}

}  // namespace

fs::path data_folder() {
  const char* const named = std::getenv("HOURGLASS_DATA_DIR");
  return named && *named ? fs::path(named) : fs::path("data");
}

bool is_document_set(const std::string& name) { return name == kBuiltInTexts || name == kReuters; }

Documents document_set(const std::string& name) {
  return read_documents(document_set_bytes(name), name);
}

Documents documents_at(const fs::path& path, bool entities) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    if (has_text_files(path)) return documents_in_folder(path);
    throw Error("The folder '" + path.string() + "' holds no text files (.txt).");
  }
  DocumentFormat format = document_format(path.string());
  format.entities = entities;
  return read_documents(read_file(path, kMaxDocumentBytes), path.string(), format);
}

bool has_data(const std::string& name) {
  std::error_code error;
  if (name == kBuiltInTexts) return true;
  if (name == kReuters) return fs::is_regular_file(reuters_file(), error);
  for (const char* file : kFiles) {
    if (find_file(data_folder() / name, file).empty()) return false;
  }
  return true;
}

Dataset load_data(const std::string& name, const session::Settings& settings,
                  const WordInput* known) {
  if (!is_document_set(name)) return load_idx_folder(data_folder() / name, name);
  return documents_as_wanted(document_set(name), name, settings, known);
}

Dataset load_data_path(const fs::path& path, const ImportOptions& options, const WordInput* known,
                       std::vector<std::string>* notes) {
  Imported imported = import_path(path, options, known);
  if (notes) {
    notes->insert(notes->end(), imported.report.notes.begin(), imported.report.notes.end());
  }
  return std::move(imported.data);
}

Imported import_path(const fs::path& path, const ImportOptions& options, const WordInput* known) {
  std::error_code error;
  const std::string name = to_utf8(fs::weakly_canonical(path, error).filename().string());
  return import_data(*files_at(path), name, options, known);
}

Imported import_path(const fs::path& path, const session::Settings& settings,
                     const WordInput* known) {
  return import_path(path, session::import_options(settings), known);
}

session::Command answer_data_wanted(const std::string& name) {
  try {
    session::ProvideData data;
    data.name = name;
    if (is_document_set(name)) {
      data.documents = document_set_bytes(name);
      return {.id = 0, .body = std::move(data)};
    }
    session::Bytes* const places[] = {&data.train_images, &data.train_labels, &data.test_images,
                                      &data.test_labels};
    for (std::size_t i = 0; i < kFiles.size(); ++i) {
      const fs::path path = find_file(data_folder() / name, kFiles[i]);
      if (path.empty()) {
        throw Error("The file '" + std::string(kFiles[i]) + "' of the data set '" + name +
                    "' is not in '" + (data_folder() / name).string() +
                    "': run ./dev data to download it, or use Strokes, which needs no files.");
      }
      *places[i] = read_file(path);
    }
    return {.id = 0, .body = std::move(data)};
  } catch (const Error& error) {
    return {.id = 0, .body = session::DataFailed{name, error.what()}};
  }
}

}  // namespace hourglass
