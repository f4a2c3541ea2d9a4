// The part of Trainer that takes a chunk of columns through the network: forward, through the loss,
// and back.
#include <cstdint>
#include <span>
#include <utility>

#include "core/math/random.h"
#include "core/nn/loss.h"
#include "core/train/trainer.h"

namespace hourglass {

std::span<const std::uint32_t> Trainer::samples_of(Index first, Index count) const {
  const std::uint32_t* const batch = order_.data() + state_.batch * spec_.batch_size;
  return {batch + first, static_cast<std::size_t>(count)};
}

MatrixView Trainer::targets(Index first, Index count, int worker) {
  const bool input_is_target = spec_.corruption.is_none() && !sample_targets_;
  return input_is_target ? columns(workspace_.outputs.front(), first, count)
                         : columns(targets_, worker * workspace_.chunk_columns, count);
}

void Trainer::gather_targets(Index first, Index count, int worker) {
  const Samples& source = sample_targets_ ? *sample_targets_ : data_->train;
  // The input, where that is the target, is there already.
  if (!spec_.corruption.is_none() || sample_targets_) {
    source.gather(samples_of(first, count), targets(first, count, worker));
  }
}

void Trainer::forward_chunk(const Pass& pass, Index first, Index count, int worker) {
  const MatrixView input = columns(workspace_.outputs.front(), first, count);
  const bool clean = spec_.corruption.is_none();
  gather_targets(first, count, worker);
  // Where the samples are their own targets, these are what the noise leaves alone.
  const bool in_place = clean || sample_targets_;
  if (in_place) data_->train.gather(samples_of(first, count), input);
  const MatrixView original = in_place ? input : targets(first, count, worker);
  const auto features = static_cast<std::size_t>(input.rows());
  for (Index j = 0; j < count && !clean; ++j) {
    auto column = workspace_.outputs.front().col(first + j);
    corrupt(spec_.corruption,
            Random(spec_.seed, RandomStream::kCorruption, pass.step,
                   static_cast<std::uint32_t>(first + j)),
            {original.col(j).data(), features}, {column.data(), features}, data_->range);
  }
  if (!workspace_.sparse_input.empty()) {
    workspace_.sparse_input.assign(
        first, columns(std::as_const(workspace_.outputs.front()), first, count));
  }
  model_->forward(pass, parameters(), 0, model_->layer_count(), workspace_, first, count);
}

double Trainer::loss_of_chunk(Index samples, Index first, Index count, int worker) {
  const Loss loss = model_->spec().loss;
  const int last = model_->layer_count() - 1;
  const Activation output = model_->layer(last).activation();
  const ConstMatrixView target = as_const(targets(first, count, worker));
  const MatrixView delta = columns(model_->delta(workspace_, last), first, count);
  const Scalar scale = Scalar(1) / static_cast<Scalar>(samples);
  if (model_->loss_is_fused()) return fused_loss(loss, output, target, scale, delta);
  const ConstMatrixView y = columns(std::as_const(workspace_.outputs.back()), first, count);
  loss_gradient(loss, output, y, target, scale, delta);
  return loss_sum(loss, y, target);
}

void Trainer::backward_chunk(const Pass& pass, Index samples, Index first, Index count,
                             int worker) {
  const int layers = model_->layer_count(), code = model_->code_layer();
  const CodeViews views{columns(std::as_const(workspace_.outputs[code]), first, count),
                        columns(std::as_const(workspace_.outputs[code + 1]), first, count)};
  const Scalar scale = Scalar(1) / static_cast<Scalar>(samples);
  ChunkLoss& sums = chunk_losses_[static_cast<std::size_t>(first / workspace_.chunk_columns)];
  sums.reconstruction = loss_of_chunk(samples, first, count, worker);
  sums.penalty = regularizers_.of_columns(views);
  model_->backward(pass, parameters(), code + 1, layers, workspace_, first, count);
  if (code < model_->first_trained_layer()) return;
  regularizers_.add_code_gradient(scale, views,
                                  columns(model_->delta(workspace_, code), first, count));
  model_->backward(pass, parameters(), 0, code + 1, workspace_, first, count);
}

}  // namespace hourglass
