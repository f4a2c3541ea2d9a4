#include "core/analysis/reconstruction_errors.h"

#include <algorithm>
#include <numeric>

#include "core/analysis/slice.h"

namespace hourglass {

ReconstructionErrors::ReconstructionErrors(const Model& model, const Samples& samples,
                                           ThreadPool& pool)
    : model_(model),
      samples_(samples),
      pool_(pool),
      inference_(model, pool),
      indices_(static_cast<std::size_t>(samples.count())),
      errors_(indices_.size()) {
  std::iota(indices_.begin(), indices_.end(), 0u);
}

bool ReconstructionErrors::advance(const Scalar* parameters) {
  const Index start = next_;
  const Index slice = pieced_samples_per_slice(model_, 0, model_.layer_count(), pool_.limit());
  const Index count = std::min(slice, samples_.count() - start);
  const auto features = static_cast<double>(samples_.features());
  inference_.for_each_piece(
      parameters, count,
      [&](Index first, Index size, MatrixView input) {
        samples_.gather({indices_.data() + start + first, static_cast<std::size_t>(size)}, input);
      },
      [&](const Activations& workspace, int, Index first, Index size) {
        for (Index j = 0; j < size; ++j) {
          const auto x = workspace.outputs.front().col(j);
          const auto y = workspace.outputs.back().col(j);
          errors_[static_cast<std::size_t>(start + first + j)] =
              static_cast<double>((y - x).squaredNorm()) / features;
        }
      });
  next_ += count;
  return next_ < samples_.count();
}

double ReconstructionErrors::progress() const {
  return samples_.count() > 0 ? static_cast<double>(next_) / static_cast<double>(samples_.count())
                              : 1.0;
}

}  // namespace hourglass
