// A trained model as an ONNX graph.
#pragma once

#include <string>
#include <vector>

#include "core/export/export.h"
#include "core/export/onnx_graph.h"
#include "core/export/trained_model.h"

namespace hourglass {

// Inputs, outputs, nodes and constants; `model` must outlive it. `about` says what the input is.
// What the decoder alone has to do in another way is added to `remarks`.
OnnxGraph onnx_graph(const TrainedModel& model, const ExportOptions& options,
                     const std::string& about, std::vector<std::string>& remarks);

}  // namespace hourglass
