// `hourglass probe`: what a code knows of classes and factors, and a classifier on it.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/classifier_training.h"
#include "core/analysis/linear_probe.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/write_number.h"
#include "core/data/labels.h"
#include "core/data/split.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/classifier_file.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"
#include "native/cli/plots/confusion_plot.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

constexpr std::int64_t kEpochs = 20;
constexpr std::int64_t kMaxEpochs = 100000;

// A classifier, and what it says of the held-out samples.
struct Verdict {
  std::shared_ptr<const Model> model;
  ParameterBuffer parameters;
  session::ClassifierInfo info;
  std::vector<std::int32_t> predicted;
  std::vector<float> probability;  // of what is predicted
};

struct ProbeSubject {
  LoadedModel loaded;
  DatasetPointer data;
};

// Asks the classifier for the held-out samples, and so says what its file will say.
void classify(const ProbeSubject& subject, ThreadPool& pool, StageLine& stage, Verdict& verdict) {
  Predictions predictions(*verdict.model, subject.data->test, pool);
  while (predictions.advance(verdict.parameters.data())) {
    stage.show("Classifying", predictions.progress());
  }
  verdict.predicted = predictions.predicted();
  verdict.probability = predictions.confidence();
}

Verdict verdict_of(const ProbeSubject& subject, const LinearProbe& probe) {
  Verdict verdict;
  const auto classes = std::ssize(subject.data->class_names);
  verdict.model = std::make_shared<const Model>(
      classifier_spec(subject.loaded.model->spec(), classes), subject.loaded.info.input);
  verdict.parameters = probe.parameters_of(*verdict.model);
  verdict.info = {subject.data->class_names, probe.train_count(), false};
  return verdict;
}

void fine_tune(const ProbeSubject& subject, const ApplicationFlags& flags,
               std::vector<std::uint32_t> samples, ThreadPool& pool, StageLine& stage,
               Verdict& verdict, Json& json) {
  ClassifierTraining::Options options;
  options.epochs = whole_number(flags.epochs, "--epochs", kEpochs, 1, kMaxEpochs);
  options.train.seed = flags.seed_or(1);
  verdict.info.labels = std::ssize(samples);
  FineTuning tuning(verdict.model, verdict.parameters, subject.data, std::move(samples), options,
                    pool);
  while (tuning.advance()) stage.show("Fine-tuning", tuning.training().progress());
  const ClassifierTraining& training = tuning.training();
  verdict.parameters = training.parameters();
  verdict.predicted = training.predictions().predicted();
  verdict.probability = training.predictions().confidence();
  verdict.info.fine_tuned = true;
  json["fine_tuned"] = json_number(training.accuracy());
  json["epochs"] = options.epochs;
  json["learning_rate"] = json_number(tuning.learning_rate());
  json["train_loss"] = json_number(training.losses().back());
}

// A classifier from a file, asked for the held-out samples.
Verdict loaded_verdict(const std::string& path, const Safetensors& file, ProbeSubject& subject,
                       const ApplicationFlags& flags, ThreadPool& pool, StageLine& stage) {
  Verdict verdict;
  verdict.info = session::read_classifier_info(file, "'" + path + "'");
  const session::RunInfo& info = subject.loaded.info;
  try {
    verdict.model = std::make_shared<const Model>(
        classifier_spec(session::model_spec(info.settings), std::ssize(verdict.info.class_names)),
        info.input);
    load_parameters(file, verdict.model->layout(), verdict.parameters);
  } catch (const Error& error) {
    throw Error("'" + path + "' cannot be used: " + error.what());
  }
  subject.data = std::make_shared<const Dataset>(
      data_for_model(flags.data, info, verdict.model->features(), {}));
  check_labels(*subject.data);
  if (subject.data->class_names != verdict.info.class_names) {
    throw Error("'" + path + "' tells " + std::to_string(verdict.info.class_names.size()) +
                " classes apart, and they are not those of '" + subject.data->name +
                "': use it on data with the classes that it was trained on.");
  }
  classify(subject, pool, stage, verdict);
  return verdict;
}

std::string confusion_table(const Confusion& confusion, const std::vector<std::string>& names) {
  std::string csv = "class";
  for (const std::string& name : names) csv += "," + csv_field(name);
  csv += "\n";
  for (Index row = 0; row < confusion.counts.rows(); ++row) {
    csv += csv_field(names[static_cast<std::size_t>(row)]);
    for (Index column = 0; column < confusion.counts.cols(); ++column) {
      csv += "," + std::to_string(confusion.counts(row, column));
    }
    csv += "\n";
  }
  return csv;
}

