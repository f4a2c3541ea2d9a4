#include "core/train/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

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
    &EpochMetrics::epoch,           &EpochMetrics::train_loss,       &EpochMetrics::train_penalty,
    &EpochMetrics::test_loss,       &EpochMetrics::test_penalty,     &EpochMetrics::test_mse,
    &EpochMetrics::binary_accuracy, &EpochMetrics::code_mean,        &EpochMetrics::code_zero,
    &EpochMetrics::seconds,         &EpochMetrics::images_per_second};

double history_number(std::string_view text) {
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  if (!parse_number(text, value)) {
    throw Error("A history holds '" + std::string(text) + "' where a number is needed.");
  }
  return value;
}

// Takes what `rest` has before the next `separator`; false if nothing is left. (A stream would do
// that too, and bring all of the library's locales into the page.)
bool take(std::string_view& rest, char separator, std::string_view& piece) {
  if (rest.empty()) return false;
  const std::size_t end = std::min(rest.find(separator), rest.size());
  piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return true;
}

}  // namespace

bool is_finite(const EpochMetrics& metrics) {
  return std::all_of(kColumns.begin(), kColumns.end(),
                     [&](Member column) { return std::isfinite(metrics.*column); });
}

std::string history_csv(const std::vector<EpochMetrics>& history) {
  std::string text = std::string(kTitles) + "\n";
  for (const EpochMetrics& row : history) {
    for (const Member column : kColumns) {
      if (column != kColumns.front()) text += ",";
      if (std::isfinite(row.*column)) text += shortest_text(row.*column);
    }
    text += "\n";
  }
  return text;
}

std::vector<EpochMetrics> parse_history_csv(const std::string& text) {
  std::string_view lines = text, line;
  if (!take(lines, '\n', line) || line != kTitles) {
    throw Error(std::string("A history must begin with the line '") + kTitles + "'.");
  }
  std::vector<EpochMetrics> history;
  while (take(lines, '\n', line)) {
    std::string_view field;
    EpochMetrics row;
    for (const Member column : kColumns) {
      if (!take(line, ',', field)) throw Error("A history has a line that is too short.");
      row.*column = history_number(field);
    }
    if (is_finite(row)) history.push_back(row);
  }
  return history;
}

}  // namespace hourglass
