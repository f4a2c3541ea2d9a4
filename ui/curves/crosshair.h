// The values at the pointer.
#pragma once

#include <span>

#include "ui/curves/curve_line.h"
#include "ui/curves/past_runs.h"
#include "ui/curves/references.h"
#include "ui/kit/plot.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// A line through the plot at the pointer, if that is there, and what the curves are nearest to it,
// beside what they are held against.
void draw_crosshair(PanelContext& context, const Rect& plot, const Axis& x,
                    std::span<const CurveLine> lines, std::span<const PastRun> runs,
                    std::span<const ReferenceLine> references);

}  // namespace hourglass::ui
