// A person's own files on their way into a run: what was understood of them is shown first, as the
// results of a job of the kind "import" that whoever has the files answers, and not the session.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/data/import/import.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

inline constexpr std::string_view kImportJob = "import";

class DataImport {
 public:
  // The files to look at, in the place of those before; `set` is what the data are to be called.
  void take(std::unique_ptr<FileSet> files, std::string set);
  bool has_files() const { return files_ != nullptr; }
  const std::string& set() const { return set_; }
  void forget();

  // What is understood of the files with `options`, JSON text of an object of settings data.*; the
  // same once more costs nothing. Throws Error with a sentence that says what would work.
  //
  // Fields: "name", "kind", "samples", "features", "train", "test", "shape" ([features] or
  // [channels, rows, columns]), "low", "high", "label", "split", "notes" (these three as
  // sentence_json() has them, without text for none), "left_out", "classes" (the first 24, each a
  // name and a count), "class_count", "columns", "arrays", "controls" (the keys of the settings
  // that play a part). Of images the array "images", U8, up to kSheetImages of them x features; of
  // a table "titles" and "rows", texts of the first samples.
  JobResult preview(const std::string& options);

  // The data set as the engine takes it: ProvideData::samples. Throws Error as preview() does.
  Bytes samples(const std::string& options);

 private:
  const Imported& imported(const std::string& options);

  std::unique_ptr<FileSet> files_;
  std::string set_, options_;
  std::optional<Imported> imported_;
};

inline constexpr std::int64_t kSheetImages = 40;

}  // namespace hourglass::session
