// What each command does.
#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "core/base/error.h"
#include "core/data/sources/mnist.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/engine/session.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings_json.h"

namespace hourglass::session {

namespace {

// Whether the run of `info` can be trained on `data`, though they are others: in the same scale,
// and cut into the same mini-batches.
bool goes_on_with(const RunInfo& info, const Dataset& data) {
  return info.map == data.map && info.train_count == data.train.count() &&
         info.test_count == data.test.count();
}

}  // namespace

TrainingRun& Session::require_run() {
  // A command finds what the ones before it asked for, whether or not there was time in between:
  // else "load this preset, run" would run the network from before.
  if (data_stale_) ensure_data();
  if (!data_asked_.empty()) {
    throw Error("There is no network yet: the data set '" + data_asked_ +
                "' is still being fetched.");
  }
  if (!run_) throw Error("There is no network yet: its settings and the data do not go together.");
  return *run_;
}

Reply Session::on(const SetSetting& command) {
  change_settings({{command.key, command.value}});
  return {};
}

Reply Session::on(const SetSettings& command) {
  change_settings(command.values);
  return {};
}

bool Session::is_untouched() const {
  return run_ && run_->trainer().state().step == 0 && phase_ != Phase::kRunning && !data_stale_ &&
         data_asked_.empty();
}

void Session::check_model() const {
  const ModelSpec spec = model_spec(settings_);
  if (data_) Model(spec, data_->shape);
}

void Session::change_settings(const Values& values) {
  Settings next = settings_;
  bool has_encoder = false, has_decoder = false;
  for (const auto& [name, given] : values) {
    const Setting& setting = find_setting(name);
    const std::string key(setting.key);
    const Value value = checked_value(setting, given);
    has_encoder = has_encoder || key == "model.encoder";
    has_decoder = has_decoder || key == "model.decoder";
    if (key == "model.encoder" || key == "model.decoder") {
      parse_layers(std::get<std::string>(value), key);  // refuses what is no list of layers
    }
    next.set(key, value);
  }
  std::vector<std::string> on_reset;
  unsigned at_once = 0;  // what wakes up
  bool data_changed = false;
  for (const Setting& setting : settings_table()) {
    if (next.get(setting.key) == settings_.get(setting.key)) continue;
    const bool is_data = (setting.wakes & wakes::kData) != 0;
    data_changed = data_changed || is_data;
    if (is_data) continue;
    if (setting.effect == Effect::kAtOnce) {
      at_once |= setting.wakes;
    } else {
      on_reset.emplace_back(setting.key);
    }
  }
  if (!data_changed && at_once == 0 && on_reset.empty()) return;

  // Given together they are meant to fit; one alone may wait for the other.
  const bool must_fit = has_encoder && has_decoder;
  const Settings before = std::exchange(settings_, next);
  const bool was_new = std::exchange(settings_new_, true);
  try {
    if (must_fit && !data_changed) check_model();
    if (!on_reset.empty() && !data_changed && is_untouched()) {
      PreparedRun fresh;
      try {
        fresh = make_run();  // nothing is lost by it
      } catch (const Error&) {
        if (must_fit) throw;
      }
      if (fresh.run) {
        adopt_run(std::move(fresh));  // and tells of another number of points on the map
        return;
      }
    }
    apply_now(at_once);
  } catch (...) {
    settings_ = before;  // a penalty that this model has no code for
    settings_new_ = was_new;
    throw;
  }
  data_stale_ = data_stale_ || data_changed;
  for (std::string& key : on_reset) {
    if (std::find(pending_reset_.begin(), pending_reset_.end(), key) == pending_reset_.end()) {
      pending_reset_.push_back(std::move(key));
    }
  }
  emit_settings();
  emit_status();
}

void Session::apply_now(unsigned woken) {
  if (!run_ || woken == 0) return;
  // What may throw comes first, and of that what changes something last.
  std::unique_ptr<Display> display;
  if (woken & wakes::kMap) display = std::make_unique<Display>(*run_, settings_, pool_);
  if (woken & wakes::kRun) run_->change(settings_);
  if (display) {
    display_ = std::move(display);
    woken |= wakes::kRound;
    emit_data();
  } else {
    display_->take_up(settings_, woken);
  }
  if (woken & wakes::kPace) next_step_ = {};  // it is by the speed before
  if (woken & wakes::kRound) next_round_ = {};
  if (woken & wakes::kDisplay) refresh_now_ = true;
}

Reply Session::on(const LoadPreset& command) {
  apply_preset(find_preset(command.name), settings_);
  run_when_ready_ = false;
  checkpoint_.clear();
  data_stale_ = true;  // start afresh even where the data stays
  if (phase_ == Phase::kRunning) pause(Phase::kPaused);
  emit_settings();
  return {};
}

Reply Session::on(const session::Run&) {
  if (data_stale_) ensure_data();
  if (!data_asked_.empty()) {
    run_when_ready_ = true;  // not the network from before, on the data from before
    return {};
  }
  require_run();
  if (phase_ == Phase::kRunning && steps_left_ < 0 && !stop_after_epoch_) return {};
  phase_ = Phase::kRunning;
  steps_left_ = -1;
  stop_after_epoch_ = false;
  speed_since_ = options_.clock();
  speed_images_ = 0;
  emit_status();
  return {};
}

Reply Session::on(const Pause&) {
  run_when_ready_ = false;
  if (phase_ == Phase::kRunning) pause(Phase::kPaused);
  return {};
}

Reply Session::on(const Step& command) {
  if (command.count < 1) throw Error("A step needs a count of at least 1.");
  require_run();
  on(session::Run{});
  steps_left_ = command.count;
  return {};
}

Reply Session::on(const FinishEpoch&) {
  require_run();
  on(session::Run{});
  stop_after_epoch_ = true;
  return {};
}

Reply Session::on(const Reset&) {
  require_run();
  rebuild();
  return {};
}

Reply Session::on(const NewSeed&) {
  require_run();
  const std::int64_t before = settings_.integer("train.seed");
  settings_.set("train.seed", Value((before + 1) % 1'000'000'000));
  const bool was_new = std::exchange(settings_new_, true);
  try {
    rebuild();
  } catch (...) {
    settings_.set("train.seed", Value(before));  // settings that wait for a reset make no model
    settings_new_ = was_new;
    throw;
  }
  return {};
}

Reply Session::on(ProvideData& command) {
  if (command.name != data_asked_) return {};  // an answer to a question that has passed
  try {
    use_data(dataset_from_idx(command.name, std::move(command.train_images),
                              std::move(command.train_labels), std::move(command.test_images),
                              std::move(command.test_labels)));
  } catch (const Error& error) {
    on(DataFailed{command.name, error.what()});
  }
  return {};
}

Reply Session::on(const DataFailed& command) {
  if (command.name != data_asked_) return {};
  data_asked_.clear();
  checkpoint_.clear();
  fail(0, command.message);
  // Back to the data that there is, or to the data that is always there.
  settings_.set("data.set", Value(data_ ? data_->name : std::string("strokes")));
  if (phase_ == Phase::kWaitingForData) phase_ = Phase::kPaused;
  data_stale_ = true;
  emit_settings();
  return {};
}

Reply Session::on(const Decode& command) {
  require_run();
  Reply reply;
  reply.images = display_->decode(command.codes);
  return reply;
}

Reply Session::on(const DecodeMap& command) {
  require_run();
  Reply reply;
  reply.images = display_->decode_map(command.points);
  return reply;
}

Reply Session::on(const GetImages& command) {
  require_run();
  Reply reply;
  reply.images = display_->images(command.indices);
  return reply;
}

void Session::save_checkpoint(std::uint64_t id) {
  require_run();
  saves_.push_back({id, settings_});
  if (!run_->evaluating()) answer_saves();
}

void Session::answer_saves() {
  if (saves_.empty()) return;
  const std::vector<Save> saves = std::exchange(saves_, {});
  try {
    run_->check_last_step();
  } catch (const Diverged& error) {
    stop_diverged(error);  // and what is saved is what was kept
  }
  for (const Save& save : saves) {
    try {
      Reply reply{.id = save.id, .images = {}, .checkpoint = run_->save(save.settings)};
      if (save.id != 0) emit(std::move(reply));
    } catch (const std::bad_alloc&) {
      fail(save.id, "There is not enough memory for a checkpoint.");
    } catch (const std::exception& error) {
      fail(save.id, error.what());
    }
  }
}

Reply Session::on(const LoadCheckpoint& command) {
  const Safetensors file = read_safetensors(command.checkpoint, "The checkpoint");
  RunInfo info = read_run_info(file, "The checkpoint");
  Settings changed = info.settings;
  for (const auto& [key, value] : settings_.all()) {
    if (find_setting(key).scope != Scope::kRun) changed.set(key, value);
  }
  const auto& known = find_setting("data.set").choices;
  if (std::find(known.begin(), known.end(), info.data) == known.end()) {
    throw Error(
        "The checkpoint was trained on '" + info.data +
        "', a file or folder that only the command line can open: hourglass train --resume, "
        "with --data.");
  }
  changed.set("data.set", Value(info.data));
  const Settings before = std::exchange(settings_, changed);
  if (!data_is_current()) {
    checkpoint_ = command.checkpoint;
    data_stale_ = true;
    emit_settings();
    return {};
  }
  settings_new_ = true;
  const std::string difference = data_difference(info, *data_);
  try {
    if (!difference.empty() && !goes_on_with(info, *data_)) {
      throw Error("The data set '" + data_->name + "' here " + difference +
                  "; the checkpoint needs the data that it was trained on.");
    }
    PreparedRun fresh = make_run();
    const bool moments_reset = fresh.run->resume(file, info.history);
    adopt_run(std::move(fresh));
    if (!difference.empty()) {
      fail(0, "The data set '" + data_->name + "' here " + difference +
                  "; the network is that of the checkpoint, and what it is trained and measured on "
                  "now is not.");
    }
    if (moments_reset) fail(0, std::string("The checkpoint") + kMomentsResetNote);
  } catch (...) {
    settings_ = before;
    settings_new_ = false;
    throw;
  }
  return {};
}

Reply Session::on(const SnapshotTaken&) {
  snapshot_free_ = true;
  return {};
}

Reply Session::on(const StartJob& command) {
  jobs_.find_kind(command.kind);  // before what is asked for first is waited for
  const TrainingRun& run = require_run();
  jobs_.start(command, {.data = data_,
                        .model = run.shared_model(),
                        .parameters = run.parameters(),
                        .settings = settings_,
                        .images = display_->image_indices(),
                        .pool = pool_});
  return {};
}

Reply Session::on(const PauseJob& command) {
  jobs_.pause(command.job);
  return {};
}

Reply Session::on(const ResumeJob& command) {
  jobs_.resume(command.job);
  return {};
}

Reply Session::on(const CancelJob& command) {
  jobs_.cancel(command.job);
  return {};
}

}  // namespace hourglass::session
