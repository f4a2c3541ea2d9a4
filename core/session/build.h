// From settings to what the engine takes, and whole runs to files and back.
#pragma once

#include <string>
#include <vector>

#include "core/data/corruption.h"
#include "core/data/dataset.h"
#include "core/nn/model_spec.h"
#include "core/session/settings.h"
#include "core/train/stopping.h"
#include "core/train/trainer.h"

namespace hourglass::session {

ModelSpec model_spec(const Settings& settings);  // throws Error about model.encoder, model.decoder
TrainSpec train_spec(const Settings& settings);
// The same for a run on `train_samples` samples: a schedule that follows the run has its length.
TrainSpec train_spec(const Settings& settings, Index train_samples);
StopRule stop_rule(const Settings& settings);
Corruption view_corruption(const Settings& settings);

// What a checkpoint's metadata says of the run.
struct RunInfo {
  Settings settings;
  std::string data;  // name of the data set
  ImageShape input;
  std::vector<EpochMetrics> history;
  // How the model's inputs and outputs are scaled. save_run() takes it from the trainer's data.
  ScalingMap map = {};
  ValueRange range = {};
};

// A safetensors file: parameters and moments by name, counters, and RunInfo in the metadata.
std::vector<std::uint8_t> save_run(const Trainer& trainer, const RunInfo& info);

// Throws Error if the file is no checkpoint of a run. `what` names it in messages.
RunInfo read_run_info(const Safetensors& file, const std::string& what);

}  // namespace hourglass::session
