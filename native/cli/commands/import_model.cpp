#include "native/cli/commands/import_model.h"

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
#include "core/export/dense_import.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "native/cli/commands/model.h"
#include "native/cli/console/exit_code.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

struct ImportFlags {
  std::optional<std::string> file, out, activation, output_activation, code, loss;
  bool json = false;
};

// What the file does not say is taken from the flags: relu inside, sigmoid at the end.
void choose_activations(const ImportFlags& flags, std::vector<DenseLayer>& layers) {
  const Activation inside = activation_from_name(flags.activation.value_or("relu"));
  const Activation last = activation_from_name(flags.output_activation.value_or("sigmoid"));
  if (layers.front().knows_activation) {
    if (flags.activation || flags.output_activation) {
      throw Error(
          "--activation and --output-activation are for files that do not say which "
          "activations their layers have, and this one does.");
    }
    return;
  }
  for (DenseLayer& layer : layers) layer.activation = inside;
  layers.back().activation = last;
}

// The layer whose output is the code: the last that is called "enc...", or the narrowest.
std::size_t find_code(const ImportFlags& flags, const std::vector<DenseLayer>& layers) {
  const auto count = static_cast<std::int64_t>(layers.size());
  if (flags.code) {
    return static_cast<std::size_t>(whole_number(flags.code, "--code", 1, 1, count - 1) - 1);
  }
  std::size_t named = 0;
  while (named < layers.size() && layers[named].name.starts_with("enc")) ++named;
  if (named > 0 && named < layers.size()) return named - 1;
  const auto narrowest =
      std::min_element(layers.begin(), layers.end() - 1,
                       [](const auto& a, const auto& b) { return a.outputs < b.outputs; });
  return static_cast<std::size_t>(narrowest - layers.begin());
}

// A square number of at least 8 x 8 is taken for an image.
ImageShape shape_of(std::int64_t features) {
  const auto side =
      static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(features))));
  if (side >= 8 && side * side == features) {
    return {1, static_cast<Index>(side), static_cast<Index>(side)};
  }
  return {1, 1, static_cast<Index>(features)};
}

std::string loss_for(const ImportFlags& flags, Activation last) {
  if (flags.loss) return std::string(loss_name(loss_from_name(*flags.loss)));
  return last == Activation::kSoftmax ? "cce" : last == Activation::kSigmoid ? "bce" : "mse";
}

int run_import(const ImportFlags& flags) {
  if (!flags.file) throw Error("import needs a file: hourglass import net.onnx --out FILE.");
  const std::string& out = needed(flags.out, "import", "--out FILE");
  if (std::filesystem::path(out).extension() != ".safetensors") {
    throw Error("--out cannot be '" + out + "': a model is a file that ends in .safetensors.");
  }
  std::error_code unknown;
  if (std::filesystem::equivalent(*flags.file, out, unknown)) {
    throw Error("--out names the file that is imported; another name leaves that as it is.");
  }
  std::vector<DenseLayer> layers = dense_layers_of(read_file(*flags.file), "'" + *flags.file + "'");
  const std::size_t code = find_code(flags, layers);
  choose_activations(flags, layers);

  Json encoder = Json::array(), decoder = Json::array(), mapping = Json::array();
  Safetensors file;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const DenseLayer& layer = layers[i];
    Json& part = i <= code ? encoder : decoder;
    const std::string name = (i <= code ? "encoder." : "decoder.") + std::to_string(part.size());
    Json entry = {{"type", "dense"}};
    entry["units"] = i + 1 == layers.size() ? Json("input") : Json(layer.outputs);
    entry["activation"] = activation_name(layer.activation);
    part.push_back(entry);
    mapping.push_back({{"from", to_utf8(layer.name)},
                       {"to", name},
                       {"shape", {layer.outputs, layer.inputs}},
                       {"activation", activation_name(layer.activation)},
                       {"activation_known", layer.knows_activation},
                       {"bias", layer.has_bias}});
    file.tensors.push_back({name + ".weight",
                            TensorType::kF32,
                            {layer.outputs, layer.inputs},
                            bytes_of(layer.weight)});
    file.tensors.push_back(
        {name + ".bias", TensorType::kF32, {layer.outputs}, bytes_of(layer.bias)});
  }
  session::RunInfo info;
  info.settings.set("model.encoder", json_text(encoder));
  info.settings.set("model.decoder", json_text(decoder));
  info.settings.set("model.loss", loss_for(flags, layers.back().activation));
  info.data = to_utf8(*flags.file);
  info.input = shape_of(layers.front().inputs);
  session::add_run_info(info, file);
  write_file(out, write_safetensors(file));
  load_model(out);  // says what is wrong with it, if anything is

  if (flags.json) {
    std::printf("%s\n", json_text(Json{{"layers", mapping},
                                       {"code_size", layers[code].outputs},
                                       {"out", to_utf8(out)}})
                            .c_str());
    return kDone;
  }
  for (const Json& layer : mapping) {
    const std::string from = one_line(layer["from"].get<std::string>().substr(0, 60));
    std::printf("  %-24s -> %-12s %lld x %lld, %s%s%s\n", from.c_str(),
                layer["to"].get<std::string>().c_str(),
                static_cast<long long>(layer["shape"][0].get<std::int64_t>()),
                static_cast<long long>(layer["shape"][1].get<std::int64_t>()),
                layer["activation"].get<std::string>().c_str(),
                layer["activation_known"].get<bool>() ? "" : " (the file does not say)",
                layer["bias"].get<bool>() ? "" : ", without a bias");
  }
  std::printf("Wrote %s: a code of %s numbers; inputs in the scale that it was trained on\n",
              one_line(out).c_str(), with_commas(layers[code].outputs).c_str());
  return kDone;
}

}  // namespace

void add_import_command(CommandLine& line) {
  Command& command =
      line.add("import", "A dense autoencoder of PyTorch or ONNX as a model of Hourglass");
  const auto flags = std::make_shared<ImportFlags>();
  command.option("FILE", flags->file, "safetensors with arrays NAME.weight and NAME.bias, or ONNX",
                 "");
  command.option("--out", flags->out, "The model.safetensors to write", "FILE");
  command.option("--code", flags->code,
                 "After how many layers the code comes (the last encoder layer, or the narrowest)",
                 "N");
  command.option("--activation", flags->activation,
                 "Of all layers but the last, where the file does not say (relu)", "NAME");
  command.option("--output-activation", flags->output_activation, "Of the last one (sigmoid)",
                 "NAME");
  command.option("--loss", flags->loss, "For eval (bce after sigmoid, cce after softmax, else mse)",
                 "NAME");
  command.flag("--json", flags->json, "One JSON object as the last line");
  command.runs([flags] { return run_import(*flags); });
}

}  // namespace hourglass
