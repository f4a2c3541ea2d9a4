// `hourglass info`: what a file of a model is.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/base/write_number.h"
#include "core/export/export.h"
#include "core/export/export_info.h"
#include "core/export/trained_model.h"
#include "core/formats/onnx_file.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/export/project_file.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/info_keras.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

struct InfoFlags {
  std::optional<std::string> file;
  bool json = false;
};

// The length of the header, then "{".
bool looks_like_safetensors(const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() < 9) return false;
  std::size_t at = 8;
  while (at < bytes.size() && bytes[at] == ' ') ++at;
  return at < bytes.size() && bytes[at] == '{' && bytes[6] == 0 && bytes[7] == 0;
}

// "16 x 7 x 7"; of a plain vector, [1, 1, 32], its length.
std::string sides_text(std::vector<std::int64_t> sides) {
  if (sides.size() == 3 && sides[0] == 1 && sides[1] == 1)
    sides.erase(sides.begin(), sides.end() - 1);
  std::string text;
  for (const std::int64_t side : sides) text += (text.empty() ? "" : " x ") + std::to_string(side);
  return text.empty() ? "1" : text;
}

void print_row(const std::string& name, const std::string& kind, const std::string& shape,
               const std::string& more) {
  std::printf("  %-22s %-28s %-20s %s\n", name.c_str(), kind.c_str(), shape.c_str(), more.c_str());
}

Json checkpoint_info(const Safetensors& file, const std::vector<std::uint8_t>& bytes,
                     const std::string& source) {
  const session::RunInfo run = session::read_run_info(file, source);
  const TrainedModel model(bytes, source);
  Json info = export_info(model, ExportTarget::kOnnx, {.source = source}, {});
  for (const char* key : {"made_by", "format", "part", "about", "output", "vocabulary"}) {
    info.erase(key);
  }
  const bool is_classifier = !model.classes().empty();
  Json json = {{"kind", is_classifier ? "classifier" : "checkpoint"}};
  json.update(info);
  json["code_size"] = model.plan().code_size();
  if (run.is_imported) json["kind"] = "imported";
  json["loss"] = run.settings.text("model.loss");
  json["optimizer"] = run.settings.text("train.optimizer");
  json["data_hash"] = run.data_hash;
  if (run.train_count >= 0) {
    json["train_samples"] = run.train_count;
    json["test_samples"] = run.test_count;
  }
  if (!run.history.empty()) {
    const EpochMetrics& last = run.history.back();
    json["epochs"] = last.epoch;
    json["test_loss"] = std::isfinite(last.test_loss) ? Json(last.test_loss) : Json();
    json["test_mse"] = std::isfinite(last.test_mse) ? Json(last.test_mse) : Json();
  }
  return json;
}

std::string scaling_text_of(const Json& scaling) {
  const std::string kind = printable_text(scaling.value("kind", std::string("?")), 200);
  const Json &scale = scaling["scale"], &offset = scaling["offset"];
  if (scale.size() > 1 || offset.size() > 1) {
    return kind + ": value * scale + offset, with a scale and an offset for each feature";
  }
  return kind + ": value * " + shortest_text(scale[0].get<double>()) + " + " +
         shortest_text(offset[0].get<double>());
}

