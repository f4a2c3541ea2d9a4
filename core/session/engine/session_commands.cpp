#include "core/session/engine/session_commands.h"

#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/sources/dataset_file.h"
#include "core/data/sources/mnist.h"
#include "core/session/engine/import_settings.h"
#include "core/session/engine/looking_back.h"
#include "core/session/engine/run_keeping.h"
#include "core/session/engine/settings_changes.h"
#include "core/session/settings/presets.h"

namespace hourglass::session {
namespace {

// One function per command. What they return is sent back to whoever gave the command.

Reply on(SessionCore& core, const SetSetting& command) {
  change_settings(core, {{command.key, command.value}});
  return {};
}

Reply on(SessionCore& core, const SetSettings& command) {
  change_settings(core, command.values);
  return {};
}

Reply on(SessionCore& core, const LoadPreset& command) {
  apply_preset(find_preset(command.name), core.settings);
  core.data.run_when_ready(false);
  core.data.take_checkpoint();
  core.data.mark_stale();  // start afresh even where the data stays
  if (core.mode.is_running()) core.pause(Paused{});
  core.emit_settings();
  return {};
}

Reply on(SessionCore& core, const session::Run&) {
  if (core.data.is_stale()) core.ensure_data();
  if (core.data.is_asked()) {
    core.data.run_when_ready(true);  // not the network from before, on the data from before
    return {};
  }
  core.require_run();
  core.run_on();
  return {};
}

Reply on(SessionCore& core, const Pause&) {
  core.data.run_when_ready(false);
  if (core.mode.is_running()) core.pause(Paused{});
  return {};
}

Reply on(SessionCore& core, const Step& command) {
  if (command.count < 1) throw Error("A step needs a count of at least 1.");
  core.require_run();
  core.run_on();
  core.mode = RunningSteps{command.count};
  return {};
}

Reply on(SessionCore& core, const FinishEpoch&) {
  core.require_run();
  core.run_on();
  core.mode = RunningToEpochEnd{};
  return {};
}

Reply on(SessionCore& core, const Reset&) {
  core.require_run();
  core.rebuild();
  return {};
}

Reply on(SessionCore& core, const NewSeed&) {
  core.require_run();
  const std::int64_t before = core.settings.integer("train.seed");
  core.settings.set("train.seed", Value((before + 1) % 1'000'000'000));
  const bool was_new = std::exchange(core.settings_new, true);
  try {
    core.rebuild();
  } catch (...) {
    core.settings.set("train.seed", Value(before));  // settings that wait for a reset make no model
    core.settings_new = was_new;
    throw;
  }
  return {};
}

Reply on(SessionCore& core, const DataFailed& command) {
  if (command.name != core.data.asked()) return {};
  core.data.stop_asking();
  core.data.take_checkpoint();
  core.fail(0, command.message);
  // Back to the data that there is, or to the data that is always there.
  const DatasetPointer& current = core.data.current();
  core.settings.set("data.set", Value(core.data.is_own() ? std::string(kOwnData)
                                      : current          ? current->name
                                                         : std::string("strokes")));
  // Those of a person cannot be had again in another scale, and others that the network does not
  // take in that scale would be no better the next time: they would be asked for for ever.
  if (core.data.is_own() || (current && current->name == command.name)) {
    core.settings.set("data.scaling", Value(std::string(scaling_name(current->scaling))));
  }
  if (core.mode.is<WaitingForData>()) core.mode = Paused{};
  core.data.mark_stale();
  core.withdraw_refusal();
  core.emit_settings();
  return {};
}

// A person's own data, with what they have said about them: the settings data.* that their file
// names. The network that there is may not fit, and then everything stays as it was.
void use_own_data(SessionCore& core, const Bytes& bytes) {
  DatasetFile file = dataset_from_bytes(bytes, "The data");
  Settings next = core.settings;
  const Json options = parse_json(file.options);
  if (options.is_object()) apply_data_options(options, next);
  next.set("data.set", Value(std::string(kOwnData)));
  const Settings before = std::exchange(core.settings, next);
  const bool was_new = std::exchange(core.settings_new, true);
  try {
    core.use_data(std::move(file.data), true);
  } catch (...) {
    core.settings = before;
    core.settings_new = was_new;
    core.withdraw_refusal();
    throw;
  }
  core.announce_settings();
}

Reply on(SessionCore& core, ProvideData& command) {  // takes its bytes
  const bool is_answer = command.name == core.data.asked();
  if (command.name == kOwnData && !command.samples.empty()) {
    try {
      use_own_data(core, command.samples);
    } catch (const Error& error) {
      // What nobody has asked for is refused as any other command.
      if (!is_answer) throw;
      core.data.ask(command.name);
      on(core, DataFailed{command.name, error.what()});
    }
    return {};
  }
  // Otherwise an answer to a question that has passed.
  if (!is_answer) return {};
  try {
    if (!command.documents.empty()) {
      const Documents documents = read_documents(command.documents, command.name);
      core.use_data(documents_for(documents, command.name, core.settings));
      return {};
    }
    core.use_data(dataset_from_idx(command.name, std::move(command.train_images),
                                   std::move(command.train_labels), std::move(command.test_images),
                                   std::move(command.test_labels)));
  } catch (const Error& error) {
    core.data.ask(command.name);  // data that the network does not fit were taken for an answer
    on(core, DataFailed{command.name, error.what()});
  }
  return {};
}

Reply on(SessionCore& core, const Decode& command) {
  core.require_run();
  Reply reply;
  reply.images = core.display->decode(command.codes);
  return reply;
}

Reply on(SessionCore& core, const DecodeMap& command) {
  core.require_run();
  Reply reply;
  reply.images = core.display->decode_map(command.points);
  return reply;
}

Reply on(SessionCore& core, const GetImages& command) {
  core.require_run();
  Reply reply;
  reply.images = core.display->images(command.indices);
  return reply;
}

Reply on(SessionCore& core, const LoadCheckpoint& command) {
  core.resume(command.checkpoint);
  return {};
}

Reply on(SessionCore& core, const SnapshotTaken&) {
  core.snapshots.taken();
  return {};
}

// What a job is made from, or asked with. Where there is a job, there is a run.
JobContext job_context(SessionCore& core) {
  return {.data = core.data.current(),
          .model = core.run->shared_model(),
          .parameters = core.display->parameters(),  // of the moment on display
          .settings = core.settings,
          .images = core.display->image_indices(),
          .pool = core.pool,
          .kept = &core.kept};
}

Reply on(SessionCore& core, const StartJob& command) {
  core.jobs.find_kind(command.kind);  // before what is asked for first is waited for
  core.require_run();
  core.jobs.start(command, job_context(core));
  return {};
}

Reply on(SessionCore& core, const PauseJob& command) {
  core.jobs.pause(command.job);
  return {};
}

Reply on(SessionCore& core, const ResumeJob& command) {
  core.jobs.resume(command.job);
  return {};
}

Reply on(SessionCore& core, const CancelJob& command) {
  core.jobs.cancel(command.job);
  return {};
}

Reply on(SessionCore& core, const AskJob& command) {
  if (!core.run) core.require_run();  // says why there is none
  core.jobs.ask(command, job_context(core));
  return {};
}

Reply on(SessionCore& core, const KeepRun&) {
  core.require_run();
  keep_present_run(core);
  return {};
}

Reply on(SessionCore& core, const GetKeptRun& command) {
  Reply reply;
  reply.checkpoint = core.kept.find(command.run)->checkpoint;
  return reply;
}

Reply on(SessionCore& core, const LoadKeptRun& command) {
  const auto kept = core.kept.find(command.run);  // held, for the run that goes may take its room
  core.resume(kept->checkpoint, command.run);
  return {};
}

Reply on(SessionCore& core, const DropKeptRun& command) {
  core.kept.find(command.run);
  core.kept.drop(command.run);
  core.emit(RunDropped{command.run, true});
  return {};
}

Reply on(SessionCore& core, AddKeptRun& command) {  // takes its bytes
  add_kept_run(core, std::move(command.checkpoint));
  return {};
}

Reply on(SessionCore& core, const ShowStep& command) {
  show_step(core, command.step);
  return {};
}

Reply on(SessionCore& core, const GoOnFromStep& command) {
  go_on_from_step(core, command.step);
  return {};
}

// SaveCheckpoint is answered now or, while an epoch is being evaluated, by answer_saves().
void save_checkpoint(SessionCore& core, std::uint64_t id) {
  const TrainingRun& run = core.require_run();
  core.saves.push_back({id, core.settings});
  if (!run.evaluating()) core.answer_saves();
}

}  // namespace

void carry_out(SessionCore& core, Command& command) {
  std::visit(
      [&](auto& body) {
        if constexpr (std::is_same_v<std::decay_t<decltype(body)>, SaveCheckpoint>) {
          save_checkpoint(core, command.id);
        } else {
          Reply reply = on(core, body);
          reply.id = command.id;
          if (command.id != 0) core.emit(std::move(reply));
        }
      },
      command.body);
}

}  // namespace hourglass::session
