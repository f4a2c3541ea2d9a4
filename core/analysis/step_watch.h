// What the probes of a run's steps have shown of late, for its diagnoses.
#pragma once

#include <array>
#include <cstdint>

#include "core/train/trainer.h"

namespace hourglass {

// Of the newest probes, kProbesToJudge at most.
struct StepFigures {
  std::int64_t probes = 0;
  // At the run's first step: the norm, and the loss before it; 0: not known.
  double start_gradient = 0, start_loss = 0;
  double gradient = 0;  // root mean square of the norms
  // By how much of itself a step has changed the loss of its own mini-batch, where that rose, 1 at
  // most; mean over all probes, with 0 where it fell.
  double overshoot = 0;
  double overshot = 0;  // the share of probes where it rose
  // By how much of itself a step lowers the loss of its own mini-batch; mean over all probes.
  double progress = 0;
};

inline constexpr std::int64_t kProbesToJudge = 8;

class StepWatch {
 public:
  // Of the step that came after `steps` others.
  void add(std::int64_t steps, const StepProbe& probe);
  // What was seen so far was of other settings: all of it is forgotten but the first gradient.
  void forget_steps() { seen_ = 0; }
  // Of another run.
  void restart() { *this = StepWatch(); }

  StepFigures figures() const;

 private:
  std::array<StepProbe, static_cast<std::size_t>(kProbesToJudge)> newest_ = {};
  std::int64_t seen_ = 0;
  double start_gradient_ = 0, start_loss_ = 0;
};

}  // namespace hourglass
