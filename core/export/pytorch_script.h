// A trained model as a Python file of plain PyTorch modules, and its weights as safetensors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/export/export.h"
#include "core/export/trained_model.h"

namespace hourglass {

struct PyTorchModel {
  std::string script;
  std::vector<std::uint8_t> weights;
};

// `about` says what comes in, `weights_file` is the file beside the script that load() reads.
// Needs PyTorch 1.9 or newer and NumPy, and nothing of Hourglass. The names of the weights are the
// checkpoint's; a layer of the decoder alone that was tied to one of the encoder has a copy.
PyTorchModel pytorch_model(const TrainedModel& model, const ExportOptions& options,
                           const std::string& about, const std::string& weights_file,
                           std::vector<std::string>& remarks);

}  // namespace hourglass
