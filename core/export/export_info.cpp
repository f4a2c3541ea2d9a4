#include "core/export/export_info.h"

#include "core/export/model_part.h"

namespace hourglass {
namespace {

// [channels, rows, columns], or null for a plain vector.
OrderedJson image_json(ImageShape shape) {
  if (shape.is_vector()) return nullptr;
  return {shape.channels, shape.rows, shape.columns};
}

OrderedJson side_json(const char* name, ImageShape shape) {
  return {{"name", name}, {"features", shape.features()}, {"image", image_json(shape)}};
}

bool is_unscaled(const OrderedJson& scaling) {
  return scaling["scale"] == OrderedJson::array({1.0}) &&
         scaling["offset"] == OrderedJson::array({0.0});
}

}  // namespace

std::string export_about(const TrainedModel& model, const ExportOptions& options) {
  const ModelPart part = model_part(model, options);
  const bool is_decoder = options.part == ExportPart::kDecoder;
  std::string about;
  if (is_decoder) {
    about = "Codes of " + std::to_string(part.input.features()) + " numbers become ";
    if (!model.classes().empty()) {
      return about + "the shares of " + std::to_string(model.classes().size()) + " classes.";
    }
  }
  const ImageShape samples = is_decoder ? part.output : part.input;
  const bool is_image = !samples.is_vector();
  about += (is_decoder ? "samples of " : "Samples of ") + shape_text(samples) + ", flat";
  if (is_image) about += ", channel by channel and row by row";
  if (!is_unscaled(model.scaling())) {
    return about +
           ", in the model's own scale: value * scale + offset, with the map under \"scaling\" in "
           "the JSON beside; what comes out in place of a sample is in that scale, too.";
  }
  return about + ", in the units of the data as Hourglass has them" +
         (is_image ? " (pixels in [0, 1])." : ".");
}

OrderedJson export_info(const TrainedModel& model, ExportTarget target,
                        const ExportOptions& options, const std::vector<std::string>& remarks) {
  const ModelPart part = model_part(model, options);
  const bool is_decoder = options.part == ExportPart::kDecoder;
  OrderedJson info = {
      {"made_by", "Hourglass"},
      {"format", export_target_name(target)},
      {"part", export_part_name(options.part)},
      {"about", export_about(model, options)},
      {"data", model.data()},
      {"input", side_json(is_decoder ? "code" : "input", part.input)},
      {"output", side_json(part.ends_in_code() ? "code" : "output", part.output)},
      {"scaling", model.scaling()},
  };
  if (options.sample) {
    info["noise"] = side_json("noise", model.layer(model.plan().code_layer).output);
  }
  OrderedJson layers = OrderedJson::array();
  std::int64_t parameters = 0;
  for (int i = part.first; i < part.end; ++i) {
    const PlannedLayer& layer = model.layer(i);
    parameters += layer.is_tied() && !part.contains(layer.source) ? layer.parameters()
                                                                  : layer.own_parameters();
    layers.push_back({{"name", layer.name},
                      {"kind", layer.kind},
                      {"output", {layer.output.channels, layer.output.rows, layer.output.columns}},
                      {"activation", activation_name(layer.activation)},
                      {"parameters", layer.parameters()}});
  }
  info["layers"] = std::move(layers);
  info["parameters"] = parameters;
  if (!model.classes().empty()) info["classes"] = model.classes();
  const auto vocabulary = model.metadata().find("hourglass.vocabulary");
  if (vocabulary != model.metadata().end()) {
    const OrderedJson words = parse_ordered_json(vocabulary->second);
    if (!words.is_discarded()) info["vocabulary"] = words;
  }
  if (!remarks.empty()) info["remarks"] = remarks;
  return info;
}

}  // namespace hourglass
