// The layers of an autoencoder as a row of small ones, each of which is trained on what the ones
// before it make.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/nn/model.h"
#include "core/train/trainer.h"

namespace hourglass {

// A dense layer of the encoder with what follows it up to the next one (dropout, layer-norm,
// k-sparse), and the layers of the decoder that mirror it, as an autoencoder of its own.
struct PretrainingStage {
  std::string name;       // of the dense layer, in the whole model: "encoder.2"
  ModelSpec spec;         // its decoder gives back what its encoder takes
  ImageShape input = {};  // the model's for the first stage, else a plain vector
  // Which layers of the whole model: [first, end) and [decoder_first, decoder_end), counted by
  // Model::layer(); decoder ones lie behind all of the encoder.
  int first = 0, end = 0, decoder_first = 0, decoder_end = 0;
  Index units = 0;  // of its code
};

// From the input on. The first stage has the model's loss. The targets of the others are codes:
// where these lie in [0, 1] and the decoder ends in a sigmoid the loss is binary cross-entropy,
// else the mean squared error. Throws Error, with the layer and what would be right, unless the
// model is made of dense layers alone (and those that may follow them) and its decoder mirrors the
// encoder, layer by layer.
std::vector<PretrainingStage> pretraining_stages(const Model& model);

// The network of `spec` with hidden layers of these sizes (at least one, each from 1 to kMaxUnits)
// instead of its own: dense ones with the activation of its first layer, and a decoder that mirrors
// them and ends as the spec's does. Throws Error that names a size that makes no sense.
ModelSpec with_hidden_layers(const ModelSpec& spec, std::span<const std::int64_t> units);

// A sentence for each stage that can copy its input because its code is at least as wide and
// nothing keeps it from that: no noise, no penalty of the code, no dropout or k-sparse.
std::vector<std::string> copying_notes(const std::vector<PretrainingStage>& stages,
                                       const TrainSpec& spec);

// Copies the parameters of `stage` out of `from`, a buffer of `small` (the stage's model), to where
// `model` has them in `to`.
void copy_stage_parameters(const PretrainingStage& stage, const Model& small,
                           const ParameterBuffer& from, const Model& model, ParameterBuffer& to);

}  // namespace hourglass
