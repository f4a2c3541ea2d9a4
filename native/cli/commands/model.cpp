#include "native/cli/commands/model.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/data_hash.h"
#include "core/data/document_info.h"
#include "core/data/sources/dataset_file.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/classifier_file.h"
#include "core/session/engine/import_settings.h"
#include "core/text/word_input.h"
#include "core/train/domain.h"
#include "core/train/trainer.h"
#include "native/cli/commands/train_quietly.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/platform/data_files.h"

namespace hourglass {
namespace {

// What is known of the model, with the settings of --set for how files are read.
session::RunInfo reading_info(const ApplyFlags& flags, const LoadedModel& loaded) {
  session::RunInfo info = loaded.info;
  for (const std::string& pair : flags.set) {
    const std::string key = pair.substr(0, pair.find('='));
    const bool says_how = key.starts_with("data.") && key != "data.set" && key != "data.scaling" &&
                          key != "data.clip";
    if (!says_how) {
      throw Error("--set says how files are read, as data.range=0..16 does, and '" + key +
                  "' is of the run: leave it out.");
    }
    set_pair(info.settings, to_utf8(pair));
  }
  return info;
}

// All samples of a person's own file, folder or archive, read as those that the model was trained
// on, unscaled. What was guessed or left out is said on stderr.
Dataset read_samples(const std::string& path, const session::RunInfo& info, bool cuts_sheets) {
  ImportOptions options = session::import_options(info);
  options.whole = true;
  options.cuts_sheets = cuts_sheets;
  std::optional<WordInput> words;
  if (!info.vocabulary.empty()) {
    words = parse_word_input(info.vocabulary, "The model", info.input.features());
  }
  Imported imported = import_path(path, options, words ? &*words : nullptr);
  Dataset& data = imported.data;
  if (data.shape.features() != info.input.features()) {
    throw Error("'" + path + "' holds samples of " + sample_text(data.shape) +
                ", and the model takes " + sample_text(info.input) + ".");
  }
  for (const std::string& note : imported.report.notes) warn(printable(note));
  if (data.documents && !data.documents->note.empty()) warn(printable(data.documents->note));
  return std::move(data);
}

// How `data`, unscaled, differ from those that the model was trained on, as data_difference().
std::string compare_data(const session::RunInfo& info, Dataset data, DataIdentity& identity) {
  try {
    const Dataset scaled = scaled_for(info.settings, std::move(data));
    identity.hash = data_hash(scaled);
    const std::string difference = session::data_difference(info, scaled);
    if (!info.data_hash.empty() || !difference.empty()) identity.same = difference.empty();
    return difference;
  } catch (const Error&) {
    identity.same = false;
    return "cannot be scaled as those that the run was trained on";
  }
}

bool is_table(const ImageShape& shape) { return shape.rows == 1 && shape.channels == 1; }

// The held-out samples of the data that --data names, or of the model's own, unscaled. Says so on
// stderr where they have the name of the model's data and are others. Throws Error if they do not
// fit the model.
ModelInput held_out_samples(const ApplyFlags& flags, const LoadedModel& loaded) {
  const std::string source = flags.data.value_or(loaded.info.data);
  const bool is_brought = !flags.data && !loaded.project_samples.empty();
  if (!flags.data && loaded.info.is_imported) throw Error(kImportedAdvice);
  if (!flags.data && !is_brought && !is_data_name(source)) {
    throw Error("The model was trained on the data in '" + source +
                "'; say what to measure it on with --in FILE or --data PATH.");
  }
  std::string path;
  const session::RunInfo info = reading_info(flags, loaded);
  Dataset data = is_brought ? dataset_from_bytes(loaded.project_samples, "'" + source + "'").data
                            : load_unscaled_data(source, info.settings, path, &info);
  if (data.shape.features() != loaded.model->features()) {
    throw Error("The samples of '" + source + "' have " + sample_text(data.shape) +
                ", and the model takes " + sample_text(loaded.image_shape()) + ".");
  }
  ModelInput input{source, data.test, data.feature_names, {}};
  const bool same_name = data.name == loaded.info.data;
  const std::string difference = compare_data(loaded.info, std::move(data), input.identity);
  if (same_name && !difference.empty()) warn("'" + source + "' " + difference + ".");
  return input;
}

}  // namespace

session::Project read_model_file(const std::string& path) {
  session::Project project{read_file(path), {}};
  if (session::is_project(project.checkpoint)) {
    project = session::read_project(std::move(project.checkpoint), path);
  }
  return project;
}

LoadedModel load_model(const std::string& path) {
  session::Project project = read_model_file(path);
  const Safetensors file = read_safetensors(project.checkpoint, "'" + path + "'");
  LoadedModel loaded;
  loaded.project_samples = std::move(project.samples);
  loaded.info = session::read_run_info(file, "'" + path + "'");
  session::refuse_classifier(file, "'" + path + "'");
  try {
    loaded.model =
        std::make_shared<const Model>(session::model_spec(loaded.info.settings), loaded.info.input);
    load_parameters(file, loaded.model->layout(), loaded.parameters);
  } catch (const Error& error) {
    throw Error("'" + path + "' cannot be used: " + error.what());
  }
  return loaded;
}

const std::string& needed(const std::optional<std::string>& flag, const char* command,
                          const char* what) {
  if (!flag) throw Error(std::string(command) + " needs " + what + ".");
  return *flag;
}

int thread_count(const ApplyFlags& flags) {
  if (!flags.threads) return 0;
  session::Settings settings;
  try {
    settings.set("train.threads", *flags.threads);
  } catch (const Error&) {
    throw Error("--threads cannot be '" + *flags.threads +
                "'; it must be a whole number from 0 to 64.");
  }
  return static_cast<int>(settings.integer("train.threads"));
}

std::int64_t whole_number(const std::optional<std::string>& flag, const char* name,
                          std::int64_t initial, std::int64_t low, std::int64_t high) {
  std::int64_t value = initial;
  if (flag && (!parse_number(*flag, value) || value < low || value > high)) {
    throw Error(std::string(name) + " cannot be '" + *flag + "'; it must be a whole number from " +
                std::to_string(low) + " to " + std::to_string(high) + ".");
  }
  return value;
}

Corruption noise_of(const std::string& flag) {
  const std::size_t colon = flag.find(':');
  Corruption noise;
  double level = 0;
  if (colon == std::string::npos || !parse_number(flag.substr(colon + 1), level) ||
      !(level >= 0 && level <= 1)) {
    throw Error("--noise takes a kind and a level from 0 to 1, such as gaussian:0.5, and '" + flag +
                "' is not of that form.");
  }
  noise.kind = corruption_from_name(flag.substr(0, colon));
  noise.level = static_cast<Scalar>(level);
  return noise;
}

SampleArray read_codes(const std::string& path, const LoadedModel& loaded) {
  const ImageShape expected = loaded.code_shape();
  SampleArray array = read_array(path, expected);
  const bool finite = std::all_of(array.values.begin(), array.values.end(),
                                  [](float value) { return value - value == 0.0f; });
  if (!finite) throw Error("'" + path + "' holds numbers that are not finite.");
  return array;
}

ModelInput model_input(const ApplyFlags& flags, const LoadedModel& loaded, bool cuts_sheets) {
  const session::RunInfo& info = loaded.info;
  ModelInput input;
  if (flags.in) {
    input.source = *flags.in;
    Dataset data = read_samples(input.source, reading_info(flags, loaded), cuts_sheets);
    input.samples = std::move(data.train);
    input.feature_names = std::move(data.feature_names);
  } else {
    input = held_out_samples(flags, loaded);
  }
  if (input.samples.count() == 0) throw Error("'" + input.source + "' holds no samples.");
  input.samples.scale(info.map);
  if (info.settings.flag("data.clip")) input.samples.clip(info.range);
  return input;
}

void warn_of_rows(const ModelInput& input, const LoadedModel& loaded) {
  const session::RunInfo& info = loaded.info;
  // In a file from before scaling nothing says what the range was.
  const bool range_known = std::ssize(info.map.scale) == info.input.features();
  if (!is_table(info.input) || !range_known) return;
  const Outside found = outside(input.samples, info.range);
  if (found.samples == 0) return;
  warn(outside_text(
           found, info.range,
           {"rows of '" + input.source + "'", input.samples, info.map, input.feature_names}) +
       ", which the model was not trained on.");
}

void warn_of_fewer_threads(const ThreadPool& pool, int asked) {
  const std::string sentence = fewer_threads_sentence(pool, asked);
  if (!sentence.empty()) warn(sentence);
}

void warn(const std::string& sentence) {
  std::fprintf(stderr, "hourglass: %s\n", one_line(sentence).c_str());
}

void add_reading_flag(Command& command, ApplyFlags& flags) {
  command.options("--set", flags.set,
                  "How files are read, where the run's own settings are not right for them: "
                  "data.range=0..255, data.invert=false ('hourglass settings' lists them)",
                  "KEY=VALUE ...");
}

std::shared_ptr<ApplyFlags> add_flags(Command& command, const char* in, const char* out) {
  const auto flags = std::make_shared<ApplyFlags>();
  command.option("--model", flags->model, "A model.safetensors", "FILE");
  command.option("--in", flags->in, in, "FILE");
  command.option("--out", flags->out, out, "FILE");
  command.option("--threads", flags->threads, "0 for all cores", "N");
  return flags;
}

}  // namespace hourglass