std::string prediction_table(const Dataset& data, const Verdict& verdict) {
  std::string csv = "index,class,predicted,probability\n";
  for (std::size_t i = 0; i < verdict.predicted.size(); ++i) {
    const std::int32_t label = data.test.labels[i];
    const auto name = [&](std::int32_t each) {
      return each < 0 ? "" : csv_field(data.class_names[static_cast<std::size_t>(each)]);
    };
    csv += std::to_string(i) + "," + name(label) + "," + name(verdict.predicted[i]) + "," +
           number_text(static_cast<double>(verdict.probability[i])) + "\n";
  }
  return csv;
}

Image confusion_picture(const ProbeSubject& subject, const Verdict& verdict,
                        const Confusion& confusion) {
  const Dataset& data = *subject.data;
  const std::int64_t samples = confusion.samples();
  const auto right = static_cast<std::int64_t>(confusion.counts.diagonal().sum());
  ConfusionPlot plot{.confusion = confusion,
                     .class_names = data.class_names,
                     .title = to_utf8(data.name) + ": " + fixed(100 * confusion.accuracy(), 2) +
                              " % of held-out samples are taken for what they are",
                     .subtitle = with_commas(right) + " of " + with_commas(samples) + ", by " +
                                 (verdict.info.fine_tuned ? "a fine-tuned encoder"
                                                          : "a linear classifier on the code") +
                                 " that has seen " + with_commas(verdict.info.labels) + " labels",
                     .images = nullptr};
  if (data.shape.rows > 1) {
    plot.images = [&](std::int32_t label, std::int32_t taken_for, int count) {
      std::vector<std::uint32_t> found =
          samples_in_cell(data.test.labels, verdict.predicted, label, taken_for);
      found.resize(std::min(found.size(), static_cast<std::size_t>(count)));
      Matrix images(data.test.features(), std::ssize(found));
      data.test.gather(found, columns(images, 0, images.cols()));
      return pictures_of(images, data.shape, data.range);
    };
  }
  return confusion_plot(plot);
}

void write_results(const ProbeSubject& subject, const Verdict& verdict, const Confusion& confusion,
                   OutFolder& out) {
  if (!out) return;
  out.write("confusion.png", confusion_picture(subject, verdict, confusion));
  out.write("confusion.csv", confusion_table(confusion, subject.data->class_names));
  out.write("predictions.csv", prediction_table(*subject.data, verdict));
}

void add_factors(const Dataset& data, const LinearProbe& probe, OutFolder& out, Json& json) {
  if (probe.r_squared().size() == 0) return;
  Json values = Json::object();
  std::string csv = "factor,unit,r2\n";
  for (std::size_t f = 0; f < data.factors.size(); ++f) {
    const double value = probe.r_squared()[static_cast<Index>(f)];
    values[data.factors[f].name] = json_number(value);
    csv += csv_field(data.factors[f].name) + "," + csv_field(data.factors[f].unit) + "," +
           number_text(value) + "\n";
  }
  json["r2"] = values;
  out.write("factors.csv", csv);
}

void save(const ProbeSubject& subject, const Verdict& verdict, const std::string& path) {
  const Safetensors file = session::classifier_file(*verdict.model, verdict.parameters,
                                                    subject.loaded.info, verdict.info);
  write_file(path, write_safetensors(file));
}

void say(const ProbeSubject& subject, const Json& json) {
  const auto percent = [&](const char* key) {
    return fixed(100 * json[key].get<double>(), 2) + " %";
  };
  std::printf("%s classes of '%s', learned from %s labels\n",
              with_commas(std::ssize(subject.data->class_names)).c_str(),
              one_line(subject.data->name).c_str(),
              with_commas(json["labels"].get<std::int64_t>()).c_str());
  if (json.contains("linear_probe")) {
    std::printf("  linear probe  %s of held-out samples right\n", percent("linear_probe").c_str());
  }
  if (json.contains("fine_tuned")) {
    std::printf("  fine-tuned    %s, at a learning rate of %s\n", percent("fine_tuned").c_str(),
                shortest_text(json["learning_rate"].get<double>()).c_str());
  }
  if (!json.contains("linear_probe")) {
    std::printf("  accuracy      %s of held-out samples right\n", percent("accuracy").c_str());
  }
  if (!json.contains("r2")) return;
  for (const auto& [name, value] : json["r2"].items()) {
    if (!value.is_null()) {
      std::printf("  R squared of %-12s %.3f\n", name.c_str(), value.get<double>());
    }
  }
}

