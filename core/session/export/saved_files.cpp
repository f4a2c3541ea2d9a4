#include "core/session/export/saved_files.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/names.h"
#include "core/formats/png.h"
#include "core/formats/safetensors.h"
#include "core/formats/zip_writer.h"
#include "core/session/engine/build.h"
#include "core/session/engine/kept_runs.h"
#include "core/session/export/code_files.h"
#include "core/session/protocol/wire.h"

namespace hourglass::session {
namespace {

constexpr std::array<std::string_view, 14> kKindNames = {
    "checkpoint", "onnx",    "tfjs",    "keras", "pytorch",   "history", "curves",
    "map",        "map_svg", "map_npy", "codes", "codes_npy", "images",  "weights"};

std::vector<std::uint8_t> file_bytes(const std::string& text) { return {text.begin(), text.end()}; }

std::string history_table(const RunToSave& run) {
  const Safetensors file = read_safetensors(run.checkpoint, "The checkpoint");
  return history_csv(read_run_info(file, "The checkpoint").history);
}

std::string curves_picture(const RunToSave& run) {
  const Safetensors file = read_safetensors(run.checkpoint, "The checkpoint");
  return curves_svg(curve_of(file), read_run_info(file, "The checkpoint").history, run.words);
}

const JobResult& needed_codes(const RunToSave& run) {
  if (!run.codes || !run.data) throw Error("There are no codes to save: nothing was encoded yet.");
  return *run.codes;
}

// Bytes, image by image, as columns of values in [0, 1].
Matrix pictures(const Bytes& bytes, Index features) {
  const Index count = static_cast<Index>(bytes.size()) / features;
  Matrix columns(features, count);
  for (Index i = 0; i < columns.size(); ++i) {
    columns.data()[i] = static_cast<Scalar>(bytes[static_cast<std::size_t>(i)]) / Scalar(255);
  }
  return columns;
}

ConstMatrixView all_columns(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

// Of other numbers of channels than grey's and colour's each channel is a picture below the last.
ImageShape as_drawn(Index channels, Index rows, Index columns) {
  if (channels == 1 || channels == 3) return {channels, rows, columns};
  return {1, channels * rows, columns};
}

std::vector<std::uint8_t> reconstruction_sheet(const RunToSave& run) {
  const bool is_drawn = run.data && run.snapshot && run.snapshot->image_count > 0 &&
                        run.snapshot->originals && run.snapshot->reconstructed &&
                        run.snapshot->originals->size() == run.snapshot->reconstructed->size();
  if (!is_drawn || run.data->rows < 2 || !run.data->words.empty()) {
    throw Error("There are no pictures to save: the data are no images, or nothing was shown yet.");
  }
  const ImageShape shape =
      as_drawn(static_cast<Index>(run.data->channels), static_cast<Index>(run.data->rows),
               static_cast<Index>(run.data->columns));
  const Matrix originals = pictures(*run.snapshot->originals, shape.features());
  const Matrix made = pictures(*run.snapshot->reconstructed, shape.features());
  const std::array<ConstMatrixView, 2> sets = {all_columns(originals), all_columns(made)};
  return write_png(make_grid(sets, shape, {}));
}

std::vector<std::uint8_t> weight_sheet(const RunToSave& run) {
  if (!run.snapshot || !run.snapshot->tiles || run.snapshot->tiles->empty() ||
      run.snapshot->tile_rows < 1) {
    throw Error("There are no weights to save as pictures yet, or this network has none.");
  }
  const ImageShape shape = as_drawn(static_cast<Index>(run.snapshot->tile_channels),
                                    static_cast<Index>(run.snapshot->tile_rows),
                                    static_cast<Index>(run.snapshot->tile_columns));
  const Matrix tiles = pictures(*run.snapshot->tiles, shape.features());
  const auto across = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(tiles.cols()))));
  return write_png(make_grid(all_columns(tiles), shape, {.columns = across}));
}

}  // namespace

