// The files that a run leaves in its folder.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/math/thread_pool.h"
#include "core/session/engine/training_run.h"
#include "native/cli/plan/plan.h"

namespace hourglass {

// Nothing that goes wrong while writing is thrown, whatever it is: a full disk, a folder that is
// gone, memory that is short just then. Each function says so and goes on with the next file.
// Writing takes next to no memory of its own, and some is kept back for it.
class RunFiles {
 public:
  // For the files of `plan` in plan.out, which is there. `warn` is called with a sentence when
  // something goes wrong. Both must outlive this.
  RunFiles(const RunPlan& plan, std::function<void(const std::string&)> warn);

  // Writes model.safetensors and history.csv; an evaluation under way is finished first. If the
  // folder does not take the model any more (a full disk), it goes to the system's folder for
  // temporary files: warns, and returns false.
  bool save_model(session::TrainingRun& run);
  // While training goes on: as save_model(), no more often than it is asked for. What goes wrong
  // is said once, and tried again the next time.
  void save_now_and_then(session::TrainingRun& run);
  // Writes model-EPOCH.safetensors and reconstructions-EPOCH.png (.tsv of documents), EPOCH with
  // leading zeros. What goes wrong is said once.
  void keep_epoch(session::TrainingRun& run, ThreadPool& pool);
  // Writes reconstructions_name() and latent.png. Warns and returns false if that fails.
  bool save_pictures(const session::TrainingRun& run, ThreadPool& pool);

  // Which of the files of a run that has ended are missing, or older than the model.safetensors
  // that is there; none if that is not.
  std::vector<std::string> missing() const;

  // reconstructions.png or, of documents, reconstructions.tsv.
  std::string reconstructions_name() const;
  // Where the model was last written.
  const std::filesystem::path& model_path() const { return model_path_; }

 private:
  // Does `work`, which writes `path`; if memory is short, again with what is kept back. Returns
  // what went wrong, "" if nothing.
  std::string attempt(const std::filesystem::path& path, const std::function<void()>& work);
  void write_model(session::TrainingRun& run, const std::filesystem::path& path) const;
  void write_history(const session::TrainingRun& run) const;
  void write(const std::string& name, std::span<const std::uint8_t> bytes) const;
  const char* reconstructions_ending() const;
  std::vector<std::uint8_t> reconstructions(const session::TrainingRun& run,
                                            ThreadPool& pool) const;
  void warn_once(const std::string& wrong);

  const RunPlan& plan_;
  std::function<void(const std::string&)> warn_;
  std::filesystem::path model_path_;
  std::chrono::steady_clock::time_point saved_;
  bool warned_ = false;
  std::vector<char> kept_back_;
};

}  // namespace hourglass
