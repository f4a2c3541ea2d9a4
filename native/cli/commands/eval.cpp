// `hourglass eval`: how well a trained model does.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/corruption.h"
#include "core/math/thread_pool.h"
#include "core/nn/inference.h"
#include "core/train/domain.h"
#include "core/train/evaluation.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/model.h"
#include "native/cli/console/text.h"
#include "native/cli/report/diagnosis_report.h"
#include "native/platform/data_files.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Json = OrderedJson;

struct Restoring {
  double corrupted_mse = 0, restored_mse = 0;
};

// How far damaged samples are from the clean ones, before and after the model, per feature. The
// damage is the same each time.
Restoring measure_restoring(const LoadedModel& loaded, const Corruption& noise,
                            const Samples& samples, ThreadPool& pool) {
  Inference inference(*loaded.model, pool);
  const Index features = samples.features(), most = 1024;
  Matrix clean(features, most), damaged(features, most), restored(features, most);
  Restoring sums;
  for (Index first = 0; first < samples.count(); first += most) {
    const Index count = std::min(most, samples.count() - first);
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    samples.gather(indices, columns(clean, 0, count));
    for (Index j = 0; j < count; ++j) {
      corrupt(noise, Random(0, RandomStream::kViewNoise, 0, indices[static_cast<std::size_t>(j)]),
              {clean.col(j).data(), static_cast<std::size_t>(features)},
              {damaged.col(j).data(), static_cast<std::size_t>(features)}, loaded.info.range);
    }
    inference.reconstruct(loaded.parameters.data(), columns(std::as_const(damaged), 0, count),
                          columns(restored, 0, count));
    for (Index j = 0; j < count; ++j) {
      sums.corrupted_mse += static_cast<double>((damaged.col(j) - clean.col(j)).squaredNorm());
      sums.restored_mse += static_cast<double>((restored.col(j) - clean.col(j)).squaredNorm());
    }
  }
  const auto pixels = static_cast<double>(samples.count()) * static_cast<double>(features);
  return {sums.corrupted_mse / pixels, sums.restored_mse / pixels};
}

struct Measured {
  EpochMetrics metrics;
  StateFigures state;
};

// What the model makes of `input`. Where its loss has no meaning for that, says so on stderr, and
// test_loss is NaN. Throws Error if the penalties of its run are not for it, or if the figures are
// too large to be numbers.
Measured measured(const std::string& path, const LoadedModel& loaded, const ModelInput& input,
                  ThreadPool& pool) {
  Evaluation evaluation(*loaded.model, input.samples, pool, loaded.info.range.middle());
  try {
    evaluation.begin(session::run_specs(loaded.info.settings).train.penalties);
  } catch (const Error& error) {
    throw Error("'" + path + "' cannot be measured: " + error.what());
  }
  while (evaluation.advance(loaded.parameters.data(), input.samples.count())) continue;
  EpochMetrics metrics;
  evaluation.result(metrics);
  const Loss loss = loaded.model->spec().loss;
  const Outside found = outside(input.samples, target_range(loss));
  EpochMetrics figures = metrics;
  if (found.samples > 0) {
    figures.test_loss = 0;
    warn(outside_text(found, target_range(loss),
                      {"samples of '" + input.source + "'", input.samples, loaded.info.map,
                       input.feature_names}) +
         ", where model.loss=" + std::string(loss_name(loss)) +
         " has no meaning: the test loss is left out.");
  } else {
    warn_of_rows(input, loaded);
  }
  if (!is_finite(figures)) {
    throw Error("What '" + path + "' makes of '" + input.source +
                "' is too far from it to be measured: look at the values in that file.");
  }
  return {metrics, evaluation.state_figures()};
}

