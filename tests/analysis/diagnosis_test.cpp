#include "core/analysis/diagnosis.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "core/nn/initializer.h"
#include "core/session/engine/training_run.h"
#include "core/session/settings/presets.h"
#include "core/strokes/strokes.h"
#include "tests/support/small_data.h"
#include "tests/support/thread_communicator.h"

using namespace hourglass;

namespace {

std::string kinds(const std::vector<Diagnosis>& found) {
  std::string all;
  for (const Diagnosis& diagnosis : found) {
    all += (all.empty() ? "" : " ") + std::string(row_of(diagnosis.kind).name);
  }
  return all;
}

// A run of some epochs whose error has come down to half of the mean image's.
RunFigures healthy() {
  return {.state = {.mean_image_mse = 0.06, .code_units = 32, .constant_units = 3},
          .steps = 600,
          .test_mse = {0.07, 0.05, 0.03}};
}

session::Settings settings_of(const char* preset) {
  session::Settings settings;
  session::apply_preset(session::find_preset(preset), settings);
  return settings;
}

// What was wrong with a run of `settings` on small Strokes at the end of any of so many epochs of
// 40 steps, or of the last one alone.
std::vector<Diagnosis> trained(session::Settings settings, int epochs, bool any = false) {
  settings.set("train.batch_size", std::int64_t{25});
  const auto data = std::make_shared<const Dataset>(scaled(
      make_strokes(kStrokesSeed, 1000, 300), scaling_from_name(settings.text("data.scaling"))));
  ThreadPool pool(2);
  session::TrainingRun run(settings, data, pool);
  CHECK(run.diagnoses().empty());  // nothing was measured yet
  std::vector<Diagnosis> found;
  while (run.history().size() < static_cast<std::size_t>(epochs)) {
    if (!run.advance().epoch_recorded) continue;
    if (!any) found.clear();
    for (const Diagnosis& diagnosis : run.diagnoses()) found.push_back(diagnosis);
  }
  return found;
}

}  // namespace

TEST_CASE("every kind of diagnosis has its row, with a place for each number") {
  const auto table = diagnosis_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    CHECK(static_cast<std::size_t>(table[i].kind) == i);
    for (std::size_t j = 0; j < table[i].evidence.size(); ++j) {
      CHECK(table[i].sentence.find("{" + std::to_string(j) + "}") != std::string_view::npos);
    }
    const std::vector<double> evidence(table[i].evidence.size(), 0.25);
    CHECK(diagnosis_sentence({table[i].kind, evidence}).find('{') == std::string::npos);
  }
  CHECK(diagnosis_sentence({DiagnosisKind::kDeadUnits, {20, 32}})
            .starts_with("20 of the 32 units of the code are dead"));
  CHECK(evidence_text(0.0671234) == "0.06712");
}

TEST_CASE("a healthy run has no diagnosis, and an early one none either") {
  CHECK(diagnose(healthy()).empty());
  RunFigures early = healthy();
  early.state.constant_units = 32;
  early.steps = 39;
  CHECK(diagnose(early).empty());
  early.steps = 600;
  early.test_mse.clear();  // not one whole epoch
  CHECK(diagnose(early).empty());
}

TEST_CASE("dead units are told, and a dead code instead of them") {
  RunFigures figures = healthy();
  figures.state.constant_units = 15;
  CHECK(diagnose(figures).empty());
  figures.state.constant_units = 16;
  CHECK(kinds(diagnose(figures)) == "dead_units");
  figures.state.constant_units = 32;
  figures.test_mse = {0.06, 0.06};  // which follows from it
  CHECK(kinds(diagnose(figures)) == "dead_code");
}

TEST_CASE("the mean image is told where the error has stood still at its error") {
  RunFigures figures = healthy();
  figures.test_mse = {0.0601, 0.0600};
  CHECK(kinds(diagnose(figures)) == "mean_output");
  figures.test_mse = {0.0601};  // it may be on its way
  CHECK(diagnose(figures).empty());
  figures.test_mse = {0.0601, 0.0600};
  figures.steps = 499;
  CHECK(diagnose(figures).empty());
  figures.steps = 500;
  CHECK(kinds(diagnose(figures)) == "mean_output");
  figures.test_mse = {0.0610, 0.0600};  // it is
  CHECK(diagnose(figures).empty());
  // Nothing more comes of a model whose training is over.
  figures.steps = -1;
  CHECK(kinds(diagnose(figures)) == "mean_output");
  figures.state.output_variance = 0.02;  // wrong in a way of its own for each sample
  CHECK(diagnose(figures).empty());
  figures.state.output_variance = 0.001;
  figures.state.mean_image_mse = 0;  // all samples are the same
  CHECK(diagnose(figures).empty());
}

