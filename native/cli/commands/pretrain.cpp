// `hourglass pretrain`: layers trained one by one without labels, then classifiers from few labels.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/few_labels.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/split.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/pretraining_run.h"
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

constexpr const char* kUsualPreset = "pretrained";
constexpr const char* kUsualLabels = "10,30,100,300,1000";
constexpr std::int64_t kUsualSeeds = 5, kUsualSteps = 300;

struct StartLook {
  const char* name;
  Canvas::Rgb color;
};

// By LabelStart.
constexpr StartLook kStartLooks[] = {{"pretrained", 0x3F90DA},
                                     {"random, scaled by fan", 0xFFA90E},
                                     {"random, N(0, 0.01)", 0xBD1F01},
                                     {"linear, without layers", 0x717581}};

const StartLook& look_of(LabelStart start) { return kStartLooks[static_cast<std::size_t>(start)]; }

// In the order in which they were given.
std::vector<std::int64_t> numbers_of(const std::string& text, const char* flag,
                                     const std::string& what, const char* example) {
  std::vector<std::int64_t> numbers;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::int64_t number = 0;
    if (!parse_number(text.substr(at, end - at), number)) {
      throw Error(std::string(flag) + " takes " + what + " with commas between, such as " +
                  example + ", and '" + printable(text) + "' is not of that form.");
    }
    numbers.push_back(number);
    at = end + 1;
  }
  return numbers;
}

std::vector<std::int64_t> labels_of_flag(const std::optional<std::string>& flag) {
  std::vector<std::int64_t> labels =
      numbers_of(flag.value_or(kUsualLabels), "--labels", "numbers of labels", kUsualLabels);
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

// The first training samples alone; all where nobody asks for fewer.
DatasetPointer with_samples(Dataset data, const std::optional<std::string>& flag) {
  const std::int64_t all = data.train.count();
  const std::int64_t count = whole_number(flag, "--samples", all, 1, all);
  if (count < all) {
    std::vector<std::uint32_t> first(static_cast<std::size_t>(count));
    std::iota(first.begin(), first.end(), 0u);
    data.train = permuted(data.train, first);
  }
  return std::make_shared<const Dataset>(std::move(data));
}

std::string points_table(const std::vector<FewLabelsPoint>& points) {
  std::string csv = "start,labels,seed,accuracy\n";
  for (const FewLabelsPoint& point : points) {
    csv += std::string(label_start_name(point.start)) + "," + std::to_string(point.labels) + "," +
           std::to_string(point.seed) + "," + number_text(point.accuracy) + "\n";
  }
  return csv;
}

std::string losses_table(const FewLabels& few, const std::vector<std::vector<double>>& losses) {
  std::string csv = "layer,epoch,train_loss\n";
  for (std::size_t i = 0; i < losses.size(); ++i) {
    for (std::size_t epoch = 0; epoch < losses[i].size(); ++epoch) {
      csv += few.stages()[i].name + "," + std::to_string(epoch + 1) + "," +
             number_text(losses[i][epoch]) + "\n";
    }
  }
  return csv;
}

// A line through the means, and a dot for each seed.
Image accuracy_chart(const std::vector<FewLabelsPoint>& points, const std::string& title,
                     std::size_t seeds) {
  Chart chart{
      .title = title,
      .subtitle = "means and each of " + std::to_string(seeds) + (seeds == 1 ? " seed" : " seeds"),
      .across = "labels",
      .up = "accuracy on held-out samples",
      .log_x = true,
      .series = {},
      .marks = {},
      .high_y = 1};
  const std::vector<FewLabelsSummary> all = summaries(points);
  for (const LabelStart start : kLabelStarts) {
    const StartLook& look = look_of(start);
    ChartSeries line{look.name, {}, {}, look.color, ChartSeries::Style::kLine};
    ChartSeries dots{"", {}, {}, look.color, ChartSeries::Style::kDots};
    for (const FewLabelsSummary& summary : all) {
      if (summary.start != start) continue;
      line.x.push_back(static_cast<double>(summary.labels));
      line.y.push_back(summary.mean);
    }
    for (const FewLabelsPoint& point : points) {
      if (point.start != start) continue;
      dots.x.push_back(static_cast<double>(point.labels));
      dots.y.push_back(point.accuracy);
    }
    chart.series.push_back(std::move(line));
    chart.series.push_back(std::move(dots));
  }
  return draw_chart(chart);
}

Json summary_json(const FewLabelsSummary& summary) {
  return {{"start", label_start_name(summary.start)},
          {"labels", summary.labels},
          {"seeds", summary.seeds},
          {"accuracy", summary.mean},
          {"deviation", summary.deviation},
          {"low", summary.low},
          {"high", summary.high}};
}

Json point_json(const FewLabelsPoint& point) {
  return {{"start", label_start_name(point.start)},
          {"labels", point.labels},
          {"seed", point.seed},
          {"accuracy", json_number(point.accuracy)}};
}

std::string stage_words(const FewLabels& few) {
  const std::string seed = "seed " + std::to_string(few.seed());
  if (few.is_pretraining()) {
    const auto stage = static_cast<std::size_t>(few.stage());
    const auto last = few.stages().size() - 1;
    return "Pretraining " + few.stages()[std::min(stage, last)].name + ", " + seed;
  }
  return std::to_string(few.labels()) + " labels, " + look_of(few.start()).name + ", " + seed;
}

// Until all is done or it is asked to stop, with a file that grows; returns whether it is done.
bool work(FewLabels& few, StageLine& stage, OutFolder& out) {
  std::size_t written = 0;
  for (bool more = true; more;) {
    if (StopRequests::came()) return false;
    stage.show(stage_words(few), few.share());
    more = few.advance();
    if (few.points().size() == written) continue;
    out.write("accuracy.csv", points_table(few.points()), /*again=*/written > 0);
    written = few.points().size();
  }
  return true;
}

void print_summaries(const std::vector<FewLabelsSummary>& all,
                     const std::vector<std::int64_t>& labels) {
  std::printf("  %-24s", "labels");
  for (const std::int64_t each : labels) std::printf(" %15lld", static_cast<long long>(each));
  std::printf("\n");
  for (const LabelStart start : kLabelStarts) {
    std::printf("  %-24s", look_of(start).name);
    for (const std::int64_t each : labels) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const auto& summary) {
        return summary.start == start && summary.labels == each;
      });
      std::string text;
      if (found != all.end()) {
        text = fixed(found->mean, 4);
        if (found->seeds > 1) text += " +- " + fixed(found->deviation, 4);
      }
      std::printf(" %15s", text.c_str());
    }
    std::printf("\n");
  }
}

