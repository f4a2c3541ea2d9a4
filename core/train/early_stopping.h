// When training has done enough.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/train/metrics.h"

namespace hourglass {

struct EarlyStopping {
  std::int64_t epochs = 50;   // stop when exactly so many are done
  std::int64_t steps = 0;     // or so many mini-batches, inside an epoch too; 0: no limit
  double loss = 0;            // or when the held-out loss is at most this; 0: whatever it is
  std::int64_t patience = 0;  // or when it has not fallen for so many epochs; 0: never for that

  bool operator==(const EarlyStopping&) const = default;
};

enum class StopReason { kNone, kEpochs, kSteps, kLoss, kPlateau };

// Whether to stop now that the last row of `history` was recorded, `steps` mini-batches after the
// start. A loss that is not finite is none: it neither stops a run nor counts as its lowest. A run
// that is told to go on all the same goes on, to where the rule next says stop.
StopReason stop_reason(const EarlyStopping& rule, const std::vector<EpochMetrics>& history,
                       std::int64_t steps);

// How many mini-batches a run has at most, with so many in an epoch: what a schedule that follows
// the run is fitted to.
std::int64_t steps_ahead(const EarlyStopping& rule, std::int64_t batches_per_epoch);

// The reason as a sentence; "" for none. `rate_gone` is the step from which the learning rate was
// 0, if that is why the loss has stood still.
std::string stop_sentence(StopReason reason, const EarlyStopping& rule,
                          std::optional<std::int64_t> rate_gone = std::nullopt);

}  // namespace hourglass
