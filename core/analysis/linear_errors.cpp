#include "core/analysis/linear_errors.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hourglass {
namespace {

constexpr Index kErrorPiece = 64;  // samples that a thread takes at a time
constexpr Index kErrorPieces = 8;  // of a slice
constexpr double kSubspaceShare = 0.9;

}  // namespace

bool LinearErrors::is_possible(const Dataset& data, Index components) {
  const Index features = data.train.features();
  return components <= std::min(ExactPca::kMaxComponents, features) &&
         features <= ExactPca::kMaxFeatures;
}

LinearErrors::LinearErrors(const Dataset& data, Index components, const Samples& samples,
                           ThreadPool& pool)
    : pca_(data, components, pool),
      samples_(samples),
      pool_(pool),
      indices_(static_cast<std::size_t>(samples.count())),
      errors_(indices_.size()) {
  std::iota(indices_.begin(), indices_.end(), 0u);
}

bool LinearErrors::advance() {
  if (pca_.stage() != ExactPca::Stage::kDone) {
    pca_.advance();
    return true;
  }
  const Index start = next_, end = std::min(samples_.count(), start + kErrorPiece * kErrorPieces);
  const auto features = static_cast<double>(samples_.features());
  pool_.run(static_cast<int>((end - start + kErrorPiece - 1) / kErrorPiece), [&](int piece, int) {
    const Index first = start + piece * kErrorPiece, count = std::min(kErrorPiece, end - first);
    Matrix images(samples_.features(), count), restored(samples_.features(), count);
    samples_.gather({indices_.data() + first, static_cast<std::size_t>(count)},
                    columns(images, 0, count));
    pca_.reconstruct(columns(std::as_const(images), 0, count), columns(restored, 0, count));
    for (Index j = 0; j < count; ++j) {
      errors_[static_cast<std::size_t>(first + j)] =
          static_cast<double>((restored.col(j) - images.col(j)).squaredNorm()) / features;
    }
  });
  next_ = end;
  return next_ < samples_.count();
}

double LinearErrors::progress() const {
  const double done = samples_.count() > 0
                          ? static_cast<double>(next_) / static_cast<double>(samples_.count())
                          : 1.0;
  return kSubspaceShare * pca_.share() + (1 - kSubspaceShare) * done;
}

}  // namespace hourglass
