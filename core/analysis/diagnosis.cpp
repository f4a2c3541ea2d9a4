#include "core/analysis/diagnosis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

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

}  // namespace

std::span<const DiagnosisRow> diagnosis_table() {
  static const std::vector<DiagnosisRow> table = {
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
      {DiagnosisKind::kScheduleOver,
       "schedule_over",
       {"schedule_end", "steps"},
       "The learning rate has reached 0: the schedule was over at step {0}, and the steps since "
       "then, up to {1}, have changed nothing.",
       "Set train.decay_steps to 0, which fits the schedule to the length of the run, or to more "
       "steps."},
  };
  return table;
}

const DiagnosisRow& row_of(DiagnosisKind kind) {
  return diagnosis_table()[static_cast<std::size_t>(kind)];
}

std::vector<Diagnosis> diagnose(const RunFigures& figures) {
  std::vector<Diagnosis> found;
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
  if (gives_the_mean(figures)) {
    found.push_back({DiagnosisKind::kMeanOutput, {figures.test_mse.back(), state.mean_image_mse}});
  }
  if (!state.has_posterior && constant >= kManyUnits * units && constant > 1) {
    found.push_back({DiagnosisKind::kDeadUnits, {constant, units}});
  }
  return found;
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
