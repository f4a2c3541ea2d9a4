// What a run is to be, out of the flags of `hourglass train`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/dataset.h"
#include "core/session/engine/build.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"

namespace hourglass {

// The flags as they were given; what was not given is absent.
struct TrainFlags {
  std::optional<std::string> preset, data, epochs, seed, threads, resume, out, keep_every;
  std::vector<std::string> set;  // "key=value"
  bool json = false;
  bool other_data = false;  // --resume goes on although the data are others
};

struct RunPlan {
  session::Settings settings;
  std::string preset;  // its name; "" if a resumed run is of none
  DatasetPointer data;
  std::string data_path;  // where `data` came from, if --data named a file or folder; else ""
  // The folder for the results. Of a run that is to have a new one, the name that it has if no
  // folder of that name is there.
  std::filesystem::path out;
  bool out_is_new = false;
  std::string note;  // something that the person should know; "" if there is nothing

  // What was guessed of that file or folder, or left out: whole sentences.
  std::vector<std::string> data_notes;
  // While a project is read that has its data in it.
  std::vector<std::uint8_t> project_samples;

  // Of a run that goes on: the file, what it says, and the bytes that it points into.
  std::vector<std::uint8_t> checkpoint_bytes;
  std::optional<Safetensors> checkpoint;
  std::vector<EpochMetrics> history;
  bool other_data = false;  // than those that the checkpoint was trained on, knowingly
};

// The key in a checkpoint's metadata under which the preset's name is kept.
inline constexpr const char* kPresetKey = "hourglass.preset";

// Loads the data and the checkpoint. Makes no files. Throws Error if a flag, name, value or file
// cannot be used, or contradicts another.
RunPlan plan_run(const TrainFlags& flags);

// The data set that `value` of --data stands for, unscaled: a name, or a path as load_data_path()
// takes it, which is then put into `path`. `strokes` are as large as the settings say; documents
// are counted by the words that `trained` knows, if it is a model of documents, and files are read
// as its own were. What was guessed of a path or left out is added to `notes`, if it is not null.
// Throws Error.
Dataset load_unscaled_data(const std::string& value, const session::Settings& settings,
                           std::string& path, const session::RunInfo* trained = nullptr,
                           std::vector<std::string>* notes = nullptr);

// `data`, unscaled, as the settings want them for training.
Dataset scaled_for(const session::Settings& settings, Dataset data);

// What `value` stands for, scaled so.
DatasetPointer load_named_data(const std::string& value, const session::Settings& settings,
                               std::string& path, std::vector<std::string>* notes = nullptr);

// The preset of that name; with `of_documents` also one that is for documents alone. Throws Error,
// with the nearest name, if there is none.
const session::Preset& named_preset(const std::string& name, bool of_documents = false);

// "32 x 32 pixels", "3 x 32 x 32 pixels" in colour, "13 numbers".
std::string sample_text(const ImageShape& shape);

// Whether `name` is one of the data sets that need no path.
bool is_data_name(const std::string& name);

}  // namespace hourglass
