#include "ui/model_draft.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/json.h"

namespace hourglass::ui {
namespace {

// What the engine allows (core/nn/model_spec.h, core/nn/build_layers.h).
constexpr std::int64_t kMostUnits = 65536, kMostChannels = 1024, kMostKernel = 31;
constexpr std::int64_t kMostFeatures = std::int64_t{1} << 17;
constexpr std::int64_t kMostParameters = std::int64_t{1} << 27;
constexpr std::size_t kMostLayers = 64;

bool within(std::int64_t value, std::int64_t low, std::int64_t high) {
  return value >= low && value <= high;
}

struct Kernel {
  std::int64_t channels = 1, size = 3, stride = 1, padding = 1, output_padding = 0;
};

std::optional<Kernel> kernel_of(const LayerDraft& layer) {
  Kernel kernel;
  kernel.channels = whole_entry(layer, "channels", 0);
  kernel.size = whole_entry(layer, "kernel", 3);
  kernel.stride = whole_entry(layer, "stride", 1);
  kernel.padding = whole_entry(layer, "padding", (kernel.size - 1) / 2);
  kernel.output_padding = whole_entry(layer, "output_padding", 0);
  if (!within(kernel.channels, 1, kMostChannels) || !within(kernel.size, 1, kMostKernel) ||
      !within(kernel.stride, 1, kMostKernel) || !within(kernel.padding, 0, kernel.size - 1) ||
      !within(kernel.output_padding, 0, kernel.stride - 1)) {
    return std::nullopt;
  }
  return kernel;
}

// Follows an image through the layers as core/nn/build_layers.cpp does.
class Builder {
 public:
  explicit Builder(DraftShape input) : input_(input), shape_(input) {}

  bool add(const LayerDraft& layer, const std::string& name, bool last_of_encoder);
  DraftShape shape() const { return shape_; }
  session::NetworkInfo& info() { return info_; }

 private:
  struct Built {
    std::string type;
    DraftShape input, output;
    Kernel kernel;
  };

  bool push(const LayerDraft& layer, const std::string& name, std::string kind, DraftShape output,
            std::int64_t weights, std::int64_t biases, std::int64_t multiply_adds,
            bool shared = false, Kernel kernel = {}) {
    if (output.features() > kMostFeatures || output.features() < 1) return false;
    built_.insert_or_assign(name, Built{kind, shape_, output, kernel});
    session::LayerInfo entry;
    entry.name = name;
    entry.kind = std::move(kind);
    entry.activation = biases > 0 ? text_entry(layer, "activation", "linear") : "linear";
    entry.output_shape = {output.channels, output.rows, output.columns};
    entry.parameters = weights + biases;
    entry.multiply_adds = multiply_adds;
    info_.parameters += biases + (shared ? 0 : weights);
    info_.multiply_adds += multiply_adds;
    info_.layers.push_back(std::move(entry));
    shape_ = output;
    return info_.parameters <= kMostParameters;
  }

  const Built* find(const std::string& name, std::string_view kind) const {
    const auto found = built_.find(name);
    return found != built_.end() && found->second.type == kind ? &found->second : nullptr;
  }

  bool add_dense(const LayerDraft& layer, const std::string& name);
  bool add_convolution(const LayerDraft& layer, const std::string& name);
  bool add_transposed(const LayerDraft& layer, const std::string& name);
  bool add_unpool(const LayerDraft& layer, const std::string& name);

