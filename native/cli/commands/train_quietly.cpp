#include "native/cli/commands/train_quietly.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/session/settings/presets.h"
#include "native/cli/console/signals.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/platform/data_files.h"

namespace hourglass {
namespace {

void set_flag(session::Settings& settings, const char* flag, const char* key,
              const std::optional<std::string>& text) {
  if (!text) return;
  try {
    settings.set(key, *text);
  } catch (const Error& error) {
    const std::string sentence = error.what(), start = "The setting '" + std::string(key) + "'";
    if (!sentence.starts_with(start)) throw;
    throw Error(flag + sentence.substr(start.size()));
  }
}

}  // namespace

void set_pair(session::Settings& settings, const std::string& pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error("--set takes key=value, such as train.learning_rate=0.5, and '" + pair +
                "' is not of that form.");
  }
  const session::Setting& setting = session::find_setting(pair.substr(0, equals));
  if (setting.scope != session::Scope::kRun) {
    throw Error("The setting '" + std::string(setting.key) +
                "' does nothing for a run; leave it out.");
  }
  settings.set(setting.key, pair.substr(equals + 1));
}

session::Settings preset_settings(const ApplicationFlags& flags, const char* command) {
  const std::string& name =
      needed(flags.preset, command, "--preset NAME ('hourglass presets' lists them)");
  return settings_of(named_preset(name), flags);
}

session::Settings settings_of(const session::Preset& preset, const ApplicationFlags& flags) {
  session::Settings settings;
  session::apply_preset(preset, settings);
  for (const std::string& pair : flags.set) set_pair(settings, to_utf8(pair));
  set_flag(settings, "--epochs", "train.epochs", flags.epochs);
  set_flag(settings, "--seed", "train.seed", flags.seed);
  return settings;
}

Dataset preset_data(const ApplicationFlags& flags, session::Settings& settings) {
  std::string name = flags.data.value_or(settings.text("data.set")), path;
  if (!flags.data && name != "strokes" && !has_data(name)) {
    warn("The preset's data set '" + name + "' is not in '" + data_folder().string() +
         "' ('./dev data' downloads it); this is on Strokes, the built-in set.");
    name = "strokes";
  }
  if (is_data_name(name)) settings.set("data.set", name);
  return load_unscaled_data(name, settings, path);
}

bool train_quietly(session::TrainingRun& run, StageLine& stage, const std::string& what) {
  try {
    for (;;) {
      if (StopRequests::came() && !run.evaluating()) return false;
      const session::TrainingRun::Progress progress = run.advance();
      stage.show(what, run.trainer().epochs_done() / static_cast<double>(run.stop_rule().epochs));
      if (progress.stop != StopReason::kNone) return true;
    }
  } catch (const Diverged& diverged) {
    throw Error(std::string(diverged.what()) +
                " Give it a lower one with --set train.learning_rate=X.");
  }
}

}  // namespace hourglass
