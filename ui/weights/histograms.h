// How active the layers are: a histogram of each one's activations.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

float histogram_height(const Metrics& m);

// How many lines of histograms there are, one per layer, if all of them find room; else 0.
int histogram_lines(const PanelContext& context, const Rect& area, std::size_t layers);

// One of every layer, in so many lines.
void draw_histograms(PanelContext& context, Rect area, std::size_t layers, int lines);

// That of the layer that a list names; `layer` is changed by the list, and -1 for the code's.
void draw_chosen_histogram(PanelContext& context, Rect area, std::size_t layers, int& layer);

}  // namespace hourglass::ui
