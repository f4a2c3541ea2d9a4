#include "native/cli/commands/model.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/base/write_number.h"
#include "core/data/data_hash.h"
#include "core/data/sources/csv.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/classifier_file.h"
#include "core/train/domain.h"
#include "core/train/trainer.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/platform/data_files.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

bool is_csv(const std::string& path) {
  const fs::path plain =
      fs::path(path).extension() == ".gz" ? fs::path(path).stem() : fs::path(path);
  return plain.extension() == ".csv" || plain.extension() == ".tsv";
}

// All rows of a table, in their order, its column of labels left out as the run left it out.
SampleArray read_table(const std::string& path, const session::Settings& settings) {
  const CsvTable table = read_csv(read_file(path), path, settings.text("data.label"));
  const Samples& samples = table.samples;
  SampleArray array{samples.count(), samples.features(), {}};
  array.values.assign(samples.values().begin(), samples.values().end());
  for (const std::uint8_t byte : samples.bytes()) {
    array.values.push_back(static_cast<float>(byte) / 255);
  }
  return array;
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

// The pixels of images are in [0, 1], however the model wants them; bytes written as floats are a
// common slip.
void warn_of_pixels(const std::string& path, const SampleArray& array,
                    const session::RunInfo& info) {
  if (is_table(info.input)) return;
  const auto [low, high] = std::minmax_element(array.values.begin(), array.values.end());
  if (low == array.values.end() || (*low >= -0.5f && *high <= 1.5f)) return;
  warn("'" + path + "' holds values from " + shortest_text(static_cast<double>(*low)) + " to " +
       shortest_text(static_cast<double>(*high)) + ", and the model was trained on 0 to 1.");
}

// The held-out samples of the data that --data names, or of the model's own, unscaled. Says so on
// stderr where they have the name of the model's data and are others. Throws Error if they do not
// fit the model.
ModelInput held_out_samples(const ApplyFlags& flags, const LoadedModel& loaded) {
  const std::string source = flags.data.value_or(loaded.info.data);
  if (!flags.data && !is_data_name(source)) {
    throw Error("The model was trained on the data in '" + source +
                "'; say what to measure it on with --in FILE or --data PATH.");
  }
  std::string path;
  Dataset data = load_unscaled_data(source, loaded.info.settings, path, &loaded.info);
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

LoadedModel load_model(const std::string& path) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  const Safetensors file = read_safetensors(bytes, "'" + path + "'");
  LoadedModel loaded;
  loaded.info = session::read_run_info(file, "'" + path + "'");
  if (session::is_classifier(file)) {
    throw Error("'" + path +
                "' is a classifier, whose encoder has a head and no decoder: 'hourglass probe' "
                "takes it, and other commands take a model.safetensors of 'hourglass train'.");
  }
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

SampleArray read_input(const std::string& path, const ImageShape& expected,
                       const session::RunInfo& info) {
  const bool codes = expected != info.input;
  SampleArray array =
      is_csv(path) && !codes ? read_table(path, info.settings) : read_array(path, expected);
  if (array.features != expected.features()) {
    throw Error("'" + path + "' holds samples of " + with_commas(array.features) +
                " numbers, and the model takes " + sample_text(expected) + ".");
  }
  const bool finite = std::all_of(array.values.begin(), array.values.end(),
                                  [](float value) { return value - value == 0.0f; });
  if (!finite) throw Error("'" + path + "' holds numbers that are not finite.");
  return array;
}

ModelInput model_input(const ApplyFlags& flags, const LoadedModel& loaded) {
  const session::RunInfo& info = loaded.info;
  ModelInput input;
  if (flags.in) {
    input.source = *flags.in;
    SampleArray array = read_input(input.source, loaded.image_shape(), info);
    warn_of_pixels(input.source, array, info);
    input.samples = Samples(array.features, std::move(array.values));
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

std::shared_ptr<ApplyFlags> add_flags(Command& command, const char* in, const char* out) {
  const auto flags = std::make_shared<ApplyFlags>();
  command.option("--model", flags->model, "A model.safetensors", "FILE");
  command.option("--in", flags->in, in, "FILE");
  command.option("--out", flags->out, out, "FILE");
  command.option("--threads", flags->threads, "0 for all cores", "N");
  return flags;
}

}  // namespace hourglass
