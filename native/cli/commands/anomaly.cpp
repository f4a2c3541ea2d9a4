// `hourglass anomaly`: what a model was not trained on, told by how badly it is restored.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/left_out_class.h"
#include "core/analysis/linear_errors.h"
#include "core/analysis/reconstruction_errors.h"
#include "core/analysis/roc.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/known_scaling.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/training_run.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/train_quietly.h"
#include "native/cli/console/signals.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/plots/axes.h"
#include "native/plots/chart.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

constexpr Index kBins = 60;

// The number of the class that --hold-out names, by name or by number.
std::int32_t class_named(const std::string& wanted, const Dataset& data) {
  check_has_classes(data);
  const auto& names = data.class_names;
  const auto found = std::find(names.begin(), names.end(), to_utf8(wanted));
  if (found != names.end()) return static_cast<std::int32_t>(found - names.begin());
  std::int32_t number = -1;
  if (parse_number(wanted, number) && number >= 0 &&
      number < static_cast<std::int32_t>(names.size())) {
    return number;
  }
  std::string all;
  for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 20); ++i) {
    all += (i > 0 ? ", " : "") + names[i];
  }
  if (names.size() > 20) all += ", ...";
  throw Error("There is no class '" + wanted + "' in '" + data.name + "'; it has " + all + ".");
}

std::vector<double> errors_of(const Model& model, const Scalar* parameters, const Samples& samples,
                              ThreadPool& pool, StageLine& stage) {
  ReconstructionErrors errors(model, samples, pool);
  while (errors.advance(parameters)) stage.show("Restoring", errors.progress());
  return errors.errors();
}

// What a linear code of the same size makes of it.
double pca_area(const Dataset& normal, const Samples& test,
                std::span<const std::uint8_t> is_anomaly, Index size, ThreadPool& pool,
                StageLine& stage) {
  if (!LinearErrors::is_possible(normal, size)) return std::numeric_limits<double>::quiet_NaN();
  LinearErrors errors(normal, size, test, pool);
  while (errors.advance()) stage.show("Principal components", errors.progress());
  return roc_curve(errors.errors(), is_anomaly).area;
}

// A model that knows nothing of a class, and the data that it is tried on.
struct AnomalySubject {
  std::optional<LoadedModel> loaded;
  std::unique_ptr<session::TrainingRun> run;
  session::Settings settings;
  DatasetPointer normal;  // without the class, in both splits
  Samples test;           // with it, in the same scale
  std::vector<std::string> class_names;
  std::int32_t held_out = -1;

  const Model& model() const { return loaded ? *loaded->model : run->model(); }
  const Scalar* parameters() const {
    return loaded ? loaded->parameters.data() : run->parameters();
  }
};

AnomalySubject subject_of(const ApplicationFlags& flags, ThreadPool& pool) {
  const std::string& name = needed(flags.hold_out, "anomaly", "--hold-out CLASS");
  if (flags.model.has_value() == flags.preset.has_value()) {
    throw Error(
        "anomaly trains a model with --preset NAME or takes one with --model FILE: give "
        "one of the two.");
  }
  AnomalySubject subject;
  if (flags.model) {
    if (flags.epochs || flags.seed || !flags.set.empty()) {
      throw Error("--epochs, --seed and --set are for training, and --model is trained already.");
    }
    subject.loaded = load_model(*flags.model);
    Dataset data = data_for_model(flags.data, *subject.loaded);
    subject.held_out = class_named(name, data);
    subject.test = data.test;
    subject.class_names = data.class_names;
    // The split of scaled samples would lose their scale: the same data once more, unscaled.
    Dataset normal =
        unscaled_data_for_model(flags.data, subject.loaded->info, subject.loaded->project_samples);
    normal = without_class(normal, subject.held_out);
    const session::RunInfo& info = subject.loaded->info;
    normal = scaled_by(std::move(normal), scaling_from_name(info.settings.text("data.scaling")),
                       info.map, info.range);
    if (info.settings.flag("data.clip")) {
      normal.train.clip(info.range);
      normal.test.clip(info.range);
    }
    subject.normal = std::make_shared<const Dataset>(std::move(normal));
    return subject;
  }
  subject.settings = preset_settings(flags, "anomaly");
  Dataset data = preset_data(flags, subject.settings);
  subject.held_out = class_named(name, data);
  subject.test = data.test;
  subject.class_names = data.class_names;
  data = without_class(data, subject.held_out);
  const auto normal =
      std::make_shared<const Dataset>(scaled_for(subject.settings, std::move(data)));
  subject.normal = normal;
  subject.test.scale(normal->map);
  if (subject.settings.flag("data.clip")) subject.test.clip(normal->range);
  subject.run = std::make_unique<session::TrainingRun>(subject.settings, normal, pool);
  return subject;
}

