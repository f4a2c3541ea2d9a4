#include "ui/anomaly/anomaly_scores.h"

#include <algorithm>

namespace hourglass::ui {
namespace {

constexpr double kScoreReach = 0.995;

}  // namespace

AnomalyScores::AnomalyScores(const JobFindings& found) {
  const session::Floats* const values = found.floats("scores");
  const session::Bytes* const kinds = found.bytes("anomalous");
  if (!values || !kinds || values->empty() || values->size() != kinds->size()) return;
  scores = values;
  anomalous = kinds;
}

double AnomalyScores::count(bool anomaly) const {
  return static_cast<double>(
      std::count(anomalous->begin(), anomalous->end(), static_cast<std::uint8_t>(anomaly)));
}

double AnomalyScores::at_least(bool anomaly, double threshold) const {
  const auto first = std::partition_point(scores->begin(), scores->end(), [&](float score) {
    return static_cast<double>(score) < threshold;
  });
  return static_cast<double>(std::count(anomalous->begin() + (first - scores->begin()),
                                        anomalous->end(), static_cast<std::uint8_t>(anomaly)));
}

double AnomalyScores::rate(bool anomaly, double threshold) const {
  const double all = count(anomaly);
  return all > 0 ? at_least(anomaly, threshold) / all : 0;
}

double AnomalyScores::reach() const {
  const auto last = static_cast<double>(scores->size() - 1);
  return std::max(1e-9,
                  static_cast<double>((*scores)[static_cast<std::size_t>(kScoreReach * last)]));
}

}  // namespace hourglass::ui
