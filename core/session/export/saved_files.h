// What of a run can be taken away: files for other programs, made of messages that the engine has
// sent. Page and desktop use it alike.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/export/export.h"
#include "core/session/export/curves_svg.h"
#include "core/session/export/map_svg.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

enum class SavedKind : std::uint8_t {
  kCheckpoint,  // model.safetensors: goes on here and on the command line
  kOnnx,
  kTfjs,
  kKeras,
  kPyTorch,
  kHistory,   // history.csv, as the command line writes it
  kCurves,    // curves.svg
  kMap,       // map.csv
  kMapSvg,    // map.svg
  kMapNpy,    // map.npy
  kCodes,     // codes.csv
  kCodesNpy,  // codes.npy
  kImages,    // reconstructions.png
  kWeights,   // weights.png
};
// "checkpoint", "onnx", "tfjs", "keras", "pytorch", "history", "curves", "map",
// "map_svg", "map_npy", "codes", "codes_npy", "images", "weights".
std::span<const std::string_view> saved_kind_names();
SavedKind saved_kind_from_name(std::string_view name);  // throws Error
// Whether the job "codes" (core/session/engine/jobs/codes_job.h) has to be done before.
bool needs_codes(SavedKind kind);

struct RunToSave {
  std::span<const std::uint8_t> checkpoint;  // the Reply to SaveCheckpoint or GetKeptRun
  const DataReady* data = nullptr;           // the newest of each; null if there was none
  const Snapshot* snapshot = nullptr;
  const JobResult* codes = nullptr;  // of the job "codes", for those kinds that need it
  PlotWords words;                   // in the person's language
};

// One file, or several that belong together. Tables and arrays of codes and map are those of
// core/session/export/code_files.h. Images are sheets without loss: originals above what the
// network makes of them; and the tiles of the panel Weights. Throws Error, in one sentence, if the
// run has no such thing.
std::vector<ExportedFile> saved_files(SavedKind kind, const RunToSave& run);

// The same as one file: several are a ZIP, called after the kind ("model-tfjs.zip").
ExportedFile saved_file(std::string_view kind, const RunToSave& run);
// For those who have messages as bytes: `words` as for plot_words(), `data`, `snapshot` and
// `codes` encoded events, or empty. Throws Error besides if one of them is damaged.
ExportedFile saved_file(std::string_view kind, std::string_view words,
                        std::span<const std::uint8_t> checkpoint,
                        std::span<const std::uint8_t> data, std::span<const std::uint8_t> snapshot,
                        std::span<const std::uint8_t> codes);

// JSON text of an object with PlotWords' members by their names; what it lacks is in English.
PlotWords plot_words(std::string_view text);

}  // namespace hourglass::session
