#include "core/train/trainer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cmath>
#include <span>
#include <utility>

#include "core/math/random.h"
#include "core/math/simd/kernels.h"
#include "core/nn/initializer.h"

namespace hourglass {
namespace {

// How often the state is put aside in case the run diverges: so rarely that it takes about a tenth
// of a percent of the time, and so often that the steps since then are soon trained again. Both
// times are rough, in nanoseconds, and by shapes alone, so that all processes do the same.
std::int64_t steps_between_copies(const Model& model, Index batch_size, std::size_t moments) {
  const double numbers =
      static_cast<double>(model.layout().buffer_size()) * static_cast<double>(1 + moments);
  const double copy = 1.5 * numbers;
  const double step =
      numbers + 0.05 * static_cast<double>(model.multiply_adds()) * static_cast<double>(batch_size);
  return std::clamp<std::int64_t>(std::llround(1000 * copy / step), 16, 2048);
}

template <typename Column>
std::span<Scalar> as_span(Column& values) {
  return {values.data(), static_cast<std::size_t>(values.size())};
}

}  // namespace

Trainer::Trainer(std::shared_ptr<const Model> model, const TrainSpec& spec, DatasetPointer data,
                 ThreadPool& pool, Communicator* communicator,
                 std::shared_ptr<const Samples> targets)
    : model_(std::move(model)),
      spec_(spec),
      regularizers_(spec.penalties, *model_),
      data_(std::move(data)),
      pool_(pool),
      communicator_(communicator),
      sample_targets_(std::move(targets)),
      tiles_(cut_parameters(*model_)) {
  if (data_->shape.features() != model_->features()) {
    throw Error("The model takes " + std::to_string(model_->features()) +
                " features and the data set '" + data_->name + "' has " +
                std::to_string(data_->shape.features()) + ".");
  }
  if (data_->train.count() == 0) {
    throw Error("The data set '" + data_->name + "' has no samples to train on.");
  }
  assert(sample_targets_ ? sample_targets_->features() == model_->outputs() &&
                               sample_targets_->count() == data_->train.count()
                         : model_->outputs() == model_->features());
  const ParameterLayout& layout = model_->layout();
  initialize(layout, model_->spec().initializer, spec_.seed, state_.parameters);
  const std::size_t moments = moment_names(spec_.optimizer.kind).size();
  state_.moments.assign(moments, ParameterBuffer::Zero(layout.buffer_size()));
  make_room_for_gradient(/*wanted=*/communicator_ || spec_.clip_norm > 0);
  spec_.batch_size = std::min(spec_.batch_size, data_->train.count());
  workspace_ = model_->make_activations(spec_.batch_size, /*training=*/true);
  if (data_->is_sparse) {
    workspace_.sparse_input = SparseColumns(model_->features(), spec_.batch_size);
  }
  targets_.setZero(model_->outputs(), pool_.size() * workspace_.chunk_columns);
  order_.resize(static_cast<std::size_t>(data_->train.count()));
  chunk_losses_.resize(spec_.batch_size / workspace_.chunk_columns + 1);
  tile_squares_.resize(tiles_.size());
  tile_finite_.resize(tiles_.size());
  code_means_.setZero(model_->code_size());
  Index largest = 0;
  for (const Tile& tile : tiles_) largest = std::max(largest, tile.size);
  scratch_.assign(static_cast<std::size_t>(pool_.size()), Vector(largest));
  packed_.setZero(layout.packed_size());
  pack_all();
  start_epoch();
  put_aside();
}

std::int64_t Trainer::batches_per_epoch() const {
  return (data_->train.count() + spec_.batch_size - 1) / spec_.batch_size;
}

void Trainer::change(const TrainSpec& spec) {
  assert(spec.optimizer.kind == spec_.optimizer.kind);
  regularizers_ = Regularizers(spec.penalties, *model_);
  make_room_for_gradient(/*wanted=*/spec.clip_norm > 0);
  keep_due_ = true;
  const Index batch_size = spec_.batch_size;
  const std::uint64_t seed = spec_.seed;
  spec_ = spec;
  spec_.batch_size = batch_size;
  spec_.seed = seed;
}

void Trainer::make_room_for_gradient(bool wanted) {
  if (wanted && gradients_.size() == 0) gradients_.setZero(model_->layout().buffer_size());
}

double Trainer::learning_rate() const {
  return hourglass::learning_rate(spec_.schedule, spec_.optimizer.learning_rate, state_.step);
}

void Trainer::start_epoch() {
  shuffle_indices(spec_.seed, RandomStream::kShuffle, static_cast<std::uint32_t>(state_.epoch),
                  order_);
}

// The columns of a mini-batch that this process goes through: whole chunks.
Shard Trainer::own_columns(Index samples) const {
  const Index chunk = workspace_.chunk_columns;
  const Shard chunks = shard_of((samples + chunk - 1) / chunk, communicator_);
  const Index first = std::min(samples, chunks.first * chunk);
  return {first, std::min(samples, (chunks.first + chunks.count) * chunk) - first};
}

Pass Trainer::training_pass(Index samples) const {
  Pass pass{.training = true,
            .seed = spec_.seed,
            .step = static_cast<std::uint32_t>(state_.step),
            .packed = packed_.data(),
            .fuse_loss = true};
  regularizers_.set_pass(samples, pass);
  return pass;
}

void Trainer::pack_all() {
  for (const Tile& tile : tiles_) pack_tile(tile);
}

void Trainer::pack_tile(const Tile& tile) {
  for (const int layer : tile.layers) {
    model_->layer(layer).pack(tile.parameter, tile.first, tile.count, parameters(), packed_.data());
  }
}

void Trainer::forward_backward(Index samples) {
  const Shard own = own_columns(samples);
  const Index most = workspace_.chunk_columns;
  const auto chunks = static_cast<int>((own.count + most - 1) / most);
  regularizers_.begin(parameters(), epochs_done());
  const Pass pass = training_pass(samples);
  const auto code = [&] {
    return columns(std::as_const(workspace_.outputs[model_->code_layer() + 1]), own.first,
                   own.count);
  };
  const auto first_of = [&](int chunk) { return own.first + chunk * most; };
  const auto count_of = [&](int chunk) { return std::min(most, own.count - chunk * most); };
  if (regularizers_.needs_code_means()) {
    pool_.run(chunks, [&](int chunk, int worker) {
      forward_chunk(pass, first_of(chunk), count_of(chunk), worker);
    });
    code_means_ = code().rowwise().sum();
    if (communicator_) communicator_->all_reduce(as_span(code_means_));
    code_means_ /= static_cast<Scalar>(samples);
    regularizers_.take_code_means(code_means_);
    pool_.run(chunks, [&](int chunk, int worker) {
      gather_targets(first_of(chunk), count_of(chunk), worker);
      backward_chunk(pass, samples, first_of(chunk), count_of(chunk), worker);
    });
  } else {
    pool_.run(chunks, [&](int chunk, int worker) {
      forward_chunk(pass, first_of(chunk), count_of(chunk), worker);
      backward_chunk(pass, samples, first_of(chunk), count_of(chunk), worker);
    });
  }

  double reconstruction = 0, penalty = 0;
  const Index first_chunk = own.first / most;
  for (Index chunk = first_chunk; chunk < first_chunk + chunks; ++chunk) {
    reconstruction += chunk_losses_[chunk].reconstruction;
    penalty += chunk_losses_[chunk].penalty;
  }
  std::array<double, 2> sums = {reconstruction, penalty};
  if (communicator_) communicator_->all_reduce(std::span<double>(sums));
  reconstruction = sums[0] / static_cast<double>(samples);
  penalty = sums[1] / static_cast<double>(samples);
  penalty += regularizers_.of_code_means(code_means_);
  penalty += regularizers_.of_weights(model_->layout(), parameters());
  regularizers_.end_batch(code(), samples);
  batch_loss_ = {.loss = reconstruction + penalty, .penalty = penalty, .samples = samples};
}

void Trainer::make_tile_gradient(const Tile& tile, Index samples, Scalar* out) {
  const Shard own = own_columns(samples);
  const Parameter& slice = model_->layout()[tile.parameter];
  Eigen::Map<Vector> gradient(out, tile.size);
  if (own.count == 0) gradient.setZero();
  for (const int layer : tile.layers) {
    if (own.count == 0) break;
    model_->add_gradient(layer, tile.parameter, tile.first, tile.count, workspace_, own.first,
                         own.count,
                         /*overwrite=*/layer == tile.layers.front(), out);
  }
  if (slice.role != ParameterRole::kWeight) return;
  regularizers_.add_weight_gradient(
      {.parameter = tile.parameter,
       .slice = slice,
       .first = tile.first,
       .count = tile.count,
       .weights = parameters() + tile.offset,
       .is_first_process = !communicator_ || communicator_->rank() == 0},
      gradient);
}

Scalar* Trainer::tile_gradient(const Tile& tile) { return gradients_.data() + tile.offset; }

void Trainer::step_tile(const Tile& tile, const Optimizer& optimizer, const Scalar* gradient) {
  const Parameter& slice = model_->layout()[tile.parameter];
  const auto size = static_cast<std::size_t>(tile.size);
  Scalar* moments[kMaxMoments] = {};
  for (std::size_t m = 0; m < state_.moments.size(); ++m) {
    moments[m] = state_.moments[m].data() + tile.offset;
    if (keeps_) std::copy_n(moments[m], size, kept_.moments[m].data() + tile.offset);
  }
  if (keeps_) {
    std::copy_n(parameters() + tile.offset, size, kept_.parameters.data() + tile.offset);
  }
  apply_step(optimizer, state_.step + 1, {state_.parameters.data() + tile.offset, size},
             {gradient, size}, moments, slice.role == ParameterRole::kWeight);
  pack_tile(tile);
}

void Trainer::update_weights(Index samples, bool update, bool probe) {
  Optimizer optimizer = spec_.optimizer;
  optimizer.learning_rate = learning_rate();
  const bool clip = spec_.clip_norm > 0;
  // Unless something has to happen to the whole gradient first.
  const bool step_at_once = update && !clip && !communicator_;
  const auto tiles = static_cast<int>(tiles_.size());
  pool_.run(tiles, [&](int index, int worker) {
    const Tile& tile = tiles_[index];
    Scalar* const gradient = step_at_once ? scratch_[worker].data() : tile_gradient(tile);
    make_tile_gradient(tile, samples, gradient);
    if (step_at_once && probe) {
      tile_squares_[index] = kernels().sum_of_squares(gradient, tile.size);
    }
    if (step_at_once) step_tile(tile, optimizer, gradient);
  });
  if (communicator_) communicator_->all_reduce(as_span(gradients_));
  if (!step_at_once && (clip || probe)) square_gradient();
  if (clip) clip_gradient();
  if (!update || step_at_once) return;
  pool_.run(tiles, [&](int index, int) {
    step_tile(tiles_[index], optimizer, tile_gradient(tiles_[index]));
  });
}

Index Trainer::batch_samples() const {
  const Index first = static_cast<Index>(state_.batch) * spec_.batch_size;
  return std::min(spec_.batch_size, data_->train.count() - first);
}

bool Trainer::compute_loss() {
  if (communicator_ && state_.batch == 0) {
    // Processors of different kinds round differently; what that adds up to ends with the epoch.
    communicator_->broadcast(as_span(state_.parameters));
    for (ParameterBuffer& moment : state_.moments) communicator_->broadcast(as_span(moment));
    pack_all();
  }
  forward_backward(batch_samples());
  if (first_loss_ < 0) first_loss_ = batch_loss_.loss - batch_loss_.penalty;
  return std::isfinite(batch_loss_.loss);
}

Trainer::StepResult Trainer::update(bool keep, bool probe) {
  const Index samples = batch_loss_.samples;
  keeps_ = keep;
  update_weights(samples, /*update=*/true, probe);
  keeps_ = false;
  if (keep) note_kept();
  last_step_seen_ = false;

  ++state_.step;
  ++state_.batch;
  state_.epoch_loss += batch_loss_.loss * static_cast<double>(samples);
  state_.epoch_penalty += batch_loss_.penalty * static_cast<double>(samples);
  StepResult result = batch_loss_;
  result.epoch_ended = state_.batch == batches_per_epoch();
  if (probe) begin_probe(result);
  return result;
}

Trainer::StepResult Trainer::step() {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  const std::int64_t between =
      steps_between_copies(*model_, spec_.batch_size, state_.moments.size());
  const bool keep = keep_due_ || (state_.step % between == 0 && state_.step != kept_.step);
  if (!compute_loss() || (keep && !state_is_finite())) go_back();
  // Of an epoch's last step what has ended must be told, whoever is lost: see below.
  const bool may_probe = !communicator_ || state_.batch + 1 < batches_per_epoch();
  const bool probe = may_probe && state_.step % kStepsPerProbe == 0;
  StepResult result = update(keep && (keep_due_ || !has_burst()), probe);
  end_step(std::chrono::duration<double>(Clock::now() - began).count());
  if (probe) finish_probe(result);  // where nothing is half done, should another process be gone
  return result;
}

void Trainer::end_step(double seconds) {
  state_.seconds += seconds;
  state_.epoch_seconds += seconds;
  if (state_.batch < batches_per_epoch()) return;
  last_epoch_ = epoch_metrics();
  ++state_.epoch;
  state_.batch = 0;
  state_.epoch_loss = state_.epoch_penalty = 0;
  state_.epoch_seconds = 0;
  start_epoch();
}

EpochMetrics Trainer::epoch_metrics() const {
  if (state_.batch == 0) return last_epoch_;
  const auto samples = static_cast<double>(
      std::min(state_.batch * spec_.batch_size, std::int64_t{data_->train.count()}));
  EpochMetrics metrics;
  metrics.epoch = epochs_done();
  metrics.train_loss = state_.epoch_loss / samples;
  metrics.train_penalty = state_.epoch_penalty / samples;
  metrics.seconds = state_.seconds;
  metrics.images_per_second = samples / std::max(state_.epoch_seconds, 1e-9);
  return metrics;
}

double Trainer::epochs_done(const TrainState& state) const {
  return static_cast<double>(state.epoch) +
         static_cast<double>(state.batch) / static_cast<double>(batches_per_epoch());
}

const ParameterBuffer& Trainer::gradient_for_test(Index samples) {
  make_room_for_gradient(/*wanted=*/true);
  forward_backward(samples);
  update_weights(samples, /*update=*/false);
  return gradients_;
}

}  // namespace hourglass