void print_checkpoint(const Json& info, const std::string& path) {
  const bool is_classifier = info["kind"] == "classifier";
  const bool is_imported = info["kind"] == "imported", is_project = info["kind"] == "project";
  std::printf("%s: %s, %s parameters, code of %s numbers\n", one_line(path).c_str(),
              is_classifier ? "a classifier of Hourglass"
              : is_imported ? "a model that was imported"
              : is_project  ? "a project of Hourglass"
                            : "a run of Hourglass",
              with_commas(info["parameters"].get<std::int64_t>()).c_str(),
              with_commas(info["code_size"].get<std::int64_t>()).c_str());
  const Json& image = info["input"]["image"];
  const std::string input =
      image.is_null() ? with_commas(info["input"]["features"].get<std::int64_t>()) + " numbers"
                      : sides_text(image.get<std::vector<std::int64_t>>());
  std::printf("  input                  %s\n", input.c_str());
  for (const Json& layer : info["layers"]) {
    print_row(layer["name"], layer["kind"],
              sides_text(layer["output"].get<std::vector<std::int64_t>>()),
              layer["activation"].get<std::string>() + ", " +
                  with_commas(layer["parameters"].get<std::int64_t>()) + " parameters");
  }
  std::printf("  scaling                %s\n", scaling_text_of(info["scaling"]).c_str());
  std::string data = printable_text(info["data"].get<std::string>(), 200);
  if (info.contains("train_samples")) {
    data += ", " + with_commas(info["train_samples"].get<std::int64_t>()) + " samples and " +
            with_commas(info["test_samples"].get<std::int64_t>()) + " held out";
  }
  if (is_project) data += info["has_data"] == true ? ", which are in it" : ", by name alone";
  std::printf("  %-22s %s\n", is_imported ? "imported from" : "data", data.c_str());
  if (is_imported) {
    std::printf("  loss                   %s\n", info["loss"].get<std::string>().c_str());
    return;
  }
  std::printf("  training               loss %s, %s", info["loss"].get<std::string>().c_str(),
              info["optimizer"].get<std::string>().c_str());
  if (info.contains("epochs")) {
    const double epochs = info["epochs"].get<double>();
    std::printf(", %s epoch%s", shortest_text(epochs).c_str(), epochs == 1 ? "" : "s");
    if (!info["test_loss"].is_null()) {
      std::printf(", test loss %.4f", info["test_loss"].get<double>());
    }
  }
  std::printf("\n");
  if (is_classifier) {
    std::printf("  classes                %zu\n", info["classes"].size());
  }
}

Json tensors_info(const Safetensors& file) {
  Json tensors = Json::array();
  std::int64_t numbers = 0;
  for (const TensorEntry& entry : file.tensors) {
    const auto count = static_cast<std::int64_t>(entry.bytes.size() / tensor_type_size(entry.type));
    numbers += count;
    tensors.push_back({{"name", to_utf8(entry.name)}, {"shape", entry.shape}, {"count", count}});
  }
  return {{"kind", "safetensors"}, {"parameters", numbers}, {"tensors", tensors}};
}

Json values_json(const std::vector<OnnxValue>& values) {
  Json all = Json::array();
  for (const OnnxValue& value : values) {
    Json sides = Json::array();
    for (const std::string& side : value.sides) sides.push_back(to_utf8(side));
    all.push_back({{"name", to_utf8(value.name)}, {"shape", sides}});
  }
  return all;
}

Json onnx_info(const OnnxFile& file) {
  Json nodes = Json::array(), metadata = Json::object();
  for (const OnnxNode& node : file.nodes) {
    nodes.push_back({{"name", to_utf8(node.label())}, {"type", to_utf8(node.type)}});
  }
  std::int64_t numbers = 0;
  for (const OnnxTensor& tensor : file.constants) {
    // Of what a shape claims no more than can be added up.
    const std::int64_t most = std::int64_t{1} << 40;
    if (tensor.type == 1) numbers += std::clamp<std::int64_t>(tensor.count(), 0, most);
  }
  for (const auto& [key, value] : file.metadata) {
    const Json held = parse_ordered_json(value);
    metadata[to_utf8(key)] = held.is_discarded() ? Json(to_utf8(value)) : held;
  }
  return {{"kind", "onnx"},
          {"opset", file.opset},
          {"ir_version", file.ir_version},
          {"producer", to_utf8(file.producer)},
          {"about", to_utf8(file.about)},
          {"inputs", values_json(file.inputs)},
          {"outputs", values_json(file.outputs)},
          {"parameters", numbers},
          {"nodes", nodes},
          {"metadata", metadata}};
}

