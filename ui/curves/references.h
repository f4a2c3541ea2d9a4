// Lines to hold the loss against: what PCA leaves at this code size, what the mean image does, the
// least that cross-entropy can be, and what the preset's source printed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/kit/plot.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

struct ReferenceLine {
  std::string_view id;  // "pca", "mean", "floor" or "published"
  std::string name;
  double value = 0;  // in the unit of the loss
};

// Those that are known, in the unit of the present run's loss. Sees to it that there is PCA.
//
// For the losses mse and sse: PCA's error and the mean image's. For bce: the floor and the mean
// image's. PCA has no cross-entropy, for what it makes of an image leaves the range from 0 to 1.
std::vector<ReferenceLine> reference_lines(PanelContext& context);

// Draws them across the plot, each with its name; one that lies outside is named at that edge.
// While PCA is at work, or has failed, that is said. The labels are "curves:reference:ID", and
// "curves:reference:state".
void draw_references(PanelContext& context, const Rect& plot, const Axis& y,
                     std::span<const ReferenceLine> lines);

}  // namespace hourglass::ui