int run_probe(const ApplicationFlags& flags) {
  const std::string& path = needed(flags.model, "probe", "--model FILE");
  if (flags.epochs && !flags.fine_tune) {
    throw Error("--epochs goes with --fine-tune; the linear probe is trained until it converges.");
  }
  const session::Project project = read_model_file(path);
  const Safetensors file = read_safetensors(project.checkpoint, "'" + path + "'");
  const bool is_classifier = session::is_classifier(file);
  if (is_classifier && (flags.labels || flags.fine_tune || flags.save)) {
    throw Error("'" + path +
                "' is a classifier that is trained already; --labels, --fine-tune and --save are "
                "for a model.safetensors of 'hourglass train'.");
  }
  const int threads = flags.thread_count();
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);
  StageLine stage;
  ProbeSubject subject;
  Verdict verdict;
  Json json;
  std::optional<LinearProbe> probe;
  if (is_classifier) {
    subject.loaded.info = session::read_run_info(file, "'" + path + "'");
    verdict = loaded_verdict(path, file, subject, flags, pool, stage);
  } else {
    subject.loaded = load_model(path);
    subject.data = std::make_shared<const Dataset>(data_for_model(flags.data, subject.loaded));
    const std::int64_t count =
        flags.labels ? whole_number(flags.labels, "--labels", 0, 1, std::int64_t{1} << 31) : 0;
    std::vector<std::uint32_t> samples = choose_labelled(*subject.data, count, flags.seed_or(1));
    probe.emplace(subject.loaded.model, subject.loaded.parameters.data(), subject.data, samples,
                  LogisticRegressionOptions{}, pool);
    while (probe->advance()) stage.show("Linear probe", probe->progress());
    verdict = verdict_of(subject, *probe);
    classify(subject, pool, stage, verdict);
    json["linear_probe"] = json_number(
        confusion_of(subject.data->test.labels, verdict.predicted, verdict.model->outputs())
            .accuracy());
    json["linear_probe_train"] = json_number(probe->train_accuracy());
    json["iterations"] = probe->regression().iterations();
    json["converged"] = probe->regression().has_converged();
    if (flags.fine_tune) {
      fine_tune(subject, flags, std::move(samples), pool, stage, verdict, json);
    }
  }
  stage.clear();

  const Confusion confusion =
      confusion_of(subject.data->test.labels, verdict.predicted, verdict.model->outputs());
  OutFolder out(flags.out);
  json["accuracy"] = json_number(confusion.accuracy());
  json["labels"] = verdict.info.labels;
  json["samples"] = confusion.samples();
  json["classes"] = subject.data->class_names;
  json["code_size"] = verdict.model->code_size();
  Json rows = Json::array();
  for (Index row = 0; row < confusion.counts.rows(); ++row) {
    Json columns = Json::array();
    for (const std::int64_t each : confusion.counts.row(row)) columns.push_back(each);
    rows.push_back(columns);
  }
  json["confusion"] = rows;
  write_results(subject, verdict, confusion, out);
  if (probe) add_factors(*subject.data, *probe, out, json);
  if (flags.save) save(subject, verdict, *flags.save);
  json["seed"] = flags.seed_or(1);
  json["data"] = to_utf8(subject.data->name);
  json["model"] = to_utf8(path);
  json["saved"] = flags.save ? Json(to_utf8(*flags.save)) : Json();
  json["out"] = flags.out ? Json(to_utf8(*flags.out)) : Json();
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  say(subject, json);
  if (flags.save) std::printf("Wrote the classifier to %s.\n", one_line(*flags.save).c_str());
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_probe_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "probe", "What a code knows: classes and factors, read off it linearly", run_probe);
  add_model_flag(command, *flags, "A model.safetensors, or a classifier that --save has written");
  add_data_flag(command, *flags, "Data with labels; the model's own if left out");
  command.option("--labels", flags->labels,
                 "How many labels to learn from, as many of each class; all if left out", "N");
  command.flag("--fine-tune", flags->fine_tune,
               "Then train the encoder, too, with the classifier on it");
  command.option("--epochs", flags->epochs, "Of --fine-tune (20)", "N");
  add_seed_flag(command, *flags, "Of which labels are seen, and of the order of training (1)");
  command.option("--save", flags->save,
                 "Write encoder and classifier, for this command and for docs/hourglass_model.py",
                 "FILE");
  add_out_flag(command, *flags,
               "Folder for confusion.png, confusion.csv and predictions.csv; factors.csv where "
               "factors are known, as in Strokes");
}

}  // namespace hourglass
