#include "core/export/export.h"

#include <utility>

#include "core/base/names.h"
#include "core/export/export_info.h"
#include "core/export/keras_graph.h"
#include "core/export/keras_script.h"
#include "core/export/onnx_export.h"
#include "core/export/pytorch_script.h"
#include "core/export/tfjs_model.h"
#include "core/export/trained_model.h"

namespace hourglass {
namespace {

constexpr std::string_view kTargetNames[] = {"onnx", "tfjs", "keras", "pytorch"};
constexpr std::string_view kPartNames[] = {"encoder", "decoder", "whole"};

std::vector<std::uint8_t> text_bytes(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

std::span<const std::string_view> export_target_names() { return kTargetNames; }
std::span<const std::string_view> export_part_names() { return kPartNames; }

std::string_view export_target_name(ExportTarget target) {
  return kTargetNames[static_cast<std::size_t>(target)];
}

std::string_view export_part_name(ExportPart part) {
  return kPartNames[static_cast<std::size_t>(part)];
}

ExportTarget export_target_from_name(std::string_view name) {
  return value_from_name<ExportTarget>(kTargetNames, name, "format");
}

ExportPart export_part_from_name(std::string_view name) {
  return value_from_name<ExportPart>(kPartNames, name, "part");
}

std::vector<ExportedFile> export_model(std::span<const std::uint8_t> checkpoint,
                                       ExportTarget target, const ExportOptions& options) {
  const TrainedModel model(checkpoint, options.source);
  std::vector<std::string> remarks;
  std::vector<ExportedFile> files;
  OrderedJson info;
  const std::string about = export_about(model, options);
  switch (target) {
    case ExportTarget::kOnnx: {
      OnnxGraph graph = onnx_graph(model, options, about, remarks);
      info = export_info(model, target, options, remarks);
      graph.add_metadata("hourglass.info", json_text(info));
      files.push_back({options.name + ".onnx", graph.bytes()});
      break;
    }
    case ExportTarget::kTfjs: {
      const KerasGraph graph = keras_graph(model, target, options, remarks);
      info = export_info(model, target, options, remarks);
      TfjsModel made = tfjs_model(graph, info);
      files.push_back({"model.json", text_bytes(made.json)});
      files.push_back({kTfjsWeightsFile, std::move(made.weights)});
      break;
    }
    case ExportTarget::kKeras: {
      const std::string weights = options.name + ".weights.npz";
      const KerasGraph graph = keras_graph(model, target, options, remarks);
      info = export_info(model, target, options, remarks);
      files.push_back({options.name + ".py", text_bytes(keras_script(graph, about, model.scaling(),
                                                                     options.name, weights))});
      files.push_back({weights, keras_weights(graph)});
      break;
    }
    case ExportTarget::kPyTorch: {
      const std::string weights = options.name + ".weights.safetensors";
      PyTorchModel made = pytorch_model(model, options, about, weights, remarks);
      info = export_info(model, target, options, remarks);
      files.push_back({options.name + ".py", text_bytes(made.script)});
      files.push_back({weights, std::move(made.weights)});
      break;
    }
  }
  files.push_back({options.name + ".info.json", text_bytes(json_text(info, 2) + "\n")});
  return files;
}

}  // namespace hourglass
