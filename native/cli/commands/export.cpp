// `hourglass export`: a trained model as a file for other programs.
#include "core/export/export.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/model.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/run_folder.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Json = OrderedJson;

struct ExportFlags {
  std::optional<std::string> model, to, out, part;
  bool sample = false, json = false;
};

// The ending of the file that --out names; "" where it names a folder.
std::string_view out_ending(ExportTarget target) {
  switch (target) {
    case ExportTarget::kOnnx:
      return ".onnx";
    case ExportTarget::kTfjs:
      return "";
    case ExportTarget::kKeras:
    case ExportTarget::kPyTorch:
      break;
  }
  return ".py";
}

// Where the files go, and what they are called.
struct Destination {
  fs::path folder;
  std::string name;
};

Destination destination_of(const std::string& out, ExportTarget target) {
  const fs::path path = out;
  const std::string_view ending = out_ending(target);
  const std::string format(export_target_name(target));
  if (ending.empty()) {
    if (path.extension() == ".json" || path.extension() == ".bin") {
      throw Error("--out cannot be '" + out + "': a model for " + format +
                  " is several files, and --out names the folder for them.");
    }
    return {path, "model"};
  }
  if (path.extension() != ending || path.stem().empty() || path.stem() == ending) {
    throw Error("--out cannot be '" + out + "': a model for " + format +
                " is a file whose name ends in " + std::string(ending) + ".");
  }
  return {path.parent_path(), path.stem().string()};
}

int run_export(const ExportFlags& flags) {
  const std::string& path = needed(flags.model, "export", "--model FILE");
  const ExportTarget target =
      export_target_from_name(needed(flags.to, "export", "--to onnx, tfjs, keras or pytorch"));
  const std::string& out = needed(flags.out, "export", "--out PATH");
  const Destination to = destination_of(out, target);
  const ExportOptions options{.part = export_part_from_name(flags.part.value_or("whole")),
                              .sample = flags.sample,
                              .name = to.name,
                              .source = "'" + path + "'"};
  using Seconds = std::chrono::duration<double>;
  const auto start = std::chrono::steady_clock::now();
  const std::vector<std::uint8_t> checkpoint = read_model_file(path).checkpoint;
  const auto read = std::chrono::steady_clock::now();
  const std::vector<ExportedFile> files = export_model(checkpoint, target, options);
  const Seconds conversion = std::chrono::steady_clock::now() - read;
  std::error_code unknown;
  for (const ExportedFile& file : files) {
    if (fs::equivalent(to.folder / file.name, path, unknown)) {
      throw Error("The export would write over '" + path +
                  "', which is the model itself; --out names another place.");
    }
  }
  std::optional<RunFolder> folder;
  if (out_ending(target).empty()) folder.emplace(RunFolder::of(to.folder));
  Json written = Json::array();
  std::string names;
  for (const ExportedFile& file : files) {
    const fs::path place = to.folder / file.name;
    write_file(place, file.bytes);
    written.push_back({{"path", to_utf8(place.string())}, {"bytes", file.bytes.size()}});
    names += (names.empty() ? "" : &file == &files.back() ? " and " : ", ") + place.string();
  }
  const Seconds seconds = std::chrono::steady_clock::now() - start;
  // The description is the last of the files.
  const std::vector<std::uint8_t>& text = files.back().bytes;
  Json info = parse_ordered_json({reinterpret_cast<const char*>(text.data()), text.size()});
  if (flags.json) {
    info.erase("vocabulary");
    info["files"] = written;
    info["seconds"] = seconds.count();  // with reading and writing
    info["conversion_seconds"] = conversion.count();
    std::printf("%s\n", json_text(info).c_str());
    return kDone;
  }
  if (info.contains("remarks")) {
    for (const auto& remark : info["remarks"]) warn(one_line(remark.get<std::string>()));
  }
  std::printf("Wrote %s: %s\n", one_line(names).c_str(), info["about"].get<std::string>().c_str());
  return kDone;
}

}  // namespace

void add_export_command(CommandLine& line) {
  Command& command =
      line.add("export", "A trained model for ONNX, TensorFlow.js, Keras or PyTorch");
  const auto flags = std::make_shared<ExportFlags>();
  command.option("--model", flags->model,
                 "The model.safetensors of a run, or a classifier of 'hourglass probe'", "FILE");
  command.option("--to", flags->to, "onnx, tfjs, keras or pytorch", "FORMAT");
  command.option("--out", flags->out,
                 "The file: .onnx, or .py for keras and pytorch; for tfjs a folder", "PATH");
  command.option("--part", flags->part, "encoder, decoder or whole (whole)", "PART");
  command.flag("--sample", flags->sample,
               "Draw a variational code: noise from N(0, 1) becomes an input (left out: the mean)");
  command.flag("--json", flags->json, "One JSON object as the last line");
  command.runs([flags] { return run_export(*flags); });
}

}  // namespace hourglass
