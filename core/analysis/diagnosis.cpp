#include "core/analysis/diagnosis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace hourglass {
namespace {

// An error of at least this part of the mean image's is no better than the mean image.
constexpr double kNoBetter = 0.98;
// Outputs that vary by less than this part of what the samples do are one output. A network that
// tells samples apart and is wrong about them (one trained on noise, early) is another matter.
constexpr double kOneOutput = 0.1;
// Nor is it a diagnosis while the error still falls by more than this part of itself in an epoch;
// far above the mean image's, where a network that learns comes down fast, by more than the second.
constexpr double kStillFalls = 0.005, kStillFallsFast = 0.03, kFarAbove = 1.2;
// Sparse and pruned codes have dead units and do well with them; half of the code is worth a word.
constexpr double kManyUnits = 0.5;

bool may_judge(const RunFigures& figures) {
  return figures.steps < 0 || (figures.steps >= kStepsToJudge && !figures.test_mse.empty());
}

bool gives_the_mean(const RunFigures& figures) {
  const double mean = figures.state.mean_image_mse;
  if (figures.test_mse.empty() || !(mean > 0)) return false;
  const double now = figures.test_mse.back();
  if (!(now >= kNoBetter * mean)) return false;
  if (!(figures.state.output_variance <= kOneOutput * mean)) return false;
  if (figures.steps < 0) return true;  // nothing more will come
  const std::size_t epochs = figures.test_mse.size();
  const double falls = now > kFarAbove * mean ? kStillFallsFast : kStillFalls;
  return figures.steps >= kStepsToJudgeOutput && epochs >= 2 &&
         !(now < (1 - falls) * figures.test_mse[epochs - 2]);
}

// A rest of the error of less than this part of the values' variance is that of a few values at
// the rim.
constexpr double kUnreachablePart = 0.01;

// What follows was told apart on shortened runs (1,000 Strokes, mini-batches of 25, 8 to 14 epochs)
// of the presets that learn, on five of them on MNIST and Fashion-MNIST, and on the same networks
// with rates from a thousandth to a thousand times theirs; `./dev reproduce diagnoses` holds it
// against the presets at their real lengths.

// A step that fits its length makes the loss of its own mini-batch smaller: what line searches ask
// of one (Armijo 1966; for mini-batches Vaswani et al. 2019, "Painless Stochastic Gradient",
// equation 1). Where presets overshoot it is by 0.003 of the loss at most, and the loss falls all
// the same; where the rate is too high and the loss stands still for it, by 0.02 and more.
constexpr double kOvershoot = 0.02, kOvershot = 0.25, kStandsStill = 0.01;
// Of no preset does the training loss rise by more than 0.003 of itself above its lowest epoch, for
// an epoch goes through the same samples each time; with rates too high it jumps by 0.06 to 0.8. Of
// few samples under noise it moves by chance, the less the more there are.
constexpr double kRises = 0.05, kNoiseOfSamples = 1.5;
// Nor is it above twice the loss of the untrained network, measured on a mini-batch that is not too
// small for that.
constexpr double kAboveStart = 2;
constexpr std::int64_t kSamplesForStart = 16;

// A step makes the loss of its own mini-batch smaller by 0.0006 of itself or more in all presets
// whose gradient has not become small, and by 0.0002 in the others: it fits these samples better
// than others. Where the rate is a hundredth of the preset's or less, it does by less than 0.0001
// (Adam at 0.00001: 0.00007; SGD at 0.01 in place of 1.5: 0.00001).
constexpr double kProgress = 1e-4, kGradientLeft = 0.5;

// Generalization loss above 1 %, the least of Prechelt's stopping rules ("Early Stopping - But
// When?", 1998, section 2), of a median of three epochs, so that no single lucky one is the best;
// and for so many epochs.
constexpr double kGeneralizationLoss = 0.01;
constexpr std::size_t kEpochsPast = 3;

double lowest_before(const std::vector<EpochLosses>& losses) {
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < losses.size(); ++i) lowest = std::min(lowest, losses[i].train);
  return lowest;
}

std::optional<Diagnosis> rate_too_high(const RunFigures& figures) {
  const StepFigures& probes = figures.probes;
  if (probes.probes < kProbesToJudge || figures.losses.size() < 2) return {};
  const EpochLosses& now = figures.losses.back();
  const double samples = std::max<double>(1, static_cast<double>(figures.samples));
  double lowest = lowest_before(figures.losses);
  const bool overshoots = probes.overshoot >= kOvershoot && probes.overshot >= kOvershot &&
                          now.train > (1 - kStandsStill) * lowest;
  const bool rises = now.train > (1 + kRises + kNoiseOfSamples / std::sqrt(samples)) * lowest;
  const bool is_above_start = figures.batch_size >= kSamplesForStart && probes.start_loss > 0 &&
                              now.reconstruction > kAboveStart * probes.start_loss;
  if (!overshoots && !rises && !is_above_start) return {};
  if (is_above_start) lowest = std::min(lowest, probes.start_loss);
  return Diagnosis{DiagnosisKind::kRateTooHigh,
                   {now.train, lowest, 100 * probes.overshot, 100 * probes.overshoot}};
}

