// Mini-batch training: parameters, the optimizer's state, and the two-phase step.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/corruption.h"
#include "core/data/dataset.h"
#include "core/formats/safetensors.h"
#include "core/math/thread_pool.h"
#include "core/nn/model.h"
#include "core/nn/optim/optimizer.h"
#include "core/nn/optim/schedule.h"
#include "core/train/communicator.h"
#include "core/train/metrics.h"
#include "core/train/regularizers/regularizers.h"
#include "core/train/tiles.h"

namespace hourglass {

struct TrainSpec {
  Optimizer optimizer;
  Schedule schedule;
  double clip_norm = 0;  // what the norm of the whole gradient is held to; 0: it is left alone
  Penalties penalties;
  Corruption corruption;  // of the inputs; the target stays clean
  Index batch_size = 256;
  std::uint64_t seed = 1;

  bool operator==(const TrainSpec&) const = default;
};

// Everything that decides how a run goes on, besides model and data: with it, a resumed run equals
// one that was never stopped, bit for bit.
struct TrainState {
  ParameterBuffer parameters;
  std::vector<ParameterBuffer> moments;
  std::int64_t step = 0;     // mini-batches done
  std::int64_t epoch = 0;    // whole epochs done
  std::int64_t batch = 0;    // mini-batches done of the current epoch
  double epoch_loss = 0;     // summed over the samples of the current epoch
  double epoch_penalty = 0;  // the part of it that is not reconstruction
  double seconds = 0;        // of training
  double epoch_seconds = 0;  // of training in the current epoch
};

// What a step was like, measured on its own mini-batch, so that the choice of samples plays no
// part.
struct StepProbe {
  double gradient_norm = 0;                // of all parameters together, before clipping
  double loss_before = 0, loss_after = 0;  // reconstruction, mean over the mini-batch
};
// A probe goes forward through the mini-batch once more, a third of a step: one in so many steps
// costs a hundredth of the time.
inline constexpr std::int64_t kStepsPerProbe = 32;

// A run whose numbers are no longer finite. The trainer has gone back to the last good parameters,
// which are those of the step before the one that went wrong.
class Diverged : public Error {
 public:
  using Error::Error;
};

// Fills `buffer` with the parameters of a checkpoint, by name. Throws Error if one is missing or of
// another shape; `buffer` is then as it was.
void load_parameters(const Safetensors& file, const ParameterLayout& layout,
                     ParameterBuffer& buffer);

// The parameters as entries of a file, by name; they point into `buffer`.
std::vector<TensorEntry> parameter_entries(const ParameterLayout& layout,
                                           const ParameterBuffer& buffer);

// One step has two phases (and so two barriers). First the batch is cut into chunks of columns, and
// each goes forward, through the loss and backward through all layers without waiting for another.
// Then the parameters are cut into tiles, and each tile sums its gradient over the whole batch and
// is stepped by the optimizer at once. The cuts depend on shapes alone, so the result does not
// depend on the number of threads. Two things cost a barrier more, because they need a number of
// the whole batch: a regularizer of the code's means (between forward and backward) and clipping
// (the gradient's norm, before the optimizer).
//
// With a communicator, several processes train the same model: each takes its share of the
// mini-batch's chunks through the first phase, and between gradient and optimizer the gradients are
// summed over all of them. Random draws know a sample by its place in the whole mini-batch, so the
// run is that of one process but for the order in which numbers are added up.
//
// A step is known to be good when the loss of the parameters that it made has been seen, which is
// only in the step after it. Until then nothing is lost: from time to time the whole state is put
// aside, and since a run is the same each time, a trainer that finds numbers that are not finite
// trains the few steps from there once more, up to the last state that was good.
class Trainer {
 public:
  // Weights are drawn from the seed. `pool` and `communicator` must outlive the trainer; all
  // processes of a communicator must be given the same model, spec and data. `targets` are what the
  // outputs are held against, one for each training sample and of model->outputs() features; null:
  // the samples themselves, uncorrupted.
  Trainer(std::shared_ptr<const Model> model, const TrainSpec& spec, DatasetPointer data,
          ThreadPool& pool, Communicator* communicator = nullptr,
          std::shared_ptr<const Samples> targets = nullptr);

