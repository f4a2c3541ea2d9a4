#include "core/nn/layers/code_layers.h"

#include <algorithm>
#include <span>

#include "core/math/random.h"
#include "core/math/simd/kernels.h"

namespace hourglass {

void Dropout::forward(const Pass& pass, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y, kept = v.saved;
  const Scalar scale = 1 / (1 - rate_);
  for (Index j = 0; j < y.cols(); ++j) {
    if (!pass.training) {
      y.col(j) = v.x.col(j);
      continue;
    }
    const auto column = static_cast<std::uint32_t>(v.first + j);
    Random random(pass.seed, RandomStream::kDropout, pass.step, column | index_ << 16);
    const std::span<Scalar> factors(kept.col(j).data(), static_cast<std::size_t>(kept.rows()));
    kept.col(j).setConstant(scale);
    random.drop(factors, rate_, Scalar(0), Scalar(1), factors);
    y.col(j) = v.x.col(j).cwiseProduct(kept.col(j));
  }
}

void Dropout::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    input_delta.col(j) = v.delta.col(j).cwiseProduct(v.saved.col(j));
  }
}

void KSparse::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y, kept = v.saved;
  const Index units = y.rows();
  for (Index j = 0; j < y.cols(); ++j) {
    // Where a number is not finite all are kept: the loss must show that a run has diverged.
    kernels().keep_largest(v.x.col(j).data(), std::min(k_, units), y.col(j).data(),
                           kept.col(j).data(), units);
  }
}

void KSparse::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    input_delta.col(j) = v.delta.col(j).cwiseProduct(v.saved.col(j));
  }
}

void GaussianSample::forward(const Pass& pass, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y, draws = v.saved;
  const Index units = y.rows();
  for (Index j = 0; j < y.cols(); ++j) {
    const auto mean = v.x.col(j).head(units).array();
    if (!pass.training) {
      y.col(j) = mean;
      continue;
    }
    Random random(pass.seed, RandomStream::kSampling, pass.step,
                  static_cast<std::uint32_t>(v.first + j));
    random.fill_normal({draws.col(j).data(), static_cast<std::size_t>(units)});
    const auto log_variance = v.x.col(j).tail(units).array();
    y.col(j) = mean + (log_variance / 2).exp() * draws.col(j).array();
  }
}

void GaussianSample::backward(const Pass& pass, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  const Index units = v.delta.rows();
  const Scalar half = Scalar(0.5), one = 1;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    const auto mean = v.x.col(j).head(units).array();
    const auto log_variance = v.x.col(j).tail(units).array();
    const auto delta = v.delta.col(j).array();
    const auto draw = v.saved.col(j).array();
    input_delta.col(j).head(units) = delta + pass.kl_scale * mean;
    input_delta.col(j).tail(units) = half * delta * draw * (half * log_variance).exp() +
                                     half * pass.kl_scale * (log_variance.exp() - one);
  }
}

double gaussian_kl_sum(const ConstMatrixView& x) {
  const Index units = x.rows() / 2;
  double sum = 0;
  for (Index j = 0; j < x.cols(); ++j) {
    const auto mean = x.col(j).head(units).array();
    const auto log_variance = x.col(j).tail(units).array();
    sum +=
        static_cast<double>((mean.square() + log_variance.exp() - log_variance - Scalar(1)).sum());
  }
  return sum / 2;
}

void gaussian_kl_of_units(const ConstMatrixView& x, MatrixView sums) {
  const Index units = x.rows() / 2;
  sums.setZero();
  for (Index j = 0; j < x.cols(); ++j) {
    const auto mean = x.col(j).head(units).array();
    const auto log_variance = x.col(j).tail(units).array();
    sums.col(0).array() +=
        (mean.square() + log_variance.exp() - log_variance - Scalar(1)) / Scalar(2);
  }
}

}  // namespace hourglass
