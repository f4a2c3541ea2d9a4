// The codes of many samples, by parameters that stay as they are while training goes on.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/data/dataset.h"
#include "core/nn/inference.h"

namespace hourglass {

class SampleCodes {
 public:
  // Of all codes together: 64 MB, where a page may have 256 for everything.
  static constexpr Index kMaxNumbers = 1 << 24;

  // The codes of samples [0, count), at most samples.count(). Copies the parameters; `samples` and
  // `pool` must outlive this.
  SampleCodes(std::shared_ptr<const Model> model, const Scalar* parameters, const Samples& samples,
              Index count, ThreadPool& pool);
  // The same of those that `indices` name, in that order.
  SampleCodes(std::shared_ptr<const Model> model, const Scalar* parameters, const Samples& samples,
              std::vector<std::uint32_t> indices, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads.
  bool advance();
  double share() const;  // of the work, from 0 to 1
  // Code size x count; complete when advance() has returned false. A code need not be finite.
  const Matrix& codes() const { return codes_; }

  // The codes (code size x n) of other images (features x n, as gather() gives them), by the same
  // parameters.
  void encode(const ConstMatrixView& images, MatrixView codes);

 private:
  std::shared_ptr<const Model> model_;
  ParameterBuffer parameters_;
  const Samples& samples_;
  ThreadPool& pool_;
  Inference inference_;
  std::vector<std::uint32_t> indices_;
  Matrix images_;  // room for a slice
  Matrix codes_;
  Index next_ = 0;  // sample
};

}  // namespace hourglass