std::string score_table(const AnomalySubject& subject, std::span<const double> scores) {
  std::string csv = "index,class,is_anomaly,score\n";
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::int32_t label = subject.test.labels[i];
    csv += std::to_string(i) + "," +
           csv_field(label >= 0 ? subject.class_names[static_cast<std::size_t>(label)] : "") + "," +
           (label == subject.held_out ? "1" : "0") + "," + number_text(scores[i]) + "\n";
  }
  return csv;
}

// Shares of each kind, so that the fewer anomalies are seen beside the others.
Image histogram_chart(std::span<const double> scores, std::span<const std::uint8_t> is_anomaly,
                      const std::string& name, double threshold) {
  std::vector<std::int32_t> groups(is_anomaly.begin(), is_anomaly.end());
  const ScoreHistogram histogram = score_histogram(scores, groups, 2, kBins);
  Chart chart{.title = "reconstruction errors, class " + name + " held out",
              .subtitle = "shares of each kind of sample; the last bin holds all beyond",
              .across = "mean squared error of a sample",
              .up = "share",
              .series = {},
              .marks = {{threshold, "threshold"}}};
  for (const int group : {0, 1}) {
    ChartSeries series{group == 0 ? "normal" : "held out",
                       {},
                       {},
                       group == 0 ? Canvas::Rgb{0x3F90DA} : Canvas::Rgb{0xBD1F01},
                       ChartSeries::Style::kSteps};
    double all = 0;
    for (const Index count : histogram.counts[static_cast<std::size_t>(group)]) {
      all += static_cast<double>(count);
    }
    for (Index bin = 0; bin < kBins; ++bin) {
      series.x.push_back(histogram.edge(bin));
      series.y.push_back(
          static_cast<double>(
              histogram.counts[static_cast<std::size_t>(group)][static_cast<std::size_t>(bin)]) /
          std::max(all, 1.0));
    }
    series.x.push_back(histogram.edge(kBins));
    chart.series.push_back(std::move(series));
  }
  return draw_chart(chart);
}

Image roc_chart(const RocCurve& curve, const std::string& name) {
  ChartSeries line{"model", {}, {}, 0xBD1F01, ChartSeries::Style::kLine};
  for (const RocPoint& point : curve.points) {
    line.x.push_back(point.false_positive_rate);
    line.y.push_back(point.true_positive_rate);
  }
  const ChartSeries chance{"chance", {0, 1}, {0, 1}, kFrame, ChartSeries::Style::kLine};
  return draw_chart({.title = "ROC curve, class " + name + " held out",
                     .subtitle = "area " + fixed(curve.area, 4),
                     .across = "false positive rate",
                     .up = "true positive rate",
                     .series = {chance, line},
                     .marks = {},
                     .low_x = 0,
                     .high_x = 1,
                     .low_y = 0,
                     .high_y = 1});
}

Json class_errors(const AnomalySubject& subject, std::span<const double> scores) {
  std::vector<double> sums(subject.class_names.size());
  std::vector<Index> counts(sums.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (subject.test.labels[i] < 0) continue;
    sums[static_cast<std::size_t>(subject.test.labels[i])] += scores[i];
    counts[static_cast<std::size_t>(subject.test.labels[i])] += 1;
  }
  Json json = Json::object();
  for (std::size_t c = 0; c < sums.size(); ++c) {
    json[to_utf8(subject.class_names[c])] =
        counts[c] > 0 ? json_number(sums[c] / static_cast<double>(counts[c])) : Json();
  }
  return json;
}

double mean_where(std::span<const double> scores, std::span<const std::uint8_t> is, bool wanted) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if ((is[i] != 0) == wanted) sum += scores[i], count += 1;
  }
  return sum / count;
}

