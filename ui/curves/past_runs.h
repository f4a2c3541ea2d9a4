// The runs before the present one, as they are listed below its curves and drawn behind them.
#pragma once

#include <vector>

#include "ui/kit/trace.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// An earlier run as it is listed and drawn.
struct PastRun {
  const Run* of;
  bool shown;
  bool highlighted = false;
  std::vector<PlotPoint> test = {}, train = {};  // one of them may be empty
};

// Newest first, without those that were cleared away.
std::vector<PastRun> past_runs(const PanelContext& context);

// A run of less than an epoch or two has nothing but its training loss.
bool by_training(const PastRun& run);

// The list, cut off the lower end of `inside`. Marks the one under the pointer.
void draw_past_runs(PanelContext& context, Rect& inside, std::vector<PastRun>& runs);

}  // namespace hourglass::ui