std::optional<Diagnosis> rate_too_low(const RunFigures& figures) {
  const StepFigures& probes = figures.probes;
  if (probes.probes < kProbesToJudge || !(probes.start_gradient > 0)) return {};
  if (figures.losses.empty() || figures.rate_is_lowered) return {};
  const double gradient = probes.gradient / probes.start_gradient;
  if (!(std::abs(probes.progress) < kProgress) || !(gradient >= kGradientLeft)) return {};
  return Diagnosis{DiagnosisKind::kRateTooLow,
                   {figures.losses.back().train, 100 * probes.progress, 100 * gradient}};
}

double median_of_three(double a, double b, double c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

std::optional<Diagnosis> overfitting(const RunFigures& figures) {
  const auto& losses = figures.losses;
  if (!figures.losses_are_alike || losses.size() < 3 + kEpochsPast) return {};
  const auto median = [&](std::size_t last) {
    return median_of_three(losses[last - 2].test, losses[last - 1].test, losses[last].test);
  };
  const std::size_t now = losses.size() - 1;
  std::size_t best = 2;
  for (std::size_t i = 2; i <= now; ++i) {
    if (median(i) < median(best)) best = i;
  }
  if (best + kEpochsPast > now) return {};
  if (!(median(now) >= (1 + kGeneralizationLoss) * median(best))) return {};
  if (!(losses[now].train < losses[best].train)) return {};
  const auto lowest = std::min_element(
      losses.begin(), losses.end(), [](const auto& a, const auto& b) { return a.test < b.test; });
  return Diagnosis{DiagnosisKind::kOverfitting, {lowest->epoch, lowest->test, losses[now].test}};
}

}  // namespace

std::span<const DiagnosisRow> diagnosis_table() {
  static const std::vector<DiagnosisRow> table = {
      {DiagnosisKind::kUnreachableTargets,
       "unreachable_targets",
       {"samples_outside", "samples", "furthest", "outputs_end", "least_mse"},
       "{0} of the {1} training samples have values that the last layer cannot give: the furthest "
       "is {2}, and its outputs end at {3}, so an mse of {4} stays whatever is learned.",
       "Set data.scaling to unit, or give the last layer no activation."},
      {DiagnosisKind::kTargetsOutsideLoss,
       "targets_outside_loss",
       {"samples_outside", "samples", "furthest"},
       "Cross-entropy takes values for shares or probabilities, and {0} of the {1} samples have "
       "others: the furthest is {2}.",
       "Set data.scaling to unit, or model.loss to mse."},
      {DiagnosisKind::kScheduleEndsEarly,
       "schedule_ends_early",
       {"schedule_end", "run_steps"},
       "The learning rate will have come down to 0 at step {0} of {1}: what comes after that "
       "changes nothing.",
       "Set train.decay_steps to 0, which fits the schedule to the length of the run."},
      {DiagnosisKind::kScheduleOver,
       "schedule_over",
       {"schedule_end", "steps"},
       "The learning rate has reached 0: the schedule was over at step {0}, and the steps since "
       "then, up to {1}, have changed nothing.",
       "Set train.decay_steps to 0, which fits the schedule to the length of the run, or to more "
       "steps."},
      {DiagnosisKind::kRateTooHigh,
       "rate_too_high",
       {"train_loss", "lowest_train_loss", "overshot_percent", "overshoot_percent"},
       "The steps are too long: the training loss is {0}, and was {1} before; of the steps looked "
       "at "
       "last, {2} % made the loss of their own mini-batch larger, all together by {3} % a step.",
       "Lower train.learning_rate."},
      {DiagnosisKind::kRateTooLow,
       "rate_too_low",
       {"train_loss", "progress_percent", "gradient_percent"},
       "The steps are too short: the training loss is {0}, and one makes that of its own "
       "mini-batch "
       "smaller by {1} %, though the gradient is {2} % of what it was at the start.",
       "Raise train.learning_rate."},
      {DiagnosisKind::kDeadCode,
       "dead_code",
       {"code_units"},
       "The code is dead: none of its {0} units changes with what goes in, so every sample gets "
       "the "
       "same output.",
       "Start again with a lower train.learning_rate, or give the code tanh, sigmoid or no "
       "activation instead of relu."},
      {DiagnosisKind::kDeadUnits,
       "dead_units",
       {"dead_units", "code_units"},
       "{0} of the {1} units of the code are dead: they are the same for every held-out sample.",
       "Start again with a lower train.learning_rate, a weaker penalty on the code, or another "
       "activation than relu; or with a smaller code, if the error is low enough."},
      {DiagnosisKind::kCollapsedPosterior,
       "collapsed_posterior",
       {"kl", "code_units"},
       "The posterior has collapsed: all {1} units of the code together differ from the prior by "
       "{0} "
       "nats, so the decoder learns nothing from them.",
       "Start again with a lower penalty.kl, or let it rise over the first epochs with "
       "penalty.kl_warmup."},
      {DiagnosisKind::kMeanOutput,
       "mean_output",
       {"test_mse", "mean_image_mse"},
       "Every sample gets nearly the same output, no better than the mean of the held-out samples: "
       "the mse is {0}, and that of the mean is {1}.",
       "Train longer, or start again with a higher train.learning_rate or train.optimizer=adam; if "
       "that changes nothing, with other activations or a wider code."},
      {DiagnosisKind::kOverfitting,
       "overfitting",
       {"best_epoch", "lowest_test_loss", "test_loss"},
       "Overfitting has begun: the held-out loss was lowest after epoch {0}, {1}, and has risen to "
       "{2}, while the training loss goes on falling.",
       "Stop there with train.epochs, or let train.patience find the place; more samples, a "
       "smaller "
       "network or noise on the input help, too."},
  };
  return table;
}

