// What the commands about the uses of a code share: flags, data, codes, and the folder of results.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/formats/png.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/model.h"
#include "native/cli/plan/run_folder.h"

namespace hourglass {

// The flags as they were given; which there are differs between the commands.
struct ApplicationFlags {
  std::optional<std::string> model, in, data, preset, out, threads, seed, epochs;
  std::optional<std::string> size, sizes, count, points, query, noise, from, components, hold_out;
  std::optional<std::string> distance, words, labels, save;
  std::optional<std::string> layers, seeds, steps, samples, pretrain_epochs;
  std::vector<std::string> set;
  bool json = false, fine_tune = false;

  int thread_count() const;  // as hourglass::thread_count()
  std::uint64_t seed_or(std::uint64_t initial) const;
};

// A new command with --threads and --json; `run` is what it does.
struct Application {
  Command& command;
  std::shared_ptr<ApplicationFlags> flags;
};
Application add_application(CommandLine& line, const char* name, const char* about,
                            int (*run)(const ApplicationFlags& flags));
// Flags that several of them have.
void add_model_flag(Command& command, ApplicationFlags& flags, const char* text);
void add_data_flag(Command& command, ApplicationFlags& flags, const char* text);
void add_out_flag(Command& command, ApplicationFlags& flags, const char* text);
void add_seed_flag(Command& command, ApplicationFlags& flags, const char* text);

// The data that `flag` names, or those that a project has, or the model's own, unscaled. Throws
// Error if nobody says where they are.
Dataset unscaled_data_for_model(const std::optional<std::string>& flag,
                                const session::RunInfo& info,
                                std::span<const std::uint8_t> project_samples);

// Both splits of the data that `flag` names, or of the model's own, in the model's scale. Throws
// Error if they do not fit the model, or if a split is empty.
Dataset data_for_model(const std::optional<std::string>& flag, const LoadedModel& loaded);
// The same for a model of so many features that is not an autoencoder.
Dataset data_for_model(const std::optional<std::string>& flag, const session::RunInfo& info,
                       Index features, std::span<const std::uint8_t> project_samples);

// The data set that a command without a model is about, scaled to its unit range (or as `settings`
// say).
Dataset data_for_command(const std::string& name, const session::Settings& settings);

// Samples [0, count) as the model sees them: features x count.
Matrix gathered(const Samples& samples, Index count);
// Their codes: code size x count. Throws Error if one of them is not finite.
Matrix encoded(const LoadedModel& loaded, const Samples& samples, Index count, ThreadPool& pool);

// The images of columns in the model's scale, black at the low end of the range.
std::vector<Image> pictures_of(const Matrix& samples, const ImageShape& shape,
                               const ValueRange& range);
// The same as one sheet, `columns` a line.
Image sheet_of(Matrix samples, const ImageShape& shape, const ValueRange& range, int columns);

// The folder that --out names, and what was written into it. Without --out nothing is written.
class OutFolder {
 public:
  explicit OutFolder(const std::optional<std::string>& out);

  explicit operator bool() const { return folder_.has_value(); }
  // With `again` for a file that is written anew as it grows, which is named once.
  void write(const std::string& name, const std::string& text, bool again = false);
  void write(const std::string& name, const Image& image);
  void write(const std::string& name, std::span<const std::uint8_t> bytes);
  // "Wrote a.csv and b.png to DIR."; "" if nothing was written.
  std::string sentence() const;

 private:
  std::optional<RunFolder> folder_;
  std::vector<std::string> written_;
};

// A field of a CSV file: in quotes where it must be.
std::string csv_field(const std::string& text);
// A field of a .tsv file, which knows no quotes: tabs and line ends become blanks.
std::string tsv_field(const std::string& text);
// Seven digits, which is what a float has; "" for what is not finite.
std::string number_text(double value);
// As JSON: null for what is not finite.
OrderedJson json_number(double value);

// Shows how far a slow part has come, on a terminal: "Training codes of 8: 40%".
class StageLine {
 public:
  StageLine();
  ~StageLine();
  void show(const std::string& what, double share);
  void clear();

 private:
  bool is_terminal_;
  bool drawn_ = false;
  double shown_ = 0;  // seconds
};

}  // namespace hourglass
