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

#include "core/train/evaluation.h"

namespace hourglass {

enum class DiagnosisKind { kDeadCode, kDeadUnits, kCollapsedPosterior, kMeanOutput, kScheduleOver };

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

// What is known of a run, or of a model alone.
struct RunFigures {
  StateFigures state;
  // Mini-batches trained. Negative for a model whose training is over and not known.
  std::int64_t steps = -1;
  std::vector<double> test_mse;  // after each whole epoch, the last one last
  // Mini-batches after which the learning rate was 0, if there were more after that.
  std::optional<std::int64_t> rate_gone = std::nullopt;
};

// What is wrong, causes before consequences; what follows from another diagnosis is not named. A
// run is not judged before one whole epoch and kStepsToJudge mini-batches: a Gaussian code begins
// at the prior. Networks begin with the mean image, and deep ones stay there for a while: that is
// judged after kStepsToJudgeOutput, and not while an epoch still makes the error smaller.
inline constexpr std::int64_t kStepsToJudge = 200, kStepsToJudgeOutput = 500;
std::vector<Diagnosis> diagnose(const RunFigures& figures);

// A number of the evidence as text: whole numbers as they are, others with four significant digits.
std::string evidence_text(double number);

// What is wrong and what to change, in English.
std::string diagnosis_sentence(const Diagnosis& diagnosis);

}  // namespace hourglass
