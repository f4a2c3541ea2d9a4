#include "native/cli/commands/application.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/known_scaling.h"
#include "core/data/sources/dataset_file.h"
#include "core/formats/safetensors.h"
#include "core/nn/inference.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/cli/plots/pictures.h"

namespace hourglass {
namespace {

// Sheets that are no wider, in pixels, are made larger for the eye.
constexpr int kNarrow = 640, kSheetEnlargement = 2;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A make_grid() can draw one or three channels.
void check_splits(const Dataset& data) {
  if (data.train.count() == 0 || data.test.count() == 0) {
    throw Error("'" + data.name + "' holds no samples " +
                (data.train.count() == 0 ? "to train on." : "back to test on."));
  }
}

}  // namespace

int ApplicationFlags::thread_count() const {
  ApplyFlags flags;
  flags.threads = threads;
  return hourglass::thread_count(flags);
}

std::uint64_t ApplicationFlags::seed_or(std::uint64_t initial) const {
  return static_cast<std::uint64_t>(whole_number(seed, "--seed", static_cast<std::int64_t>(initial),
                                                 0, std::int64_t{9007199254740991}));
}

Application add_application(CommandLine& line, const char* name, const char* about,
                            int (*run)(const ApplicationFlags& flags)) {
  const Application added{line.add(name, about), std::make_shared<ApplicationFlags>()};
  added.command.option("--threads", added.flags->threads,
                       "0 for all cores; the results do not depend on it", "N");
  added.command.flag("--json", added.flags->json, "One JSON object as the last line of stdout");
  added.command.runs([flags = added.flags, run] { return run(*flags); });
  return added;
}

void add_model_flag(Command& command, ApplicationFlags& flags, const char* text) {
  command.option("--model", flags.model, text, "FILE");
}

void add_data_flag(Command& command, ApplicationFlags& flags, const char* text) {
  command.option("--data", flags.data, text, "NAME|PATH");
}

void add_out_flag(Command& command, ApplicationFlags& flags, const char* text) {
  command.option("--out", flags.out, text, "DIR");
}

void add_seed_flag(Command& command, ApplicationFlags& flags, const char* text) {
  command.option("--seed", flags.seed, text, "N");
}

Dataset unscaled_data_for_model(const std::optional<std::string>& flag,
                                const session::RunInfo& info,
                                std::span<const std::uint8_t> project_samples) {
  const std::string source = flag.value_or(info.data);
  if (!flag && !project_samples.empty()) {
    return dataset_from_bytes(project_samples, "'" + source + "'").data;
  }
  if (!flag && info.is_imported) throw Error(kImportedAdvice);
  if (!flag && !is_data_name(source)) {
    throw Error("The model was trained on the data in '" + source +
                "'; say where that is with --data PATH.");
  }
  std::string path;
  return load_unscaled_data(source, info.settings, path, &info);
}

Dataset data_for_model(const std::optional<std::string>& flag, const LoadedModel& loaded) {
  return data_for_model(flag, loaded.info, loaded.model->features(), loaded.project_samples);
}

Dataset data_for_model(const std::optional<std::string>& flag, const session::RunInfo& info,
                       Index features, std::span<const std::uint8_t> project_samples) {
  const session::Settings& settings = info.settings;
  const std::string source = flag.value_or(info.data);
  Dataset data = unscaled_data_for_model(flag, info, project_samples);
  if (data.shape.features() != features) {
    throw Error("The samples of '" + source + "' have " + sample_text(data.shape) +
                ", and the model takes " + sample_text(info.input) + ".");
  }
  data = scaled_by(std::move(data), scaling_from_name(settings.text("data.scaling")), info.map,
                   info.range);
  if (settings.flag("data.clip")) {
    data.train.clip(data.range);
    data.test.clip(data.range);
  }
  check_splits(data);
  return data;
}

Dataset data_for_command(const std::string& name, const session::Settings& settings) {
  std::string path;
  Dataset data = scaled_for(settings, load_unscaled_data(name, settings, path));
  check_splits(data);
  return data;
}

Matrix gathered(const Samples& samples, Index count) {
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0u);
  Matrix all(samples.features(), count);
  samples.gather(indices, columns(all, 0, count));
  return all;
}

