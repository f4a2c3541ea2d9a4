#include "core/nn/model.h"

#include "core/base/error.h"
#include "core/nn/dense.h"

namespace hourglass {

Model::Model(const ModelSpec& spec, ImageShape input) : spec_(spec), input_(input) {
  if (spec.encoder.empty() || spec.decoder.empty()) {
    throw Error("A model needs at least one layer in its encoder and one in its decoder.");
  }
  ImageShape shape = input;
  const auto add = [&](const std::vector<LayerSpec>& layers, const std::string& part) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const LayerSpec& layer = layers[i];
      const ImageShape output = layer.units == 0 ? input : ImageShape{1, 1, layer.units};
      names_.push_back(part + "." + std::to_string(i));
      layers_.push_back(std::make_unique<Dense>(names_.back(), shape.features(), output,
                                                layer.activation, layout_));
      shape = output;
    }
  };
  add(spec.encoder, "encoder");
  add(spec.decoder, "decoder");
  if (shape.features() != input.features()) {
    throw Error("The output layer " + names_.back() + " has " + std::to_string(shape.features()) +
                " units and the input has " + std::to_string(input.features()) +
                " features; they must be equal (\"units\": \"input\").");
  }
}

std::int64_t Model::multiply_adds() const {
  std::int64_t sum = 0;
  for (const auto& layer : layers_) sum += layer->multiply_adds();
  return sum;
}

Activations Model::make_activations(Index columns, bool training) const {
  Activations activations;
  activations.outputs.emplace_back(Matrix::Zero(features(), columns));
  for (const auto& layer : layers_) {
    const Index rows = layer->output_shape().features();
    activations.outputs.emplace_back(Matrix::Zero(rows, columns));
    if (training) activations.deltas.emplace_back(Matrix::Zero(rows, columns));
  }
  return activations;
}

void Model::forward(const Pass& pass, const Scalar* parameters, int from, int to,
                    Activations& activations, Index first, Index count) const {
  for (int i = from; i < to; ++i) {
    const Matrix& input = activations.outputs[i];
    layers_[i]->forward(pass, parameters, columns(input, first, count),
                        columns(activations.outputs[i + 1], first, count));
  }
}

void Model::backward(const Pass& pass, const Scalar* parameters, Activations& activations,
                     Index first, Index count) const {
  const int last = layer_count() - 1;
  for (int i = last; i >= 0; --i) {
    const Matrix& x = activations.outputs[i];
    const Matrix& y = activations.outputs[i + 1];
    const bool fused = i == last && has_fused_gradient(spec_.loss, layers_[i]->activation());
    // Nobody uses the gradient by the network's input.
    const MatrixView input_delta =
        i > 0 ? columns(activations.deltas[i - 1], first, count)
              : MatrixView(nullptr, 0, 0, Eigen::OuterStride<>(0));
    layers_[i]->backward(pass, parameters, columns(x, first, count), columns(y, first, count), fused,
                         columns(activations.deltas[i], first, count), input_delta);
  }
}

}  // namespace hourglass
