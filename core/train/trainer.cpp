#include "core/train/trainer.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>

#include "core/math/random.h"

namespace hourglass {
namespace {

// Columns in a chunk of the first phase. Measured: as fast as the whole batch in one product, and a
// batch of 256 still feeds eight threads.
constexpr Index kChunkColumns = 32;

// Parameters in a tile of the second phase: its gradient and moments fit the second-level cache.
constexpr Index kTileParameters = 16384;

// How often the parameters are copied in case the run diverges.
constexpr std::int64_t kStepsBetweenGoodCopies = 64;

}  // namespace

// Columns of one slice of the parameters, and the layers that have a part in their gradient.
struct Trainer::Tile {
  int parameter = 0;
  Index first = 0, count = 0;
  std::vector<int> layers;
};

Trainer::~Trainer() = default;

Trainer::Trainer(std::shared_ptr<const Model> model, const TrainSpec& spec, DatasetPointer data,
                 ThreadPool& pool)
    : model_(std::move(model)), spec_(spec), data_(std::move(data)), pool_(pool) {
  if (data_->shape.features() != model_->features()) {
    throw Error("The model takes " + std::to_string(model_->features()) +
                " features and the data set '" + data_->name + "' has " +
                std::to_string(data_->shape.features()) + ".");
  }
  if (data_->train.count() == 0) throw Error("The data set '" + data_->name + "' is empty.");
  const ParameterLayout& layout = model_->layout();
  initialize(layout, model_->spec().initializer, spec_.seed, state_.parameters);
  const std::size_t moments = moment_names(spec_.optimizer.kind).size();
  state_.moments.assign(moments, ParameterBuffer::Zero(layout.buffer_size()));
  gradients_.setZero(layout.buffer_size());
  good_parameters_ = state_.parameters;
  spec_.batch_size = std::min(spec_.batch_size, data_->train.count());
  room_ = model_->make_activations(spec_.batch_size, /*training=*/true);
  targets_.setZero(model_->features(), spec_.batch_size);
  order_.resize(static_cast<std::size_t>(data_->train.count()));
  chunk_losses_.resize((spec_.batch_size + kChunkColumns - 1) / kChunkColumns);
  for (int parameter = 0; parameter < layout.count(); ++parameter) {
    const Parameter& slice = layout[parameter];
    std::vector<int> layers;
    for (int i = 0; i < model_->layer_count(); ++i) {
      const auto used = model_->layer(i).parameters();
      if (std::find(used.begin(), used.end(), parameter) != used.end()) layers.push_back(i);
    }
    const Index columns = std::clamp(kTileParameters / slice.inputs, Index{1}, slice.outputs);
    for (Index first = 0; first < slice.outputs; first += columns) {
      tiles_.push_back({parameter, first, std::min(columns, slice.outputs - first), layers});
    }
  }
  // The largest first, so that no thread starts on a large one when the others have ended.
  std::stable_sort(tiles_.begin(), tiles_.end(), [&](const Tile& a, const Tile& b) {
    return a.count * layout[a.parameter].inputs > b.count * layout[b.parameter].inputs;
  });
  start_epoch();
}

std::int64_t Trainer::batches_per_epoch() const {
  return (data_->train.count() + spec_.batch_size - 1) / spec_.batch_size;
}

void Trainer::set_optimizer(const Optimizer& optimizer) {
  assert(optimizer.kind == spec_.optimizer.kind);
  spec_.optimizer = optimizer;
}

void Trainer::start_epoch() {
  shuffle_indices(spec_.seed, RandomStream::kShuffle, static_cast<std::uint32_t>(state_.epoch),
                  order_);
}

double Trainer::columns_phase(Index samples) {
  const auto chunks = static_cast<int>((samples + kChunkColumns - 1) / kChunkColumns);
  const Pass pass{true, spec_.seed, static_cast<std::uint32_t>(state_.step)};
  const std::uint32_t* const batch = order_.data() + state_.batch * spec_.batch_size;
  const Loss loss = model_->spec().loss;
  const Activation output = model_->layer(model_->layer_count() - 1).activation();
  pool_.run(chunks, [&](int chunk, int) {
    const Index first = chunk * kChunkColumns;
    const Index count = std::min(kChunkColumns, samples - first);
    const MatrixView target = columns(targets_, first, count);
    data_->train.gather({batch + first, static_cast<std::size_t>(count)}, target);
    const auto features = static_cast<std::size_t>(target.rows());
    for (Index j = 0; j < count; ++j) {
      corrupt(spec_.corruption,
              Random(spec_.seed, RandomStream::kCorruption, pass.step,
                     static_cast<std::uint32_t>(first + j)),
              {target.col(j).data(), features},
              {room_.outputs.front().col(first + j).data(), features});
    }
    model_->forward(pass, parameters(), 0, model_->layer_count(), room_, first, count);
    const Matrix& y = room_.outputs.back();
    chunk_losses_[chunk] = loss_sum(loss, columns(y, first, count), as_const(target));
    loss_gradient(loss, output, columns(y, first, count), as_const(target),
                  Scalar(1) / static_cast<Scalar>(samples),
                  columns(room_.deltas.back(), first, count));
    model_->backward(pass, parameters(), room_, first, count);
  });
  double sum = 0;
  for (int chunk = 0; chunk < chunks; ++chunk) sum += chunk_losses_[chunk];
  return sum;
}

void Trainer::weights_phase(Index samples, bool update) {
  const ParameterLayout& layout = model_->layout();
  pool_.run(static_cast<int>(tiles_.size()), [&](int index, int) {
    const Tile& tile = tiles_[index];
    const Parameter& slice = layout[tile.parameter];
    const Index offset = slice.offset + tile.first * slice.inputs;
    const Index size = tile.count * slice.inputs;
    gradients_.segment(offset, size).setZero();
    for (const int layer : tile.layers) {
      const Matrix &x = room_.outputs[layer], &delta = room_.deltas[layer];
      model_->layer(layer).add_gradient(tile.parameter, tile.first, tile.count,
                                        columns(x, 0, samples), columns(delta, 0, samples),
                                        gradients_.data());
    }
    if (!update) return;
    Scalar* moments[kMostMoments] = {};
    for (std::size_t m = 0; m < state_.moments.size(); ++m) {
      moments[m] = state_.moments[m].data() + offset;
    }
    const auto length = static_cast<std::size_t>(size);
    take_step(spec_.optimizer, state_.step + 1, {state_.parameters.data() + offset, length},
              {gradients_.data() + offset, length}, moments);
  });
}

void Trainer::remember_good() { good_parameters_ = state_.parameters; }

Trainer::StepResult Trainer::step() {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  const Index start = state_.batch * spec_.batch_size;
  const Index samples = std::min(spec_.batch_size, data_->train.count() - start);
  const double loss = columns_phase(samples);
  if (!std::isfinite(loss)) {
    state_.parameters = good_parameters_;
    // They point to where the run went wrong, and would lead a run that goes on there again.
    for (ParameterBuffer& moment : state_.moments) moment.setZero();
    throw Diverged("The loss is no longer a finite number at step " +
                   std::to_string(state_.step + 1) +
                   ": lower train.learning_rate. The last good parameters were kept.");
  }
  if (state_.step % kStepsBetweenGoodCopies == 0) remember_good();
  weights_phase(samples, /*update=*/true);

  ++state_.step;
  ++state_.batch;
  state_.epoch_loss += loss;
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  state_.seconds += seconds;
  state_.epoch_seconds += seconds;
  StepResult result{loss / static_cast<double>(samples), samples,
                    state_.batch == batches_per_epoch()};
  if (result.epoch_ended) {
    const auto count = static_cast<double>(data_->train.count());
    ++state_.epoch;
    last_epoch_ = EpochMetrics{};
    last_epoch_.epoch = state_.epoch;
    last_epoch_.train_loss = state_.epoch_loss / count;
    last_epoch_.seconds = state_.seconds;
    last_epoch_.images_per_second = count / std::max(state_.epoch_seconds, 1e-9);
    state_.batch = 0;
    state_.epoch_loss = 0;
    state_.epoch_seconds = 0;
    start_epoch();
  }
  return result;
}

EpochMetrics Trainer::epoch_metrics() const { return last_epoch_; }

const ParameterBuffer& Trainer::gradient_for_test(Index samples) {
  columns_phase(samples);
  weights_phase(samples, /*update=*/false);
  return gradients_;
}

}  // namespace hourglass