  DraftShape input_, shape_;
  session::NetworkInfo info_;
  std::map<std::string, Built> built_;
};

bool Builder::add_dense(const LayerDraft& layer, const std::string& name) {
  const std::int64_t in = shape_.features();
  if (const std::string tied = text_entry(layer, "tied"); !tied.empty()) {
    const Built* source = find(tied, "dense");
    if (!source || source->output.features() != in) return false;
    const std::int64_t out = source->input.features();
    return push(layer, name, "tied-dense", source->input, in * out, out, in * out, true);
  }
  const auto output = dense_shape(layer, input_);
  if (!output) return false;
  const std::int64_t out = output->features();
  return push(layer, name, "dense", *output, in * out, out, in * out);
}

bool Builder::add_convolution(const LayerDraft& layer, const std::string& name) {
  const auto kernel = kernel_of(layer);
  if (!kernel) return false;
  const auto side = [&](std::int64_t n) {
    const std::int64_t room = n + 2 * kernel->padding - kernel->size;
    return room < 0 ? 0 : room / kernel->stride + 1;
  };
  const DraftShape output{kernel->channels, side(shape_.rows), side(shape_.columns)};
  const std::int64_t patch = shape_.channels * kernel->size * kernel->size;
  return push(layer, name, "convolution", output, patch * kernel->channels, kernel->channels,
              patch * output.features(), false, *kernel);
}

bool Builder::add_transposed(const LayerDraft& layer, const std::string& name) {
  if (const std::string tied = text_entry(layer, "tied"); !tied.empty()) {
    const Built* source = find(tied, "convolution");
    if (!source || source->output != shape_) return false;
    const std::int64_t patch = source->input.channels * source->kernel.size * source->kernel.size;
    return push(layer, name, "tied-transposed-convolution", source->input,
                patch * shape_.channels, source->input.channels, patch * shape_.features(), true);
  }
  const auto kernel = kernel_of(layer);
  if (!kernel) return false;
  const auto side = [&](std::int64_t n) {
    return (n - 1) * kernel->stride - 2 * kernel->padding + kernel->size + kernel->output_padding;
  };
  const DraftShape output{kernel->channels, side(shape_.rows), side(shape_.columns)};
  if (output.rows < 1 || output.columns < 1) return false;
  const std::int64_t patch = kernel->channels * kernel->size * kernel->size;
  return push(layer, name, "transposed-convolution", output, patch * shape_.channels,
              kernel->channels, patch * shape_.features());
}

bool Builder::add_unpool(const LayerDraft& layer, const std::string& name) {
  if (text_entry(layer, "mode", "copy") == "remembered") {
    const Built* pool = find(text_entry(layer, "pool"), "max-pool");
    if (!pool || pool->output != shape_) return false;
    return push(layer, name, "unpool-remembered", pool->input, 0, 0, 0);
  }
  const std::int64_t size = whole_entry(layer, "size", 2);
  if (!within(size, 2, kMostKernel)) return false;
  return push(layer, name, "unpool-copy",
              {shape_.channels, shape_.rows * size, shape_.columns * size}, 0, 0, 0);
}

bool Builder::add(const LayerDraft& layer, const std::string& name, bool last_of_encoder) {
  const std::string type = layer_type(layer);
  if (type == "dense") return add_dense(layer, name);
  if (type == "convolution") return add_convolution(layer, name);
  if (type == "transposed-convolution") return add_transposed(layer, name);
  if (type == "unpool") return add_unpool(layer, name);
  if (type == "max-pool" || type == "average-pool") {
    const std::int64_t size = whole_entry(layer, "size", 2);
    if (!within(size, 2, kMostKernel)) return false;
    const DraftShape output{shape_.channels, shape_.rows / size, shape_.columns / size};
    return push(layer, name, type, output, 0, 0,
                type == "max-pool" ? 0 : output.features() * size * size);
  }
  if (type == "dropout") {
    const double rate = real_entry(layer, "rate", 0.5);
    return rate >= 0 && rate <= 0.99 && push(layer, name, type, shape_, 0, 0, 0);
  }
  if (type == "k-sparse") {
    const std::int64_t k = whole_entry(layer, "k", 0);
    return within(k, 1, shape_.features()) && push(layer, name, type, shape_, 0, 0, 0);
  }
  if (type == "gaussian") {
    const std::int64_t units = whole_entry(layer, "units", 0);
    if (!last_of_encoder || !within(units, 1, kMostUnits / 2)) return false;
    const std::int64_t weights = shape_.features() * 2 * units;
    return push(layer, name, "dense", {1, 1, 2 * units}, weights, 2 * units, weights) &&
           push(layer, name + ".sample", "gaussian", {1, 1, units}, 0, 0, units);
  }
  return false;
}

std::optional<LayerDrafts> parse_layers(std::string_view text) {
  const auto json = parse_ordered_json(text);
  if (!json.is_array() || json.empty() || json.size() > kMostLayers) return std::nullopt;
  LayerDrafts layers;
  for (const auto& layer : json) {
    if (!layer.is_object()) return std::nullopt;
    layers.push_back(layer);
  }
  return layers;
}

}  // namespace

std::optional<ModelDraft> parse_model(std::string_view encoder, std::string_view decoder) {
  auto before = parse_layers(encoder), after = parse_layers(decoder);
  if (!before || !after) return std::nullopt;
  return ModelDraft{std::move(*before), std::move(*after)};
}

std::string layers_text(const LayerDrafts& layers) {
  LayerDraft json = LayerDraft::array();
  for (const LayerDraft& layer : layers) json.push_back(layer);
  // A text that is no UTF-8 must not stop the page.
  return json_text(json);
}

std::string place_name(Place place) {
  return (place.part == Part::kEncoder ? "encoder." : "decoder.") + std::to_string(place.index);
}

std::optional<Place> place_of(std::string_view name) {
  Place place;
  if (name.starts_with("decoder.")) {
    place.part = Part::kDecoder;
  } else if (!name.starts_with("encoder.")) {
    return std::nullopt;
  }
  name.remove_prefix(8);
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), place.index);
  const std::string_view rest(end, static_cast<std::size_t>(name.data() + name.size() - end));
  if (error != std::errc() || place.index < 0 || (!rest.empty() && rest != ".sample")) {
    return std::nullopt;
  }
  return place;
}