  const Model& model() const { return *model_; }
  const TrainSpec& spec() const { return spec_; }
  const Dataset& data() const { return *data_; }
  const TrainState& state() const { return state_; }
  const Scalar* parameters() const { return state_.parameters.data(); }
  // Replaces the parameters and leaves the rest of the state: for a run that is to begin with
  // others than drawn ones. `parameters` are of the model's layout, and finite.
  void set_parameters(const ParameterBuffer& parameters) {
    state_.parameters = parameters;
    pack_all();
    put_aside();
  }
  std::int64_t batches_per_epoch() const;

  // Takes up all of `spec` that may change while a run goes on: everything but the optimizer's
  // kind, the batch size and the seed. Throws Error, changing nothing, if the penalties are not for
  // this model.
  void change(const TrainSpec& spec);

  struct StepResult {
    double loss = 0;           // mean over the mini-batch, before the step; with its penalties
    double penalty = 0;        // the part of it that is not reconstruction
    Index samples = 0;         // in the mini-batch: the last of an epoch may be smaller
    bool epoch_ended = false;  // this was the epoch's last mini-batch
    std::optional<StepProbe> probe = std::nullopt;  // of one step in kStepsPerProbe
  };
  // Trains one mini-batch. Throws Diverged if the loss is not finite, and whatever the communicator
  // throws, with state() in rank 0 as it was (or, where only the probe of the step is missing, as
  // the step has made it). Allocates nothing after the first.
  StepResult step();
  // To be called with whether everything that was measured of the present parameters is finite.
  // Throws Diverged if it is not, or if the state itself is not.
  void confirm(bool measured_finite);
  // Looks at what the last step made, unless a step or confirm() has: computes the loss of the next
  // mini-batch. Throws Diverged. All processes of a communicator must call it together.
  void check_last_step();
  bool last_step_seen() const { return last_step_seen_; }
  // The same where a run ends, with the parameters that are to stay: numbers that are finite yet,
  // and would not have been for long, have burst as well. Throws Diverged.
  void check_end();
  // No longer waits for other processes, which are gone: what follows is done by this one alone.
  void leave_group();

  // The learning rate of the next step, as the schedule has it.
  double learning_rate() const;

  // Training loss, seconds and speed of the epoch that has just ended or, inside one, of its part
  // that is done. The rest is Evaluation's.
  EpochMetrics epoch_metrics() const;
  double epochs_done() const { return epochs_done(state_); }
  // Of a state: whole epochs, and the fraction of the one under way.
  double epochs_done(const TrainState& state) const;

  // For tests: the gradient of the mean loss over the next samples of the epoch, without a step;
  // and that loss.
  const ParameterBuffer& gradient_for_test(Index samples);
  const StepResult& loss_for_test() const { return batch_loss_; }
  ParameterBuffer& moment_for_test(std::size_t index) { return state_.moments[index]; }

  // The state with the names and shapes of model and moments; the entries point into this trainer.
  // Metadata holds the counters under "hourglass.state".
  Safetensors checkpoint() const { return checkpoint(state_); }
  // The same of a state that this trainer was in; the entries point into `state`.
  Safetensors checkpoint(const TrainState& state) const;
  // Takes up what checkpoint() saved. Throws Error if it is not of this model and optimizer, if its
  // parameters are not finite, or, unless it is of `other_data`, if it is of another number of
  // mini-batches an epoch; of other data an epoch that it stands in starts anew. Moments that are
  // not finite are of no use, and begin anew: returns whether that was so.
  bool resume(const Safetensors& checkpoint, bool other_data = false);

 private:
  struct ChunkLoss {
    double reconstruction = 0, penalty = 0;
  };

