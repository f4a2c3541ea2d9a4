// A network built from its specification: layers, their parameters' layout, and passes over columns.
#pragma once

#include <memory>
#include <vector>

#include "core/math/shape.h"
#include "core/nn/layer.h"
#include "core/nn/model_spec.h"

namespace hourglass {

// What a pass writes: the output of every layer, and in training the gradients by them. Made once for
// the largest batch; a pass over columns touches those columns alone.
struct Activations {
  // outputs[0] is the network's input; outputs[i + 1] is what layer i made of outputs[i].
  std::vector<Matrix> outputs;
  // deltas[i]: the gradient by the pre-activations of layer i, after backward(). Empty if not asked for.
  std::vector<Matrix> deltas;
};

// Immutable: parameters live with whoever trains, so one model may be used from many threads.
class Model {
 public:
  // Throws Error if a layer does not fit its neighbour or the output is not of the input's size.
  Model(const ModelSpec& spec, ImageShape input);

  const ModelSpec& spec() const { return spec_; }
  ImageShape input_shape() const { return input_; }
  Index features() const { return input_.features(); }
  Index code_size() const { return layer_outputs(code_layer()); }

  int layer_count() const { return static_cast<int>(layers_.size()); }
  const Layer& layer(int index) const { return *layers_[index]; }
  const std::string& layer_name(int index) const { return names_[index]; }
  int code_layer() const { return static_cast<int>(spec_.encoder.size()) - 1; }
  Index layer_outputs(int index) const { return layers_[index]->output_shape().features(); }
  Index layer_inputs(int index) const { return index == 0 ? features() : layer_outputs(index - 1); }
  std::int64_t multiply_adds() const;

  const ParameterLayout& layout() const { return layout_; }

  // Room for `columns` samples, with deltas if `training`.
  Activations make_activations(Index columns, bool training) const;

  // Runs layers [from, to) on columns [first, first + count): outputs[from] -> ... -> outputs[to].
  void forward(const Pass& pass, const Scalar* parameters, int from, int to, Activations& activations,
               Index first, Index count) const;

  // Given deltas.back() as loss_gradient() leaves it, fills all deltas of those columns.
  void backward(const Pass& pass, const Scalar* parameters, Activations& activations, Index first,
                Index count) const;

 private:
  ModelSpec spec_;
  ImageShape input_;
  ParameterLayout layout_;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<std::string> names_;
};

}  // namespace hourglass
