// `hourglass sweep`: how large a code should be.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/code_size.h"
#include "core/analysis/pca_exact.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/math/thread_pool.h"
#include "core/model/layer_type.h"
#include "core/session/engine/training_run.h"
#include "core/train/evaluation.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/train_quietly.h"
#include "native/cli/console/signals.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/cli/plots/chart.h"

namespace hourglass {
namespace {

using Json = OrderedJson;
using session::TrainingRun;

constexpr const char* kUsualSizes = "1,2,4,8,16,32,64,128";
// Without early stopping of its own a run stops when this many epochs have not lowered its loss.
constexpr std::int64_t kPatience = 3;

struct SweepPoint {
  std::int64_t size = 0;
  double test_mse = 0, test_loss = 0;
  double pca_mse = std::numeric_limits<double>::quiet_NaN();
  Index dead_units = 0;
  std::int64_t epochs = 0;
  double seconds = 0;
};

// Rising, each once.
std::vector<std::int64_t> sizes_of(const std::string& text) {
  std::vector<std::int64_t> sizes;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::int64_t size = 0;
    if (!parse_number(text.substr(at, end - at), size) || size < 1 || size > kMaxUnits) {
      throw Error("--sizes takes whole numbers from 1 to " + std::to_string(kMaxUnits) +
                  " with commas between, such as " + kUsualSizes + ", and '" + text +
                  "' is not of that form.");
    }
    sizes.push_back(size);
    at = end + 1;
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

session::Settings resized(const session::Settings& settings, std::int64_t size) {
  session::Settings changed = settings;
  const ModelSpec spec = with_code_size(session::model_spec(settings), size);
  changed.set("model.encoder", layers_text(spec.encoder));
  return changed;
}

// Held-out errors of 0, 1, ... principal components.
std::vector<double> pca_errors(const Dataset& data, std::int64_t largest, ThreadPool& pool,
                               StageLine& stage) {
  const Index features = data.shape.features();
  if (features > ExactPca::kMaxFeatures) return {};
  const Index most =
      std::min<Index>({static_cast<Index>(largest), features, ExactPca::kMaxComponents});
  ExactPca pca(data, most, pool);
  while (pca.advance()) stage.show("Principal components", pca.share());
  return pca.test_mse();
}

// What the last evaluation of the run does not keep: units that say nothing.
Index dead_units(const TrainingRun& run, ThreadPool& pool) {
  Evaluation evaluation(run.model(), run.data()->test, pool, run.data()->range.middle());
  while (evaluation.advance(run.parameters(), run.data()->test.count())) continue;
  const StateFigures state = evaluation.state_figures();
  return state.has_posterior ? state.code_units - state.active_units : state.constant_units;
}

Json point_json(const SweepPoint& point) {
  return {{"size", point.size},
          {"test_mse", json_number(point.test_mse)},
          {"test_loss", json_number(point.test_loss)},
          {"pca_mse", json_number(point.pca_mse)},
          {"dead_units", point.dead_units},
          {"epochs", point.epochs},
          {"seconds", point.seconds}};
}

std::string sweep_table(const std::vector<SweepPoint>& points) {
  std::string csv = "size,test_mse,test_loss,pca_mse,dead_units,epochs,seconds\n";
  for (const SweepPoint& point : points) {
    csv += std::to_string(point.size) + "," + number_text(point.test_mse) + "," +
           number_text(point.test_loss) + "," + number_text(point.pca_mse) + "," +
           std::to_string(point.dead_units) + "," + std::to_string(point.epochs) + "," +
           number_text(point.seconds) + "\n";
  }
  return csv;
}

Image sweep_chart(const std::vector<SweepPoint>& points, const std::string& title, int bend) {
  ChartSeries model{"autoencoder", {}, {}, 0x3F90DA, ChartSeries::Style::kLineAndDots};
  ChartSeries linear{"as many components", {}, {}, 0xFFA90E, ChartSeries::Style::kLineAndDots};
  for (const SweepPoint& point : points) {
    model.x.push_back(static_cast<double>(point.size));
    model.y.push_back(point.test_mse);
    linear.x.push_back(static_cast<double>(point.size));
    linear.y.push_back(point.pca_mse);
  }
  Chart chart{.title = title,
              .subtitle = "held-out error over the size of the code",
              .across = "numbers of a code",
              .up = "mean squared error",
              .log_x = true,
              .series = {std::move(model), std::move(linear)},
              .marks = {}};
  if (bend >= 0) {
    chart.marks.push_back(
        {static_cast<double>(points[static_cast<std::size_t>(bend)].size), "elbow"});
  }
  return draw_chart(chart);
}

int elbow_of(const std::vector<SweepPoint>& points) {
  std::vector<double> sizes, errors;
  for (const SweepPoint& point : points) {
    sizes.push_back(static_cast<double>(point.size));
    errors.push_back(point.test_mse);
  }
  return elbow(sizes, errors);
}

SweepPoint train_size(const session::Settings& settings, const DatasetPointer& data,
                      std::int64_t size, ThreadPool& pool, StageLine& stage, OutFolder& out) {
  const auto began = std::chrono::steady_clock::now();
  const session::Settings changed = resized(settings, size);
  TrainingRun run(changed, data, pool);
  SweepPoint point{.size = size};
  if (!train_quietly(run, stage, "Training codes of " + std::to_string(size))) return {};
  const EpochMetrics& last = run.history().back();
  point.test_mse = last.test_mse;
  point.test_loss = last.test_loss;
  point.epochs = static_cast<std::int64_t>(last.epoch);
  point.dead_units = dead_units(run, pool);
  point.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (out) {
    out.write("model-" + std::to_string(size) + ".safetensors",
              std::span<const std::uint8_t>(run.save(changed)));
  }
  return point;
}

void print_points(const std::vector<SweepPoint>& points, int bend) {
  std::printf("  %6s %10s %10s %10s %7s\n", "size", "test mse", "PCA's", "dead", "epochs");
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::printf("  %6lld %10.5f %10s %10lld %7lld%s\n", static_cast<long long>(points[i].size),
                points[i].test_mse,
                points[i].pca_mse == points[i].pca_mse ? fixed(points[i].pca_mse, 5).c_str() : "",
                static_cast<long long>(points[i].dead_units),
                static_cast<long long>(points[i].epochs),
                static_cast<int>(i) == bend ? "  <- elbow" : "");
  }
}

int run_sweep(const ApplicationFlags& flags) {
  session::Settings settings = preset_settings(flags, "sweep");
  const std::vector<std::int64_t> sizes = sizes_of(flags.sizes.value_or(kUsualSizes));
  // Refuses models whose code has no size before anything is loaded.
  for (const std::int64_t size : sizes) resized(settings, size);
  if (settings.integer("train.patience") == 0) settings.set("train.patience", kPatience);
  const int threads = flags.thread_count();
  const auto data =
      std::make_shared<const Dataset>(scaled_for(settings, preset_data(flags, settings)));
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);

