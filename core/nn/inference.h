// Running a trained network over many samples.
#pragma once

#include <vector>

#include "core/math/thread_pool.h"
#include "core/nn/model.h"

namespace hourglass {

// Samples go through in pieces of this many columns: enough for the products to be efficient, few
// enough for the activations to stay in cache.
inline constexpr Index kInferenceColumns = 64;

// Holds the room that passes need, so that running again and again allocates nothing.
class Inference {
 public:
  Inference(const Model& model, ThreadPool& pool);

  // Runs layers [from, to) on each column of `input` and writes the last one's outputs into
  // `output`. What `input` and `output` have as rows follows from the layers; both have n columns.
  void run(const Scalar* parameters, int from, int to, const ConstMatrixView& input,
           MatrixView output);

  void encode(const Scalar* parameters, const ConstMatrixView& images, MatrixView codes) {
    run(parameters, 0, model_.code_layer() + 1, images, codes);
  }
  void decode(const Scalar* parameters, const ConstMatrixView& codes, MatrixView images) {
    run(parameters, model_.code_layer() + 1, model_.layer_count(), codes, images);
  }
  void reconstruct(const Scalar* parameters, const ConstMatrixView& images, MatrixView out) {
    run(parameters, 0, model_.layer_count(), images, out);
  }

  // Calls visit(activations, piece, first, count, worker) after a forward pass through all layers
  // of each piece of `count` samples, which fill(first, count, input) has written: for whoever
  // wants more than the output. Pieces run at the same time; `piece` numbers them.
  template <typename Fill, typename Visit>
  void for_each_piece(const Scalar* parameters, Index samples, Fill fill, Visit visit) {
    const auto pieces = static_cast<int>((samples + kInferenceColumns - 1) / kInferenceColumns);
    pool_.run(pieces, [&](int piece, int worker) {
      Activations& workspace = workspaces_[worker];
      const Index first = piece * kInferenceColumns;
      const Index count = std::min(kInferenceColumns, samples - first);
      fill(first, count, columns(workspace.outputs[0], 0, count));
      model_.forward(Pass{}, parameters, 0, model_.layer_count(), workspace, 0, count);
      visit(workspace, piece, first, count);
    });
  }

 private:
  const Model& model_;
  ThreadPool& pool_;
  std::vector<Activations> workspaces_;  // one per worker
};

}  // namespace hourglass
