#include "core/session/engine/session_core.h"

#include <algorithm>
#include <exception>
#include <new>

#include "core/base/error.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/engine/classifier_file.h"
#include "core/session/engine/looking_back.h"
#include "core/session/engine/run_keeping.h"
#include "core/session/protocol/network_info.h"
#include "core/train/domain.h"

namespace hourglass::session {
namespace {

// Whether the run of `info` can be trained on `data`, though they are others: in the same scale,
// and cut into the same mini-batches.
bool goes_on_with(const RunInfo& info, const Dataset& data) {
  return info.map == data.map && info.train_count == data.train.count() &&
         info.test_count == data.test.count();
}

}  // namespace

SessionCore::SessionCore(const SessionOptions& given)
    : options(given),
      pool(given.threads),
      timeline(given.timeline_bytes),
      jobs(options.jobs, options.clock, [this](Event event) { emit(std::move(event)); }),
      kept(given.kept_bytes) {
  emit_settings();
}

// -------------------------------------------------------------------------------- data and the run

TrainingRun& SessionCore::require_run() {
  // A command finds what the ones before it asked for, whether or not there was time in between:
  // else "load this preset, run" would run the network from before.
  if (data.is_stale()) ensure_data();
  if (data.is_asked()) {
    throw Error("There is no network yet: the data set '" + data.asked() +
                "' is still being fetched.");
  }
  if (!run) throw Error("There is no network yet: its settings and the data do not go together.");
  return *run;
}

void SessionCore::ensure_data() {
  data.mark_looked_into();
  const std::string& name = settings.text("data.set");
  if (data.is_current(settings)) {
    data.stop_asking();
    rebuild();
  } else if (name == "strokes") {
    use_data(drawn_strokes(settings, pool));
  } else if (data.asked() != name) {
    data.ask(name);
    mode = WaitingForData{};
    emit(DataWanted{name});
    emit_status();
  }
}

void SessionCore::use_data(Dataset unscaled, bool is_own) {
  DataSupply::InUse before = data.replace({prepared_data(std::move(unscaled), settings), is_own});
  const bool documents = data.current()->documents != nullptr;
  try {
    rebuild();
  } catch (const Error& error) {
    data.put_back(std::move(before));
    if (!documents) throw;
    throw Error(std::string(error.what()) + " The preset text-quick is made for documents.");
  } catch (...) {
    data.put_back(std::move(before));
    throw;
  }
  jobs.end_outdated(needs::kData, "The data set was changed, so this was ended.");
  emit_data();
  const std::vector<std::uint8_t> checkpoint = data.take_checkpoint();
  if (checkpoint.empty()) return;
  try {
    resume(checkpoint, 0, /*has_all_data=*/true);
  } catch (const Error& error) {
    fail(0, error.what());  // the command was answered when its data was asked for
  }
}

int SessionCore::threads() const {
  const auto asked = static_cast<int>(settings.integer("train.threads"));
  return asked == 0 ? pool.size() : std::min(asked, pool.size());
}

SessionCore::PreparedRun SessionCore::make_run() {
  PreparedRun fresh;
  try {
    fresh.run = std::make_unique<TrainingRun>(settings, data.current(), pool);
  } catch (const TargetsOutside& error) {
    refusal = {diagnosis_of(error), error.what()};
    emit_diagnoses();
    throw;
  }
  fresh.display = std::make_unique<Display>(*fresh.run, settings, pool);
  return fresh;
}

void SessionCore::adopt_run(PreparedRun fresh) {
  answer_saves();  // of the run that goes
  keep_ended_run(*this);
  display = std::move(fresh.display);
  run = std::move(fresh.run);
  jobs.end_outdated(needs::kModel, "The network was started anew, so this was ended.");
  pool.set_limit(threads());

  pending_reset.clear();
  begin_run(*this, std::move(fresh.losses), fresh.goes_on_from);
  refreshes.make_due();
  // Before the curves start again: whoever keeps them notes the settings that they are of.
  announce_settings();
  pause(Paused{});
  emit_network();
  refusal.reset();
  emit_diagnoses();
  // Otherwise whoever takes the data into use announces them.
  if (data.has_other_map(*display)) emit_data();
}

void SessionCore::resume(const std::vector<std::uint8_t>& checkpoint, std::uint64_t kept_run,
                         bool has_all_data) {
  const Safetensors file = read_safetensors(checkpoint, "The checkpoint");
  refuse_classifier(file, "The checkpoint");
  RunInfo info = read_run_info(file, "The checkpoint");
  if (info.is_imported) {
    throw Error(
        "The file is a model that was imported and has no state of an optimizer, so no run can go "
        "on from it.");
  }
  Settings changed = info.settings;
  for (const auto& [key, value] : settings.all()) {
    if (find_setting(key).scope != Scope::kRun) changed.set(key, value);
  }
  const auto known = find_setting("data.set").choices();
  // Of a name that no other set has, the data were a person's own: those that there are now, or
  // that are brought, are held against the checkpoint's hash.
  const bool is_own = info.settings.text("data.set") == kOwnData ||
                      std::find(known.begin(), known.end(), info.data) == known.end();
  changed.set("data.set", Value(is_own ? std::string(kOwnData) : info.data));
  const Settings before = std::exchange(settings, changed);
  // A project brings its own; whoever has no others gives those in use again.
  const bool needs_others = is_own && !has_all_data && data.is_current(settings) &&
                            !data_difference(info, *data.current()).empty();
  if (!data.is_current(settings) || needs_others) {
    data.keep_checkpoint(checkpoint, needs_others);
    data.mark_stale();
    emit_settings();
    return;
  }
  settings_new = true;
  const Dataset& current = *data.current();
  const std::string difference = data_difference(info, current);
  const std::string what = "The data set '" + current.name + "' here " + difference;
  try {
    if (!difference.empty() && !goes_on_with(info, current)) {
      throw Error(what + "; the checkpoint needs the data that it was trained on.");
    }
    PreparedRun fresh = make_run();
    const bool moments_reset = fresh.run->resume(file, info.history);
    fresh.losses = curve_of(file);
    fresh.goes_on_from = kept_run;
    adopt_run(std::move(fresh));
    if (!difference.empty()) {
      fail(0, what +
                  "; the network is that of the checkpoint, and what it is trained and measured "
                  "on now is not.");
    }
    if (moments_reset) fail(0, std::string("The checkpoint") + kMomentsResetNote);
  } catch (...) {
    settings = before;
    settings_new = false;
    withdraw_refusal();
    throw;
  }
}

void SessionCore::run_on() {
  show_present(*this);
  if (mode.is<RunningUntilTold>()) return;
  mode = RunningUntilTold{};
  speed.start(options.clock());
  emit_status();
}

void SessionCore::pause(RunMode::State state) {
  mode = state;
  speed.stop();
  refreshes.interrupt();
  if (run) history.flush(*run);
  snapshots.hurry();
  // Before the status, so that whoever waits for the run to stop finds its curves complete.
  emit_history();
  emit_status();
}

void SessionCore::stop_diverged(const Diverged& error) {
  forget_later_moments(*this);
  pause(Paused{});
  fail(0, error.what());
  answer_saves();  // what is saved is what was kept
}

void SessionCore::answer_saves() {
  if (saves.empty()) return;
  const std::vector<Save> waiting = std::exchange(saves, {});
  try {
    run->check_last_step();
  } catch (const Diverged& error) {
    stop_diverged(error);  // and what is saved is what was kept
  }
  for (const Save& save : waiting) {
    try {
      Safetensors file = run->checkpoint(save.settings);
      add_present_curve(*this, file);
      Reply reply{.id = save.id, .images = {}, .checkpoint = write_safetensors(file)};
      if (save.id != 0) emit(std::move(reply));
    } catch (const std::bad_alloc&) {
      fail(save.id, "There is not enough memory for a checkpoint.");
    } catch (const std::exception& error) {
      fail(save.id, error.what());
    }
  }
}

// -------------------------------------------------------------------------------------------
// events

void SessionCore::emit_settings() {
  settings_new = false;
  emit(SettingsChanged{settings.all()});
}

void SessionCore::announce_settings() {
  if (settings_new) emit_settings();
}

void SessionCore::emit_status() {
  Status status;
  status.phase = mode.phase();
  if (run) {
    status.step = run->trainer().state().step;
    status.epoch = run->trainer().epochs_done();
  }
  status.images_per_second = speed.images_per_second();
  status.pending_reset = pending_reset;
  emit(std::move(status));
  if (timeline.take_news()) emit(timeline.describe());
}

void SessionCore::emit_history() {
  auto event = history.take();
  if (!event) return;
  if (!event->restart) {
    for (const LossPoint& point : event->losses) present.curve.add(point);
  }
  emit(std::move(*event));
}

void SessionCore::emit_diagnoses() {
  if (!run && !refusal) return;
  if (run && run->evaluating() && !refusal) return;  // which is told of when it has ended
  std::vector<Diagnosis> found;
  if (refusal) found.push_back(refusal->diagnosis);
  if (run) {
    for (Diagnosis& diagnosis : run->diagnoses()) found.push_back(std::move(diagnosis));
  }
  if (auto event = diagnoses.take(std::move(found), refusal ? refusal->sentence : "")) {
    emit(std::move(*event));
  }
}

void SessionCore::withdraw_refusal() {
  if (!refusal) return;
  refusal.reset();
  emit_diagnoses();
}

void SessionCore::emit_network() {
  NetworkInfo info = network_info(run->model().plan());
  info.engine = options.engine_name;
  info.threads = pool.limit();
  emit(std::move(info));
}

}  // namespace hourglass::session
