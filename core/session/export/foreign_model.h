// A dense autoencoder that another program has trained, as a checkpoint of the present run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass::session {

struct ForeignLayer {
  std::string from, to;  // what the file calls it: "fc1", and what it is here: "encoder.0"
  std::int64_t inputs = 0, outputs = 0;
  std::string activation;
  bool knows_activation = false;  // else it is assumed: relu, and sigmoid at the end
};

struct ForeignModel {
  Bytes checkpoint;  // for LoadCheckpoint: of the present run's data and settings, untrained here
  std::vector<ForeignLayer> layers;
};

// Whether a file that begins with `head` may be such a model: ONNX, or safetensors without
// Hourglass's own metadata.
bool is_foreign_model(std::span<const std::uint8_t> head);

// The model in `file` (safetensors of PyTorch's, or ONNX: see core/export/dense_import.h). The code
// comes after the last layer whose name begins with "enc", or after the narrowest. `present` is a
// checkpoint of the run that is there, whose data it takes over; `name` is the file's, for
// messages. Throws Error that names the first layer that does not fit, or says how many numbers the
// model takes where the data have others.
ForeignModel foreign_model(std::span<const std::uint8_t> file, const std::string& name,
                           std::span<const std::uint8_t> present);

// {"name": NAME, "layers": [{"from", "to", "inputs", "outputs", "activation", "known"}, ...]} as
// JSON text.
std::string mapping_json(const std::string& name, const ForeignModel& model);

}  // namespace hourglass::session