int evaluate(const ApplyFlags& flags) {
  std::optional<Corruption> noise;
  if (flags.noise) noise = noise_of(*flags.noise);
  const LoadedModel loaded = load_model(needed(flags.model, "eval", "--model FILE"));
  const int threads = thread_count(flags);
  const std::string ending = flags.out ? fs::path(*flags.out).extension().string() : ".json";
  if (ending != ".json" && ending != ".csv") {
    throw Error("eval cannot write '" + *flags.out + "': its name must end in .json or .csv.");
  }
  if (flags.in && flags.data) throw Error("eval takes --in FILE or --data NAME, not both.");
  const ModelInput input = model_input(flags, loaded);
  const Samples& samples = input.samples;
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);
  const auto [metrics, state] = measured(*flags.model, loaded, input, pool);

  Json json{{"test_loss", std::isnan(metrics.test_loss) ? Json() : Json(metrics.test_loss)},
            {"test_penalty", metrics.test_penalty},
            {"test_mse", metrics.test_mse},
            {"rounded_accuracy", metrics.binary_accuracy},
            {"code_mean", metrics.code_mean},
            {"code_zero", metrics.code_zero},
            {"samples", samples.count()}};
  // Of a model whose training is over: what it does on these samples is all that is asked.
  const std::vector<Diagnosis> diagnoses =
      diagnose({.state = state, .steps = -1, .test_mse = {metrics.test_mse}});
  if (noise) {
    const Restoring restoring = measure_restoring(loaded, *noise, samples, pool);
    json["corrupted_mse"] = restoring.corrupted_mse;
    json["restored_mse"] = restoring.restored_mse;
  }
  const session::RemedyCase remedy_case{.settings = loaded.info.settings,
                                        .features = samples.features()};
  json["diagnoses"] = diagnoses_json(diagnoses, remedy_case);
  json["source"] = to_utf8(input.source);
  // Whether these are held-out samples of the data that the model was trained on; null where that
  // is not known.
  const DataIdentity& identity = input.identity;
  json["same_data"] = identity.same ? Json(*identity.same) : Json();
  json["data_hash"] = identity.hash.empty() ? Json() : Json(identity.hash);
  json["model"] = to_utf8(*flags.model);
  if (flags.out) {
    std::string titles, values;
    for (const auto& [key, value] : json.items()) {
      if (!value.is_number() && key != "test_loss") continue;
      const std::string comma = titles.empty() ? "" : ",";
      titles += comma + key;
      values += comma + (value.is_null() ? "" : json_text(value));
    }
    const std::string text =
        ending == ".json" ? json_text(json, 2) + "\n" : titles + "\n" + values + "\n";
    write_file(*flags.out, bytes_of(text));
  }
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf(
      "%s samples of %s%s\n", with_commas(samples.count()).c_str(), one_line(input.source).c_str(),
      identity.same == false ? ", which are not the data that the model was trained on" : "");
  if (!json["test_loss"].is_null()) std::printf("  test loss         %.4f\n", metrics.test_loss);
  if (metrics.test_penalty != 0) std::printf("  test penalty      %.4f\n", metrics.test_penalty);
  std::printf("  test mse          %.5f\n", metrics.test_mse);
  std::printf("  rounded accuracy  %.4f\n  code mean         %.3f\n  code zero         %.3f\n",
              metrics.binary_accuracy, metrics.code_mean, metrics.code_zero);
  if (noise) {
    std::printf("  mse of the damaged samples %.5f, and of what the model makes of them %.5f\n",
                json["corrupted_mse"].get<double>(), json["restored_mse"].get<double>());
  }
  for (const Diagnosis& diagnosis : diagnoses) {
    std::printf("  %s\n", diagnosis_sentence(diagnosis).c_str());
  }
  return kDone;
}

}  // namespace

void add_eval_command(CommandLine& line) {
  Command& eval = line.add("eval", "Measure a model on images");
  const auto flags =
      add_flags(eval,
                "Samples, all of them, read as those that the model was trained on: as encode "
                "takes them",
                "The figures as .json or .csv, besides printing them");
  eval.option("--data", flags->data,
              std::string("Instead of --in, the held-out samples of mnist, fashion-mnist, "
                          "strokes, ") +
                  kDataPathKinds + "; the model's own if both are left out",
              "NAME|PATH");
  add_reading_flag(eval, *flags);
  eval.option("--noise", flags->noise,
              "Also damage the images and measure how well they are restored: gaussian, "
              "masking, salt-and-pepper or dropout, with its level",
              "KIND:LEVEL");
  eval.flag("--json", flags->json, "Print one JSON object");
  eval.runs([flags] { return evaluate(*flags); });
}

}  // namespace hourglass
