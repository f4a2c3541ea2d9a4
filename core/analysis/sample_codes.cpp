#include "core/analysis/sample_codes.h"

#include <algorithm>
#include <numeric>

#include "core/analysis/slice.h"

namespace hourglass {

SampleCodes::SampleCodes(std::shared_ptr<const Model> model, const Scalar* parameters,
                         const Samples& samples, Index count, ThreadPool& pool)
    : SampleCodes(std::move(model), parameters, samples,
                  std::vector<std::uint32_t>(static_cast<std::size_t>(count)), pool) {
  std::iota(indices_.begin(), indices_.end(), 0u);
}

SampleCodes::SampleCodes(std::shared_ptr<const Model> model, const Scalar* parameters,
                         const Samples& samples, std::vector<std::uint32_t> indices,
                         ThreadPool& pool)
    : model_(std::move(model)),
      parameters_(Eigen::Map<const Vector>(parameters, model_->layout().buffer_size())),
      samples_(samples),
      pool_(pool),
      inference_(*model_, pool),
      indices_(std::move(indices)),
      codes_(model_->code_size(), static_cast<Index>(indices_.size())) {}

bool SampleCodes::advance() {
  const int layers = model_->code_layer() + 1;
  const Index count =
      std::min(pieced_samples_per_slice(*model_, 0, layers, pool_.limit()), codes_.cols() - next_);
  if (count > 0) {
    images_.resize(samples_.features(), count);
    samples_.gather({indices_.data() + next_, static_cast<std::size_t>(count)},
                    columns(images_, 0, count));
    encode(columns(std::as_const(images_), 0, count), columns(codes_, next_, count));
    next_ += count;
  }
  return next_ < codes_.cols();
}

double SampleCodes::share() const {
  return codes_.cols() == 0 ? 1 : static_cast<double>(next_) / static_cast<double>(codes_.cols());
}

void SampleCodes::encode(const ConstMatrixView& images, MatrixView codes) {
  inference_.encode(parameters_.data(), images, codes);
}

}  // namespace hourglass