int run_pretrain(const ApplicationFlags& flags) {
  const session::Preset& preset = named_preset(flags.preset.value_or(kUsualPreset));
  session::Settings settings = settings_of(preset, flags);
  const std::vector<std::int64_t> labels = labels_of_flag(flags.labels);
  ModelSpec model = session::model_spec(settings);
  if (flags.layers) {
    model = with_hidden_layers(
        model, numbers_of(*flags.layers, "--layers", "sizes of layers", "1000,1000,500"));
  }
  const std::uint64_t first = flags.seed_or(1);
  const std::int64_t seeds = whole_number(flags.seeds, "--seeds", kUsualSeeds, 1, 1000);
  const std::int64_t steps = whole_number(flags.steps, "--steps", kUsualSteps, 1, 1000000);
  const int threads = flags.thread_count();
  const DatasetPointer data =
      with_samples(scaled_for(settings, preset_data(flags, settings)), flags.samples);
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);

  FewLabelsSpec spec = session::few_labels_spec(settings, data->train.count());
  spec.labels = labels;
  spec.steps = steps;
  spec.seeds.resize(static_cast<std::size_t>(seeds));
  std::iota(spec.seeds.begin(), spec.seeds.end(), first);
  FewLabels few(model, data, spec, pool);
  for (const std::string& note : few.notes()) warn(note);

  const auto began = std::chrono::steady_clock::now();
  const StopRequests requests;
  StageLine stage;
  bool done = false;
  try {
    done = work(few, stage, out);
  } catch (const Diverged& diverged) {
    throw Error(std::string(diverged.what()) +
                " Give it a lower one with --set train.learning_rate=X.");
  }
  stage.clear();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const std::vector<FewLabelsSummary> all = summaries(few.points());
  const std::string title = preset.name + " on " + printable(data->name);
  out.write("accuracy.png", accuracy_chart(few.points(), title, spec.seeds.size()));
  out.write("losses.csv", losses_table(few, few.losses()));
  if (!done) warn("Stopped after " + std::to_string(few.points().size()) + " classifiers.");
  if (flags.json) {
    Json curve = Json::array(), points = Json::array(), layers = Json::array();
    for (const FewLabelsSummary& summary : all) curve.push_back(summary_json(summary));
    for (const FewLabelsPoint& point : few.points()) points.push_back(point_json(point));
    for (std::size_t i = 0; i < few.stages().size(); ++i) {
      const PretrainingStage& row = few.stages()[i];
      layers.push_back({{"layer", row.name},
                        {"inputs", row.input.features()},
                        {"units", row.units},
                        {"train_loss", few.losses()[i]}});
    }
    const Json json{{"preset", preset.name},
                    {"data", to_utf8(data->name)},
                    {"samples", data->train.count()},
                    {"classes", std::ssize(data->class_names)},
                    {"seeds", spec.seeds},
                    {"epochs", spec.pretraining_epochs},
                    {"steps", spec.steps},
                    {"layers", layers},
                    {"curve", curve},
                    {"points", points},
                    {"seconds", took.count()}};
    std::printf("%s\n", json_text(json).c_str());
  } else {
    std::printf("%s: %s samples without labels, %s epochs a layer; then %s mini-batches with\n",
                title.c_str(), with_commas(data->train.count()).c_str(),
                with_commas(spec.pretraining_epochs).c_str(), with_commas(spec.steps).c_str());
    print_summaries(all, labels);
    if (out) std::printf("%s\n", out.sentence().c_str());
  }
  return done ? kDone : kInterrupted;
}

}  // namespace

void add_pretrain_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "pretrain", "Train layers one by one, then tell classes apart from few labels",
      run_pretrain);
  command.option("--preset", flags->preset, "The model (pretrained); it must be of dense layers",
                 "NAME");
  add_data_flag(command, *flags, "The data, with labels; the preset's own if left out");
  command.option("--layers", flags->layers, "Sizes of hidden layers instead of the preset's",
                 "N,N,...");
  command.option("--labels", flags->labels, "How many labels (10,30,100,300,1000)", "N,N,...");
  command.option("--seeds", flags->seeds, "How many seeds, one after the other (5)", "N");
  add_seed_flag(command, *flags, "The first of them (1)");
  command.option("--epochs", flags->epochs, "Of each layer on its own, instead of the preset's",
                 "N");
  command.option("--steps", flags->steps, "Mini-batches of each classifier (300)", "N");
  command.option("--samples", flags->samples, "The first training samples alone", "N");
  command.options("--set", flags->set, "Any settings of the layers' training, as train takes them",
                  "KEY=VALUE ...");
  add_out_flag(command, *flags, "Folder for accuracy.csv, accuracy.png and losses.csv");
}

}  // namespace hourglass
