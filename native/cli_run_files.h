// The files that a run leaves in its folder.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/math/thread_pool.h"
#include "core/session/training_run.h"
#include "native/cli_plan.h"

namespace hourglass {

class RunFiles {
 public:
  // Makes plan.out, so that a folder that cannot be written to is found out before training. `warn`
  // is called with a sentence when something goes wrong later. Both must outlive this.
  RunFiles(const RunPlan& plan, std::function<void(const std::string&)> warn);

  // Writes model.safetensors and history.csv; an evaluation under way is finished first. If the
  // folder does not take the model any more (a full disk), it goes to the system's folder for
  // temporary files: warns, and returns false.
  bool save_model(session::TrainingRun& run);
  // While training goes on: as save_model(), but no more often than once a minute, and only a
  // warning if the folder does not take it.
  void save_now_and_then(session::TrainingRun& run);
  // Writes model-EPOCH.safetensors and reconstructions-EPOCH.png, EPOCH with leading zeros. Warns if
  // that fails.
  void keep_epoch(session::TrainingRun& run, ThreadPool& pool);
  // Writes reconstructions.png and latent.png. Warns and returns false if that fails.
  bool save_pictures(const session::TrainingRun& run, ThreadPool& pool);

  // Where the model was last written.
  const std::filesystem::path& model_path() const { return model_path_; }

 private:
  std::vector<std::uint8_t> model_bytes(session::TrainingRun& run) const;
  bool try_to_write(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes);

  const RunPlan& plan_;
  std::function<void(const std::string&)> warn_;
  std::filesystem::path model_path_;
  std::chrono::steady_clock::time_point saved_;
  bool warned_ = false;
};

}  // namespace hourglass