const DiagnosisRow& row_of(DiagnosisKind kind) {
  return diagnosis_table()[static_cast<std::size_t>(kind)];
}

std::vector<Diagnosis> diagnose_plan(const RunFigures& figures) {
  std::vector<Diagnosis> found;
  const Unreachable& targets = figures.unreachable;
  if (targets.samples > 0 && targets.mse >= kUnreachablePart * targets.variance) {
    found.push_back({DiagnosisKind::kUnreachableTargets,
                     {static_cast<double>(targets.samples), static_cast<double>(targets.of),
                      targets.furthest, targets.nearest, targets.mse}});
  }
  if (figures.schedule_end && *figures.schedule_end < figures.run_steps && !figures.rate_gone) {
    found.push_back(
        {DiagnosisKind::kScheduleEndsEarly,
         {static_cast<double>(*figures.schedule_end), static_cast<double>(figures.run_steps)}});
  }
  return found;
}

std::vector<Diagnosis> diagnose(const RunFigures& figures) {
  std::vector<Diagnosis> found = diagnose_plan(figures);
  if (figures.rate_gone) {
    found.push_back(
        {DiagnosisKind::kScheduleOver,
         {static_cast<double>(*figures.rate_gone), static_cast<double>(figures.steps)}});
  }
  if (!may_judge(figures)) return found;
  const StateFigures& state = figures.state;
  const auto units = static_cast<double>(state.code_units);
  const auto constant = static_cast<double>(state.constant_units);
  if (state.has_posterior) {
    if (state.active_units == 0) {
      found.push_back({DiagnosisKind::kCollapsedPosterior, {state.kl, units}});
      return found;
    }
  } else if (state.code_units > 0 && state.constant_units == state.code_units) {
    found.push_back({DiagnosisKind::kDeadCode, {units}});
    return found;
  }
  // Of a run that such steps hold up, it is what became of it that the others would name.
  for (const auto rate : {rate_too_high, rate_too_low}) {
    if (std::optional<Diagnosis> wrong = rate(figures)) {
      found.push_back(std::move(*wrong));
      return found;
    }
  }
  if (gives_the_mean(figures)) {
    found.push_back({DiagnosisKind::kMeanOutput, {figures.test_mse.back(), state.mean_image_mse}});
  }
  if (!state.has_posterior && constant >= kManyUnits * units && constant > 1) {
    found.push_back({DiagnosisKind::kDeadUnits, {constant, units}});
  }
  if (std::optional<Diagnosis> wrong = overfitting(figures)) found.push_back(std::move(*wrong));
  return found;
}

Diagnosis diagnosis_of(const TargetsOutside& refusal) {
  return {DiagnosisKind::kTargetsOutsideLoss,
          {static_cast<double>(refusal.found.samples), static_cast<double>(refusal.of),
           refusal.found.value}};
}

std::string evidence_text(double number) {
  char text[40];
  const bool whole = number == std::floor(number) && std::abs(number) < 1e15;
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.4g", number);
  return text;
}

std::string diagnosis_sentence(const Diagnosis& diagnosis) {
  const DiagnosisRow& row = row_of(diagnosis.kind);
  std::string text = std::string(row.sentence) + " " + std::string(row.advice);
  for (std::size_t i = 0; i < diagnosis.evidence.size(); ++i) {
    const std::string place = "{" + std::to_string(i) + "}";
    const std::size_t at = text.find(place);
    if (at != std::string::npos) {
      text.replace(at, place.size(), evidence_text(diagnosis.evidence[i]));
    }
  }
  return text;
}

}  // namespace hourglass
