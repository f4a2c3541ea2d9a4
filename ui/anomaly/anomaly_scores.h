// How badly held-out samples were restored, and what a threshold makes of them.
#pragma once

#include "ui/state/jobs.h"

namespace hourglass::ui {

// Scores of the held-out samples, as the experiment found them: lowest first.
struct AnomalyScores {
  const session::Floats* scores = nullptr;
  const session::Bytes* anomalous = nullptr;  // 1 for the class that was left out

  explicit AnomalyScores(const JobFindings& found);
  bool empty() const { return !scores; }
  // How many of a kind there are, and how many of them have at least the score `threshold`.
  double count(bool anomaly) const;
  double at_least(bool anomaly, double threshold) const;
  // The share of a kind that is called anomalous: 0 of none.
  double rate(bool anomaly, double threshold) const;
  // The score that all but the highest half percent do not exceed: what an axis reaches to.
  double reach() const;
};

}  // namespace hourglass::ui
