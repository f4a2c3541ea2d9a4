#include "core/train/early_stopping.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/write_number.h"

namespace hourglass {

StopReason stop_reason(const EarlyStopping& rule, const std::vector<EpochMetrics>& history,
                       std::int64_t steps) {
  if (history.empty()) return StopReason::kNone;
  if (rule.steps > 0 && steps == rule.steps) return StopReason::kSteps;
  if (history.back().epoch == static_cast<double>(rule.epochs)) return StopReason::kEpochs;
  const auto loss_of = [](const EpochMetrics& row) {
    return std::isfinite(row.test_loss) ? row.test_loss : std::numeric_limits<double>::infinity();
  };
  const bool measured = std::isfinite(history.back().test_loss);
  if (measured && rule.loss > 0 && history.back().test_loss <= rule.loss) return StopReason::kLoss;
  if (measured && rule.patience > 0) {
    const auto best =
        std::min_element(history.begin(), history.end(),
                         [&](const auto& a, const auto& b) { return loss_of(a) < loss_of(b); });
    if (history.end() - best > rule.patience) return StopReason::kPlateau;
  }
  return StopReason::kNone;
}

std::int64_t steps_ahead(const EarlyStopping& rule, std::int64_t batches_per_epoch) {
  const std::int64_t all = rule.epochs * batches_per_epoch;
  return rule.steps > 0 ? std::min(rule.steps, all) : all;
}

std::string stop_sentence(StopReason reason, const EarlyStopping& rule,
                          std::optional<std::int64_t> rate_gone) {
  switch (reason) {
    case StopReason::kNone:
      return "";
    case StopReason::kEpochs:
      return "Stopped after " + std::to_string(rule.epochs) +
             (rule.epochs == 1 ? " epoch." : " epochs.");
    case StopReason::kSteps:
      return "Stopped after " + std::to_string(rule.steps) +
             (rule.steps == 1 ? " mini-batch." : " mini-batches.");
    case StopReason::kLoss:
      return "Stopped because the held-out loss is at most " + shortest_text(rule.loss) + ".";
    case StopReason::kPlateau: {
      const std::string epochs =
          std::to_string(rule.patience) + (rule.patience == 1 ? " epoch." : " epochs.");
      if (rate_gone) {
        return "Stopped because the learning rate has reached 0: the schedule was over at step " +
               std::to_string(*rate_gone) + ", and the held-out loss has not fallen for " + epochs;
      }
      return "Stopped because the held-out loss has not fallen for " + epochs;
    }
  }
  return "";
}

}  // namespace hourglass
