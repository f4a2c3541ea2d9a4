#include "core/nn/model.h"

#include <utility>

#include "core/nn/loss.h"

namespace hourglass {
namespace {

MatrixView nothing() { return {nullptr, 0, 0, Eigen::OuterStride<>(0)}; }

Index chunks_of(Index samples) { return (samples + kChunkColumns - 1) / kChunkColumns; }

}  // namespace

Model::Model(const ModelSpec& spec, ImageShape input)
    : spec_(spec), plan_(make_plan(spec, input)), built_(build_layers(plan_)) {}

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
  activations.outputs.emplace_back(Matrix::Zero(features(), columns));
  for (int i = 0; i < layer_count(); ++i) {
    const Index rows = layer_outputs(i);
    activations.outputs.emplace_back(Matrix::Zero(rows, columns));
    activations.memory.emplace_back(Matrix::Zero(layer(i).memory_rows(), columns));
    if (!training) continue;
    activations.deltas.emplace_back(delta_is_output(i) ? Matrix() : Matrix::Zero(rows, columns));
    activations.partials.emplace_back(Matrix::Zero(layer(i).partial_size(), chunks_of(columns)));
  }
  return activations;
}

void Model::forward(const Pass& pass, const Scalar* parameters, int from, int to, Activations& room,
                    Index first, Index count) const {
  for (int i = from; i < to; ++i) {
    const int partner = layer(i).partner();
    if (partner >= 0 && partner < from) columns(room.memory[partner], first, count).setZero();
    const Matrix& memory = room.memory[partner >= 0 ? partner : i];
    layer(i).forward(pass, parameters,
                     {.first = first,
                      .x = columns(std::as_const(room.outputs[i]), first, count),
                      .y = columns(room.outputs[i + 1], first, count),
                      .memory = columns(room.memory[i], first, count),
                      .partner = columns(memory, first, count),
                      .leaves_pre_activations = pass.loss_is_next && delta_is_output(i)});
  }
}

void Model::backward(const Pass& pass, const Scalar* parameters, int from, int to,
                     Activations& room, Index first, Index count) const {
  for (int i = to - 1; i >= from; --i) {
    const int partner = layer(i).partner();
    layer(i).backward(
        pass, parameters,
        {.first = first,
         .x = columns(std::as_const(room.outputs[i]), first, count),
         .y = columns(std::as_const(room.outputs[i + 1]), first, count),
         .memory = columns(std::as_const(room.memory[i]), first, count),
         .partner = columns(std::as_const(room.memory[partner >= 0 ? partner : i]), first, count),
         .delta = columns(delta(room, i), first, count),
         .delta_is_fused = delta_is_output(i),
         // Nobody uses the gradient by the network's input.
         .input_delta = i > 0 ? columns(delta(room, i - 1), first, count) : nothing(),
         .partial = room.partials[i].col(first / kChunkColumns).data()});
  }
}

void Model::add_gradient(int index, int parameter, Index first, Index count,
                         const Activations& room, Index begin, Index samples, bool overwrite,
                         Scalar* gradient) const {
  layer(index).add_gradient(
      parameter, first, count,
      {.x = columns(room.outputs[index], begin, samples),
       .delta = columns(delta(room, index), begin, samples),
       .partials = columns(room.partials[index], begin / kChunkColumns, chunks_of(samples)),
       .overwrite = overwrite},
      gradient);
}

}  // namespace hourglass
