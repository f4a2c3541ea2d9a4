// A network built from its specification: layers, their parameters' layout, and passes over
// columns.
#pragma once

#include <memory>
#include <vector>

#include "core/model/plan.h"
#include "core/nn/build_layers.h"
#include "core/nn/layers/layer.h"

namespace hourglass {

// What a pass writes: the output of every layer, and in training the gradients by them. Made once
// for the largest batch; a pass over columns touches those columns alone.
struct Activations {
  // outputs[0] is the network's input; outputs[i + 1] is what layer i made of outputs[i].
  std::vector<Matrix> outputs;
  // saved[i]: what layer i keeps besides its output; most keep nothing.
  std::vector<Matrix> saved;
  // deltas[i]: see Model::delta(). Empty if not asked for, or if nobody uses it.
  std::vector<Matrix> deltas;
  // partials[i]: layer i's parts of the gradient, one column per chunk. Empty if not asked for.
  std::vector<Matrix> partials;
  // What a batch is cut into in training: chunk_columns() of all columns that there is room for.
  Index chunk_columns = kChunkColumns;
  // outputs[0] as lists of what is not 0, kept by whoever fills it; empty if nobody does.
  SparseColumns sparse_input;
};

// Immutable: parameters live with whoever trains, so one model may be used from many threads.
class Model {
 public:
  // Throws Error as make_plan() does.
  Model(const ModelSpec& spec, ImageShape input);

  const ModelSpec& spec() const { return spec_; }
  const Plan& plan() const { return plan_; }
  ImageShape input_shape() const { return plan_.input; }
  Index features() const { return plan_.input.features(); }
  Index code_size() const { return layer_outputs(code_layer()); }
  // Of the last layer: features(), or of a classifier one number for each class.
  Index outputs() const { return layer_outputs(layer_count() - 1); }

  int layer_count() const { return static_cast<int>(built_.layers.size()); }
  const Layer& layer(int index) const { return *built_.layers[index]; }
  const PlannedLayer& planned(int index) const { return plan_.layers[index]; }
  const std::string& layer_name(int index) const { return planned(index).name; }
  int code_layer() const { return plan_.code_layer; }
  // The first layer that has parameters. Nobody uses a gradient by what layers before it make.
  int first_trained_layer() const { return first_trained_layer_; }
  // Whether the code is drawn from a normal distribution, whose means and log-variances are the
  // input of code_layer().
  bool has_gaussian_code() const;
  Index layer_outputs(int index) const { return planned(index).output.features(); }
  Index layer_inputs(int index) const { return planned(index).input.features(); }
  // Of one sample's forward pass, as the plan counts them, and those that layer `index` really
  // does: behind an upsampling a convolution may do with fewer.
  std::int64_t multiply_adds() const { return plan_.multiply_adds; }
  std::int64_t multiply_adds_done(int index) const;

  const ParameterLayout& layout() const { return built_.layout; }
  // Whether the loss's gradient comes as that by the last layer's pre-activations.
  bool loss_is_fused() const;

  // Room for `columns` samples, with deltas and partials if `training`.
  Activations make_activations(Index columns, bool training) const;
  // Where the gradient by the pre-activations of layer i is, for i from first_trained_layer() on:
  // the last layer's, where the loss is fused, takes the place of its output.
  Matrix& delta(Activations& workspace, int i) const {
    return delta_is_output(i) ? workspace.outputs.back() : workspace.deltas[i];
  }
  const Matrix& delta(const Activations& workspace, int i) const {
    return delta_is_output(i) ? workspace.outputs.back() : workspace.deltas[i];
  }

  // Runs layers [from, to) on columns [first, first + count): outputs[from] -> ... -> outputs[to].
  void forward(const Pass& pass, const Scalar* parameters, int from, int to,
               Activations& activations, Index first, Index count) const;

  // Runs layers [from, to) backwards on one chunk of columns; `first` is a multiple of
  // activations.chunk_columns. Given the gradient by the output of layer to - 1 in its delta (as
  // loss_gradient() leaves it, if that is the last one), fills the deltas and partials of these
  // layers, and the delta of layer from - 1 with the gradient by its output. Layers before
  // first_trained_layer() are left out.
  void backward(const Pass& pass, const Scalar* parameters, int from, int to,
                Activations& activations, Index first, Index count) const;

  // Adds to `gradient`, or with `overwrite` puts there, the gradient by columns [first, first +
  // count) of the slice `parameter`, over the `samples` from column `begin` (a multiple of
  // activations.chunk_columns) on, which backward() has gone through.
  void add_gradient(int layer, int parameter, Index first, Index count,
                    const Activations& activations, Index begin, Index samples, bool overwrite,
                    Scalar* gradient) const;

 private:
  bool delta_is_output(int i) const { return i == layer_count() - 1 && loss_is_fused(); }

  ModelSpec spec_;
  Plan plan_;
  BuiltLayers built_;
  int first_trained_layer_;
};

}  // namespace hourglass
