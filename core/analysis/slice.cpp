#include "core/analysis/slice.h"

#include <algorithm>

#include "core/nn/inference.h"

namespace hourglass {
namespace {

// What one thread does in about four milliseconds as WebAssembly, which is the slowest of the
// engines.
constexpr std::int64_t kSliceMultiplyAdds = std::int64_t{1} << 25;
// An output costs about that much besides its products: it is activated, stored and looked at.
constexpr std::int64_t kPerOutput = 16;
constexpr std::int64_t kMaxPieces = 8;

}  // namespace

Index samples_per_slice(const Model& model, int from, int to) {
  std::int64_t cost = 1;
  for (int i = from; i < to; ++i) {
    cost += model.planned(i).multiply_adds + kPerOutput * model.layer_outputs(i);
  }
  return static_cast<Index>(
      std::clamp<std::int64_t>(kSliceMultiplyAdds / cost, 1, kMaxPieces * kInferenceColumns));
}

Index pieced_samples_per_slice(const Model& model, int from, int to, int threads) {
  const Index pieces = samples_per_slice(model, from, to) * threads / kInferenceColumns;
  return kInferenceColumns *
         std::clamp<Index>(pieces, threads, std::max<Index>(threads, kMaxPieces));
}

}  // namespace hourglass
