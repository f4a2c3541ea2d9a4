// The command line: reads the flags, runs the command, and says what went wrong in one sentence.
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <system_error>

#include "core/base/error.h"
#include "core/base/memory_reserve.h"
#include "core/math/simd/kernels.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/import_model.h"
#include "native/cli/console/command_line.h"
#include "native/cli/console/text.h"
#include "native/cli/distributed/process_group.h"
#include "native/platform/large_pages.h"

namespace hourglass {
namespace {

constexpr const char* kAbout = "Hourglass trains small autoencoders and shows what they learn.";
constexpr const char* kProgramExamples =
    "Examples:\n"
    "  hourglass train --preset vanilla\n"
    "  hourglass train --preset deep --data fashion-mnist --epochs 20 --out runs/shoes\n"
    "  hourglass train --resume runs/shoes/model.safetensors --epochs 40\n"
    "  hourglass eval --model runs/vanilla/model.safetensors\n"
    "  hourglass tsne --model runs/vanilla/model.safetensors --out map\n"
    "  hourglass encode --model runs/vanilla/model.safetensors --in images.npy --out codes.npy\n"
    "\n"
    "MNIST and Fashion-MNIST are looked for in $HOURGLASS_DATA_DIR, or in data/; './dev data'\n"
    "downloads them. 'hourglass COMMAND --help' says more about a command.";

constexpr const char* kNoMemory = "There is not enough memory for this.";

// Where there is no memory left the sentence is said as it is: stderr has no buffer to be made.
int report_error(const char* sentence, int code) {
  std::fflush(stdout);
  std::string line;
  try {
    line = one_line(sentence);
    sentence = line.c_str();
  } catch (const std::bad_alloc&) {
    sentence = kNoMemory;
  }
  std::fprintf(stderr, "hourglass: %s\n", sentence);
  return code;
}

// "BEGINNING what it says."; less of it where there is no memory for more.
std::string after(const char* beginning, const std::exception& error) {
  try {
    std::string sentence = beginning;
    sentence += error.what();
    return sentence.ends_with('.') ? sentence : sentence + ".";
  } catch (const std::bad_alloc&) {
    return {};
  }
}

int run(int argc, char** argv, ProcessGroup& job) {
  CommandLine line(argc > 0 ? argv[0] : "hourglass", kAbout, kProgramExamples,
                   "hourglass " HOURGLASS_VERSION);
  add_train_command(line, job);
  add_eval_command(line);
  add_apply_commands(line);
  add_export_command(line);
  add_info_command(line);
  add_import_command(line);
  for (const auto add :
       {add_pca_command, add_tsne_command, add_search_command, add_generate_command,
        add_compress_command, add_anomaly_command, add_sweep_command, add_probe_command,
        add_pretrain_command, add_text_commands, add_text_eval_command, add_text_search_command}) {
    add(line);
  }
  add_inspect_command(line);
  add_project_command(line);
  add_list_commands(line);
  add_lesson_commands(line);
  add_bench_command(line);
  const CommandLine::Chosen chosen = line.read(argc, argv);
  if (!chosen.work) return kDone;
  if (job.processes() > 1 && chosen.command != "train") {
    throw Error(
        "'" + chosen.command +
        "' is work for one process; only 'train' shares it between several, start this without "
        "mpirun.");
  }
  kernels();  // says what is wrong with HOURGLASS_ISA before anything is done
  return chosen.work();
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  using namespace hourglass;
  use_large_pages();
  keep_memory_back();
#ifdef SIGXFSZ
  // A limit on the size of files must come back as an error of the write, which has a sentence.
  std::signal(SIGXFSZ, SIG_IGN);
#endif
  std::unique_ptr<ProcessGroup> job;
  const auto fail = [&](const char* sentence, int code) {
    if (!job || job->fail(code)) report_error(sentence, code);
    return code;
  };
  int code = kDone;
  try {
    job = start_process_group();
    code = run(argc, argv, *job);
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
      if (code == kDone) code = report_error("Not all of the output could be written.", kFailed);
    }
  } catch (const ReportedElsewhere& told) {
    code = told.code;
  } catch (const PeerLost&) {
    code = kFailed;
    if (!job || job->is_first()) report_error("Another process does not answer any more.", code);
  } catch (const Error& error) {
    code = fail(error.what(), kBadInput);
  } catch (const std::bad_alloc&) {
    code = fail(kNoMemory, kFailed);
  } catch (const std::system_error& error) {
    code = fail(after("The system refused something that is needed: ", error).c_str(), kFailed);
  } catch (const std::exception& error) {
    code = fail(after("This should not have happened: ", error).c_str(), kFailed);
  }
  return job ? job->end(code) : code;
}
