// What the curves are of, and their scale.
#pragma once

namespace hourglass::ui {

enum class CurveMeasure { kLoss, kAccuracy, kCode };

struct CurvesState {
  CurveMeasure measure = CurveMeasure::kLoss;
  bool log_loss = false;
  bool references = false;  // lines of what others come to are drawn across the loss
};

}  // namespace hourglass::ui
