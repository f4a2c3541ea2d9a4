// Broken states of a run that only a number tells: which there are, how they are told from healthy
// ones, and what helps. A new kind is one enumerator, one row of the table, its test in diagnose(),
// and a text of its own in each of the window's languages.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/step_watch.h"
#include "core/train/domain.h"
#include "core/train/evaluation.h"

namespace hourglass {

enum class DiagnosisKind {
  // Of settings and data, before the first step.
  kUnreachableTargets,
  kTargetsOutsideLoss,
  kScheduleEndsEarly,
  // Of a run that was measured.
  kScheduleOver,
  kRateTooHigh,
  kRateTooLow,
  kDeadCode,
  kDeadUnits,
  kCollapsedPosterior,
  kMeanOutput,
  kOverfitting,
};

struct Diagnosis {
  DiagnosisKind kind;
  std::vector<double> evidence;  // as the kind's row names it

  bool operator==(const Diagnosis&) const = default;
};

struct DiagnosisRow {
  DiagnosisKind kind;
  // In messages and JSON: "dead_code". The window's text is found under "diagnosis.NAME".
  std::string_view name;
  std::vector<std::string_view> evidence;  // names of the numbers
  std::string_view sentence;               // what is wrong; {0}, {1}, ... stand for the evidence
  std::string_view advice;                 // what to change, with the settings' keys
};

// In the order of the enumerators.
std::span<const DiagnosisRow> diagnosis_table();
const DiagnosisRow& row_of(DiagnosisKind kind);

// What a run makes small, after a whole epoch: losses with their penalties.
struct EpochLosses {
  double epoch = 0;
  double train = 0;           // mean over the epoch, while it trained
  double test = 0;            // of held-out samples, at its end; NaN where the loss has no meaning
  double reconstruction = 0;  // `train` without its penalties
};

// What is known of a run, or of a model alone.
struct RunFigures {
  StateFigures state;
  // Mini-batches trained. Negative for a model whose training is over and not known.
  std::int64_t steps = -1;
  std::vector<double> test_mse;  // after each whole epoch, the last one last
  // Mini-batches after which the learning rate was 0, if there were more after that.
  std::optional<std::int64_t> rate_gone = std::nullopt;

  // What is known before the first step.
  Unreachable unreachable = {};
  std::optional<std::int64_t> schedule_end = std::nullopt;  // mini-batches to a rate of 0
  std::int64_t run_steps = 0;                               // that the run is to have

  // Of the epochs and the steps since the settings were last changed.
  std::vector<EpochLosses> losses = {};
  StepFigures probes = {};
  std::int64_t samples = 0, batch_size = 0;  // that are trained on
  // The schedule or its warm-up have brought the rate below half of what was set.
  bool rate_is_lowered = false;
  // Samples are trained on as they are held out: without noise, which makes the one loss larger
  // than the other and changes what is learned.
  bool losses_are_alike = false;
};

// What is wrong, causes before consequences; what follows from another diagnosis is not named. What
// was measured of a run is not judged before one whole epoch and kStepsToJudge mini-batches: a
// Gaussian code begins at the prior. Networks begin with the mean image, and deep ones stay there
// for a while: that is judged after kStepsToJudgeOutput, and not while an epoch still makes the
// error smaller.
inline constexpr std::int64_t kStepsToJudge = 200, kStepsToJudgeOutput = 500;
std::vector<Diagnosis> diagnose(const RunFigures& figures);
// Those alone that are known before the first step.
std::vector<Diagnosis> diagnose_plan(const RunFigures& figures);

// Of a run that check_targets() has refused.
Diagnosis diagnosis_of(const TargetsOutside& refusal);

// A number of the evidence as text: whole numbers as they are, others with four significant digits.
std::string evidence_text(double number);

// What is wrong and what to change, in English.
std::string diagnosis_sentence(const Diagnosis& diagnosis);

}  // namespace hourglass
