#include "native/platform/train_command.h"

#include "core/session/settings/preset_difference.h"
#include "native/platform/shell_word.h"

namespace hourglass {

std::string train_command(const session::Settings& settings) {
  const auto tells = [](const session::Setting& setting) {
    return setting.scope == session::Scope::kRun && setting.on_command_line &&
           setting.key != "data.set";  // which is said in any case
  };
  const session::PresetDifference difference =
      session::preset_difference(settings, {tells, /*needs_preset=*/true});
  const std::string& data = settings.text("data.set");
  std::string command = "hourglass train --preset " + shell_word(difference.preset) + " --data " +
                        (data == "own" ? "PATH" : shell_word(data));
  if (!difference.values.empty()) command += " --set";
  for (const auto& [key, value] : difference.values) {
    command += " " + shell_word(key + "=" + session::value_text(value));
  }
  return command;
}

}  // namespace hourglass