TEST_CASE("a posterior has collapsed when no unit says anything") {
  RunFigures figures = healthy();
  figures.state.has_posterior = true;
  figures.state.kl = 12;
  figures.state.active_units = 1;
  CHECK(diagnose(figures).empty());  // most units pruned is what a large beta is for
  figures.state.active_units = 0;
  CHECK(kinds(diagnose(figures)) == "collapsed_posterior");
}

TEST_CASE("a learning rate of 0 is told once something was trained with it") {
  RunFigures figures = healthy();
  figures.rate_gone = 300;
  const auto found = diagnose(figures);
  CHECK(kinds(found) == "schedule_over");
  CHECK(found[0].evidence == std::vector<double>{300, 600});
}

TEST_CASE("figures of the state are those of all samples, on any number of threads and processes") {
  const DatasetPointer data = tests::random_dataset({1, 3, 4}, 20, 700);
  const Model model(
      tests::small_spec(Activation::kRelu, Activation::kSigmoid, Loss::kMeanSquaredError, 9, 5),
      data->shape);
  ParameterBuffer parameters;
  initialize(model.layout(), Initializer::kGlorotUniform, 1, parameters);
  // Two units of the code that never wake up.
  const Parameter& bias = model.layout()[3];
  REQUIRE(bias.role == ParameterRole::kBias);
  for (int unit = 0; unit < 5; ++unit) parameters[bias.offset + unit] = unit % 2 == 1 ? -100 : 1;

  Matrix all(12, 700);
  std::vector<std::uint32_t> indices(700);
  for (std::uint32_t i = 0; i < 700; ++i) indices[i] = i;
  data->test.gather(indices, columns(all, 0, 700));
  const double variance =
      static_cast<double>((all.colwise() - all.rowwise().mean()).array().square().mean());

  Matrix outputs(12, 700);
  {
    ThreadPool pool(1);
    Inference(model, pool)
        .reconstruct(parameters.data(), columns(std::as_const(all), 0, 700),
                     columns(outputs, 0, 700));
  }
  const double output_variance =
      static_cast<double>((outputs.colwise() - outputs.rowwise().mean()).array().square().mean());

  StateFigures first;
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    Evaluation evaluation(model, data->test, pool);
    for (int round = 0; round < 2; ++round) {  // the mean image is measured once, and kept
      evaluation.begin();
      while (evaluation.advance(parameters.data(), 256)) continue;
      const StateFigures figures = evaluation.state_figures();
      CHECK(figures.code_units == 5);
      CHECK(figures.constant_units == 2);
      CHECK_FALSE(figures.has_posterior);
      CHECK(figures.mean_image_mse == doctest::Approx(variance).epsilon(1e-5));
      if (threads == 1 && round == 0) first = figures;
      CHECK(figures.mean_image_mse == first.mean_image_mse);
      CHECK(figures.output_variance == first.output_variance);
      CHECK(figures.output_variance == doctest::Approx(output_variance).epsilon(1e-3));
    }
  }
}

TEST_CASE("a code of relu units that a large step has killed is dead") {
  session::Settings settings = settings_of("quick");
  settings.set("train.learning_rate", 0.3);
  CHECK(kinds(trained(settings, 6)) == "dead_code");
}

TEST_CASE("a VAE with a large beta has a collapsed posterior, and the preset has not") {
  session::Settings settings = settings_of("vae");
  CHECK(kinds(trained(settings, 8)) == "");
  settings.set("penalty.kl", 100.0);
  CHECK(kinds(trained(settings, 8)) == "collapsed_posterior");
}

TEST_CASE("a preset that learns gives no diagnosis at any epoch, one that learns nothing does") {
  for (const char* name :
       {"quick", "vanilla", "deep", "k-sparse", "contractive", "vae", "tied-denoising"}) {
    CAPTURE(name);
    CHECK(kinds(trained(settings_of(name), 14, /*any=*/true)) == "");
  }
  CHECK(kinds(trained(settings_of("sigmoid-sgd"), 14)).find("mean_output") != std::string::npos);
}