int run_anomaly(const ApplicationFlags& flags) {
  const int threads = flags.thread_count();
  ThreadPool pool(threads);
  AnomalySubject subject = subject_of(flags, pool);
  warn_of_fewer_threads(pool, threads);
  OutFolder out(flags.out);
  const std::string name =
      printable(subject.class_names[static_cast<std::size_t>(subject.held_out)]);
  StageLine stage;
  if (subject.run) {
    const StopRequests requests;
    const bool whole = train_quietly(*subject.run, stage, "Training without class " + name);
    stage.clear();
    if (!whole) {
      warn("Stopped before training was over; nothing was measured.");
      return kInterrupted;
    }
  }
  const std::vector<std::uint8_t> is_anomaly = is_of_class(subject.test, subject.held_out);
  const std::vector<double> scores =
      errors_of(subject.model(), subject.parameters(), subject.test, pool, stage);
  const RocCurve curve = roc_curve(scores, is_anomaly);
  std::vector<double> seen =
      errors_of(subject.model(), subject.parameters(), subject.normal->train, pool, stage);
  const double threshold = score_quantile(seen, kLetThrough);
  const Decision decision = decide(scores, is_anomaly, threshold);
  const double linear =
      pca_area(*subject.normal, subject.test, is_anomaly, subject.model().code_size(), pool, stage);
  stage.clear();

  out.write("scores.csv", score_table(subject, scores));
  out.write("histogram.png", histogram_chart(scores, is_anomaly, name, threshold));
  out.write("roc.png", roc_chart(curve, name));
  if (out && subject.run) {
    out.write("model.safetensors",
              std::span<const std::uint8_t>(subject.run->save(subject.settings)));
  }
  Json json{{"auc", curve.area},
            {"average_precision", curve.average_precision},
            {"pca_auc", json_number(linear)},
            {"hold_out", to_utf8(subject.class_names[static_cast<std::size_t>(subject.held_out)])},
            {"threshold", json_number(threshold)},
            {"precision", decision.precision()},
            {"recall", decision.recall()},
            {"false_positive_rate", decision.false_positive_rate()},
            {"normal_mse", json_number(mean_where(scores, is_anomaly, false))},
            {"anomaly_mse", json_number(mean_where(scores, is_anomaly, true))},
            {"class_mse", class_errors(subject, scores)},
            {"samples", scores.size()},
            {"anomalies", std::count(is_anomaly.begin(), is_anomaly.end(), 1)},
            {"code_size", subject.model().code_size()},
            {"data", to_utf8(subject.normal->name)}};
  if (subject.run) {
    json["preset"] = *flags.preset;
    json["epochs"] = subject.run->history().back().epoch;
    json["seed"] = subject.settings.integer("train.seed");
  } else {
    json["model"] = to_utf8(*flags.model);
  }
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf("%s, class %s held out: %s of %s samples\n", one_line(subject.normal->name).c_str(),
              name.c_str(), with_commas(json["anomalies"].get<Index>()).c_str(),
              with_commas(std::ssize(scores)).c_str());
  std::printf("  area under the ROC curve  %.4f\n  average precision         %.4f\n", curve.area,
              curve.average_precision);
  std::printf("  above %.5f            precision %.4f, recall %.4f\n", threshold,
              decision.precision(), decision.recall());
  if (curve.area < 0.6) {
    std::printf(
        "  The held-out class is restored about as well as the others: the model is strong "
        "enough to copy what it has never seen.\n");
  }
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_anomaly_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "anomaly", "Train without a class, and tell it by how badly it is restored",
      run_anomaly);
  command.option("--preset", flags->preset, "The model to train: 'hourglass presets' lists them",
                 "NAME");
  add_model_flag(command, *flags, "Instead of --preset: a trained model.safetensors");
  add_data_flag(command, *flags, "The data; the preset's or the model's own if left out");
  command.option("--hold-out", flags->hold_out, "The class that counts as anomalous: its name",
                 "CLASS");
  command.option("--epochs", flags->epochs, "How often to go through the data", "N");
  add_seed_flag(command, *flags, "Of the weights, the order and the noise");
  command.options("--set", flags->set, "Any settings of the run, as train takes them",
                  "KEY=VALUE ...");
  add_out_flag(command, *flags,
               "Folder for histogram.png, roc.png, scores.csv and the trained model.safetensors");
}

}  // namespace hourglass
