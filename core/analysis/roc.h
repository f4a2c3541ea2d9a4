// How well a score tells two kinds of samples apart: anomalies and normal ones.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/index.h"

namespace hourglass {

// What happens where every sample with a score of at least `threshold` is called an anomaly.
struct RocPoint {
  double threshold = 0;            // +infinity at the first point, where none is
  double false_positive_rate = 0;  // share of the normal samples that are called so
  double true_positive_rate = 0;   // share of the anomalies that are: recall
};

// From (0, 0) to (1, 1), one point for each different score, by falling thresholds (Fawcett 2006,
// "An introduction to ROC analysis", algorithm 2).
struct RocCurve {
  std::vector<RocPoint> points;
  // Under the curve, by trapezoids (algorithm 3): the probability that an anomaly has a higher
  // score than a normal sample, equal ones counted half. scikit-learn's roc_auc_score.
  double area = 0;
  // The sum of precision times the recall gained over the points, without interpolation:
  // scikit-learn's average_precision_score.
  double average_precision = 0;
};

// `scores` are higher for what is more likely an anomaly, and is_anomaly[i] is 0 or 1. Throws Error
// if a score is NaN, or if there are only anomalies or none: a curve needs both.
RocCurve roc_curve(std::span<const double> scores, std::span<const std::uint8_t> is_anomaly);

// What a threshold makes of the samples.
struct Decision {
  double threshold = 0;
  Index true_positives = 0, false_positives = 0, true_negatives = 0, false_negatives = 0;

  // Share of those called anomalies that are; 1 where none is called so.
  double precision() const;
  // Share of the anomalies that are called so; 0 where there are none.
  double recall() const;
  double false_positive_rate() const;
  double f1() const;  // harmonic mean of precision and recall
};
Decision decide(std::span<const double> scores, std::span<const std::uint8_t> is_anomaly,
                double threshold);

// The least score that at least the share `quantile` in [0, 1] of `scores` does not exceed. Throws
// Error if there are none.
double score_quantile(std::span<const double> scores, double quantile);

// How many scores of each group fall into each of equally wide bins from `low` to `high`.
struct ScoreHistogram {
  double low = 0, high = 1;
  std::vector<std::vector<Index>> counts;  // counts[group][bin]

  double edge(Index bin) const;  // lower edge of `bin`; of the number of bins, `high`
};
// groups[i] in [0, group_count) or -1 for a sample that is left out; `bins` >= 1. The bins reach
// from 0 to the share `reach` of all scores: the few beyond lie in the last one, or the longest
// tail would press all others into the first.
ScoreHistogram score_histogram(std::span<const double> scores, std::span<const std::int32_t> groups,
                               Index group_count, Index bins, double reach = 0.995);

}  // namespace hourglass
