// The part of Trainer that looks at whole gradients: their norm, clipping by it, and what a step
// was like.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/math/simd/kernels.h"
#include "core/train/trainer.h"

namespace hourglass {

void Trainer::square_gradient() {
  pool_.run(static_cast<int>(tiles_.size()), [&](int index, int) {
    const Tile& tile = tiles_[index];
    tile_squares_[index] = kernels().sum_of_squares(tile_gradient(tile), tile.size);
  });
}

double Trainer::gradient_norm() const {
  double squares = 0;
  for (const double square : tile_squares_) squares += square;
  return std::sqrt(squares);
}

void Trainer::clip_gradient() {
  // Pascanu, Mikolov and Bengio 2013, algorithm 1.
  const double norm = gradient_norm();
  if (norm > spec_.clip_norm) gradients_ *= static_cast<Scalar>(spec_.clip_norm / norm);
}

double Trainer::loss_after_step(Index samples) {
  const Shard own = own_columns(samples);
  const Index most = workspace_.chunk_columns;
  const auto chunks = static_cast<int>((own.count + most - 1) / most);
  // The same samples, the same noise: draws are keyed by the step.
  --state_.step;
  --state_.batch;
  const Pass pass = training_pass(samples);
  pool_.run(chunks, [&](int chunk, int worker) {
    const Index first = own.first + chunk * most;
    const Index count = std::min(most, own.count - chunk * most);
    forward_chunk(pass, first, count, worker);
    chunk_losses_[static_cast<std::size_t>(first / most)].reconstruction =
        loss_of_chunk(samples, first, count, worker);
  });
  ++state_.step;
  ++state_.batch;
  double sum = 0;
  const Index first_chunk = own.first / most;
  for (Index chunk = first_chunk; chunk < first_chunk + chunks; ++chunk) {
    sum += chunk_losses_[static_cast<std::size_t>(chunk)].reconstruction;
  }
  return sum;
}

void Trainer::begin_probe(StepResult& result) {
  result.probe = StepProbe{.gradient_norm = gradient_norm(),
                           .loss_before = result.loss - result.penalty,
                           .loss_after = loss_after_step(result.samples)};
}

void Trainer::finish_probe(StepResult& result) {
  std::array<double, 1> after = {result.probe->loss_after};
  if (communicator_) communicator_->all_reduce(std::span<double>(after));
  result.probe->loss_after = after[0] / static_cast<double>(result.samples);
}

}  // namespace hourglass
