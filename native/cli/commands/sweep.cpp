// `hourglass sweep`: how large a code should be.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/code_size.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/math/thread_pool.h"
#include "core/model/layer_type.h"
#include "core/session/engine/code_sweep.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/train_quietly.h"
#include "native/cli/console/signals.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/plots/chart.h"

namespace hourglass {
namespace {

using Json = OrderedJson;
using session::CodeSweep;
using session::SweepPoint;

constexpr const char* kUsualSizes = "1,2,4,8,16,32,64,128";

// A point, and how long it took.
struct TimedPoint : SweepPoint {
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

Json point_json(const TimedPoint& point) {
  return {{"size", point.size},
          {"test_mse", json_number(point.test_mse)},
          {"test_loss", json_number(point.test_loss)},
          {"pca_mse", json_number(point.pca_mse)},
          {"dead_units", point.dead_units},
          {"epochs", point.epochs},
          {"seconds", point.seconds}};
}

std::string sweep_table(const std::vector<TimedPoint>& points) {
  std::string csv = "size,test_mse,test_loss,pca_mse,dead_units,epochs,seconds\n";
  for (const TimedPoint& point : points) {
    csv += std::to_string(point.size) + "," + number_text(point.test_mse) + "," +
           number_text(point.test_loss) + "," + number_text(point.pca_mse) + "," +
           std::to_string(point.dead_units) + "," + std::to_string(point.epochs) + "," +
           number_text(point.seconds) + "\n";
  }
  return csv;
}

Image sweep_chart(const std::vector<TimedPoint>& points, const std::string& title, int bend) {
  ChartSeries model{"autoencoder", {}, {}, 0x3F90DA, ChartSeries::Style::kLineAndDots};
  ChartSeries linear{"as many components", {}, {}, 0xFFA90E, ChartSeries::Style::kLineAndDots};
  for (const TimedPoint& point : points) {
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

// Works until `done` or until it is asked to stop; returns whether it is done.
template <typename Done>
bool work_until(CodeSweep& sweep, StageLine& stage, Done done) {
  while (!done()) {
    if (StopRequests::came()) return false;
    stage.show(sweep.size() == 0 ? "Principal components"
                                 : "Training codes of " + std::to_string(sweep.size()),
               sweep.share());
    sweep.advance();
  }
  return true;
}

// One size more, with its file; false if it is asked to stop before.
bool add_point(CodeSweep& sweep, StageLine& stage, OutFolder& out,
               std::vector<TimedPoint>& points) {
  work_until(sweep, stage, [&] { return sweep.size() != 0; });  // what no size is to wait for
  const auto began = std::chrono::steady_clock::now();
  if (!work_until(sweep, stage, [&] { return sweep.points().size() > points.size(); })) {
    return false;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  points.push_back({sweep.points().back(), took.count()});
  const std::string size = std::to_string(points.back().size);
  if (!std::isfinite(points.back().test_mse)) {
    stage.clear();
    warn("The run with codes of " + size +
         " diverged. Give it a lower rate with --set train.learning_rate=X.");
  } else if (out) {
    out.write("model-" + size + ".safetensors",
              std::span<const std::uint8_t>(sweep.run().save(sweep.run_settings())));
  }
  out.write("sweep.csv", sweep_table(points), /*again=*/points.size() > 1);
  return true;
}

void print_points(const std::vector<TimedPoint>& points, int bend) {
  std::printf("  %6s %10s %10s %10s %7s\n", "size", "test mse", "PCA's", "dead", "epochs");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto error = [](double mse, const char* otherwise) {
      return std::isfinite(mse) ? fixed(mse, 5) : otherwise;
    };
    std::printf("  %6lld %10s %10s %10lld %7lld%s\n", static_cast<long long>(points[i].size),
                error(points[i].test_mse, "diverged").c_str(), error(points[i].pca_mse, "").c_str(),
                static_cast<long long>(points[i].dead_units),
                static_cast<long long>(points[i].epochs),
                static_cast<int>(i) == bend ? "  <- elbow" : "");
  }
}

int run_sweep(const ApplicationFlags& flags) {
  session::Settings settings = preset_settings(flags, "sweep");
  const std::vector<std::int64_t> sizes = sizes_of(flags.sizes.value_or(kUsualSizes));
  // Refuses models whose code has no size before anything is loaded.
  for (const std::int64_t size : sizes) with_code_size(session::model_spec(settings), size);
  const int threads = flags.thread_count();
  const auto data =
      std::make_shared<const Dataset>(scaled_for(settings, preset_data(flags, settings)));
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);

  const StopRequests requests;
  StageLine stage;
  CodeSweep sweep(settings, data, sizes, pool);
  std::vector<TimedPoint> points;
  while (points.size() < sizes.size() && add_point(sweep, stage, out, points)) continue;
  stage.clear();
  const bool interrupted = points.size() < sizes.size();
  const int bend = sweep.bend();
  out.write("sweep.png", sweep_chart(points, *flags.preset + " on " + printable(data->name), bend));
  Json list = Json::array();
  for (const TimedPoint& point : points) list.push_back(point_json(point));
  const Json json{{"points", list},
                  {"elbow", bend >= 0 ? Json(points[static_cast<std::size_t>(bend)].size) : Json()},
                  {"mean_image_mse", json_number(sweep.mean_image_mse())},
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