Matrix encoded(const LoadedModel& loaded, const Samples& samples, Index count, ThreadPool& pool) {
  constexpr Index kAtOnce = 4096;
  Inference inference(*loaded.model, pool);
  Matrix codes(loaded.model->code_size(), count), images(samples.features(), kAtOnce);
  std::vector<std::uint32_t> indices;
  for (Index first = 0; first < count; first += kAtOnce) {
    const Index some = std::min(kAtOnce, count - first);
    indices.resize(static_cast<std::size_t>(some));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    samples.gather(indices, columns(images, 0, some));
    inference.encode(loaded.parameters.data(), columns(std::as_const(images), 0, some),
                     columns(codes, first, some));
  }
  if (!codes.allFinite()) {
    throw Error(
        "Some codes of these samples are too large to be numbers: look at the values in "
        "the data, or at the model's weights.");
  }
  return codes;
}

std::vector<Image> pictures_of(const Matrix& samples, const ImageShape& shape,
                               const ValueRange& range) {
  std::vector<Image> pictures;
  for (Index j = 0; j < samples.cols(); ++j) {
    pictures.push_back(sheet_of(samples.col(j), shape, range, 0));
  }
  return pictures;
}

Image sheet_of(Matrix samples, const ImageShape& shape, const ValueRange& range, int columns_wide) {
  to_unit_range(range, columns(samples, 0, samples.cols()));
  const bool single = columns_wide == 0;
  const GridLayout layout{.columns = std::max(1, columns_wide),
                          .spacing = single ? 0 : 1,
                          .border = !single,
                          .background = 255};
  const Image sheet =
      make_grid(columns(std::as_const(samples), 0, samples.cols()), drawable(shape), layout);
  return single || sheet.width > kNarrow ? sheet : enlarged(sheet, kSheetEnlargement);
}

OutFolder::OutFolder(const std::optional<std::string>& out) {
  if (out) folder_.emplace(RunFolder::of(*out));
}

void OutFolder::write(const std::string& name, std::span<const std::uint8_t> bytes) {
  if (!folder_) return;
  write_file(folder_->path() / name, bytes);
  written_.push_back(name);
}

void OutFolder::write(const std::string& name, const std::string& text, bool again) {
  write(name, bytes_of(text));
  if (again && folder_) written_.pop_back();
}

void OutFolder::write(const std::string& name, const Image& image) {
  if (folder_) write(name, std::span<const std::uint8_t>(write_png(image)));
}

std::string OutFolder::sentence() const {
  if (written_.empty()) return "";
  std::string names = written_.front();
  for (std::size_t i = 1; i < written_.size(); ++i) {
    names += (i + 1 == written_.size() ? " and " : ", ") + written_[i];
  }
  return "Wrote " + names + " to " + one_line(folder_->path().string()) + ".";
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",;\t\"\r\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char character : text) quoted += character == '"' ? "\"\"" : std::string(1, character);
  return quoted + "\"";
}

std::string tsv_field(const std::string& text) {
  std::string plain = text;
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return plain;
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "";
  char text[40];
  std::snprintf(text, sizeof text, "%.7g", value);
  return text;
}

OrderedJson json_number(double value) {
  return std::isfinite(value) ? OrderedJson(value) : OrderedJson();
}

StageLine::StageLine() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

StageLine::~StageLine() { clear(); }

void StageLine::show(const std::string& what, double share) {
  constexpr double kBetween = 0.1;
  if (!is_terminal_ || now() - shown_ < kBetween) return;
  shown_ = now();
  std::fprintf(stderr, "\r\x1B[K%s: %.0f%%", one_line(what).c_str(),
               100 * std::clamp(share, 0.0, 1.0));
  std::fflush(stderr);
  drawn_ = true;
}

void StageLine::clear() {
  if (drawn_) std::fprintf(stderr, "\r\x1B[K");
  drawn_ = false;
}

}  // namespace hourglass
