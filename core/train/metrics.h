// What is measured of a run, once an epoch.
#pragma once

#include <string>
#include <vector>

namespace hourglass {

// One row of history.csv.
struct EpochMetrics {
  double epoch = 0;  // 1 after the first; a fraction if the run ended inside an epoch
  // Mean over the epoch's samples, as they went through training: all that is made small.
  double train_loss = 0;
  double train_penalty = 0;  // the part of it that is not reconstruction
  // Of the reconstruction of held-out samples, uncorrupted; NaN where the loss has no meaning for
  // them.
  double test_loss = 0;
  double test_penalty = 0;  // of their codes
  double test_mse = 0;      // mean over pixels and held-out samples of (y - x)^2
  // Shard of pixels where y and x lie on the same side of the middle of the data's range.
  double binary_accuracy = 0;
  double code_mean = 0;          // mean over units and held-out samples of the code
  double code_zero = 0;          // share of units that are exactly 0
  double seconds = 0;            // of training since the start of the run, evaluation not counted
  double images_per_second = 0;  // of the epoch's training

  bool operator==(const EpochMetrics&) const = default;
};

// Whether all of them are finite.
bool is_finite(const EpochMetrics& metrics);

// history.csv, with its line of titles; and its inverse, which throws Error on anything else. What
// is not finite is no figure: its field stays empty, and a row that has one (of a run that
// diverged, in a file of an earlier version) is left out when it is read.
std::string history_csv(const std::vector<EpochMetrics>& history);
std::vector<EpochMetrics> parse_history_csv(const std::string& text);

}  // namespace hourglass
