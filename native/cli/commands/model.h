// What the commands that use a trained model share: the model of a file, and what it is applied to.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/corruption.h"
#include "core/data/dataset.h"
#include "core/formats/array_file.h"
#include "core/math/thread_pool.h"
#include "core/nn/model.h"
#include "core/session/engine/build.h"
#include "core/session/export/project_file.h"
#include "native/cli/console/command_line.h"

namespace hourglass {

struct ApplyFlags {
  std::optional<std::string> model, in, out, data, threads, noise, count, seed;
  std::vector<std::string> set;  // "data.range=0..16": how files are to be read
  bool json = false;
};

struct LoadedModel {
  session::RunInfo info;
  std::shared_ptr<const Model> model;
  ParameterBuffer parameters;
  std::vector<std::uint8_t> project_samples;  // a person's own data, where a project brings them

  ImageShape image_shape() const { return info.input; }
  ImageShape code_shape() const { return {1, 1, model->code_size()}; }
};

// The bytes of a model.safetensors, or what a project has. Throws Error if a project is damaged.
session::Project read_model_file(const std::string& path);

// The model of a model.safetensors or a project. Throws Error, with the path, if it is none.
LoadedModel load_model(const std::string& path);

// The flag's value. Throws Error that `command` needs `what` if it was not given.
const std::string& needed(const std::optional<std::string>& flag, const char* command,
                          const char* what);

// That of --threads, 0 if it was not given. Throws Error if it is no number of threads.
int thread_count(const ApplyFlags& flags);

// A flag that is a whole number, `initial` if it was not given. Throws Error with its `name` and
// the range if it is none from `low` to `high`.
std::int64_t whole_number(const std::optional<std::string>& flag, const char* name,
                          std::int64_t initial, std::int64_t low, std::int64_t high);

// What --noise says: KIND:LEVEL. Throws Error if it is not of that form.
Corruption noise_of(const std::string& flag);

// The codes in a file of arrays. Throws Error if they are of another size or not finite.
SampleArray read_codes(const std::string& path, const LoadedModel& loaded);

// What is known of data beside the model's own.
struct DataIdentity {
  std::string hash;          // data_hash() of them; "" if they cannot be scaled as the run's were
  std::optional<bool> same;  // whether they are what the model was trained on, if its file tells
};

// What a model is applied to.
struct ModelInput {
  std::string source;                      // what messages call it
  Samples samples;                         // in the model's scale
  std::vector<std::string> feature_names;  // empty where nobody has told them
  DataIdentity identity;                   // of a data set's held-out samples
};

// Says on stderr where a pool has fewer threads than were asked for.
void warn_of_fewer_threads(const ThreadPool& pool, int asked);

// Of a model that was imported, where it needs data and nobody has named any.
inline constexpr const char* kImportedAdvice =
    "The model was imported, and its file does not say on what it was trained; name data of that "
    "kind with --data NAME or PATH.";

// The samples of the file, folder or archive that --in names, or the held-out samples of the data
// set that --data does, or of the model's own if neither was given; held to the range that the
// model was trained on if its run had data.clip. Says so on stderr where they have the name of the
// model's data and are others. Those of --in are all of them, in their order, read as the data of
// the run were (its settings data.*); `cuts_sheets`: an image alone may be a sheet. Throws Error if
// they do not fit the model.
ModelInput model_input(const ApplyFlags& flags, const LoadedModel& loaded, bool cuts_sheets = true);

// Says on stderr how many rows of a table leave the range that the model was trained on, if any do.
void warn_of_rows(const ModelInput& input, const LoadedModel& loaded);

// Writes "hourglass: SENTENCE" to stderr.
void warn(const std::string& sentence);

// Adds --set, which says how the files of --in and --data are read where the run's settings do not.
void add_reading_flag(Command& command, ApplyFlags& flags);

// Adds the flags that all of these commands have; `in` and `out` are help texts.
std::shared_ptr<ApplyFlags> add_flags(Command& command, const char* in, const char* out);

}  // namespace hourglass
