#include "core/analysis/roc.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/error.h"

namespace hourglass {
namespace {

// Numbers of the samples by falling score; equal ones by their number.
std::vector<std::uint32_t> by_falling_score(std::span<const double> scores) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
  return order;
}

void check_scores(std::span<const double> scores) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) {
      throw Error("The score of sample " + std::to_string(i) +
                  " is not a number: look at the model's values.");
    }
  }
}

double ratio(Index part, Index whole, double otherwise) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : otherwise;
}

}  // namespace

RocCurve roc_curve(std::span<const double> scores, std::span<const std::uint8_t> is_anomaly) {
  assert(scores.size() == is_anomaly.size());
  check_scores(scores);
  const auto all = static_cast<Index>(scores.size());
  const Index anomalies = std::count_if(is_anomaly.begin(), is_anomaly.end(),
                                        [](std::uint8_t one) { return one != 0; });
  if (anomalies == 0 || anomalies == all) {
    throw Error(std::string("A ROC curve needs anomalies and normal samples, and ") +
                (all == 0         ? "there are no samples"
                 : anomalies == 0 ? "none of the samples is an anomaly"
                                  : "all of the samples are anomalies") +
                ".");
  }
  const double positives = static_cast<double>(anomalies);
  const double negatives = static_cast<double>(all - anomalies);
  RocCurve curve;
  curve.points.push_back({std::numeric_limits<double>::infinity(), 0, 0});
  const std::vector<std::uint32_t> order = by_falling_score(scores);
  Index hits = 0, false_alarms = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (is_anomaly[order[i]] != 0 ? hits : false_alarms) += 1;
    const double score = scores[order[i]];
    if (i + 1 < order.size() && scores[order[i + 1]] == score) continue;
    const RocPoint last = curve.points.back();
    const RocPoint point{score, static_cast<double>(false_alarms) / negatives,
                         static_cast<double>(hits) / positives};
    curve.area += (point.false_positive_rate - last.false_positive_rate) *
                  (point.true_positive_rate + last.true_positive_rate) / 2;
    const double precision = static_cast<double>(hits) / static_cast<double>(hits + false_alarms);
    curve.average_precision += (point.true_positive_rate - last.true_positive_rate) * precision;
    curve.points.push_back(point);
  }
  return curve;
}

double Decision::precision() const {
  return ratio(true_positives, true_positives + false_positives, 1);
}

double Decision::recall() const {
  return ratio(true_positives, true_positives + false_negatives, 0);
}

double Decision::false_positive_rate() const {
  return ratio(false_positives, false_positives + true_negatives, 0);
}

double Decision::f1() const {
  return ratio(2 * true_positives, 2 * true_positives + false_positives + false_negatives, 0);
}

Decision decide(std::span<const double> scores, std::span<const std::uint8_t> is_anomaly,
                double threshold) {
  assert(scores.size() == is_anomaly.size());
  Decision decision{.threshold = threshold};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool called = scores[i] >= threshold;
    if (is_anomaly[i] != 0) {
      (called ? decision.true_positives : decision.false_negatives) += 1;
    } else {
      (called ? decision.false_positives : decision.true_negatives) += 1;
    }
  }
  return decision;
}

double score_quantile(std::span<const double> scores, double quantile) {
  assert(quantile >= 0 && quantile <= 1);
  check_scores(scores);
  if (scores.empty()) throw Error("There are no scores to take a quantile of.");
  std::vector<double> sorted(scores.begin(), scores.end());
  const auto rank =
      static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(sorted.size())));
  const std::size_t at = rank == 0 ? 0 : std::min(rank, sorted.size()) - 1;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end());
  return sorted[at];
}

double ScoreHistogram::edge(Index bin) const {
  const Index bins = counts.empty() ? 1 : static_cast<Index>(counts.front().size());
  return low + (high - low) * static_cast<double>(bin) / static_cast<double>(bins);
}

ScoreHistogram score_histogram(std::span<const double> scores, std::span<const std::int32_t> groups,
                               Index group_count, Index bins, double reach) {
  assert(scores.size() == groups.size() && bins >= 1);
  ScoreHistogram histogram;
  histogram.high = scores.empty() ? 1 : score_quantile(scores, reach);
  if (!(histogram.high > 0) || !std::isfinite(histogram.high)) histogram.high = 1;
  histogram.counts.assign(static_cast<std::size_t>(group_count),
                          std::vector<Index>(static_cast<std::size_t>(bins), 0));
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (groups[i] < 0) continue;
    const double place = scores[i] / histogram.high * static_cast<double>(bins);
    const auto bin =
        static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bins) - 0.5));
    histogram.counts[static_cast<std::size_t>(groups[i])][bin] += 1;
  }
  return histogram;
}

}  // namespace hourglass
