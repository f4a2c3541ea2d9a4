#include "core/analysis/step_watch.h"

#include <algorithm>
#include <cmath>

namespace hourglass {

void StepWatch::add(std::int64_t steps, const StepProbe& probe) {
  if (steps == 0) {
    start_gradient_ = probe.gradient_norm;
    start_loss_ = probe.loss_before;
  }
  newest_[static_cast<std::size_t>(seen_++ % kProbesToJudge)] = probe;
}

StepFigures StepWatch::figures() const {
  StepFigures figures{.probes = std::min(seen_, kProbesToJudge),
                      .start_gradient = start_gradient_,
                      .start_loss = start_loss_};
  if (figures.probes == 0) return figures;
  double squares = 0;
  for (std::int64_t i = 0; i < figures.probes; ++i) {
    const StepProbe& probe = newest_[static_cast<std::size_t>(i)];
    squares += probe.gradient_norm * probe.gradient_norm;
    const double change = probe.loss_after / std::max(std::abs(probe.loss_before), 1e-30) - 1;
    figures.progress -= change;
    if (!(change > 0)) continue;
    figures.overshot += 1;
    figures.overshoot += std::min(change, 1.0);
  }
  const auto count = static_cast<double>(figures.probes);
  figures.gradient = std::sqrt(squares / count);
  figures.overshoot /= count;
  figures.progress /= count;
  figures.overshot /= count;
  return figures;
}

}  // namespace hourglass
