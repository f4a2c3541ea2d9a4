// From settings to what the engine takes, and whole runs to files and back.
#pragma once

#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/file_reading.h"
#include "core/model/spec.h"
#include "core/session/settings/run_specs.h"
#include "core/session/settings/settings.h"
#include "core/train/trainer.h"

namespace hourglass::session {

ModelSpec model_spec(const Settings& settings);  // throws Error about model.encoder, model.decoder
// What the trainer takes for a run on `train_samples` samples: a schedule that follows the run has
// its length.
TrainSpec train_spec(const Settings& settings, Index train_samples);

// What a checkpoint's metadata says of the run.
// The entry of a file's metadata that holds the vocabulary of a model that reads documents: its
// word_input_json(). run_file() takes it from the trainer's data, if these know their words.
inline constexpr const char* kVocabularyKey = "hourglass.vocabulary";

struct RunInfo {
  Settings settings;
  std::string data;  // name of the data set
  ImageShape input;
  std::vector<EpochMetrics> history;
  // How the model's inputs and outputs are scaled. save_run() takes it from the trainer's data.
  ScalingMap map = {};
  ValueRange range = {};
  // What the data were: data_hash(), and how many samples they had. "" and -1 in files of older
  // versions, which do not say.
  std::string data_hash = {};
  std::int64_t train_count = -1, test_count = -1;
  // It was made of another program's file: it was not trained here, and no run can go on from it.
  bool is_imported = false;
  // Titles of a table's features, and how a person's own files were read; empty where nobody has
  // told. run_file() takes both from the trainer's data.
  std::vector<std::string> columns = {};
  FileReading reading = {};
  // What kVocabularyKey holds, as it was read; "" where it is not there.
  std::string vocabulary = {};
};

// Adds to the metadata of `file` what `info` says, but for what the data were.
void add_run_info(const RunInfo& info, Safetensors& file);

// A safetensors file: parameters and moments by name, counters, and RunInfo in the metadata. The
// first points to the trainer's own arrays, and takes no memory for them.
Safetensors run_file(const Trainer& trainer, const RunInfo& info);
// The same of a state that the trainer was in, to which it then points.
Safetensors run_file(const Trainer& trainer, const TrainState& state, const RunInfo& info);
std::vector<std::uint8_t> save_run(const Trainer& trainer, const RunInfo& info);

// How `data`, scaled for training, are others than those that the run was trained on, whatever
// their names: what follows "it" in a sentence ("holds 300 samples to train on ..."); "" if they
// are the same. Of files of older versions the scaling alone is compared.
std::string data_difference(const RunInfo& info, const Dataset& data);

// Throws Error if the file is no checkpoint of a run. `what` names it in messages.
RunInfo read_run_info(const Safetensors& file, const std::string& what);

}  // namespace hourglass::session
