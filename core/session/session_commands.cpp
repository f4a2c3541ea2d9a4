// What each command does.
#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/safetensors.h"
#include "core/data/mnist.h"
#include "core/session/build.h"
#include "core/session/presets.h"
#include "core/session/session.h"
#include "core/session/settings_json.h"

namespace hourglass::session {

TrainingRun& Session::need_run() {
  // A command finds what the ones before it asked for, whether or not there was time in between: else
  // "load this preset, run" would run the network from before.
  if (data_stale_) get_data();
  if (!run_ || !data_asked_.empty()) throw Error("There is nothing to train yet: the data set is still being fetched.");
  return *run_;
}

Reply Session::on(const SetSetting& command) {
  const Setting& setting = find_setting(command.key);
  const Value value = checked_value(setting, command.value);
  const Value before = settings_.get(command.key);
  if (value == before) return {};
  const std::string key(setting.key);
  if (key == "model.encoder" || key == "model.decoder") {
    parse_layers(std::get<std::string>(value), key);  // refuses what is no list of layers
  }
  settings_.set(key, value);
  if (key.starts_with("data.")) {
    data_stale_ = true;
  } else if (setting.effect == Effect::kAtOnce) {
    try {
      apply_now(key);
    } catch (const Error&) {
      settings_.set(key, before);  // a penalty that this model has no code for
      throw;
    }
  } else if (run_ && run_->trainer().state().step == 0 && phase_ != Phase::kRunning &&
             !data_stale_ && data_asked_.empty()) {
    try {
      rebuild();  // nothing is lost by it
    } catch (const Error&) {
      // The encoder and the decoder are set one after the other, and need not fit in between.
      pending_reset_.push_back(key);
    }
  } else if (std::find(pending_reset_.begin(), pending_reset_.end(), key) == pending_reset_.end()) {
    pending_reset_.push_back(key);
  }
  emit_settings();
  emit_status();
  return {};
}

void Session::apply_now(const std::string& key) {
  if (!run_) return;
  if (key.starts_with("view.")) {
    if (key == "view.images" || key == "view.image_set") {
      display_->choose_images(settings_);
    } else if (key == "view.map_points") {
      display_ = std::make_unique<Display>(*run_, settings_, *pool_);
      emit_data();
    } else {
      display_->set_noise(settings_);
    }
    urgent_ = true;
    return;
  }
  run_->change(settings_);
}

Reply Session::on(const SetSettings& command) {
  for (const auto& [key, value] : command.values) on(SetSetting{key, value});
  return {};
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
  if (data_stale_) get_data();
  if (!data_asked_.empty()) {
    run_when_ready_ = true;  // not the network from before, on the data from before
    return {};
  }
  need_run();
  if (phase_ == Phase::kRunning && steps_left_ < 0 && !stop_after_epoch_) return {};
  phase_ = Phase::kRunning;
  steps_left_ = -1;
  stop_after_epoch_ = false;
  speed_since_ = Clock::now();
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
  need_run();
  on(session::Run{});
  steps_left_ = command.count;
  return {};
}

Reply Session::on(const FinishEpoch&) {
  need_run();
  on(session::Run{});
  stop_after_epoch_ = true;
  return {};
}

Reply Session::on(const Reset&) {
  need_run();
  rebuild();
  return {};
}

Reply Session::on(const NewSeed&) {
  need_run();
  const std::int64_t before = settings_.integer("train.seed");
  settings_.set("train.seed", Value((before + 1) % 1'000'000'000));
  rebuild();
  emit_settings();
  return {};
}

Reply Session::on(const ProvideData& command) {
  if (command.name != data_asked_) return {};  // an answer to a question that has passed
  try {
    use_data(dataset_from_idx(command.name, command.train_images, command.train_labels,
                              command.test_images, command.test_labels));
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
  need_run();
  Reply reply;
  reply.images = display_->decode(command.codes);
  return reply;
}

Reply Session::on(const DecodeMap& command) {
  need_run();
  Reply reply;
  reply.images = display_->decode_map(command.points);
  return reply;
}

Reply Session::on(const GetImages& command) {
  need_run();
  Reply reply;
  reply.images = display_->images(command.indices);
  return reply;
}

Reply Session::on(const SaveCheckpoint&) {
  Reply reply;
  TrainingRun& run = need_run();
  while (run.evaluating()) note_progress(run.advance());
  reply.checkpoint = run.save(settings_);
  return reply;
}

Reply Session::on(const LoadCheckpoint& command) {
  const Safetensors file = read_safetensors(command.checkpoint, "The checkpoint");
  RunInfo info = read_run_info(file, "The checkpoint");
  Settings changed = info.settings;
  for (const auto& [key, value] : settings_.all()) {
    if (is_session_setting(key)) changed.set(key, value);
  }
  changed.set("data.set", Value(info.data));  // refuses data that is not to be had here
  const Settings before = std::exchange(settings_, changed);
  if (!data_is_current()) {
    checkpoint_ = command.checkpoint;
    data_stale_ = true;
    emit_settings();
    return {};
  }
  try {
    rebuild();
    run_->resume(file, info.history);
  } catch (const Error&) {
    settings_ = before;
    throw;
  }
  news_.epochs = info.history;
  display_->parameters_changed();
  emit_settings();
  emit_history();
  emit_status();
  return {};
}

Reply Session::on(const SnapshotTaken&) {
  snapshot_free_ = true;
  return {};
}

}  // namespace hourglass::session
