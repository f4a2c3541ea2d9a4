// `hourglass train`.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/base/write_number.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/training_run.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/output.h"
#include "native/cli/console/signals.h"
#include "native/cli/console/text.h"
#include "native/cli/distributed/process_group.h"
#include "native/cli/plan/plan.h"
#include "native/cli/plan/run_folder.h"
#include "native/cli/report/describe.h"
#include "native/cli/report/diagnosis_report.h"
#include "native/cli/report/progress.h"
#include "native/cli/report/run_files.h"
#include "native/platform/shell_word.h"

namespace hourglass {
namespace {

using Json = OrderedJson;
using session::TrainingRun;

enum class Ending { kComplete, kInterrupted, kAlone, kDiverged };

Progress::Moment moment_of(const TrainingRun& run) {
  const TrainState& state = run.trainer().state();
  const auto images = static_cast<double>(
      std::min<Index>(state.batch * run.trainer().spec().batch_size, run.data()->train.count()));
  Progress::Moment moment{state.epoch, run.trainer().epochs_done(), 0, 0};
  if (state.batch > 0) {
    moment.loss = state.epoch_loss / images;
    moment.images_per_second = images / std::max(state.epoch_seconds, 1e-9);
  } else if (!run.history().empty()) {
    moment.loss = run.history().back().train_loss;
    moment.images_per_second = run.history().back().images_per_second;
  }
  return moment;
}

// Trains until the run has done enough, is asked to stop, diverges, or is left alone by the other
// processes; `sentence` then says why, if it is not for the number of epochs.
// `ended` is called after each epoch.
// `files` is null in processes that write none.
Ending train(TrainingRun& run, Progress& progress, RunFiles* files, ProcessGroup& job,
             const std::function<void()>& ended, std::string& sentence) {
  // What is saved has been measured, which processes must do together.
  while (!job.asked_to_stop() || run.evaluating()) {
    try {
      const TrainingRun::Progress done = run.advance();
      if (done.epoch_recorded) {
        progress.epoch_ended(run.history().back());
        ended();
        if (done.stop != StopReason::kNone) {
          if (done.stop != StopReason::kEpochs) sentence = run.stop_sentence(done.stop);
          return Ending::kComplete;
        }
        if (files) files->save_now_and_then(run);
      }
    } catch (const Diverged& diverged) {
      sentence = diverged.what();
      return Ending::kDiverged;
    } catch (const PeerLost&) {
      run.leave_group();
      return Ending::kAlone;
    }
    progress.show(moment_of(run));
  }
  return Ending::kInterrupted;
}

// Looks at what the last step before the end made, which no other step will; all processes that are
// left do so together. Returns how the run has ended then.
Ending settle(TrainingRun& run, Ending ending, std::string& sentence) {
  try {
    while (run.evaluating()) run.advance();
    run.check_last_step();
  } catch (const Diverged& diverged) {
    sentence = diverged.what();
    return Ending::kDiverged;
  } catch (const PeerLost&) {
    run.leave_group();
    return settle(run, Ending::kAlone, sentence);
  }
  return ending;
}

// The epoch in which the run will stop at the latest.
std::int64_t epochs_ahead(const TrainingRun& run) {
  const EarlyStopping& rule = run.stop_rule();
  if (rule.steps == 0) return rule.epochs;
  const std::int64_t batches = run.trainer().batches_per_epoch();
  return std::min(rule.epochs, (rule.steps + batches - 1) / batches);
}

// What is wrong with going on with a run that has done all that it was to do; "" if it has not.
std::string nothing_left(const TrainingRun& run, const TrainFlags& flags) {
  const TrainState& state = run.trainer().state();
  const EarlyStopping& rule = run.stop_rule();
  if (state.epoch >= rule.epochs) {
    return "'" + *flags.resume + "' has been trained for " + std::to_string(state.epoch) +
           " epochs already; a larger --epochs than that goes on.";
  }
  if (rule.steps > 0 && state.step >= rule.steps) {
    return "'" + *flags.resume + "' has been trained for " + std::to_string(state.step) +
           " mini-batches already; a larger --set train.steps= than that goes on.";
  }
  return "";
}

std::string beginning(const RunPlan& plan, const TrainingRun& run, const ThreadPool& pool,
                      int processes) {
  return (plan.preset.empty() ? "A network" : plan.preset) + ": " +
         with_commas(run.model().layout().parameter_count()) + " parameters; seed " +
         std::to_string(run.trainer().spec().seed) + ", " +
         (processes > 1 ? std::to_string(processes) + " processes of " : "") +
         std::to_string(pool.size()) + (pool.size() == 1 ? " thread" : " threads");
}

// A run that is extended has a longer schedule, if that follows the run: what it was resumed for
// need not be what its first part was.
std::string schedule_sentence(const RunPlan& plan, const TrainingRun& run) {
  if (!plan.checkpoint || plan.settings.integer("train.decay_steps") != 0) return "";
  const TrainSpec& now = run.trainer().spec();
  const session::RunInfo before = session::read_run_info(*plan.checkpoint, "The resumed file");
  const Schedule old = session::train_spec(before.settings, run.data()->train.count()).schedule;
  if (now.schedule.kind == ScheduleKind::kConstant || old == now.schedule) return "";
  const std::int64_t step = run.trainer().state().step;
  const double base = now.optimizer.learning_rate;
  char rates[100];
  std::snprintf(rates, sizeof rates, "from %.3g instead of %.3g",
                learning_rate(now.schedule, base, step), learning_rate(old, base, step));
  return "The schedule follows the length of the run, which has changed: the learning rate goes "
         "on " +
         std::string(rates) + "; train.decay_steps gives it a length of its own.";
}

// What to type to go on with a run that was stopped.
std::string resume_command(const std::string& program, const RunPlan& plan, const TrainFlags& flags,
                           const std::filesystem::path& model, int processes) {
  std::string command = (processes > 1 ? "mpirun -n " + std::to_string(processes) + " " : "") +
                        shell_word(program) + " train --resume " + shell_word(model.string());
  if (!plan.data_path.empty()) command += " --data " + shell_word(plan.data_path);
  if (flags.threads) command += " --threads " + shell_word(*flags.threads);
  // The results go beside the file that is resumed, if nothing else is said.
  if (model.parent_path() != (plan.out / "model").parent_path()) {
    command += " --out " + shell_word(plan.out.string());
  }
  return command + (flags.json ? " --json" : "");
}

// A tenth of the run's learning rate, but nothing that the setting cannot be.
std::string slower_rate(const RunPlan& plan) {
  constexpr const char* kKey = "train.learning_rate";
  return shortest_text(std::max(plan.settings.real(kKey) / 10, session::find_setting(kKey).low));
}

Json notes_json(const std::vector<std::string>& notes) {
  Json list = Json::array();
  for (const std::string& note : notes) list.push_back(to_utf8(note));
  return list;
}

Json summary(const RunPlan& plan, const TrainingRun& run, const ThreadPool& pool,
             const RunFiles& files, const DataDescription& data, const DiagnosisReport& diagnoses,
             Ending ending, int processes) {
  Json json{{"preset", plan.preset.empty() ? Json() : Json(plan.preset)},
            {"dataset", to_utf8(run.data()->name)},
            {"data", data_json(*run.data(), data)},
            {"data_notes", notes_json(plan.data_notes)},
            {"epochs", plan.settings.integer("train.epochs")},
            {"seed", plan.settings.integer("train.seed")},
            {"processes", processes},
            {"threads", pool.size()},
            {"parameters", run.model().layout().parameter_count()},
            {"model", to_utf8(files.model_path().string())},
            {"ended", ending == Ending::kComplete   ? "complete"
                      : ending == Ending::kDiverged ? "diverged"
                                                    : "interrupted"}};
  const bool measured = !run.history().empty();
  const EpochMetrics last = measured ? run.history().back() : EpochMetrics{};
  const auto number = [&](double value) { return measured ? Json(value) : Json(); };
  json["epoch"] = last.epoch;
  json["train_loss"] = number(last.train_loss);
  json["train_penalty"] = number(last.train_penalty);
  json["test_loss"] = number(last.test_loss);
  json["test_penalty"] = number(last.test_penalty);
  json["test_mse"] = number(last.test_mse);
  json["rounded_accuracy"] = number(last.binary_accuracy);
  json["code_mean"] = number(last.code_mean);
  json["code_zero"] = number(last.code_zero);
  json["seconds"] = number(last.seconds);
  json["images_per_second"] = number(last.images_per_second);
  json["diagnoses"] = diagnoses.json(run);
  json["first_diagnosed"] = diagnoses.first_epochs();
  return json;
}

void print_summary(const Json& json) { std::printf("%s\n", json_text(json).c_str()); }

// Mini-batches are cut between whole chunks: small ones do not give work to all processes.
std::string idle_sentence(const TrainingRun& run, int processes) {
  const Index batch = run.trainer().spec().batch_size;
  const Index chunk = chunk_columns(batch), chunks = (batch + chunk - 1) / chunk;
  if (chunks >= processes) return "";
  return "Mini-batches of " + std::to_string(batch) + " " + sample_noun(run.data()->shape, batch) +
         (batch == 1 ? " gives" : " give") + " work to " + std::to_string(chunks) + " of the " +
         std::to_string(processes) + " processes; a train.batch_size of at least " +
         std::to_string(kChunkColumns * processes) + " gives some to all.";
}

// A run that has ended, and was killed before everything of it was written: writes what is missing.
// Throws Error with `done` if nothing is.
int finish_files(const std::string& done, TrainingRun& run, RunFiles& files, ThreadPool& pool,
                 Progress& progress) {
  const std::vector<std::string> missing = files.missing();
  if (missing.empty()) throw Error(done);
  const bool saved = files.save_model(run);
  if (!files.save_pictures(run, pool) || !saved) return kFailed;
  std::string names;
  for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + name;
  progress.note("The run had ended, and not all of its files were there: wrote " + names + " to " +
                files.model_path().parent_path().string());
  return kDone;
}

int train_command(const std::string& program, const TrainFlags& flags, ProcessGroup& job) {
  std::int64_t keep_every = 0;
  if (flags.keep_every && (!parse_number(*flags.keep_every, keep_every) || keep_every < 1)) {
    throw Error("--keep-every cannot be '" + *flags.keep_every +
                "'; it must be a whole number of epochs, at least 1.");
  }
  RunPlan plan = plan_run(flags);
  const auto threads = static_cast<int>(plan.settings.integer("train.threads"));
  const int asked_threads = threads == 0 ? job.threads() : threads;
  ThreadPool pool(asked_threads);
  TrainingRun run(plan.settings, plan.data, pool, job.communicator());
  const bool moments_reset =
      plan.checkpoint && run.resume(*plan.checkpoint, plan.history, plan.other_data);
  const std::int64_t target = epochs_ahead(run);
  const std::string done = plan.checkpoint ? nothing_left(run, flags) : "";

  const int processes = job.processes();
  // The stdout of the others goes nowhere.
  std::FILE* const stream = flags.json && job.is_first() ? stderr : stdout;
  Progress progress(stream, run.trainer().epochs_done(), target, /*may_draw=*/processes == 1,
                    sample_noun(run.data()->shape, 2));
  const auto warn = [&](const std::string& sentence) {
    if (!job.is_first()) return;
    progress.finish();
    std::fflush(stdout);
    write_unless_stopped(stderr, "hourglass: " + one_line(sentence) + "\n");
  };
  std::optional<RunFolder> folder;
  std::optional<RunFiles> files;
  if (job.is_first()) {
    std::error_code error;
    if (!done.empty() && !std::filesystem::is_directory(plan.out, error)) throw Error(done);
    folder.emplace(plan.out_is_new ? RunFolder::fresh(plan.out) : RunFolder::of(plan.out));
    plan.out = folder->path();
    folder->remove_unfinished();
    files.emplace(plan, warn);
  }
  const DataDescription data = describe(*run.data());
  DiagnosisReport diagnoses({.settings = plan.settings, .features = run.data()->shape.features()},
                            warn);
  if (!done.empty()) {
    if (!files) return kDone;  // what there is to say is for the first process
    const int code = finish_files(done, run, *files, pool, progress);
    if (flags.json)
      print_summary(
          summary(plan, run, pool, *files, data, diagnoses, Ending::kComplete, processes));
    return code;
  }
  job.begin(processes > 1 ? fingerprint(plan) : 0);
  if (!plan.note.empty()) warn(plan.note);
  if (const std::string fewer = fewer_threads_sentence(pool, asked_threads); !fewer.empty())
    warn(fewer);
  if (moments_reset) warn("'" + *flags.resume + "'" + session::kMomentsResetNote);
  if (const std::string note = job.is_first() ? run.note() : ""; !note.empty()) warn(note);
  diagnoses.warn(run);
  if (const std::string idle = idle_sentence(run, processes); !idle.empty()) warn(idle);
  // From before anything is said until everything is written.
  const StopRequests requests;
  progress.note(data_sentence(*run.data(), data));
  for (const std::string& note : plan.data_notes) progress.note(printable(note));
  progress.note(beginning(plan, run, pool, processes));
  if (const std::string change = schedule_sentence(plan, run); !change.empty()) {
    progress.note(change);
  }

  std::string sentence;
  const auto keep_some = [&] {
    diagnoses.note_epoch(run);
    if (files && keep_every > 0 && run.trainer().state().batch == 0 &&
        run.trainer().state().epoch % keep_every == 0) {
      files->keep_epoch(run, pool);
    }
  };
  const Ending ending = settle(
      run, train(run, progress, files ? &*files : nullptr, job, keep_some, sentence), sentence);
  // What follows is for the first process.
  if (!files) return ending == Ending::kAlone ? kFailed : kDone;
  progress.finish();
  // The model first: whoever is in a hurry may press Ctrl-C again, and mpirun waits for a second
  // only.
  bool saved = files->save_model(run);
  if (ending == Ending::kInterrupted || ending == Ending::kAlone) {
    warn(std::string(ending == Ending::kAlone ? "Another process does not answer any more. " : "") +
         "Stopped after " + fixed(run.trainer().epochs_done(), 2) + " of " +
         std::to_string(target) + " epochs; go on with: " +
         resume_command(program, plan, flags, files->model_path(), processes));
  }
  if (ending == Ending::kAlone) return kFailed;
  saved = files->save_pictures(run, pool) && saved;
  if (ending == Ending::kDiverged) {
    warn(sentence + " They are in '" + files->model_path().string() +
         "'; go on with: " + resume_command(program, plan, flags, files->model_path(), processes) +
         " --set train.learning_rate=" + slower_rate(plan));
  } else if (!sentence.empty()) {
    progress.note(sentence);
  }
  diagnoses.warn(run);
  if (saved) {
    progress.note("Wrote model.safetensors, history.csv, " + files->reconstructions_name() +
                  " and latent.png to " + plan.out.string());
  }
  if (flags.json) {
    print_summary(summary(plan, run, pool, *files, data, diagnoses, ending, processes));
  }
  if (ending == Ending::kInterrupted) return kInterrupted;
  return ending == Ending::kDiverged || !saved ? kFailed : kDone;
}

}  // namespace

void add_train_command(CommandLine& line, ProcessGroup& job) {
  const auto flags = std::make_shared<TrainFlags>();
  Command& train = line.add("train", "Train a model and write what came of it");
  train.option("--preset", flags->preset, "The model: 'hourglass presets' lists them", "NAME");
  train.option("--data", flags->data,
               "mnist, fashion-mnist, strokes, texts, reuters-21578, a file or folder of arrays, a "
               "folder or zip of images or of text files (subfolders are classes), a table "
               "('hourglass inspect PATH' says what is understood), or a .tsv, .csv or .txt file "
               "of documents, one a line, a topic and a tab "
               "before it; the preset's own if this is left out, or Strokes, which needs no files, "
               "where that is missing",
               "NAME|PATH");
  train.option("--epochs", flags->epochs, "How often to go through the data", "N");
  train.option("--seed", flags->seed, "Of the weights, the order and the noise", "N");
  train.option("--threads", flags->threads, "0 for all cores; the results do not depend on it",
               "N");
  train.options("--set", flags->set, "Any settings: 'hourglass settings' lists them",
                "KEY=VALUE ...");
  train.option("--resume", flags->resume,
               "Go on with the run in a model.safetensors, exactly as if it had not stopped; "
               "--epochs may extend it, and --set change its train.learning_rate and the like",
               "FILE");
  train.flag("--other-data", flags->other_data,
             "With --resume: go on although the data of --data are not those that the run was "
             "trained on, in the scale of those; an epoch that was under way starts anew");
  train.option("--out", flags->out,
               "Folder for model.safetensors, history.csv, reconstructions.png (.tsv of documents) "
               "and latent.png; "
               "runs/PRESET if this is left out (runs/PRESET-2, ... if that is there), or the "
               "folder of the resumed file",
               "DIR");
  train.option("--keep-every", flags->keep_every,
               "Also keep the model and the reconstructions of every N-th epoch, as "
               "model-EPOCH.safetensors and reconstructions-EPOCH.png",
               "N");
  train.flag("--json", flags->json,
             "Progress to stderr, and as the last line of stdout one JSON object");
  train.runs(
      [program = line.program(), flags, &job] { return train_command(program, *flags, job); });
}

}  // namespace hourglass
