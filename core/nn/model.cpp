#include "core/nn/model.h"

#include <algorithm>
#include <utility>

#include "core/nn/loss.h"

namespace hourglass {
namespace {

const SparseColumns* sparse_input_of(int layer, const Activations& workspace) {
  return layer == 0 && !workspace.sparse_input.empty() ? &workspace.sparse_input : nullptr;
}

MatrixView nothing() { return {nullptr, 0, 0, Eigen::OuterStride<>(0)}; }

int first_with_parameters(const BuiltLayers& built) {
  const auto& layers = built.layers;
  const auto found = std::find_if(layers.begin(), layers.end(),
                                  [](const auto& layer) { return !layer->parameters().empty(); });
  return static_cast<int>(found - layers.begin());
}

Index chunks_of(Index samples, Index chunk) { return (samples + chunk - 1) / chunk; }

}  // namespace

Index chunk_columns(Index batch) {
  return batch > kChunkColumns ? kChunkColumns : kChunkColumns / 2;
}

Model::Model(const ModelSpec& spec, ImageShape input)
    : spec_(spec),
      plan_(make_plan(spec, input)),
      built_(build_layers(plan_)),
      first_trained_layer_(first_with_parameters(built_)) {}

bool Model::has_gaussian_code() const { return spec_.encoder.back().is("gaussian"); }

bool Model::loss_is_fused() const {
  return has_fused_gradient(spec_.loss, built_.layers.back()->activation());
}

std::int64_t Model::multiply_adds_done(int index) const {
  const std::int64_t all = planned(index).multiply_adds;
  if (!built_.is_fused[static_cast<std::size_t>(index)]) return all;
  // Two sets of (kernel + 1) / 2 taps in each direction, on half as many pixels.
  const PlannedLayer& layer = planned(index);
  const LayerSpec& spec = layer.is_tied() ? planned(layer.source).spec : layer.spec;
  const std::int64_t kernel = spec.whole("kernel");
  return all * (kernel + 1) * (kernel + 1) / (4 * kernel * kernel);
}

Activations Model::make_activations(Index columns, bool training) const {
  Activations activations;
  activations.chunk_columns = chunk_columns(columns);
  activations.outputs.emplace_back(Matrix::Zero(features(), columns));
  for (int i = 0; i < layer_count(); ++i) {
    const Index rows = layer_outputs(i);
    activations.outputs.emplace_back(Matrix::Zero(rows, columns));
    activations.saved.emplace_back(Matrix::Zero(layer(i).saved_rows(), columns));
    if (!training) continue;
    // The loss leaves its gradient in the last one, whatever comes of it.
    const bool is_used = i >= first_trained_layer_ || i == layer_count() - 1;
    const bool has_delta = is_used && !delta_is_output(i);
    activations.deltas.emplace_back(has_delta ? Matrix::Zero(rows, columns) : Matrix());
    activations.partials.emplace_back(
        Matrix::Zero(layer(i).partial_size(), chunks_of(columns, activations.chunk_columns)));
  }
  return activations;
}

void Model::forward(const Pass& pass, const Scalar* parameters, int from, int to,
                    Activations& workspace, Index first, Index count) const {
  for (int i = from; i < to; ++i) {
    const int pool_layer = layer(i).pool_layer();
    if (pool_layer >= 0 && pool_layer < from)
      columns(workspace.saved[pool_layer], first, count).setZero();
    const Matrix& saved = workspace.saved[pool_layer >= 0 ? pool_layer : i];
    layer(i).forward(pass, parameters,
                     {.first = first,
                      .x = columns(std::as_const(workspace.outputs[i]), first, count),
                      .y = columns(workspace.outputs[i + 1], first, count),
                      .saved = columns(workspace.saved[i], first, count),
                      .pool_indices = columns(saved, first, count),
                      .outputs_logits = pass.fuse_loss && delta_is_output(i),
                      .sparse = sparse_input_of(i, workspace)});
  }
}

void Model::backward(const Pass& pass, const Scalar* parameters, int from, int to,
                     Activations& workspace, Index first, Index count) const {
  for (int i = to - 1; i >= std::max(from, first_trained_layer_); --i) {
    const int pool_layer = layer(i).pool_layer();
    const bool needs_input_delta = i > first_trained_layer_;
    layer(i).backward(
        pass, parameters,
        {.first = first,
         .x = columns(std::as_const(workspace.outputs[i]), first, count),
         .y = columns(std::as_const(workspace.outputs[i + 1]), first, count),
         .saved = columns(std::as_const(workspace.saved[i]), first, count),
         .pool_indices = columns(std::as_const(workspace.saved[pool_layer >= 0 ? pool_layer : i]),
                                 first, count),
         .delta = columns(delta(workspace, i), first, count),
         .delta_is_wrt_logits = delta_is_output(i),
         .input_delta =
             needs_input_delta ? columns(delta(workspace, i - 1), first, count) : nothing(),
         .partial = workspace.partials[i].col(first / workspace.chunk_columns).data()});
  }
}

void Model::add_gradient(int index, int parameter, Index first, Index count,
                         const Activations& workspace, Index begin, Index samples, bool overwrite,
                         Scalar* gradient) const {
  layer(index).add_gradient(
      parameter, first, count,
      {.x = columns(workspace.outputs[index], begin, samples),
       .delta = columns(delta(workspace, index), begin, samples),
       .partials = columns(workspace.partials[index], begin / workspace.chunk_columns,
                           chunks_of(samples, workspace.chunk_columns)),
       .overwrite = overwrite,
       .sparse = sparse_input_of(index, workspace),
       .first = begin},
      gradient);
}

}  // namespace hourglass
