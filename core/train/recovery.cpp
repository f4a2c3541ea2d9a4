// The part of Trainer that finds numbers that are not finite, and goes back to the last good state.
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "core/base/write_number.h"
#include "core/nn/loss.h"
#include "core/train/trainer.h"

namespace hourglass {
namespace {

// Numbers that are not finite have all bits of the exponent set. Without a branch, so that
// compilers make vector instructions of it.
bool all_finite(const Scalar* values, Index size) {
  using Bits = std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits kExponent = std::bit_cast<Bits>(std::numeric_limits<Scalar>::infinity());
  Bits found = 0;
  for (Index i = 0; i < size; ++i) {
    const Bits bits = std::bit_cast<Bits>(values[i]);
    found |= static_cast<Bits>((bits & kExponent) == kExponent);
  }
  return found == 0;
}

void copy_counters(const TrainState& from, TrainState& to) {
  to.step = from.step;
  to.epoch = from.epoch;
  to.batch = from.batch;
  to.epoch_loss = from.epoch_loss;
  to.epoch_penalty = from.epoch_penalty;
  to.seconds = from.seconds;
  to.epoch_seconds = from.epoch_seconds;
}

}  // namespace

bool Trainer::state_is_finite() {
  pool_.run(static_cast<int>(tiles_.size()), [&](int index, int) {
    const Tile& tile = tiles_[static_cast<std::size_t>(index)];
    bool finite = all_finite(parameters() + tile.offset, tile.size);
    for (const ParameterBuffer& moment : state_.moments) {
      finite = finite && all_finite(moment.data() + tile.offset, tile.size);
    }
    tile_finite_[static_cast<std::size_t>(index)] = finite ? 1 : 0;
  });
  std::array<double, 1> broken = {0};
  for (const std::uint8_t finite : tile_finite_) broken[0] += finite == 0 ? 1 : 0;
  // Processors of different kinds may differ here; the processes must not.
  if (communicator_) communicator_->all_reduce(std::span<double>(broken));
  return broken[0] == 0;
}

void Trainer::put_aside() {
  kept_.parameters = state_.parameters;
  kept_.moments = state_.moments;
  note_kept();
  last_step_seen_ = true;
}

void Trainer::note_kept() {
  copy_counters(state_, kept_);
  kept_spec_ = spec_;
  kept_last_epoch_ = last_epoch_;
  keep_due_ = false;
}

void Trainer::confirm(bool measured_finite) {
  if (!state_is_finite() || !measured_finite) go_back();
  last_step_seen_ = true;
}

void Trainer::check_last_step() {
  if (last_step_seen_) return;
  confirm(compute_loss());
}

// Of a linear network whose rate is too high, each step makes the loss so many times larger, for a
// few dozen steps, until no number holds it. A hundred times what it was before the first step,
// and a hundred times what an output has that knows nothing of the sample, is neither noise nor a
// rate that is high but works.
bool Trainer::has_burst() {
  constexpr double kBurst = 100;
  const double loss = batch_loss_.loss - batch_loss_.penalty;
  if (!(loss > kBurst * first_loss_)) return false;  // and no memory is taken
  const Index samples = batch_loss_.samples;
  const Shard own = own_columns(samples);
  std::array<double, 1> sum = {0};
  const Index most = workspace_.chunk_columns, end = own.first + own.count;
  const Matrix middle = Matrix::Constant(model_->outputs(), most, data_->range.middle());
  for (Index first = own.first; first < end; first += most) {
    const Index count = std::min(most, end - first);
    gather_targets(first, count, /*worker=*/0);
    sum[0] += loss_sum(model_->spec().loss, columns(middle, 0, count),
                       as_const(targets(first, count, /*worker=*/0)));
  }
  if (communicator_) communicator_->all_reduce(std::span<double>(sum));
  return loss > kBurst * sum[0] / static_cast<double>(samples);
}

void Trainer::check_end() {
  if (state_.step == 0) return;
  if (!compute_loss()) go_back();
  if (has_burst()) go_back(batch_loss_.loss - batch_loss_.penalty);
  last_step_seen_ = true;
}

void Trainer::leave_group() {
  communicator_ = nullptr;
  // What follows has other bits than what the processes did together.
  keep_due_ = true;
}

// From what was put aside to the state after `last` mini-batches, or to the last good one before it
// (where the numbers of several processes are not added up in the same order each time).
void Trainer::train_again(std::int64_t last) {
  state_ = kept_;
  last_epoch_ = kept_last_epoch_;
  spec_ = kept_spec_;
  regularizers_ = Regularizers(spec_.penalties, *model_);
  pack_all();
  start_epoch();
  ParameterBuffer good = state_.parameters;
  TrainState counters;
  copy_counters(state_, counters);
  EpochMetrics last_epoch = last_epoch_;
  while (state_is_finite() && compute_loss() && !has_burst()) {
    good = state_.parameters;
    copy_counters(state_, counters);
    last_epoch = last_epoch_;
    if (state_.step >= last) break;
    const auto began = std::chrono::steady_clock::now();
    update(/*keep=*/false);
    end_step(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  }
  state_.parameters = good;
  copy_counters(counters, state_);
  last_epoch_ = last_epoch;
}

void Trainer::go_back(double burst) {
  const std::int64_t failed = state_.step;
  const TrainSpec spec = spec_;
  const auto take_up_spec = [&] {
    spec_ = spec;
    regularizers_ = Regularizers(spec.penalties, *model_);
  };
  try {
    train_again(failed - 1);
  } catch (...) {  // another process is gone
    take_up_spec();
    throw;
  }
  take_up_spec();
  // They point to where the run went wrong, and would lead a run that goes on there again.
  for (ParameterBuffer& moment : state_.moments) moment.setZero();
  pack_all();
  start_epoch();
  put_aside();
  throw Diverged(divergence_sentence(failed, burst));
}

// `burst` is the loss of numbers that are finite yet; 0 of others.
std::string Trainer::divergence_sentence(std::int64_t failed, double burst) const {
  if (failed == 0) {
    return "The loss of the untrained network is not a finite number: another model.initializer or "
           "data.scaling makes its first outputs smaller.";
  }
  if (failed == state_.step) {
    return "The loss of the parameters with which this run goes on, those after step " +
           std::to_string(failed) + ", is not a finite number: go on from an earlier model.";
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", burst);
  return (burst > 0 ? "The loss has burst: it is " + std::string(text.data())
                    : std::string("The numbers are no longer finite")) +
         " after step " + std::to_string(failed) + ": lower train.learning_rate, which is " +
         shortest_text(spec_.optimizer.learning_rate) +
         ", or set train.clip_norm. The last good parameters were kept, those after step " +
         std::to_string(state_.step) + ".";
}

}  // namespace hourglass