std::string text_entry(const LayerDraft& layer, const char* key, std::string_view otherwise) {
  const auto found = layer.find(key);
  if (found == layer.end() || !found->is_string()) return std::string(otherwise);
  return found->get<std::string>();
}

std::int64_t whole_entry(const LayerDraft& layer, const char* key, std::int64_t otherwise) {
  const auto found = layer.find(key);
  if (found == layer.end() || !found->is_number_integer()) return otherwise;
  return found->get<std::int64_t>();
}

double real_entry(const LayerDraft& layer, const char* key, double otherwise) {
  const auto found = layer.find(key);
  return found == layer.end() || !found->is_number() ? otherwise : found->get<double>();
}

std::string layer_type(const LayerDraft& layer) { return text_entry(layer, "type", "dense"); }

std::optional<DraftShape> dense_shape(const LayerDraft& layer, DraftShape input) {
  const auto units = layer.find("units");
  if (units == layer.end()) return std::nullopt;
  if (*units == "input") return input;
  const auto valid = [](const LayerDraft& side) {
    return side.is_number_integer() && within(side.get<std::int64_t>(), 1, kMostUnits);
  };
  if (valid(*units)) return DraftShape{1, 1, units->get<std::int64_t>()};
  if (!units->is_array() || units->size() != 3 ||
      !std::all_of(units->begin(), units->end(), valid)) {
    return std::nullopt;
  }
  const DraftShape shape{(*units)[0].get<std::int64_t>(), (*units)[1].get<std::int64_t>(),
                         (*units)[2].get<std::int64_t>()};
  if (shape.channels * shape.rows > kMostUnits || shape.features() > kMostUnits) {
    return std::nullopt;
  }
  return shape;
}

std::optional<DraftNetwork> network_of(const ModelDraft& draft, DraftShape input) {
  if (draft.encoder.empty() || draft.decoder.empty() || draft.encoder.size() > kMostLayers ||
      draft.decoder.size() > kMostLayers || input.features() < 1) {
    return std::nullopt;
  }
  DraftNetwork network;
  Builder builder(input);
  for (const Part part : {Part::kEncoder, Part::kDecoder}) {
    const LayerDrafts& layers = draft.layers(part);
    auto& inputs = part == Part::kEncoder ? network.encoder_inputs : network.decoder_inputs;
    for (int i = 0; i < static_cast<int>(layers.size()); ++i) {
      inputs.push_back(builder.shape());
      const bool last = part == Part::kEncoder && i + 1 == static_cast<int>(layers.size());
      if (!builder.add(layers[static_cast<std::size_t>(i)], place_name({part, i}), last)) {
        return std::nullopt;
      }
    }
    if (part == Part::kEncoder) {
      builder.info().code_layer = static_cast<std::int64_t>(builder.info().layers.size()) - 1;
      builder.info().code_size = builder.shape().features();
    }
  }
  const DraftShape output = builder.shape();
  if (output.features() != input.features() || (!output.flat() && output != input)) {
    return std::nullopt;
  }
  network.info = std::move(builder.info());
  network.info.input_features = input.features();
  return network;
}

}  // namespace hourglass::ui
