// The commands of a program and their flags. The library that reads them is behind this door: what
// sees its header compiles for seconds.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {

// One command. What flags are given is written into the variables that they are bound to when the
// command line is read; these must live until then.
class Command {
 public:
  virtual ~Command() = default;

  // A value that stands without a flag, and must be given. `name` is what help calls it.
  virtual void argument(const char* name, std::string& value, const std::string& help) = 0;
  // The same, absent if it was not given.
  virtual void argument(const char* name, std::optional<std::string>& value,
                        const std::string& help) = 0;
  // A flag with a value, absent if it was not given. `type` is what help calls the value.
  virtual void option(const char* flag, std::optional<std::string>& value, const std::string& help,
                      const char* type) = 0;
  // A flag with one value or more.
  virtual void options(const char* flag, std::vector<std::string>& values, const std::string& help,
                       const char* type) = 0;
  // A flag without a value.
  virtual void flag(const char* flag, bool& value, const std::string& help) = 0;
  // What the command does; returns the exit code.
  virtual void runs(std::function<int()> work) = 0;
};

class CommandLine {
 public:
  // `about` and `examples` stand above and below the list of commands in --help.
  CommandLine(std::string program, const std::string& about, const std::string& examples,
              const std::string& version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // As it was called.
  const std::string& program() const;
  // Commands that are named in two words, of which this is the first.
  void add_group(const char* name, const char* about);
  // `name` is one word, or a group's and one more: "text lsa". The command lives as long as this.
  Command& add(const char* name, const char* about);

  struct Chosen {
    std::string command;
    std::function<int()> work;  // none where help or the version was printed
  };
  // Reads the arguments. Throws Error, which says what would be right, where they name no command,
  // or a flag that it does not have.
  Chosen read(int argc, char** argv);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace hourglass
