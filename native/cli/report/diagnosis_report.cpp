#include "native/cli/report/diagnosis_report.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "native/cli/console/text.h"
#include "native/platform/shell_word.h"

namespace hourglass {
namespace {

using Json = nlohmann::ordered_json;

std::optional<session::Remedy> remedy_of(const Diagnosis& diagnosis, session::RemedyCase of) {
  of.kind = row_of(diagnosis.kind).name;
  of.evidence = diagnosis.evidence;
  return session::remedy_for(of);
}

}  // namespace

Json diagnoses_json(const std::vector<Diagnosis>& diagnoses, const session::RemedyCase& of) {
  Json list = Json::array();
  for (const Diagnosis& diagnosis : diagnoses) {
    const DiagnosisRow& row = row_of(diagnosis.kind);
    Json entry{{"kind", std::string(row.name)}, {"sentence", diagnosis_sentence(diagnosis)}};
    for (std::size_t i = 0; i < row.evidence.size(); ++i) {
      entry[std::string(row.evidence[i])] = diagnosis.evidence[i];
    }
    entry["remedy"] = nullptr;
    if (const std::optional<session::Remedy> remedy = remedy_of(diagnosis, of)) {
      Json set = Json::object();
      for (const auto& [key, value] : remedy->changes) {
        std::visit([&, &key = key](const auto& held) { set[key] = held; }, value);
      }
      entry["remedy"] = {{"name", remedy->name}, {"set", set}, {"restart", remedy->restart}};
    }
    list.push_back(std::move(entry));
  }
  return list;
}

std::string remedy_sentence(const Diagnosis& diagnosis, const session::RemedyCase& of) {
  const std::optional<session::Remedy> remedy = remedy_of(diagnosis, of);
  if (!remedy) return "";
  std::string text = "To mend it: --set";
  for (const auto& [key, value] : remedy->changes) {
    text += " " + shell_word(key + "=" + session::value_text(value));
  }
  return text;
}

void DiagnosisReport::warn(const session::TrainingRun& run) {
  for (const Diagnosis& diagnosis : run.diagnoses()) {
    if (std::ranges::find(said_, diagnosis) != said_.end()) continue;
    warn_(diagnosis_sentence(diagnosis));
    const std::string remedy = remedy_sentence(diagnosis, of_);
    if (!remedy.empty()) warn_(remedy);
    said_.push_back(diagnosis);
  }
}

void DiagnosisReport::note_epoch(const session::TrainingRun& run) {
  for (const Diagnosis& diagnosis : run.diagnoses()) {
    first_.emplace(row_of(diagnosis.kind).name, run.history().back().epoch);
  }
}

Json DiagnosisReport::json(const session::TrainingRun& run) const {
  return diagnoses_json(run.diagnoses(), of_);
}

Json DiagnosisReport::first_epochs() const {
  Json epochs = Json::object();
  for (const auto& [kind, epoch] : first_) epochs[kind] = epoch;
  return epochs;
}

}  // namespace hourglass
