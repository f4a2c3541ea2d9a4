#include "native/cli/console/command_line.h"

#include <CLI/CLI.hpp>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

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

// As it is typed: "train", "text lsa"; "" for the program itself.
std::string full_name(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  if (!parent) return "";
  const std::string before = full_name(*parent);
  return (before.empty() ? "" : before + " ") + command.get_name();
}

// `app` is the program, or a group of commands.
[[noreturn]] void throw_bad_command(const CLI::App& app, const std::string& word) {
  const std::string group = full_name(app).empty() ? "" : full_name(app) + " ";
  std::vector<std::string> held;
  std::string all;
  for (const CLI::App* command : app.get_subcommands({})) {
    held.push_back(group + command->get_name());
    all += (all.empty() ? "" : ", ") + held.back();
  }
  const std::vector<std::string_view> names(held.begin(), held.end());
  if (word.empty()) {
    throw Error("Say what to do: " + all + "; 'hourglass " + group + "--help' explains " +
                (held.size() == 1 ? "it." : "them."));
  }
  const std::string_view nearest = nearest_name(group + word, names);
  throw Error("There is no command '" + group + word + "'; " +
              (nearest.empty() ? (held.size() == 1 ? "there is " : "there are ") + all
                               : "the nearest is '" + std::string(nearest) + "'") +
              ".");
}

// What was left over behind a command's name.
[[noreturn]] void throw_bad_argument(const CLI::App& command, const std::string& word) {
  const std::string name = "'" + full_name(command) + "'";
  if (!word.starts_with("-")) {
    throw Error(name + " takes flags only, and '" + word + "' is none; 'hourglass " +
                full_name(command) + " --help' shows them.");
  }
  const std::string flag = word.substr(0, word.find('='));
  std::vector<std::string> held;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& known : option->get_lnames()) held.push_back("--" + known);
  }
  const std::vector<std::string_view> flags(held.begin(), held.end());
  const std::string_view nearest = nearest_name(flag, flags);
  throw Error(name + " has no flag '" + flag + "'; " +
              (nearest.empty() ? "'hourglass " + full_name(command) + " --help' shows those it has"
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

class BoundCommand final : public Command {
 public:
  BoundCommand(CLI::App& app, CommandLine::Chosen& chosen) : app_(app), chosen_(chosen) {}

  void argument(const char* name, std::string& value, const std::string& help) override {
    app_.add_option(name, value, help)->required();
  }
  void argument(const char* name, std::optional<std::string>& value,
                const std::string& help) override {
    app_.add_option(name, value, help);
  }
  void option(const char* flag, std::optional<std::string>& value, const std::string& help,
              const char* type) override {
    app_.add_option(flag, value, help)->type_name(type);
  }
  void options(const char* flag, std::vector<std::string>& values, const std::string& help,
               const char* type) override {
    app_.add_option(flag, values, help)->type_name(type)->expected(1, 1000);
  }
  void flag(const char* flag, bool& value, const std::string& help) override {
    app_.add_flag(flag, value, help)->disable_flag_override();  // no --json=no
  }
  void runs(std::function<int()> work) override {
    app_.callback([this, work = std::move(work)] { chosen_ = {full_name(app_), work}; });
  }

 private:
  CLI::App& app_;
  CommandLine::Chosen& chosen_;
};

}  // namespace

struct CommandLine::Parser {
  explicit Parser(const std::string& about, std::string name)
      : program(std::move(name)), app(about, program) {}

  std::string program;
  CLI::App app;
  Chosen chosen;
  std::vector<std::unique_ptr<Command>> commands;
};

CommandLine::CommandLine(std::string program, const std::string& about, const std::string& examples,
                         const std::string& version)
    : parser_(std::make_unique<Parser>(about, std::move(program))) {
  CLI::App& app = parser_->app;
  app.set_version_flag("--version", version, "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.footer(examples);
  app.formatter(std::make_shared<Help>());
  app.require_subcommand(0, 1);
  app.allow_extras();
}

CommandLine::~CommandLine() = default;

const std::string& CommandLine::program() const { return parser_->program; }

void CommandLine::add_group(const char* name, const char* about) {
  CLI::App& group = *parser_->app.add_subcommand(name, about);
  group.require_subcommand(0, 1);
  group.allow_extras();
  group.footer("");  // the program's examples, which CLI11 hands down, are of other commands
}

Command& CommandLine::add(const char* name, const char* about) {
  const std::string words = name;
  const std::size_t blank = words.find(' ');
  CLI::App& parent =
      blank == words.npos ? parser_->app : *parser_->app.get_subcommand(words.substr(0, blank));
  CLI::App& app = *parent.add_subcommand(words.substr(blank + 1), about);  // npos + 1 is 0
  app.allow_extras();
  app.footer("");
  return *parser_->commands.emplace_back(std::make_unique<BoundCommand>(app, parser_->chosen));
}

CommandLine::Chosen CommandLine::read(int argc, char** argv) {
  CLI::App& app = parser_->app;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help or --version
    app.exit(success);
    return {};
  } catch (const CLI::ParseError& error) {
    throw Error(parse_error_sentence(error));
  }
  const CLI::App* chosen = &app;
  while (!chosen->get_subcommands().empty()) {
    chosen = chosen->get_subcommands().front();
    const auto rest = chosen->remaining();
    if (rest.empty() || !chosen->get_subcommands().empty()) continue;
    if (!chosen->get_subcommands({}).empty()) throw_bad_command(*chosen, rest.front());
    throw_bad_argument(*chosen, rest.front());
  }
  const auto rest = app.remaining();
  if (!rest.empty() && chosen != &app) throw_bad_argument(*chosen, rest.front());
  if (!rest.empty() && rest.front().starts_with("-")) {
    throw Error("There is no flag '" + rest.front() +
                "' before the command; flags of a command come after its name.");
  }
  if (!parser_->chosen.work) throw_bad_command(*chosen, rest.empty() ? "" : rest.front());
  return parser_->chosen;
}

}  // namespace hourglass
