#include "core/train/metrics.h"

#include <array>
#include <cstdio>
#include <sstream>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/write_number.h"

namespace hourglass {
namespace {

constexpr const char* kTitles =
    "epoch,train_loss,train_penalty,test_loss,test_penalty,test_mse,rounded_accuracy,code_mean,"
    "code_zero,seconds,images_per_second";

using Member = double EpochMetrics::*;
constexpr std::array<Member, 11> kColumns = {
    &EpochMetrics::epoch,            &EpochMetrics::train_loss, &EpochMetrics::train_penalty,
    &EpochMetrics::test_loss,        &EpochMetrics::test_penalty, &EpochMetrics::test_mse,
    &EpochMetrics::rounded_accuracy, &EpochMetrics::code_mean, &EpochMetrics::code_zero,
    &EpochMetrics::seconds,          &EpochMetrics::images_per_second};

double history_number(const std::string& text) {
  double value = 0;
  if (!parse_number(text, value)) {
    throw Error("history.csv holds '" + text + "' where a number is needed.");
  }
  return value;
}

}  // namespace

std::string history_csv(const std::vector<EpochMetrics>& history) {
  std::string text = std::string(kTitles) + "\n";
  for (const EpochMetrics& row : history) {
    for (const Member column : kColumns) {
      text += (column == kColumns.front() ? "" : ",") + shortest_text(row.*column);
    }
    text += "\n";
  }
  return text;
}

std::vector<EpochMetrics> parse_history_csv(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != kTitles) {
    throw Error(std::string("A history must begin with the line '") + kTitles + "'.");
  }
  std::vector<EpochMetrics> history;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string field;
    EpochMetrics row;
    for (const Member column : kColumns) {
      if (!std::getline(fields, field, ',')) throw Error("history.csv has a line that is too short.");
      row.*column = history_number(field);
    }
    history.push_back(row);
  }
  return history;
}

}  // namespace hourglass
