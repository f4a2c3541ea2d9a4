#include "core/export/model_part.h"

#include "core/base/error.h"

namespace hourglass {

ModelPart model_part(const TrainedModel& model, const ExportOptions& options) {
  const Plan& plan = model.plan();
  const int count = model.layer_count();
  ModelPart part{.first = 0,
                 .end = count,
                 .input = plan.input,
                 .output = plan.layers.back().output,
                 .code = plan.code_layer};
  if (options.part == ExportPart::kEncoder) {
    part.end = plan.code_layer + 1;
    part.output = model.layer(plan.code_layer).output;
  } else if (options.part == ExportPart::kDecoder) {
    part.first = plan.code_layer + 1;
    part.input = model.layer(plan.code_layer).output;
    part.code = -1;
  }
  if (options.sample && options.part == ExportPart::kDecoder) {
    throw Error("A code is drawn by the encoder: 'sample' is for the encoder or the whole model.");
  }
  if (options.sample && model.layer(plan.code_layer).kind != "gaussian") {
    throw Error("'sample' draws a variational code, and " + options.source +
                " has none: its encoder does not end in a gaussian layer.");
  }
  return part;
}

bool is_gaussian_dense(const TrainedModel& model, int index) {
  return index + 1 < model.layer_count() && model.layer(index + 1).kind == "gaussian";
}

std::string lost_places_remark(const PlannedLayer& unpool, const PlannedLayer& pool) {
  return "Layer " + unpool.name + " unpools to where " + pool.name +
         " found its maxima, which the decoder alone does not know: as in 'hourglass decode', it "
         "puts each value into the first place of its window.";
}

ParameterView gaussian_half(const ParameterView& both, bool log_variances) {
  ParameterView half = both;
  half.shape.front() /= 2;
  const std::size_t size = both.values.size() / 2;
  half.values = both.values.subspan(log_variances ? size : 0, size);
  return half;
}

}  // namespace hourglass
