#include "core/analysis/diagnosis.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "core/nn/initializer.h"
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

namespace {

// Two epochs of 8 probes at least, in which everything is as it should be.
RunFigures with_probes() {
  RunFigures figures = healthy();
  figures.samples = 10000;
  figures.batch_size = 100;
  figures.losses = {{1, 0.30, 0.29, 0.30}, {2, 0.25, 0.25, 0.25}};
  figures.probes = {.probes = kProbesToJudge,
                    .start_gradient = 0.1,
                    .start_loss = 0.69,
                    .gradient = 0.08,
                    .overshoot = 0.0001,
                    .overshot = 0.125,
                    .progress = 0.002};
  return figures;
}

}  // namespace

TEST_CASE("a rate is too high where steps overshoot and the loss stands still, or where it rises") {
  CHECK(diagnose(with_probes()).empty());
  RunFigures figures = with_probes();
  figures.probes.overshoot = 0.03;
  figures.probes.overshot = 0.5;
  CHECK(diagnose(figures).empty());  // the loss falls all the same
  figures.losses.back().train = 0.298;
  const auto found = diagnose(figures);
  CHECK(kinds(found) == "rate_too_high");
  CHECK(found[0].evidence == std::vector<double>{0.298, 0.30, 50, 3});
  figures.probes.overshot = 0.125;  // a single step of eight
  CHECK(diagnose(figures).empty());

  RunFigures rising = with_probes();
  rising.losses.push_back({3, 0.264, 0.26, 0.264});
  CHECK(diagnose(rising).empty());
  rising.losses.back().train = 0.268;
  CHECK(kinds(diagnose(rising)) == "rate_too_high");
  rising.samples = 100;  // which under noise may come to that by chance
  CHECK(diagnose(rising).empty());
  rising.samples = 10000;
  rising.probes.probes = kProbesToJudge - 1;
  CHECK(diagnose(rising).empty());

  RunFigures above = with_probes();
  for (EpochLosses& losses : above.losses) losses.reconstruction = losses.train *= 5;
  CHECK(diagnose(above).empty());
  above.probes.start_loss = 0.3;
  CHECK(kinds(diagnose(above)) == "rate_too_high");
  CHECK(diagnose(above)[0].evidence[1] == 0.3);
  above.batch_size = 1;  // the first sample need not be like the others
  CHECK(diagnose(above).empty());
}

TEST_CASE("a rate is too low where a step does nothing though there is a gradient") {
  RunFigures figures = with_probes();
  figures.probes.progress = 0.00005;
  CHECK(kinds(diagnose(figures)) == "rate_too_low");
  figures.test_mse = {0.23, 0.23};  // which follows from it
  figures.state.output_variance = 0.0001;
  CHECK(kinds(diagnose(figures)) == "rate_too_low");
  CHECK(diagnose(figures)[0].evidence == std::vector<double>{0.25, 0.005, 80});
  figures.rate_is_lowered = true;  // it is meant to come to rest
  CHECK(kinds(diagnose(figures)) == "mean_output");
  figures.rate_is_lowered = false;
  figures.probes.gradient = 0.01;  // a plateau
  CHECK(kinds(diagnose(figures)) == "mean_output");
  figures.probes.start_gradient = 0;  // of a run that was resumed
  CHECK(kinds(diagnose(figures)) == "mean_output");
}

TEST_CASE("overfitting is told by the held-out loss that rises while the training loss falls") {
  RunFigures figures = with_probes();
  figures.losses_are_alike = true;
  const auto set_losses = [&](const std::vector<double>& test) {
    figures.losses.clear();
    double train = 0.3;
    for (const double one : test) {
      figures.losses.push_back({static_cast<double>(figures.losses.size() + 1), train, one, train});
      train *= 0.97;
    }
  };
  set_losses({0.30, 0.28, 0.27, 0.275, 0.28, 0.285, 0.29});
  const auto found = diagnose(figures);
  CHECK(kinds(found) == "overfitting");
  CHECK(found[0].evidence == std::vector<double>{3, 0.27, 0.29});
  set_losses({0.30, 0.28, 0.27, 0.271, 0.271, 0.272, 0.272});  // by less than one percent
  CHECK(diagnose(figures).empty());
  set_losses({0.30, 0.24, 0.28, 0.275, 0.27, 0.265, 0.26});  // one lucky epoch
  CHECK(diagnose(figures).empty());
  set_losses({0.30, 0.28, 0.27, 0.28, 0.29});  // not for long
  CHECK(diagnose(figures).empty());
  set_losses({0.30, 0.28, 0.27, 0.275, 0.28, 0.285, 0.29});
  figures.losses_are_alike = false;  // of noisy images, and held-out ones without noise
  CHECK(diagnose(figures).empty());
  figures.losses_are_alike = true;
  figures.losses.back().train = 0.32;  // the run itself goes wrong
  CHECK(kinds(diagnose(figures)).find("overfitting") == std::string::npos);
}

TEST_CASE("what settings and data say is told before the first step") {
  RunFigures figures;
  figures.run_steps = 1000;
  CHECK(diagnose_plan(figures).empty());
  figures.schedule_end = 1000;
  CHECK(diagnose_plan(figures).empty());
  figures.schedule_end = 400;
  CHECK(kinds(diagnose_plan(figures)) == "schedule_ends_early");
  CHECK(diagnose_plan(figures)[0].evidence == std::vector<double>{400, 1000});
  figures.rate_gone = 400;  // said by another
  CHECK(diagnose_plan(figures).empty());
  figures.unreachable = {
      .samples = 900, .of = 1000, .furthest = -1, .nearest = 0, .mse = 0.8, .variance = 0.3};
  CHECK(kinds(diagnose_plan(figures)) == "unreachable_targets");
  CHECK(diagnose_plan(figures)[0].evidence == std::vector<double>{900, 1000, -1, 0, 0.8});
  figures.unreachable.mse = 0.002;  // a few values at the rim
  CHECK(diagnose_plan(figures).empty());
  // All that was measured comes after it, and is not left out for it.
  RunFigures dead = healthy();
  dead.state.constant_units = 32;
  dead.schedule_end = 700;
  dead.run_steps = 1000;
  CHECK(kinds(diagnose(dead)) == "schedule_ends_early dead_code");
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