  void start_epoch();
  Index batch_samples() const;  // of the next mini-batch
  // The parts of a step: the first phase, after which this says whether the loss is finite; the
  // second, which first puts the state before it aside if `keep`; and the counting.
  bool compute_loss();
  StepResult update(bool keep, bool probe = false);
  // After update(), of the samples that this process has: the sum of their losses by now.
  double loss_after_step(Index samples);
  // The probe of a step: between its update and its counting what this process has of it; then what
  // all have together.
  void begin_probe(StepResult& result);
  void finish_probe(StepResult& result);
  void end_step(double seconds);
  // Whether parameters and moments are finite; all processes agree.
  bool state_is_finite();
  // Whether the reconstruction of the present mini-batch is beyond what a network that learns comes
  // to; after compute_loss(). All processes agree.
  bool has_burst();
  void put_aside();
  void note_kept();  // the part of it that is no parameters or moments
  // From what was put aside to the last good state before the present one, and throws Diverged.
  // `burst` is the loss of the present one where that is finite yet.
  [[noreturn]] void go_back(double burst = 0);
  void train_again(std::int64_t last);
  std::string divergence_sentence(std::int64_t failed, double burst) const;
  Shard own_columns(Index samples) const;
  Pass training_pass(Index samples) const;
  // The first phase: fills deltas and partials of the batch, and batch_loss_.
  void forward_backward(Index samples);
  void forward_chunk(const Pass& pass, Index first, Index count, int worker);
  // Leaves the gradient of the mean loss in the last layer's delta; returns the chunk's loss.
  double loss_of_chunk(Index samples, Index first, Index count, int worker);
  void backward_chunk(const Pass& pass, Index samples, Index first, Index count, int worker);
  // The samples of these columns of the mini-batch, as `data` has them numbered.
  std::span<const std::uint32_t> samples_of(Index first, Index count) const;
  // The second: each tile's gradient, and, unless it must be clipped first, its step. `probe` also
  // fills tile_squares_.
  void update_weights(Index samples, bool update, bool probe = false);
  void make_tile_gradient(const Tile& tile, Index samples, Scalar* out);
  void make_room_for_gradient(bool wanted);  // unless there is some
  Scalar* tile_gradient(const Tile& tile);   // its place in gradients_
  void square_gradient();                    // of gradients_, into tile_squares_
  double gradient_norm() const;              // by tile_squares_
  void clip_gradient();
  void step_tile(const Tile& tile, const Optimizer& optimizer, const Scalar* gradient);
  // The layers' packed copies of a tile of the parameters, which must follow every change of them.
  void pack_tile(const Tile& tile);
  void pack_all();
  // What the network's output is held against: its input, unless that is corrupted or there are
  // targets. Then gather_targets() has put them where `worker` keeps those of the chunk that it is
  // at, for as long as it is at that one: so they stay in its cache.
  MatrixView targets(Index first, Index count, int worker);
  void gather_targets(Index first, Index count, int worker);

  std::shared_ptr<const Model> model_;
  TrainSpec spec_;
  Regularizers regularizers_;  // those of spec_
  DatasetPointer data_;
  ThreadPool& pool_;
  Communicator* communicator_;
  std::shared_ptr<const Samples> sample_targets_;  // may be null

  TrainState state_;
  // Empty unless something has to happen to the whole gradient. Else a tile's is stepped by where
  // it was made, in a cache, and forgotten.
  ParameterBuffer gradients_;
  std::vector<Vector> scratch_;  // for each worker: of the largest tile
  // A state whose loss was finite (or with which this run began) and the spec of the steps since.
  TrainState kept_;
  TrainSpec kept_spec_;
  EpochMetrics kept_last_epoch_;
  bool keep_due_ = false;       // the steps to come are of another spec than those since then
  bool keeps_ = false;          // during an update that puts the state before it aside
  bool last_step_seen_ = true;  // the present parameters are known to be good
  double first_loss_ = -1;      // reconstruction of the first mini-batch; -1: none was seen
  ParameterBuffer packed_;
  Activations workspace_;
  Matrix targets_;                    // a chunk's for each worker
  std::vector<std::uint32_t> order_;  // of the samples in this epoch
  std::vector<ChunkLoss> chunk_losses_;
  std::vector<double> tile_squares_;  // of the gradient, for its norm
  std::vector<std::uint8_t> tile_finite_;
  Vector code_means_;  // over the mini-batch, where a regularizer wants them
  StepResult batch_loss_;
  std::vector<Tile> tiles_;
  EpochMetrics last_epoch_;
};

}  // namespace hourglass
