// When training has done enough.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/train/metrics.h"

namespace hourglass {

struct StopRule {
  std::int64_t epochs = 50;   // stop when exactly so many are done
  std::int64_t steps = 0;     // or so many mini-batches, inside an epoch too; 0: no limit
  double loss = 0;            // or when the held-out loss is at most this; 0: whatever it is
  std::int64_t patience = 0;  // or when it has not fallen for so many epochs; 0: never for that

  bool operator==(const StopRule&) const = default;
};

enum class StopReason { kNone, kEpochs, kSteps, kLoss, kPlateau };

// Whether to stop now that the last row of `history` was recorded, `steps` mini-batches after the
// start. A loss that is not finite is none: it neither stops a run nor counts as its lowest. A run that is told to go on all the same goes on, to where the rule next says stop.
StopReason stop_reason(const StopRule& rule, const std::vector<EpochMetrics>& history,
                       std::int64_t steps);

// The reason as a sentence; "" for none.
std::string stop_sentence(StopReason reason, const StopRule& rule);

}  // namespace hourglass
