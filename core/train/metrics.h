// What is measured of a run, once an epoch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass {

// One row of history.csv.
struct EpochMetrics {
  std::int64_t epoch = 0;  // 1 after the first
  double train_loss = 0;   // mean over the epoch's samples, as they went through training
  double test_loss = 0;    // on the held-out samples, uncorrupted
  double test_mse = 0;     // mean over pixels and held-out samples of (y - x)^2
  double rounded_accuracy = 0;  // share of pixels with round(y) = round(x)
  double code_mean = 0;         // mean over units and held-out samples of the code
  double code_zero = 0;         // share of units that are exactly 0
  double seconds = 0;           // of training since the start of the run, evaluation not counted
  double images_per_second = 0;  // of the epoch's training

  bool operator==(const EpochMetrics&) const = default;
};

// history.csv, with its line of titles; and its inverse, which throws Error on anything else.
std::string history_csv(const std::vector<EpochMetrics>& history);
std::vector<EpochMetrics> parse_history_csv(const std::string& text);

}  // namespace hourglass