  const StopRequests requests;
  StageLine stage;
  const std::vector<double> linear = pca_errors(*data, sizes.back(), pool, stage);
  std::vector<SweepPoint> points;
  for (const std::int64_t size : sizes) {
    SweepPoint point = train_size(settings, data, size, pool, stage, out);
    if (point.size == 0) break;  // asked to stop
    if (size < std::ssize(linear)) point.pca_mse = linear[static_cast<std::size_t>(size)];
    points.push_back(point);
    out.write("sweep.csv", sweep_table(points), /*again=*/points.size() > 1);
  }
  stage.clear();
  const bool interrupted = points.size() < sizes.size();
  const int bend = elbow_of(points);
  out.write("sweep.png", sweep_chart(points, *flags.preset + " on " + printable(data->name), bend));
  Json list = Json::array();
  for (const SweepPoint& point : points) list.push_back(point_json(point));
  const Json json{{"points", list},
                  {"elbow", bend >= 0 ? Json(points[static_cast<std::size_t>(bend)].size) : Json()},
                  {"mean_image_mse", linear.empty() ? Json() : json_number(linear.front())},
                  {"preset", *flags.preset},
                  {"seed", settings.integer("train.seed")},
                  {"data", to_utf8(data->name)}};
  if (interrupted) {
    warn("Stopped after " + std::to_string(points.size()) + " of " + std::to_string(sizes.size()) +
         " sizes.");
  }
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
  } else {
    std::printf("%s on %s\n", flags.preset->c_str(), one_line(data->name).c_str());
    print_points(points, bend);
    if (out) std::printf("%s\n", out.sentence().c_str());
  }
  return interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_sweep_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "sweep", "Train codes of several sizes: how large should one be?", run_sweep);
  command.option("--preset", flags->preset, "The model: 'hourglass presets' lists them", "NAME");
  add_data_flag(command, *flags, "The data; the preset's own if left out");
  command.option("--sizes", flags->sizes, "Sizes of the code (1,2,4,8,16,32,64,128)", "N,N,...");
  command.option(
      "--epochs", flags->epochs,
      "At most so many each; a run stops earlier when train.patience epochs (3) have not "
      "lowered its loss",
      "N");
  add_seed_flag(command, *flags, "Of the weights, the order and the noise");
  command.options("--set", flags->set, "Any settings of the runs, as train takes them",
                  "KEY=VALUE ...");
  add_out_flag(command, *flags, "Folder for sweep.csv, sweep.png and model-SIZE.safetensors");
}

}  // namespace hourglass
