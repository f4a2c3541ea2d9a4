// The loop of the session: data, training in slices, what is on display.
#include "core/session/engine/session.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <type_traits>
#include <utility>

#include "core/base/error.h"
#include "core/session/engine/build.h"
#include "core/session/engine/failures.h"
#include "core/session/protocol/network_info.h"
#include "core/strokes/strokes.h"

namespace hourglass::session {
namespace {

using namespace std::chrono_literals;

// How often the images on display follow a run. More would not be seen.
constexpr auto kSnapshotInterval = 33ms;
constexpr auto kStatusInterval = 100ms;

// The map, and what else is refreshed in rounds, takes a round's time, then rests for this many
// times as long, and so costs training about a tenth of its speed.
constexpr int kRoundRest = 8;
constexpr auto kRoundRestAtLeast = 100ms;

// Points of the training curve per epoch.
constexpr std::int64_t kLossPointsPerEpoch = 40;

}  // namespace

Session::Session(const SessionOptions& options)
    : options_(options),
      pool_(options.threads),
      jobs_(options_.jobs, options_.clock, [this](Event event) { emit(std::move(event)); }) {
  emit_settings();
}

Session::~Session() = default;

std::vector<Event> Session::take_events() { return std::exchange(events_, {}); }

void Session::handle(Command command) {
  try {
    if (std::holds_alternative<SaveCheckpoint>(command.body)) {
      save_checkpoint(command.id);
      return;
    }
    Reply reply = std::visit(
        [this](auto& body) {
          if constexpr (std::is_same_v<std::decay_t<decltype(body)>, SaveCheckpoint>) {
            return Reply{};  // above
          } else {
            return on(body);
          }
        },
        command.body);
    if (command.id != 0) {
      reply.id = command.id;
      emit(std::move(reply));
    }
  } catch (...) {
    // Whatever it is, no command is left without its answer.
    fail(command.id, sentence_of_current_exception());
  }
}

bool Session::advance(std::chrono::microseconds budget) {
  const auto until = options_.clock() + budget;
  const auto guarded = [&](auto&& task) {
    try {
      task();
    } catch (const Diverged& error) {
      stop_diverged(error);
    } catch (const Error& error) {
      fail(0, error.what());
    } catch (...) {
      // Memory may run out: workers take room of their own when they first come to a layer.
      const std::string message = sentence_of_current_exception();
      if (run_) pause(Phase::kPaused);
      fail(0, message);
    }
  };
  guarded([&] { work(until); });
  guarded([&] {
    if (run_) refresh(options_.clock());
  });
  if (jobs_.is_active()) return true;
  return run_ && (phase_ == Phase::kRunning || run_->evaluating() || display_->stale() ||
                  !run_->trainer().last_step_seen());
}

void Session::work(Clock::time_point until) {
  if (data_stale_) {
    try {
      ensure_data();
    } catch (const Error& error) {
      fail(0, error.what());  // and goes on with the run that there is
    }
  }
  if (!run_) {
    jobs_.advance(until);
    return;
  }
  if (run_when_ready_ && data_asked_.empty()) {
    run_when_ready_ = false;
    on(session::Run{});
  }
  if (phase_ == Phase::kRunning) {
    train(until);
  } else if (run_->evaluating()) {
    // Paused just after an epoch's last mini-batch: the epoch gets its metrics all the same.
    while (run_->evaluating() && options_.clock() < until) note_progress(run_->advance());
  } else {
    // Nobody trains on, so nobody else would see what the last step made.
    run_->check_last_step();
    while (display_->stale() && !display_->advance() && options_.clock() < until) {
    }
    if (!display_->stale()) jobs_.advance(until);
  }
}

Session::Clock::duration Session::step_period() const {
  const std::int64_t most = settings_.integer("view.steps_per_second");
  // Steps that were asked for one by one come at once.
  if (most == 0 || steps_left_ >= 0) return {};
  return Clock::duration(1s) / most;
}

std::chrono::microseconds Session::idle_for() const {
  if (jobs_.is_active() || phase_ != Phase::kRunning || !run_ || run_->evaluating() ||
      step_period() == Clock::duration{} || round_began_ != Clock::time_point{}) {
    return 0us;
  }
  const auto now = options_.clock();
  Clock::duration wait = next_step_ - now;
  if (display_->stale()) wait = std::min(wait, next_round_ - now);
  // Never longer than until the images and the status may be shown again.
  wait = std::clamp<Clock::duration>(wait, 0us, kSnapshotInterval);
  return std::chrono::ceil<std::chrono::microseconds>(wait);
}

void Session::train(Clock::time_point until) {
  auto now = options_.clock();
  do {
    if (jobs_.is_owed()) {
      jobs_.work_off_debt(until);
      now = options_.clock();
      continue;
    }
    const auto began = now;
    const Clock::duration period = step_period();
    const bool waits = period > Clock::duration{} && now < next_step_ && !run_->evaluating();
    if (!waits) {
      const TrainingRun::Progress progress = run_->advance();
      display_->parameters_changed();
      // What is on display for a while must be fit to be seen, and there is the time.
      if (progress.step && period >= kSnapshotInterval) run_->check_last_step();
      note_progress(progress);
      // What was missed is not made up for: no burst of steps after a pause.
      if (progress.step) next_step_ = std::max(next_step_ + period, now);
    }
    // Once begun, a round of refreshing takes turns with training until it is done.
    const bool refreshing = round_began_ != Clock::time_point{};
    if (refreshing || (now >= next_round_ && display_->stale())) {
      if (!refreshing) round_began_ = now;
      now = options_.clock();
      if (!waits) jobs_.owe(now - began);
      refresh_in_turn(now - began);
    } else if (waits) {
      if (!jobs_.is_active()) return;
      jobs_.advance(std::min(until, next_step_));  // time that nobody else has a use for
    } else {
      jobs_.owe(options_.clock() - began);
    }
    now = options_.clock();
  } while (phase_ == Phase::kRunning && now < until);
}

void Session::refresh_in_turn(Clock::duration taken) {
  // For as long as training took its turn, however small the pieces are into which this is cut.
  auto now = options_.clock();
  const auto turn_until = now + taken;
  bool finished = false;
  do {
    finished = display_->advance();
    now = options_.clock();
  } while (!finished && now < turn_until);
  if (!finished) return;
  next_round_ =
      now + std::max<Clock::duration>(kRoundRest * (now - round_began_) / 2, kRoundRestAtLeast);
  round_began_ = {};
}

void Session::note_progress(const TrainingRun::Progress& progress) {
  if (progress.step) {
    const auto samples = static_cast<std::int64_t>(progress.step->samples);
    speed_images_ += samples;
    loss_sum_ += progress.step->loss * static_cast<double>(samples);
    penalty_sum_ += progress.step->penalty * static_cast<double>(samples);
    loss_samples_ += samples;
    ++loss_steps_;
    const std::int64_t steps_per_point =
        std::max<std::int64_t>(1, run_->trainer().batches_per_epoch() / kLossPointsPerEpoch);
    if (loss_steps_ >= steps_per_point) flush_loss();
    if (steps_left_ > 0 && --steps_left_ == 0) pause(Phase::kPaused);
  }
  if (progress.epoch_recorded) {
    answer_saves();
    pending_history_.epochs.push_back(run_->history().back());
    emit_diagnoses();
    // Whoever presses run once more goes on past it.
    if (progress.stop != StopReason::kNone) {
      pause(Phase::kFinished);
    } else if (stop_after_epoch_) {
      pause(Phase::kPaused);
    }
  }
}

void Session::flush_loss() {
  if (loss_samples_ == 0) return;
  pending_history_.losses.push_back({run_->trainer().state().step, run_->trainer().epochs_done(),
                                     loss_sum_ / static_cast<double>(loss_samples_),
                                     penalty_sum_ / static_cast<double>(loss_samples_)});
  loss_sum_ = penalty_sum_ = 0;
  loss_samples_ = loss_steps_ = 0;
}

void Session::stop_diverged(const Diverged& error) {
  pause(Phase::kPaused);
  display_->parameters_changed();
  fail(0, error.what());
  answer_saves();  // what is saved is what was kept
}

void Session::pause(Phase phase) {
  phase_ = phase;
  steps_left_ = -1;
  stop_after_epoch_ = false;
  images_per_second_ = 0;
  // A round under way goes on, but its pause is nothing that it took.
  round_began_ = {};
  if (run_) flush_loss();
  refresh_now_ = true;
  // Before the status, so that whoever waits for the run to stop finds its curves complete.
  emit_history();
  emit_status();
}

void Session::refresh(Clock::time_point now) {
  const bool training = phase_ == Phase::kRunning;
  if (training && now - speed_since_ >= 1s) {
    const double seconds = std::chrono::duration<double>(now - speed_since_).count();
    images_per_second_ = static_cast<double>(speed_images_) / seconds;
    speed_images_ = 0;
    speed_since_ = now;
  }
  if (!training) {
    emit_history();
  } else if (now - last_status_ >= kStatusInterval) {
    last_status_ = now;
    emit_history();
    emit_status();
  }
  const bool due = refresh_now_ || !training || now - last_snapshot_ >= kSnapshotInterval;
  if (snapshot_free_ && due) {
    Snapshot snapshot;
    display_->fill(snapshot);
    if (snapshot.reconstructed || snapshot.corrupted || snapshot.map_points ||
        snapshot.activations || snapshot.tiles) {
      snapshot.step = run_->trainer().state().step;
      snapshot.epoch = run_->trainer().epochs_done();
      snapshot_free_ = false;
      last_snapshot_ = now;
      emit(std::move(snapshot));
    }
    refresh_now_ = false;
  }
}

// -------------------------------------------------------------------------------- data and the run

bool Session::data_is_current() const {
  if (!data_ || data_->name != settings_.text("data.set") ||
      scaling_name(data_->scaling) != settings_.text("data.scaling")) {
    return false;
  }
  return data_->name != "strokes" ||
         (data_->train.count() == settings_.integer("data.strokes_train") &&
          data_->test.count() == settings_.integer("data.strokes_test"));
}

void Session::ensure_data() {
  data_stale_ = false;
  const std::string& name = settings_.text("data.set");
  if (data_is_current()) {
    data_asked_.clear();  // an answer that is still under way comes too late
    rebuild();
  } else if (name == "strokes") {
    use_data(make_strokes(kStrokesSeed, settings_.integer("data.strokes_train"),
                          settings_.integer("data.strokes_test"), &pool_));
  } else if (data_asked_ != name) {
    data_asked_ = name;
    phase_ = Phase::kWaitingForData;
    emit(DataWanted{name});
    emit_status();
  }
}

void Session::use_data(Dataset unscaled) {
  auto data = std::make_shared<const Dataset>(
      scaled(std::move(unscaled), scaling_from_name(settings_.text("data.scaling")),
             settings_.flag("data.clip")));
  data_asked_.clear();
  const DatasetPointer before = std::exchange(data_, std::move(data));
  data_announced_ = nullptr;  // another may come to lie where this one lay
  try {
    rebuild();
  } catch (...) {
    data_ = before;
    data_announced_ = data_.get();
    throw;
  }
  jobs_.end_outdated(needs::kData, "The data set was changed, so this was ended.");
  emit_data();
  if (checkpoint_.empty()) return;
  const std::vector<std::uint8_t> bytes = std::exchange(checkpoint_, {});
  try {
    on(LoadCheckpoint{bytes});
  } catch (const Error& error) {
    fail(0, error.what());  // the command was answered when its data was asked for
  }
}

int Session::threads() const {
  const auto asked = static_cast<int>(settings_.integer("train.threads"));
  return asked == 0 ? pool_.size() : std::min(asked, pool_.size());
}

Session::PreparedRun Session::make_run() {
  PreparedRun fresh;
  fresh.run = std::make_unique<TrainingRun>(settings_, data_, pool_);
  fresh.display = std::make_unique<Display>(*fresh.run, settings_, pool_);
  return fresh;
}

void Session::adopt_run(PreparedRun fresh) {
  answer_saves();  // of the run that goes
  display_ = std::move(fresh.display);
  run_ = std::move(fresh.run);
  jobs_.end_outdated(needs::kModel, "The network was started anew, so this was ended.");
  pool_.set_limit(threads());

  pending_reset_.clear();
  loss_sum_ = penalty_sum_ = 0;
  loss_samples_ = loss_steps_ = 0;
  pending_history_ = History{.restart = true, .losses = {}, .epochs = run_->history()};
  next_round_ = {};
  // Before the curves start again: whoever keeps them notes the settings that they are of.
  announce_settings();
  pause(Phase::kPaused);
  emit_network();
  emit_diagnoses();
  // Otherwise whoever takes the data into use announces them.
  if (data_.get() == data_announced_ && display_->map_size() != map_points_announced_) emit_data();
}

// -------------------------------------------------------------------------------------------
// events

void Session::fail(std::uint64_t id, const std::string& message) { emit(Failure{id, message}); }

void Session::emit_settings() {
  settings_new_ = false;
  emit(SettingsChanged{settings_.all()});
}

void Session::announce_settings() {
  if (settings_new_) emit_settings();
}

void Session::emit_status() {
  Status status;
  status.phase = phase_;
  if (run_) {
    status.step = run_->trainer().state().step;
    status.epoch = run_->trainer().epochs_done();
  }
  status.images_per_second = images_per_second_;
  status.pending_reset = pending_reset_;
  emit(std::move(status));
}

void Session::emit_history() {
  if (!pending_history_.restart && pending_history_.losses.empty() &&
      pending_history_.epochs.empty())
    return;
  emit(std::exchange(pending_history_, {}));
}

void Session::emit_diagnoses() {
  std::vector<Diagnosis> now = run_->diagnoses();
  if (now == diagnoses_) return;
  Diagnoses event;
  for (const Diagnosis& diagnosis : now) {
    event.found.push_back({std::string(row_of(diagnosis.kind).name), diagnosis.evidence,
                           diagnosis_sentence(diagnosis)});
  }
  diagnoses_ = std::move(now);
  emit(std::move(event));
}

void Session::emit_network() {
  NetworkInfo info = network_info(run_->model().plan());
  info.engine = options_.engine_name;
  info.threads = pool_.limit();
  emit(std::move(info));
}

void Session::emit_data() {
  DataReady ready;
  ready.name = data_->name;
  ready.channels = data_->shape.channels;
  ready.rows = data_->shape.rows;
  ready.columns = data_->shape.columns;
  ready.train_count = data_->train.count();
  ready.test_count = data_->test.count();
  ready.class_names = data_->class_names;
  for (const Factor& factor : data_->factors) {
    ready.factors.push_back({factor.name, factor.unit, factor.low, factor.high});
  }
  display_->describe_map(ready);
  data_announced_ = data_.get();
  map_points_announced_ = display_->map_size();
  emit(std::move(ready));
}

}  // namespace hourglass::session