void print_onnx(const OnnxFile& file, const Json& info, const std::string& path) {
  std::printf("%s: ONNX, opset %lld, made by %s, %s parameters\n", one_line(path).c_str(),
              static_cast<long long>(file.opset),
              file.producer.empty() ? "somebody" : printable_text(file.producer, 200).c_str(),
              with_commas(info["parameters"].get<std::int64_t>()).c_str());
  const auto print_values = [](const char* kind, const std::vector<OnnxValue>& values) {
    for (const OnnxValue& value : values) {
      std::string sides;
      for (const std::string& side : value.sides) {
        sides += (sides.empty() ? "" : " x ") + printable_text(side, 40);
      }
      print_row(kind, printable_text(value.name, 40), sides, "");
    }
  };
  print_values("input", file.inputs);
  for (const OnnxNode& node : file.nodes) {
    std::string shape;
    for (const std::string& input : node.inputs) {
      const OnnxTensor* const tensor = file.constant(input);
      if (tensor && shape.empty()) shape = sides_text(tensor->shape);
    }
    print_row(printable_text(node.type, 40), printable_text(node.label(), 40), shape, "");
  }
  print_values("output", file.outputs);
  if (!file.about.empty()) std::printf("  %s\n", printable_text(file.about, 1000).c_str());
}

// What an export for TensorFlow.js has left is a folder.
std::string model_in_folder(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return path;
  for (const char* name : {"model.json", "model.safetensors"}) {
    const fs::path inside = fs::path(path) / name;
    if (fs::is_regular_file(inside, error)) return inside.string();
  }
  throw Error("The folder '" + path +
              "' holds neither a model.json nor a model.safetensors; info takes a file.");
}

int run_info(const InfoFlags& flags) {
  if (!flags.file) throw Error("info needs a file: hourglass info model.safetensors.");
  const std::string path = model_in_folder(*flags.file);
  const std::string source = "'" + path + "'";
  std::vector<std::uint8_t> bytes = read_file(path);
  Json info;
  if (session::is_project(bytes)) {
    session::Project project = session::read_project(std::move(bytes), path);
    const Safetensors file = read_safetensors(project.checkpoint, source);
    info = checkpoint_info(file, project.checkpoint, source);
    info["kind"] = "project";
    info["has_data"] = !project.samples.empty();
    if (!flags.json) print_checkpoint(info, path);
  } else if (looks_like_safetensors(bytes)) {
    const Safetensors file = read_safetensors(bytes, source);
    const bool is_ours = file.metadata.contains("hourglass.settings");
    info = is_ours ? checkpoint_info(file, bytes, source) : tensors_info(file);
    if (!flags.json && is_ours) print_checkpoint(info, path);
    if (!flags.json && !is_ours) {
      std::printf("%s: safetensors, %zu arrays, %s numbers\n", one_line(path).c_str(),
                  file.tensors.size(), with_commas(info["parameters"].get<std::int64_t>()).c_str());
      for (const TensorEntry& entry : file.tensors) {
        std::printf("  %-40s %s\n", printable_text(entry.name, 80).c_str(),
                    sides_text(entry.shape).c_str());
      }
    }
  } else if (begins_as_onnx(bytes)) {
    const OnnxFile file = read_onnx(bytes, source);
    info = onnx_info(file);
    if (!flags.json) print_onnx(file, info, path);
  } else if (auto other = keras_info(bytes, source)) {
    info = std::move(*other);
    if (!flags.json) print_keras(info, path);
  } else {
    throw Error(source +
                " is no model that is known: info reads a model.safetensors or project of "
                "Hourglass, other safetensors files, ONNX files, and model.json and .keras files.");
  }
  if (flags.json) std::printf("%s\n", json_text(info).c_str());
  return kDone;
}

}  // namespace

void add_info_command(CommandLine& line) {
  Command& command = line.add("info", "What a model's file is: layers, shapes, scaling, data");
  const auto flags = std::make_shared<InfoFlags>();
  command.option("FILE", flags->file,
                 "A checkpoint, a project, another safetensors file, ONNX, or a model of "
                 "TensorFlow.js or Keras",
                 "");
  command.flag("--json", flags->json, "One JSON object as the last line");
  command.runs([flags] { return run_info(*flags); });
}

}  // namespace hourglass
