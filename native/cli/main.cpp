// The command line: reads the flags, runs the command, and says what went wrong in one sentence.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/math/simd/kernels.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"
#include "native/cli/distributed/process_group.h"
#include "native/platform/large_pages.h"

namespace hourglass {
namespace {

constexpr const char* kAbout = "Hourglass trains small autoencoders and shows what they learn.";
constexpr const char* kExamples =
    "Examples:\n"
    "  hourglass train --preset vanilla\n"
    "  hourglass train --preset deep --data fashion-mnist --epochs 20 --out runs/shoes\n"
    "  hourglass train --resume runs/shoes/model.safetensors --epochs 40\n"
    "  hourglass eval --model runs/vanilla/model.safetensors\n"
    "  hourglass encode --model runs/vanilla/model.safetensors --in images.npy --out codes.npy\n"
    "\n"
    "MNIST and Fashion-MNIST are looked for in $HOURGLASS_DATA_DIR, or in data/; './dev data'\n"
    "downloads them. 'hourglass COMMAND --help' says more about a command.";

// Help in two columns that stay columns.
class Help : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    return two_columns(make_option_name(option, is_positional) + make_option_opts(option),
                       make_option_desc(option));
  }
  std::string make_subcommand(const CLI::App* command) const override {
    return two_columns(command->get_name(), command->get_description());
  }

 private:
  static std::string two_columns(const std::string& name, const std::string& text) {
    constexpr std::size_t kNameColumn = 26, kWidth = 96;
    std::string lines = wrapped(text, kWidth, std::string(kNameColumn, ' '));
    const std::string start = "  " + name;
    if (start.size() + 1 >= kNameColumn) return start + "\n" + lines;
    return start + lines.substr(start.size());
  }
};

int report_error(const std::string& sentence, int code) {
  std::fflush(stdout);
  std::fprintf(stderr, "hourglass: %s\n", one_line(sentence).c_str());
  return code;
}

[[noreturn]] void throw_bad_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> held;
  std::string all;
  for (const CLI::App* command : app.get_subcommands({})) {
    held.push_back(command->get_name());
    all += (all.empty() ? "" : ", ") + held.back();
  }
  const std::vector<std::string_view> names(held.begin(), held.end());
  if (word.empty()) throw Error("Say what to do: " + all + "; 'hourglass --help' explains them.");
  const std::string_view nearest = nearest_name(word, names);
  throw Error(
      "There is no command '" + word + "'; " +
      (nearest.empty() ? "there are " + all : "the nearest is '" + std::string(nearest) + "'") +
      ".");
}

// What was left over behind a command's name.
[[noreturn]] void throw_bad_argument(const CLI::App& command, const std::string& word) {
  const std::string name = "'" + command.get_name() + "'";
  if (!word.starts_with("-")) {
    throw Error(name + " takes flags only, and '" + word + "' is none; 'hourglass " +
                command.get_name() + " --help' shows them.");
  }
  const std::string flag = word.substr(0, word.find('='));
  std::vector<std::string> held;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& known : option->get_lnames()) held.push_back("--" + known);
  }
  const std::vector<std::string_view> flags(held.begin(), held.end());
  const std::string_view nearest = nearest_name(flag, flags);
  throw Error(name + " has no flag '" + flag + "'; " +
              (nearest.empty() ? "'hourglass " + command.get_name() + " --help' shows those it has"
                               : "the nearest is '" + std::string(nearest) + "'") +
              ".");
}

// CLI11's own words, with what is missing in them.
std::string parse_error_sentence(const CLI::ParseError& error) {
  const std::string text = one_line(error.what());
  if (error.get_name() == "ArgumentMismatch" && text.starts_with("--")) {
    const std::string flag = "The flag '" + text.substr(0, text.find(':')) + "' ";
    return flag + (text.find("At Most") != text.npos ? "was given more than once; give it once."
                                                     : "needs a value after it.");
  }
  const std::size_t value = text.find(" was given a disallowed flag override");
  if (value != text.npos) return "The flag '--" + text.substr(0, value) + "' takes no value.";
  return text + (text.ends_with('.') ? "" : ".");
}

int run(int argc, char** argv, ProcessGroup& job) {
  CLI::App app(kAbout, argc > 0 ? argv[0] : "hourglass");
  app.set_version_flag("--version", "hourglass " HOURGLASS_VERSION, "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.footer(kExamples);
  app.formatter(std::make_shared<Help>());
  app.require_subcommand(0, 1);
  app.allow_extras();
  SelectedCommand chosen;
  add_train_command(app, chosen, job);
  add_eval_command(app, chosen);
  add_apply_commands(app, chosen);
  add_list_commands(app, chosen);
  add_bench_command(app, chosen);
  for (CLI::App* command : app.get_subcommands({})) {
    command->allow_extras();
    for (CLI::Option* option : command->get_options()) {
      if (option->get_expected_max() == 0) option->disable_flag_override();  // no --json=no
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help or --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    throw Error(parse_error_sentence(error));
  }
  for (const CLI::App* command : app.get_subcommands()) {
    const auto rest = command->remaining();
    if (!rest.empty()) throw_bad_argument(*command, rest.front());
  }
  const auto rest = app.remaining();
  if (!rest.empty() && !app.get_subcommands().empty()) {
    throw_bad_argument(*app.get_subcommands().front(), rest.front());
  }
  if (!rest.empty() && rest.front().starts_with("-")) {
    throw Error("There is no flag '" + rest.front() +
                "' before the command; flags of a command come after its name.");
  }
  if (!chosen) throw_bad_command(app, rest.empty() ? "" : rest.front());
  if (job.processes() > 1 && !app.got_subcommand("train")) {
    throw Error(
        "'" + app.get_subcommands().front()->get_name() +
        "' is work for one process; only 'train' shares it between several, start this without "
        "mpirun.");
  }
  kernels();  // says what is wrong with HOURGLASS_ISA before anything is done
  return chosen();
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  using namespace hourglass;
  use_large_pages();
#ifdef SIGXFSZ
  // A limit on the size of files must come back as an error of the write, which has a sentence.
  std::signal(SIGXFSZ, SIG_IGN);
#endif
  std::unique_ptr<ProcessGroup> job;
  const auto fail = [&](const std::string& sentence, int code) {
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
    code = fail("There is not enough memory for this.", kFailed);
  } catch (const std::system_error& error) {
    code = fail(std::string("The system refused something that is needed: ") + error.what() + ".",
                kFailed);
  } catch (const std::exception& error) {
    code = fail(std::string("This should not have happened: ") + error.what(), kFailed);
  }
  return job ? job->end(code) : code;
}
