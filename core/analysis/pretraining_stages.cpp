#include "core/analysis/pretraining_stages.h"

#include <algorithm>
#include <cassert>
#include <ranges>
#include <utility>

#include "core/base/error.h"
#include "core/model/layer_type.h"

namespace hourglass {
namespace {

// Layers [first, end) of a list of the specification, of which one is dense.
struct DenseGroup {
  int first = 0, end = 0, dense = 0;
};

bool may_follow_dense(const LayerSpec& layer) {
  return layer.is("dropout") || layer.is("layer-norm") || layer.is("k-sparse");
}

// What stands before the first dense layer goes with that one.
std::vector<DenseGroup> dense_groups(const std::vector<LayerSpec>& layers,
                                     const std::string& where) {
  std::vector<DenseGroup> groups;
  const int count = static_cast<int>(layers.size());
  for (int i = 0; i < count; ++i) {
    const LayerSpec& layer = layers[static_cast<std::size_t>(i)];
    if (layer.is("dense")) {
      if (!groups.empty()) groups.back().end = i;
      groups.push_back({groups.empty() ? 0 : i, count, i});
    } else if (!may_follow_dense(layer)) {
      throw Error(
          "Layers are pretrained one by one where they are dense, with dropout, "
          "layer-norm or k-sparse between them, and " +
          where + "." + std::to_string(i) + " is a " + std::string(layer.type_name()) +
          " layer; choose a model of dense layers.");
    }
  }
  if (groups.empty()) {
    throw Error("There is nothing to pretrain in " + where + ", which has no dense layer.");
  }
  return groups;
}

std::vector<LayerSpec> part_of(const std::vector<LayerSpec>& layers, const DenseGroup& group) {
  return {layers.begin() + group.first, layers.begin() + group.end};
}

// What the last of these layers gives lies in [0, 1].
bool gives_shares(const std::vector<LayerSpec>& layers) {
  for (const LayerSpec& layer : std::views::reverse(layers)) {
    if (layer.is("layer-norm")) return false;
    if (layer.is("dense")) return layer.activation() == Activation::kSigmoid;
  }
  return false;
}

std::string mirror_name(const std::string& list, int index) {
  return list + "." + std::to_string(index);
}

// A tied layer takes the weights of the stage's own dense layer, by its name there.
void tie_within(LayerSpec& layer, const std::string& name, const std::string& own,
                const std::string& name_within) {
  if (layer.tied().empty()) return;
  if (layer.tied() != own) {
    throw Error("Layer " + name + " is tied to " + layer.tied() + " and stands where it mirrors " +
                own + "; to pretrain layer by layer each must be tied to the one that it mirrors.");
  }
  layer.set("tied", name_within);
}

}  // namespace

std::vector<PretrainingStage> pretraining_stages(const Model& model) {
  const ModelSpec& spec = model.spec();
  const std::vector<DenseGroup> encoders = dense_groups(spec.encoder, "encoder");
  const std::vector<DenseGroup> decoders = dense_groups(spec.decoder, "decoder");
  if (encoders.size() != decoders.size()) {
    throw Error("The encoder has " + std::to_string(encoders.size()) +
                " dense layers and the decoder " + std::to_string(decoders.size()) +
                "; to pretrain layer by layer the decoder must mirror the encoder.");
  }
  // With dense layers alone, and what follows them, the plan has a layer for each that is written.
  const int behind = static_cast<int>(spec.encoder.size());
  assert(model.layer_count() == behind + static_cast<int>(spec.decoder.size()));
  std::vector<PretrainingStage> stages;
  for (std::size_t k = 0; k < encoders.size(); ++k) {
    const DenseGroup& down = encoders[k];
    const DenseGroup& up = decoders[encoders.size() - 1 - k];
    PretrainingStage stage{.name = mirror_name("encoder", down.dense),
                           .spec = {.encoder = part_of(spec.encoder, down),
                                    .decoder = part_of(spec.decoder, up),
                                    .loss = spec.loss,
                                    .initializer = spec.initializer},
                           .input = model.input_shape(),
                           .first = down.first,
                           .end = down.end,
                           .decoder_first = behind + up.first,
                           .decoder_end = behind + up.end,
                           .units = model.layer_outputs(down.end - 1)};
    const Index inputs = model.layer_inputs(down.first);
    const Index given = model.layer_outputs(stage.decoder_end - 1);
    const std::string mirror = mirror_name("decoder", up.dense);
    if (given != inputs) {
      throw Error("Layer " + mirror + " gives " + std::to_string(given) + " numbers, and " +
                  stage.name + ", which it mirrors, takes " + std::to_string(inputs) +
                  "; to pretrain layer by layer these must be equal.");
    }
    LayerSpec& dense = stage.spec.decoder[static_cast<std::size_t>(up.dense - up.first)];
    tie_within(dense, mirror, stage.name, mirror_name("encoder", down.dense - down.first));
    if (k > 0) {
      // Inside there are no images: codes are lists of numbers, whatever they were drawn as.
      stage.input = {1, 1, inputs};
      if (dense.tied().empty()) dense.set("units", Units{.shape = stage.input});
      const bool shares = gives_shares(stages.back().spec.encoder);
      const bool sigmoid = gives_shares(stage.spec.decoder);
      stage.spec.loss = shares && sigmoid ? Loss::kBinaryCrossEntropy : Loss::kMeanSquaredError;
    }
    stages.push_back(std::move(stage));
  }
  return stages;
}

ModelSpec with_hidden_layers(const ModelSpec& spec, std::span<const std::int64_t> units) {
  assert(!units.empty());
  ModelSpec made = spec;
  made.encoder.clear();
  made.decoder.clear();
  const std::string hidden(activation_name(spec.encoder.front().activation()));
  const auto dense = [](std::int64_t size, const std::string& activation) {
    LayerSpec layer(*find_layer_type("dense"));
    layer.set("units", Units{.shape = {1, 1, static_cast<Index>(size)}});
    layer.set("activation", activation);
    return layer;
  };
  for (const std::int64_t size : units) {
    if (size < 1 || size > kMaxUnits) {
      throw Error("A hidden layer has 1 to " + std::to_string(kMaxUnits) + " units, and not " +
                  std::to_string(size) + ".");
    }
    made.encoder.push_back(dense(size, hidden));
  }
  for (std::size_t k = units.size() - 1; k > 0; --k) {
    made.decoder.push_back(dense(units[k - 1], hidden));
  }
  // No units: as many as the input has.
  made.decoder.push_back(dense(0, std::string(activation_name(spec.decoder.back().activation()))));
  return made;
}

std::vector<std::string> copying_notes(const std::vector<PretrainingStage>& stages,
                                       const TrainSpec& spec) {
  std::vector<std::string> notes;
  const Penalties& penalties = spec.penalties;
  if (!spec.corruption.is_none() || penalties.activity_l1 > 0 || penalties.sparsity > 0 ||
      penalties.contractive > 0) {
    return notes;
  }
  for (const PretrainingStage& stage : stages) {
    const Index inputs = stage.input.features();
    const bool held = std::any_of(
        stage.spec.encoder.begin(), stage.spec.encoder.end(),
        [](const LayerSpec& layer) { return layer.is("dropout") || layer.is("k-sparse"); });
    if (stage.units < inputs || held) continue;
    notes.push_back("Layer " + stage.name + " has " + std::to_string(stage.units) + " units for " +
                    std::to_string(inputs) +
                    " inputs and can learn to copy them; give it noise (noise.kind=masking) or "
                    "sparsity (penalty.activity_l1).");
  }
  return notes;
}

void copy_stage_parameters(const PretrainingStage& stage, const Model& small,
                           const ParameterBuffer& from, const Model& model, ParameterBuffer& to) {
  const int encoder = static_cast<int>(small.spec().encoder.size());
  for (int i = 0; i < small.layer_count(); ++i) {
    const int whole = i < encoder ? stage.first + i : stage.decoder_first + i - encoder;
    const std::string short_name = small.layer_name(i) + ".";
    const std::string long_name = model.layer_name(whole) + ".";
    for (const Parameter& slice : small.layout().parameters()) {
      if (!slice.name.starts_with(short_name)) continue;
      const std::string wanted = long_name + slice.name.substr(short_name.size());
      for (const Parameter& target : model.layout().parameters()) {
        if (target.name != wanted) continue;
        assert(target.size() == slice.size());
        to.segment(target.offset, target.size()) = from.segment(slice.offset, slice.size());
      }
    }
  }
}

}  // namespace hourglass
