#include "core/nn/inference.h"

#include <algorithm>
#include <cassert>

namespace hourglass {

Inference::Inference(const Model& model, ThreadPool& pool) : model_(model), pool_(pool) {
  for (int i = 0; i < pool.size(); ++i) {
    workspaces_.push_back(model.make_activations(kInferenceColumns, /*training=*/false));
  }
}

void Inference::run(const Scalar* parameters, int from, int to, const ConstMatrixView& input,
                    MatrixView output) {
  assert(input.cols() == output.cols() && input.rows() == model_.layer_inputs(from));
  assert(to > from && output.rows() == model_.layer_outputs(to - 1));
  const Index samples = input.cols();
  const auto pieces = static_cast<int>((samples + kInferenceColumns - 1) / kInferenceColumns);
  pool_.run(pieces, [&](int piece, int worker) {
    Activations& workspace = workspaces_[worker];
    const Index first = piece * kInferenceColumns;
    const Index count = std::min(kInferenceColumns, samples - first);
    workspace.outputs[from].leftCols(count) = input.middleCols(first, count);
    model_.forward(Pass{}, parameters, from, to, workspace, 0, count);
    output.middleCols(first, count) = workspace.outputs[to].leftCols(count);
  });
}

}  // namespace hourglass
