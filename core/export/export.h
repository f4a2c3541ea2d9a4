// A trained model as files that other programs read: ONNX, TensorFlow.js, Keras and PyTorch.
//
// What is exported computes what `hourglass encode`, `decode` and `reconstruct` compute, on the
// model's own scaled values: model value = own value * scale + offset, with the map in a JSON file
// beside the model. Samples are flat on both sides, [batch, features], image channel by channel and
// row by row. What acts in training alone (dropout, corruption, the draw of a variational code) is
// left out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

enum class ExportTarget { kOnnx, kTfjs, kKeras, kPyTorch };
enum class ExportPart { kEncoder, kDecoder, kWhole };

// "onnx", "tfjs", "keras", "pytorch"; "encoder", "decoder", "whole".
std::span<const std::string_view> export_target_names();
std::span<const std::string_view> export_part_names();
std::string_view export_target_name(ExportTarget target);
std::string_view export_part_name(ExportPart part);
ExportTarget export_target_from_name(std::string_view name);  // throws Error
ExportPart export_part_from_name(std::string_view name);      // throws Error

struct ExportOptions {
  ExportPart part = ExportPart::kWhole;
  // A variational code is drawn instead of being its mean: mean + noise * standard deviation, with
  // the noise, which should come from N(0, 1), a second input of the model.
  bool sample = false;
  // What the files are called before their endings.
  std::string name = "model";
  // What messages call the checkpoint.
  std::string source = "The checkpoint";
};

struct ExportedFile {
  std::string name;  // without a folder
  std::vector<std::uint8_t> bytes;
};

// The files, the model first and NAME.info.json (what comes in and goes out, scaling, image shape,
// layers, remarks) last:
//   onnx     NAME.onnx: opset 17, IR version 8; inputs and outputs are "input", "code", "output",
//            and "noise" with `sample`. Of the whole model the code is an output, too.
//   tfjs     model.json and group1-shard1of1.bin: a layers model for tf.loadLayersModel()
//   keras    NAME.py, which builds the model, and NAME.weights.npz
//   pytorch  NAME.py, plain modules, and NAME.weights.safetensors
// `checkpoint` is a model.safetensors of a run or of a classifier (whose decoder is its head).
// Throws Error if it is damaged, or if the target has nothing for a layer, which is named.
std::vector<ExportedFile> export_model(std::span<const std::uint8_t> checkpoint,
                                       ExportTarget target, const ExportOptions& options = {});

}  // namespace hourglass
