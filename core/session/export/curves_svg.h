// The curves of a run as a picture of lines, for documents and slides.
#pragma once

#include <span>
#include <string>

#include "core/session/export/svg_plot.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// An SVG of 720 x 420 pixels: the training loss of each of `losses` over the epoch, and the
// held-out loss of each epoch as dots with a line through them; a scale of powers of ten where the
// largest is over 30 times the smallest and all are above 0. What is not finite is left out. At
// most 2,000 points of the training loss are drawn, each a mean of neighbours. Throws Error if
// there is nothing to draw.
std::string curves_svg(std::span<const LossPoint> losses, std::span<const EpochMetrics> epochs,
                       const PlotWords& words = {});

}  // namespace hourglass::session
