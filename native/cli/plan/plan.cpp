#include "native/cli/plan/plan.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/known_scaling.h"
#include "core/data/sources/dataset_file.h"
#include "core/session/engine/classifier_file.h"
#include "core/session/engine/import_settings.h"
#include "core/session/export/project_file.h"
#include "core/strokes/strokes.h"
#include "core/text/word_input.h"
#include "native/cli/console/text.h"
#include "native/platform/data_files.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using session::Settings;
using session::Value;
using session::value_text;

constexpr std::string_view kStrokes = "strokes";
// A model file has 12 bytes a parameter; this is far more than a machine can train.
constexpr std::uint64_t kMaxCheckpointBytes = std::uint64_t{4} << 30;

std::span<const std::string_view> data_names() {
  // The last, "own", stands for data that were dropped on a page or window.
  const auto choices = session::find_setting("data.set").choices();
  return choices.first(choices.size() - 1);
}

std::string listed(std::span<const std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

// One setting that a flag wants, and how the person wrote it.
struct Wanted {
  Value value;
  std::string written;  // "--epochs 5", "--set train.epochs=5"
};

// The flags that stand for settings, checked against the table and against each other.
class WantedSettings {
 public:
  void add_pair(const std::string& pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error("--set takes key=value, such as train.learning_rate=0.5, and '" + pair +
                  "' is not of that form.");
    }
    const std::string key = pair.substr(0, equals);
    // A slip of the finger is named before anything else.
    const session::Setting& setting = session::find_setting(key);
    if (!setting.on_command_line) {
      throw Error("The setting '" + key +
                  "' is of the window and the page; here it would do nothing, "
                  "leave it out.");
    }
    if (setting.key.starts_with("tsne.")) {
      throw Error("The setting '" + key +
                  "' is of 'hourglass tsne'; here it would do nothing, leave it out.");
    }
    add(std::string(setting.key), session::checked_value(setting, pair.substr(equals + 1)),
        "--set " + pair);
  }

  void add_flag(const char* flag, const char* key, const std::optional<std::string>& text) {
    if (!text) return;
    try {
      add(key, session::checked_value(session::find_setting(key), *text),
          std::string(flag) + " " + *text);
    } catch (const Error& error) {
      const std::string sentence = error.what(), start = "The setting '" + std::string(key) + "'";
      if (!sentence.starts_with(start)) throw;
      throw Error(flag + sentence.substr(start.size()));
    }
  }

  const Wanted* find(const std::string& key) const {
    const auto found = wanted_.find(key);
    return found == wanted_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, Wanted>& all() const { return wanted_; }

 private:
  void add(const std::string& key, const Value& value, const std::string& written) {
    const auto [place, is_new] = wanted_.try_emplace(key, Wanted{value, written});
    if (!is_new && !(place->second.value == value)) {
      throw Error("'" + place->second.written + "' and '" + written +
                  "' contradict each other; give one of them.");
    }
  }

  std::map<std::string, Wanted> wanted_;
};

WantedSettings wanted_settings(const TrainFlags& flags) {
  WantedSettings wanted;
  for (const std::string& pair : flags.set) wanted.add_pair(to_utf8(pair));
  wanted.add_flag("--epochs", "train.epochs", flags.epochs);
  wanted.add_flag("--seed", "train.seed", flags.seed);
  wanted.add_flag("--threads", "train.threads", flags.threads);
  // Whoever goes on with other data says so, and contradicts nothing.
  if (flags.data && is_data_name(*flags.data) && !flags.other_data)
    wanted.add_flag("--data", "data.set", flags.data);
  if (flags.data && !is_data_name(*flags.data) && wanted.find("data.set")) {
    throw Error("'--data " + *flags.data + "' and '" + wanted.find("data.set")->written +
                "' contradict each other; give one of them.");
  }
  return wanted;
}

bool is_document_preset(const session::Preset& preset) {
  const auto all = session::document_presets();
  return std::any_of(all.begin(), all.end(),
                     [&](const session::Preset& each) { return &each == &preset; });
}

void plan_new_run(const TrainFlags& flags, const WantedSettings& wanted, RunPlan& plan) {
  if (flags.other_data) {
    throw Error("--other-data goes with --resume FILE, and a new run has no data from before.");
  }
  if (!flags.preset) {
    throw Error("train needs --preset NAME ('hourglass presets' lists them) or --resume FILE.");
  }
  const session::Preset& preset = named_preset(*flags.preset, true);
  plan.preset = preset.name;
  session::apply_preset(preset, plan.settings);
  const bool of_documents = is_document_preset(preset);
  if (of_documents) plan.settings.set("data.set", std::string("reuters-21578"));
  for (const auto& [key, want] : wanted.all()) plan.settings.set(key, want.value);
  session::model_spec(plan.settings);  // refuses layers that make no model, before data are loaded

  std::string data = flags.data.value_or(plan.settings.text("data.set"));
  if (!flags.data && !wanted.find("data.set") && data != kStrokes && !has_data(data)) {
    plan.note = "The preset's data set '" + data + "' is not in '" + data_folder().string() +
                "' ('./dev data' downloads it); training on " +
                (of_documents ? "texts, the built-in documents." : "Strokes, the built-in set.");
    data = of_documents ? "texts" : kStrokes;
    plan.settings.set("data.set", data);
  }
  plan.data = load_named_data(data, plan.settings, plan.data_path, &plan.data_notes);
  // runs/NAME, or runs/NAME-2 and so on: a run is not overwritten by the next one.
  plan.out_is_new = !flags.out;
  plan.out = flags.out ? fs::path(*flags.out) : fs::path("runs") / plan.preset;
}

// What a run that goes on may be told anew: what a session would take up at once. All else makes it
// another run (its data, model, kind of optimizer, mini-batches, seed), and must be as the file
// knows it; but results do not depend on the number of threads.
bool may_change(const std::string& key) {
  const session::Setting& setting = session::find_setting(key);
  return setting.effect == session::Effect::kAtOnce || setting.scope == session::Scope::kMachine;
}

// Whether the setting decides how training goes on, and not only how far or on how many threads.
bool steers_training(const std::string& key) {
  const session::Setting& setting = session::find_setting(key);
  return setting.scope == session::Scope::kRun && !setting.is_limit;
}

// Takes up what may be said anew. Returns a sentence about what makes the rest of the run another
// than the file's own settings would, or "".
std::string take_up_resumed_settings(const WantedSettings& wanted, const session::RunInfo& info,
                                     const std::string& file, Settings& settings) {
  std::string changes;
  for (const auto& [key, want] : wanted.all()) {
    const Value known = key == "data.set" ? Value(info.data) : info.settings.get(key);
    const bool is_new = !(known == want.value);
    if (is_new && !may_change(key)) {
      throw Error("'" + want.written + "' contradicts '" + file + "', which was trained with " +
                  key + "=" + value_text(known) +
                  "; a resumed run keeps its data, model, optimizer, batch size and seed, leave it "
                  "out.");
    }
    if (!may_change(key)) continue;
    settings.set(key, want.value);
    if (is_new && steers_training(key)) {
      changes += (changes.empty() ? "" : ", ") + key + "=" + value_text(want.value) +
                 " instead of " + value_text(known);
    }
  }
  return changes.empty() ? "" : "From here on the run has " + changes + ".";
}

void check_shape(const session::RunInfo& info, const std::string& file, const Dataset& data) {
  if (data.shape == info.input) return;
  throw Error("'" + file + "' was trained on samples of " + sample_text(info.input) +
              ", and those of '" + data.name + "' have " + sample_text(data.shape) + ".");
}

// The data of a run that goes on: those of before, known by their contents, or others if that is
// wanted.
DatasetPointer resumed_data(const TrainFlags& flags, const session::RunInfo& info, RunPlan& plan) {
  const bool brings_data = !flags.data && !plan.project_samples.empty();
  if (!flags.data && !brings_data && !is_data_name(info.data)) {
    throw Error("'" + *flags.resume + "' was trained on the data in '" + info.data +
                "'; say where that is with --data PATH.");
  }
  const std::string& file = *flags.resume;
  const std::string value = flags.data.value_or(info.data);
  Dataset unscaled = brings_data ? dataset_from_bytes(plan.project_samples, "'" + file + "'").data
                                 : load_unscaled_data(value, info.settings, plan.data_path, &info,
                                                      &plan.data_notes);
  check_shape(info, file, unscaled);
  const std::string name = unscaled.name;
  std::string difference;
  DatasetPointer data;
  try {
    data = std::make_shared<const Dataset>(scaled_for(info.settings, std::move(unscaled)));
    difference = session::data_difference(info, *data);
    // Of a file of an older version little more than the name is known.
    if (difference.empty() && info.data_hash.empty() && name != info.data) {
      difference = "is called otherwise than '" + info.data + "', which the run was trained on";
    }
  } catch (const Error&) {
    if (!flags.other_data) throw;
    difference = "cannot be scaled as those that the run was trained on";
  }
  if (difference.empty()) return data;
  if (!flags.other_data) {
    throw Error("'" + value + "' " + difference + ", so '" + file +
                "' cannot go on exactly as it was; name the data of that run" +
                " with --data, or go on with these under its scaling with --other-data.");
  }
  // The model knows no other scale than that of the data before.
  data = std::make_shared<const Dataset>(
      scaled_by(load_unscaled_data(value, info.settings, plan.data_path, &info),
                scaling_from_name(info.settings.text("data.scaling")), info.map, info.range));
  if (is_data_name(name)) plan.settings.set("data.set", name);
  plan.other_data = true;
  plan.note = "'" + value + "' " + difference + "; the run goes on with it.";
  return data;
}

void plan_resumed_run(const TrainFlags& flags, const WantedSettings& wanted, RunPlan& plan) {
  const std::string& file = *flags.resume;
  plan.checkpoint_bytes = read_file(file, kMaxCheckpointBytes);
  if (session::is_project(plan.checkpoint_bytes)) {
    session::Project project = session::read_project(std::move(plan.checkpoint_bytes), file);
    plan.checkpoint_bytes = std::move(project.checkpoint);
    plan.project_samples = std::move(project.samples);
  }
  plan.checkpoint = read_safetensors(plan.checkpoint_bytes, "'" + file + "'");
  session::refuse_classifier(*plan.checkpoint, "'" + file + "'");
  session::RunInfo info = session::read_run_info(*plan.checkpoint, "'" + file + "'");
  if (info.is_imported) {
    throw Error("'" + file +
                "' was imported and has no state of an optimizer, so no run can go on from it; "
                "eval, encode, export and the like use it as it is, and 'hourglass train --preset' "
                "begins a run.");
  }
  plan.settings = info.settings;
  const auto preset = plan.checkpoint->metadata.find(kPresetKey);
  plan.preset = preset != plan.checkpoint->metadata.end() ? preset->second
                                                          : session::matching_preset(plan.settings);
  if (flags.preset && named_preset(*flags.preset, true).name != plan.preset) {
    throw Error("'--preset " + *flags.preset + "' contradicts '" + file + "', which " +
                (plan.preset.empty() ? "is of no preset" : "is a run of '" + plan.preset + "'") +
                "; a resumed run keeps its settings, leave it out.");
  }
  plan.note = take_up_resumed_settings(wanted, info, file, plan.settings);
  plan.data = resumed_data(flags, info, plan);
  plan.project_samples = {};
  plan.history = std::move(info.history);
  const fs::path folder = fs::path(file).parent_path();
  plan.out = flags.out ? fs::path(*flags.out) : folder.empty() ? fs::path(".") : folder;
}

}  // namespace

