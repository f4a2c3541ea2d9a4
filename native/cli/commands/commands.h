// The commands of `hourglass`. Each adds itself to the command line.
#pragma once

#include "native/cli/console/command_line.h"
#include "native/cli/console/exit_code.h"

namespace hourglass {

class ProcessGroup;

void add_train_command(CommandLine& line, ProcessGroup& job);
void add_eval_command(CommandLine& line);
void add_apply_commands(CommandLine& line);   // encode, decode, reconstruct, sample
void add_list_commands(CommandLine& line);    // presets, settings
void add_lesson_commands(CommandLine& line);  // lesson check, list, facts
void add_inspect_command(CommandLine& line);
void add_project_command(CommandLine& line);
void add_export_command(CommandLine& line);
void add_info_command(CommandLine& line);
// What a code is good for.
void add_pca_command(CommandLine& line);
void add_tsne_command(CommandLine& line);
void add_search_command(CommandLine& line);
void add_generate_command(CommandLine& line);
void add_compress_command(CommandLine& line);
void add_anomaly_command(CommandLine& line);
void add_sweep_command(CommandLine& line);
void add_probe_command(CommandLine& line);
void add_pretrain_command(CommandLine& line);
// Documents instead of images.
void add_text_commands(CommandLine& line);  // text lsa
void add_text_eval_command(CommandLine& line);
void add_text_search_command(CommandLine& line);
void add_bench_command(CommandLine& line);

}  // namespace hourglass
