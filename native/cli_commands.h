// The commands of `hourglass`. Each adds itself to the command line and, when it is the one that
// was given, puts what it has to do into `chosen`, which returns the exit code.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace hourglass {

class Job;

// What the program ends with.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;         // it ran, and something went wrong on the way
inline constexpr int kBadInput = 2;       // a flag, name, file or shape that cannot be used
inline constexpr int kInterrupted = 130;  // as shells report an end by Ctrl-C

using Chosen = std::function<int()>;

void add_train_command(CLI::App& app, Chosen& chosen, Job& job);
void add_eval_command(CLI::App& app, Chosen& chosen);
void add_apply_commands(CLI::App& app, Chosen& chosen);  // encode, decode, reconstruct, sample
void add_list_commands(CLI::App& app, Chosen& chosen);   // presets, settings
void add_bench_command(CLI::App& app, Chosen& chosen);

}  // namespace hourglass