PlotWords plot_words(std::string_view text) {
  PlotWords words;
  const Json json = parse_json(text);
  if (!json.is_object()) return words;
  const auto take = [&](const char* name, std::string& word) {
    const auto found = json.find(name);
    if (found != json.end() && found->is_string()) word = found->get<std::string>();
  };
  take("title", words.title);
  take("training", words.training);
  take("held_out", words.held_out);
  take("epochs", words.epochs);
  take("map", words.map);
  take("across", words.across);
  take("up", words.up);
  return words;
}

std::span<const std::string_view> saved_kind_names() { return kKindNames; }

bool needs_codes(SavedKind kind) {
  return kind == SavedKind::kCodes || kind == SavedKind::kCodesNpy;
}

SavedKind saved_kind_from_name(std::string_view name) {
  return value_from_name<SavedKind>(kKindNames, name, "kind of file");
}

std::vector<ExportedFile> saved_files(SavedKind kind, const RunToSave& run) {
  switch (kind) {
    case SavedKind::kCheckpoint:
      return {{"model.safetensors", {run.checkpoint.begin(), run.checkpoint.end()}}};
    case SavedKind::kOnnx: {
      // What else there is to say about it is in its metadata, too.
      std::vector<ExportedFile> files = export_model(run.checkpoint, ExportTarget::kOnnx);
      files.resize(1);
      return files;
    }
    case SavedKind::kTfjs:
      return export_model(run.checkpoint, ExportTarget::kTfjs);
    case SavedKind::kKeras:
      return export_model(run.checkpoint, ExportTarget::kKeras);
    case SavedKind::kPyTorch:
      return export_model(run.checkpoint, ExportTarget::kPyTorch);
    case SavedKind::kHistory:
      return {{"history.csv", file_bytes(history_table(run))}};
    case SavedKind::kCurves:
      return {{"curves.svg", file_bytes(curves_picture(run))}};
    case SavedKind::kMap:
      return {{"map.csv", file_bytes(map_csv(run.data, run.snapshot))}};
    case SavedKind::kMapSvg:
      return {{"map.svg", file_bytes(map_svg(run.data, run.snapshot, run.words))}};
    case SavedKind::kMapNpy:
      return {{"map.npy", map_npy(run.data, run.snapshot)}};
    case SavedKind::kCodes:
      return {{"codes.csv", file_bytes(codes_csv(needed_codes(run), *run.data))}};
    case SavedKind::kCodesNpy:
      return {{"codes.npy", codes_npy(needed_codes(run))}};
    case SavedKind::kImages:
      return {{"reconstructions.png", reconstruction_sheet(run)}};
    case SavedKind::kWeights:
      return {{"weights.png", weight_sheet(run)}};
  }
  return {};
}

ExportedFile saved_file(std::string_view kind, const RunToSave& run) {
  std::vector<ExportedFile> files = saved_files(saved_kind_from_name(kind), run);
  if (files.size() == 1) return std::move(files[0]);
  std::vector<ZipMember> members;
  for (ExportedFile& file : files) members.push_back({file.name, std::move(file.bytes)});
  return {"model-" + std::string(kind) + ".zip", write_zip(members)};
}

ExportedFile saved_file(std::string_view kind, std::string_view words,
                        std::span<const std::uint8_t> checkpoint,
                        std::span<const std::uint8_t> data, std::span<const std::uint8_t> snapshot,
                        std::span<const std::uint8_t> codes) {
  const Event codes_event = codes.empty() ? Event() : decode_event(codes);
  const Event data_event = data.empty() ? Event() : decode_event(data);
  const Event snapshot_event = snapshot.empty() ? Event() : decode_event(snapshot);
  return saved_file(kind, {.checkpoint = checkpoint,
                           .data = std::get_if<DataReady>(&data_event),
                           .snapshot = std::get_if<Snapshot>(&snapshot_event),
                           .codes = std::get_if<JobResult>(&codes_event),
                           .words = plot_words(words)});
}

}  // namespace hourglass::session
