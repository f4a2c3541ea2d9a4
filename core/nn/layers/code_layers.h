// Layers without weights that change what a code is: dropout, k-sparse, and the Gaussian code.
#pragma once

#include "core/nn/layers/layer.h"

namespace hourglass {

// In training each feature is 0 with probability `rate`, and x / (1 - rate) otherwise, so that its
// mean stays what it was ("inverted" dropout; Srivastava et al. 2014). Else y = x.
class Dropout final : public FixedLayer {
 public:
  // `index` is the layer's place in the model: each dropout layer has draws of its own.
  Dropout(ImageShape shape, Scalar rate, int index)
      : FixedLayer(shape), rate_(rate), index_(static_cast<std::uint32_t>(index)) {}

  // What x is multiplied by.
  Index saved_rows() const override { return output_shape().features(); }
  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;

 private:
  Scalar rate_;
  std::uint32_t index_;
};

// The k largest of x stay (the first of equals), the others become 0 (Makhzani and Frey 2013).
class KSparse final : public FixedLayer {
 public:
  KSparse(ImageShape shape, Index k) : FixedLayer(shape), k_(k) {}

  Index saved_rows() const override { return output_shape().features(); }  // 1 for those that stay
  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;

 private:
  Index k_;
};

// A code drawn from the normal distribution whose means are the first half of x and whose
// log-variances the second (Kingma and Welling 2014, section 2.4):
//   y = mean + exp(log-variance / 2) e, with e drawn from N(0, 1) in training and 0 otherwise.
// backward() also adds the gradient of pass.kl_scale * gaussian_kl_sum(x).
class GaussianSample final : public FixedLayer {
 public:
  explicit GaussianSample(Index units) : FixedLayer({1, 1, units}) {}

  Index saved_rows() const override { return output_shape().features(); }  // e
  void forward(const Pass& pass, const Scalar* parameters, const ForwardViews& v) const override;
  void backward(const Pass& pass, const Scalar* parameters, const BackwardViews& v) const override;
};

// The sum over columns of the Kullback-Leibler divergence of N(mean, exp(log-variance)) from
// N(0, 1),
//   -1/2 sum_j (1 + log-variance_j - mean_j^2 - exp(log-variance_j))
// (the same, appendix B), with x as GaussianSample takes it: 2 units x samples.
double gaussian_kl_sum(const ConstMatrixView& x);
// The same of each unit: the terms of its sum over j, into `sums` (units x 1).
void gaussian_kl_of_units(const ConstMatrixView& x, MatrixView sums);

}  // namespace hourglass
