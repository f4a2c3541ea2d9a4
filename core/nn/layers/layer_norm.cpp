// Layer normalisation.
#include <algorithm>
#include <cmath>
#include <memory>

#include "core/math/simd/kernels.h"
#include "core/nn/layers/layer.h"

namespace hourglass {
namespace {

// As PyTorch's and Keras's.
constexpr double kEpsilon = 1e-5;

// y = g (x - m) / sqrt(v + epsilon) + b, with m and v the mean and the variance over the features
// of one sample, and a scale g and a bias b for each feature (Ba, Kiros and Hinton 2016, equation
// 4). With h the normalised x and d = g delta:
//   dx = (d - mean(d) - h mean(d h)) / sqrt(v + epsilon),   dg = sum delta h,   db = sum delta
class LayerNorm final : public Layer {
 public:
  LayerNorm(const std::string& name, ImageShape shape, ParameterLayout& layout) : shape_(shape) {
    const auto slice = [&](const char* ending, ParameterRole role) {
      return layout.add({.name = name + ending,
                         .role = role,
                         .shape = {shape.features()},
                         .inputs = 1,
                         .outputs = shape.features(),
                         .fan_in = 1,
                         .fan_out = 1});
    };
    parameters_[0] = slice(".weight", ParameterRole::kScale);
    parameters_[1] = slice(".bias", ParameterRole::kBias);
    scale_offset_ = layout[parameters_[0]].offset;
    bias_offset_ = layout[parameters_[1]].offset;
  }

  Activation activation() const override { return Activation::kLinear; }
  ImageShape output_shape() const override { return shape_; }
  std::span<const int> parameters() const override { return parameters_; }
  Index saved_rows() const override { return 2; }  // mean, and 1 / sqrt(v + epsilon)
  Index partial_size() const override { return 2 * shape_.features(); }  // dg, then db

  void forward(const Pass&, const Scalar* parameters, const ForwardViews& v) const override {
    const Index size = shape_.features();
    const Scalar *scale = parameters + scale_offset_, *bias = parameters + bias_offset_;
    MatrixView y = v.y, saved = v.saved;
    for (Index j = 0; j < v.x.cols(); ++j) {
      const Scalar* const x = v.x.col(j).data();
      const double mean = kernels().sum(x, size) / static_cast<double>(size);
      Scalar* const out = y.col(j).data();
      const auto center = static_cast<Scalar>(mean);
      for (Index i = 0; i < size; ++i) out[i] = x[i] - center;
      const double variance = kernels().sum_of_squares(out, size) / static_cast<double>(size);
      const auto inverse = static_cast<Scalar>(1 / std::sqrt(variance + kEpsilon));
      for (Index i = 0; i < size; ++i) out[i] = out[i] * inverse * scale[i] + bias[i];
      saved(0, j) = center;
      saved(1, j) = inverse;
    }
  }

  void backward(const Pass&, const Scalar* parameters, const BackwardViews& v) const override {
    const Index size = shape_.features();
    const Scalar* const scale = parameters + scale_offset_;
    Scalar *const scale_sums = v.partial, *const bias_sums = v.partial + size;
    std::fill_n(v.partial, partial_size(), Scalar(0));
    MatrixView input_delta = v.input_delta;
    for (Index j = 0; j < v.x.cols(); ++j) {
      const Scalar center = v.saved(0, j), inverse = v.saved(1, j);
      const Scalar* const x = v.x.col(j).data();
      const Scalar* const delta = v.delta.col(j).data();
      double sum = 0, product = 0;  // of d, and of d h
      for (Index i = 0; i < size; ++i) {
        const Scalar h = (x[i] - center) * inverse;
        scale_sums[i] += delta[i] * h;
        bias_sums[i] += delta[i];
        sum += static_cast<double>(delta[i] * scale[i]);
        product += static_cast<double>(delta[i] * scale[i] * h);
      }
      if (input_delta.size() == 0) continue;
      const auto mean = static_cast<Scalar>(sum / static_cast<double>(size));
      const auto slope = static_cast<Scalar>(product / static_cast<double>(size));
      Scalar* const out = input_delta.col(j).data();
      for (Index i = 0; i < size; ++i) {
        out[i] = (delta[i] * scale[i] - mean - (x[i] - center) * inverse * slope) * inverse;
      }
    }
  }

  void add_gradient(int parameter, Index first, Index count, const GradientViews& v,
                    Scalar* gradient) const override {
    const Index offset = (parameter == parameters_[0] ? 0 : shape_.features()) + first;
    if (v.overwrite) std::fill_n(gradient, count, Scalar(0));
    kernels().add_columns(v.partials.data() + offset, v.partials.outerStride(), v.partials.cols(),
                          gradient, count);
  }

 private:
  ImageShape shape_;
  int parameters_[2];
  Index scale_offset_, bias_offset_;
};

}  // namespace

std::unique_ptr<Layer> make_layer_norm(const std::string& name, ImageShape shape,
                                       ParameterLayout& layout) {
  return std::make_unique<LayerNorm>(name, shape, layout);
}

}  // namespace hourglass
