// The commands of `hourglass`. Each adds itself to the command line and, when it is the one that
// was given, puts what it has to do into `chosen`, which returns the exit code.
#pragma once

#include <functional>

#include "native/cli/console/exit_code.h"

namespace CLI {
class App;
}

namespace hourglass {

class ProcessGroup;

using SelectedCommand = std::function<int()>;

void add_train_command(CLI::App& app, SelectedCommand& chosen, ProcessGroup& job);
void add_eval_command(CLI::App& app, SelectedCommand& chosen);
void add_apply_commands(CLI::App& app,
                        SelectedCommand& chosen);  // encode, decode, reconstruct, sample
void add_list_commands(CLI::App& app, SelectedCommand& chosen);  // presets, settings
void add_bench_command(CLI::App& app, SelectedCommand& chosen);

}  // namespace hourglass
