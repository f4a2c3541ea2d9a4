// What is wrong with a run and what mends it, in the words and in the JSON of the command line.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/analysis/diagnosis.h"
#include "core/session/engine/training_run.h"
#include "core/session/settings/remedies.h"

namespace hourglass {

// Each with its kind, its sentence, its evidence by name, and its remedy, an object with the name,
// the settings under "set" and whether the run must begin anew for it, or null.
nlohmann::ordered_json diagnoses_json(const std::vector<Diagnosis>& diagnoses,
                                      const session::RemedyCase& of);

// "To mend it: --set train.learning_rate=0.001", or "" where there is no remedy.
std::string remedy_sentence(const Diagnosis& diagnosis, const session::RemedyCase& of);

// What a run is told of while it is trained and when it has ended.
class DiagnosisReport {
 public:
  // `warn` says a sentence to the person. The settings of `of` must outlive this.
  DiagnosisReport(const session::RemedyCase& of, std::function<void(const std::string&)> warn)
      : of_(of), warn_(std::move(warn)) {}

  // Says what is wrong with the run by now, and how to mend it, but nothing twice.
  void warn(const session::TrainingRun& run);
  // To be called after every epoch.
  void note_epoch(const session::TrainingRun& run);

  nlohmann::ordered_json json(const session::TrainingRun& run) const;
  // After which epoch a kind was first found, of all that were found after any: {"overfitting": 9}.
  nlohmann::ordered_json first_epochs() const;

 private:
  session::RemedyCase of_;
  std::function<void(const std::string&)> warn_;
  std::vector<Diagnosis> said_;
  std::map<std::string, double> first_;
};

}  // namespace hourglass
