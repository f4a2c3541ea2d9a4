#include "native/cli_run_files.h"

#include <unistd.h>

#include <chrono>
#include <cstring>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/train/metrics.h"
#include "native/cli_pictures.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using session::TrainingRun;

constexpr std::chrono::seconds kBetweenSaves{60};
constexpr const char* kModelName = "model.safetensors";

std::vector<std::uint8_t> to_bytes(const std::string& text) { return {text.begin(), text.end()}; }

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
      saved_(std::chrono::steady_clock::now()) {
  const std::string cannot = "The results cannot be written to '" + plan.out.string() + "': ";
  std::error_code error;
  fs::create_directories(plan.out, error);
  if (!fs::is_directory(plan.out)) {
    throw Error(cannot +
                (fs::exists(plan.out) ? "it is a file, and a folder is needed" : error.message()) +
                "; --out names another folder.");
  }
  if (access(plan.out.c_str(), W_OK | X_OK) != 0) {
    throw Error(cannot + std::strerror(errno) + "; --out names another folder.");
  }
}

std::vector<std::uint8_t> RunFiles::model_bytes(TrainingRun& run) const {
  const std::vector<std::uint8_t> bytes = run.save(plan_.settings);
  if (plan_.preset.empty()) return bytes;
  Safetensors file = read_safetensors(bytes, kModelName);
  file.metadata[kPresetKey] = plan_.preset;
  return write_safetensors(file);
}

bool RunFiles::try_to_write(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
  try {
    write_file(path, bytes);
    return true;
  } catch (const Error& error) {
    warn_(error.what());
    return false;
  }
}

bool RunFiles::save_model(TrainingRun& run) {
  const std::vector<std::uint8_t> bytes = model_bytes(run);
  saved_ = std::chrono::steady_clock::now();
  const bool written = try_to_write(plan_.out / kModelName, bytes);
  const bool listed = try_to_write(plan_.out / "history.csv", to_bytes(history_csv(run.history())));
  if (written) return listed;
  std::error_code error;
  const fs::path elsewhere =
      fs::temp_directory_path(error) / ("hourglass-" + std::to_string(getpid()) + "." + kModelName);
  if (!error && try_to_write(elsewhere, bytes)) {
    model_path_ = elsewhere;
    warn_("The model was saved as '" + elsewhere.string() + "' instead; nothing is lost.");
  }
  return false;
}

void RunFiles::save_now_and_then(TrainingRun& run) {
  const auto now = std::chrono::steady_clock::now();
  if (now - saved_ < kBetweenSaves) return;
  saved_ = now;
  try {
    write_file(plan_.out / kModelName, model_bytes(run));
    write_file(plan_.out / "history.csv", to_bytes(history_csv(run.history())));
  } catch (const Error& error) {
    if (!std::exchange(warned_, true)) {
      warn_(std::string(error.what()) + " Training goes on, and it is tried again later.");
    }
  }
}

void RunFiles::keep_epoch(TrainingRun& run, ThreadPool& pool) {
  std::string epoch = std::to_string(run.trainer().state().epoch);
  epoch.insert(0, epoch.size() < 4 ? 4 - epoch.size() : 0, '0');
  try_to_write(plan_.out / ("model-" + epoch + ".safetensors"), model_bytes(run));
  try_to_write(plan_.out / ("reconstructions-" + epoch + ".png"),
               reconstructions_png(run, plan_.settings, pool));
}

bool RunFiles::save_pictures(const TrainingRun& run, ThreadPool& pool) {
  bool good = true;
  const auto draw = [&](const char* name, auto&& picture) {
    try {
      good = try_to_write(plan_.out / name, picture()) && good;
    } catch (const Error& error) {
      warn_(std::string(name) + " could not be drawn: " + error.what());
      good = false;
    }
  };
  draw("reconstructions.png", [&] { return reconstructions_png(run, plan_.settings, pool); });
  draw("latent.png", [&] { return latent_png(run, plan_.settings, pool, title(plan_, run)); });
  return good;
}

}  // namespace hourglass
