// Which layers of a model are exported.
#pragma once

#include <string>

#include "core/export/export.h"
#include "core/export/trained_model.h"

namespace hourglass {

struct ModelPart {
  int first = 0, end = 0;  // layers from `first` up to, not including, `end`
  ImageShape input, output;
  int code = -1;  // index of the layer whose output is the code; -1 in the decoder

  bool contains(int layer) const { return layer >= first && layer < end; }
  bool ends_in_code() const { return code + 1 == end; }
};

// Throws Error if `options` ask for a draw of the code and the part has none.
ModelPart model_part(const TrainedModel& model, const ExportOptions& options);

// Whether layer `index` is the dense layer of a variational code's means and log-variances, which
// the draw follows.
bool is_gaussian_dense(const TrainedModel& model, int index);

// What is to be said where the decoder alone unpools to places that a layer of the encoder knows.
std::string lost_places_remark(const PlannedLayer& unpool, const PlannedLayer& pool);

// The half of a variational code's weight and bias that gives the means, or the log-variances.
ParameterView gaussian_half(const ParameterView& both, bool log_variances);

}  // namespace hourglass
