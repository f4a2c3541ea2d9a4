#include "core/analysis/posterior.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "core/analysis/slice.h"
#include "core/nn/layers/code_layers.h"

namespace hourglass {

PosteriorFigures::PosteriorFigures(const Model& model, const Samples& samples, ThreadPool& pool)
    : model_(model),
      samples_(samples),
      pool_(pool),
      inference_(model, pool),
      indices_(static_cast<std::size_t>(samples.count())),
      kl_(Eigen::VectorXd::Zero(model.code_size())) {
  assert(model.has_gaussian_code());
  std::iota(indices_.begin(), indices_.end(), 0u);
}

bool PosteriorFigures::advance(const Scalar* parameters) {
  const Index start = next_;
  const Index slice = pieced_samples_per_slice(model_, 0, model_.layer_count(), pool_.limit());
  const Index count = std::min(slice, samples_.count() - start);
  const Index pieces = (count + kInferenceColumns - 1) / kInferenceColumns;
  const int code = model_.code_layer();
  pieces_.setZero(model_.code_size(), pieces);
  inference_.for_each_piece(
      parameters, count,
      [&](Index first, Index size, MatrixView input) {
        samples_.gather({indices_.data() + start + first, static_cast<std::size_t>(size)}, input);
      },
      [&](const Activations& workspace, int piece, Index, Index size) {
        gaussian_kl_of_units(columns(workspace.outputs[static_cast<std::size_t>(code)], 0, size),
                             columns(pieces_, piece, 1));
      });
  for (Index piece = 0; piece < pieces; ++piece) kl_ += pieces_.col(piece).cast<double>();
  next_ += count;
  if (next_ < samples_.count()) return true;
  if (samples_.count() > 0) kl_ /= static_cast<double>(samples_.count());
  return false;
}

Index PosteriorFigures::active_units() const { return (kl_.array() > kActiveKl).count(); }

}  // namespace hourglass