const session::Preset& named_preset(const std::string& name, bool of_documents) {
  for (const session::Preset& preset : session::document_presets()) {
    if (preset.name != name) continue;
    if (of_documents) return preset;
    throw Error("The preset '" + name + "' is for documents; 'hourglass text eval --preset " +
                name + " --data FILE' trains it.");
  }
  std::vector<std::string_view> names;
  for (const session::Preset& preset : session::presets()) names.push_back(preset.name);
  const std::string_view nearest = nearest_name(name, names);
  if (std::find(names.begin(), names.end(), name) == names.end() && !nearest.empty()) {
    throw Error("There is no preset '" + name + "'; the nearest is '" + std::string(nearest) +
                "'.");
  }
  return session::find_preset(name);
}

RunPlan plan_run(const TrainFlags& flags) {
  const WantedSettings wanted = wanted_settings(flags);
  RunPlan plan;
  if (flags.resume) {
    plan_resumed_run(flags, wanted, plan);
  } else {
    plan_new_run(flags, wanted, plan);
  }
  return plan;
}

bool is_data_name(const std::string& name) {
  const auto names = data_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

Dataset load_unscaled_data(const std::string& value, const Settings& settings, std::string& path,
                           const session::RunInfo* trained, std::vector<std::string>* notes) {
  std::optional<WordInput> known;
  if (trained && !trained->vocabulary.empty()) {
    known = parse_word_input(trained->vocabulary, "The model", trained->input.features());
  }
  const WordInput* const words = known ? &*known : nullptr;
  if (value == kStrokes) {
    return make_strokes(kStrokesSeed, settings.integer("data.strokes_train"),
                        settings.integer("data.strokes_test"));
  }
  if (is_data_name(value)) return load_data(value, settings, words);
  std::error_code error;
  if (!fs::exists(value, error)) {
    const std::string_view nearest = nearest_name(value, data_names());
    throw Error("There is no data set, file or folder '" + value + "'; " +
                (nearest.empty() ? "" : "did you mean '" + std::string(nearest) + "'? ") +
                "--data takes " + listed(data_names()) + ", " + kDataPathKinds + ".");
  }
  path = value;
  const ImportOptions options =
      trained ? session::import_options(*trained) : session::import_options(settings);
  Dataset data = load_data_path(value, options, words, notes);
  // Not one of the sets that are found by their name alone, even if the folder is called so.
  if (is_data_name(data.name)) data.name = "folder " + data.name;
  return data;
}

DatasetPointer load_named_data(const std::string& value, const Settings& settings,
                               std::string& path, std::vector<std::string>* notes) {
  return std::make_shared<const Dataset>(
      scaled_for(settings, load_unscaled_data(value, settings, path, nullptr, notes)));
}

Dataset scaled_for(const Settings& settings, Dataset data) {
  return scaled(std::move(data), scaling_from_name(settings.text("data.scaling")),
                settings.flag("data.clip"));
}

std::string sample_text(const ImageShape& shape) {
  if (shape.rows == 1 && shape.channels == 1) return with_commas(shape.features()) + " numbers";
  return (shape.channels > 1 ? std::to_string(shape.channels) + " x " : "") +
         std::to_string(shape.rows) + " x " + std::to_string(shape.columns) + " pixels";
}

}  // namespace hourglass
