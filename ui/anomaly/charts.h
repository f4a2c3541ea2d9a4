// Scores of normal and of anomalous images, the threshold between them, and what each threshold
// makes of both.
#pragma once

#include "ui/anomaly/anomaly_scores.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

void draw_histogram(PanelContext& context, Rect area, const AnomalyScores& scores);
void draw_roc(PanelContext& context, Rect area, const AnomalyScores& scores);

}  // namespace hourglass::ui
