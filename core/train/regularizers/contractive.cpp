#include "core/train/regularizers/contractive.h"

#include "core/base/error.h"
#include "core/nn/layers/dense.h"

namespace hourglass {
namespace {

// f'(z), given f(z).
Scalar slope(Activation activation, Scalar h) {
  return activation == Activation::kSigmoid ? h * (1 - h) : 1 - h * h;
}

// Of slope() by h.
Scalar slope_of_slope(Activation activation, Scalar h) {
  return activation == Activation::kSigmoid ? 1 - 2 * h : -2 * h;
}

class Contractive final : public Regularizer {
 public:
  Contractive(double weight, const Dense& encoder) : weight_(weight), encoder_(encoder) {
    norms_.setZero(encoder.output_shape().features());
    slopes_.setZero(norms_.size());
  }

  void begin(const Scalar* parameters, double) override {
    const ConstMatrixView weight = encoder_.weight(parameters);
    for (Index i = 0; i < weight.cols(); ++i) norms_[i] = weight.col(i).squaredNorm();
  }

  double of_columns(const CodeViews& v) const override {
    const Activation activation = encoder_.activation();
    double jacobian = 0;
    for (Index j = 0; j < v.code.cols(); ++j) {
      for (Index i = 0; i < v.code.rows(); ++i) {
        const Scalar s = slope(activation, v.code(i, j));
        jacobian += static_cast<double>(s * s * norms_[i]);
      }
    }
    return weight_ * jacobian;
  }

  void add_code_gradient(Scalar scale, const CodeViews& v, MatrixView delta) const override {
    const Activation activation = encoder_.activation();
    const Scalar weight = 2 * scale * static_cast<Scalar>(weight_);
    for (Index j = 0; j < v.code.cols(); ++j) {
      for (Index i = 0; i < v.code.rows(); ++i) {
        const Scalar h = v.code(i, j);
        delta(i, j) += weight * norms_[i] * slope(activation, h) * slope_of_slope(activation, h);
      }
    }
  }

  void end_batch(const ConstMatrixView& code, Index samples) override {
    const Activation activation = encoder_.activation();
    slopes_.setZero();
    for (Index j = 0; j < code.cols(); ++j) {
      for (Index i = 0; i < code.rows(); ++i) {
        const Scalar s = slope(activation, code(i, j));
        slopes_[i] += s * s;
      }
    }
    slopes_ /= static_cast<Scalar>(samples);
  }

  void add_weight_gradient(const WeightTile& tile, Eigen::Map<Vector> gradient) const override {
    if (tile.parameter != encoder_.weight()) return;
    const Index inputs = tile.slice.inputs;
    const Eigen::Map<const Vector> weights(tile.weights, gradient.size());
    const auto twice = static_cast<Scalar>(2 * weight_);
    for (Index unit = 0; unit < tile.count; ++unit) {
      gradient.segment(unit * inputs, inputs) +=
          twice * slopes_[tile.first + unit] * weights.segment(unit * inputs, inputs);
    }
  }

 private:
  double weight_;
  const Dense& encoder_;
  Vector norms_;   // the squared norm of each code unit's weights
  Vector slopes_;  // of each code unit: f'(z)^2, summed over columns, over the mini-batch's samples
};

}  // namespace

std::unique_ptr<Regularizer> make_contractive(const Penalties& penalties, const Model& model) {
  if (!(penalties.contractive > 0)) return nullptr;
  const Activation activation = model.layer(model.code_layer()).activation();
  const bool fits = model.code_layer() == 0 && model.planned(0).kind == "dense" &&
                    (activation == Activation::kSigmoid || activation == Activation::kTanh);
  if (!fits) {
    throw Error(
        "penalty.contractive needs an encoder of exactly one dense layer with sigmoid or "
        "tanh units.");
  }
  // The plan says what it is.
  return std::make_unique<Contractive>(penalties.contractive,
                                       static_cast<const Dense&>(model.layer(0)));
}

}  // namespace hourglass
