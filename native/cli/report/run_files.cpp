#include "native/cli/report/run_files.h"

#include <unistd.h>

#include <chrono>
#include <exception>
#include <new>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/formats/safetensors.h"
#include "core/train/metrics.h"
#include "native/cli/plots/document_words.h"
#include "native/cli/plots/pictures.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using session::TrainingRun;

constexpr const char* kModelName = "model.safetensors";
constexpr const char* kHistoryName = "history.csv";
constexpr const char* kMapName = "latent.png";
// More than the header of a model and its history take.
constexpr std::size_t kKeptBack = std::size_t{4} << 20;

std::string title(const RunPlan& plan, const TrainingRun& run) {
  const std::string name = plan.preset.empty() ? "a network" : plan.preset;
  const auto epochs = run.trainer().state().epoch;
  return name + " on " + run.data()->name + " after " + std::to_string(epochs) +
         (epochs == 1 ? " epoch" : " epochs");
}

}  // namespace

RunFiles::RunFiles(const RunPlan& plan, std::function<void(const std::string&)> warn)
    : plan_(plan),
      warn_(std::move(warn)),
      model_path_(plan.out / kModelName),
      saved_(std::chrono::steady_clock::now()),
      kept_back_(kKeptBack) {}

std::string RunFiles::attempt(const fs::path& path, const std::function<void()>& work) {
  for (;;) {
    try {
      work();
      return "";
    } catch (const std::bad_alloc&) {
      if (kept_back_.empty()) {
        return "There is not enough memory just now to write '" + path.string() + "'.";
      }
      kept_back_ = {};
    } catch (const std::exception& error) {
      return error.what();
    }
  }
}

void RunFiles::write_model(TrainingRun& run, const fs::path& path) const {
  Safetensors file = run.checkpoint(plan_.settings);
  if (!plan_.preset.empty()) file.metadata[kPresetKey] = plan_.preset;
  FileWriter writer(path);
  write_safetensors(file, [&](std::span<const std::uint8_t> bytes) { writer.write(bytes); });
  writer.finish();
}

void RunFiles::write_history(const TrainingRun& run) const {
  write(kHistoryName, bytes_of(history_csv(run.history())));
}

void RunFiles::write(const std::string& name, std::span<const std::uint8_t> bytes) const {
  write_file(plan_.out / name, bytes);
}

void RunFiles::warn_once(const std::string& wrong) {
  if (wrong.empty() || std::exchange(warned_, true)) return;
  warn_(wrong + " Training goes on, and it is tried again later.");
}

bool RunFiles::save_model(TrainingRun& run) {
  saved_ = std::chrono::steady_clock::now();
  const fs::path path = plan_.out / kModelName;
  const std::string wrong = attempt(path, [&] { write_model(run, path); });
  if (!wrong.empty()) warn_(wrong);
  const std::string unlisted = attempt(plan_.out / kHistoryName, [&] { write_history(run); });
  if (!unlisted.empty()) warn_(unlisted);
  if (wrong.empty()) return unlisted.empty();
  fs::path elsewhere;
  const std::string lost = attempt("the model", [&] {
    elsewhere =
        fs::temp_directory_path() / ("hourglass-" + std::to_string(getpid()) + "." + kModelName);
    write_model(run, elsewhere);
  });
  if (lost.empty()) {
    model_path_ = elsewhere;
    warn_("The model was saved as '" + elsewhere.string() + "' instead; nothing is lost.");
  } else {
    warn_(lost);
  }
  return false;
}

void RunFiles::save_now_and_then(TrainingRun& run) {
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::seconds between{plan_.settings.integer("train.save_seconds")};
  if (between.count() == 0 || now - saved_ < between) return;
  saved_ = now;
  const fs::path path = plan_.out / kModelName;
  warn_once(attempt(path, [&] {
    write_model(run, path);
    write_history(run);
  }));
}

void RunFiles::keep_epoch(TrainingRun& run, ThreadPool& pool) {
  std::string epoch = std::to_string(run.trainer().state().epoch);
  epoch.insert(0, epoch.size() < 4 ? 4 - epoch.size() : 0, '0');
  const fs::path model = plan_.out / ("model-" + epoch + ".safetensors");
  const fs::path picture = plan_.out / ("reconstructions-" + epoch + reconstructions_ending());
  warn_once(attempt(model, [&] { write_model(run, model); }));
  warn_once(attempt(picture, [&] { write_file(picture, reconstructions(run, pool)); }));
}

const char* RunFiles::reconstructions_ending() const {
  return plan_.data->documents ? ".tsv" : ".png";
}

std::string RunFiles::reconstructions_name() const {
  return std::string("reconstructions") + reconstructions_ending();
}

std::vector<std::uint8_t> RunFiles::reconstructions(const TrainingRun& run,
                                                    ThreadPool& pool) const {
  if (!plan_.data->documents) return reconstructions_png(run, plan_.settings, pool);
  const std::string table = reconstructions_tsv(run, plan_.settings, pool);
  return {table.begin(), table.end()};
}

bool RunFiles::save_pictures(const TrainingRun& run, ThreadPool& pool) {
  bool good = true;
  const auto draw = [&](const std::string& name, auto&& picture) {
    const std::string wrong = attempt(plan_.out / name, [&] { write(name, picture()); });
    if (!wrong.empty()) warn_(name + " could not be made: " + wrong);
    good = good && wrong.empty();
  };
  draw(reconstructions_name(), [&] { return reconstructions(run, pool); });
  draw(kMapName, [&] { return latent_png(run, plan_.settings, pool, title(plan_, run)); });
  return good;
}

std::vector<std::string> RunFiles::missing() const {
  std::vector<std::string> names;
  std::error_code none, unknown;
  const auto model = fs::last_write_time(plan_.out / kModelName, none);
  if (none) return names;
  for (const std::string& name :
       {std::string(kHistoryName), reconstructions_name(), std::string(kMapName)}) {
    const auto written = fs::last_write_time(plan_.out / name, unknown);
    if (unknown || written < model) names.push_back(name);
  }
  return names;
}

}  // namespace hourglass
