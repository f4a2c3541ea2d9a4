// What the panel of anomalies keeps between frames.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ui/images/pictures.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

inline constexpr std::string_view kAnomalyJob = "anomaly";

struct AnomalyState {
  int label = 0;      // the class that the next experiment leaves out
  int epochs = 5;     // that it trains
  bool wide = false;  // it trains a wider code, too
  // Where the person has put the threshold; none: where the experiment would.
  std::optional<double> threshold;
  ImageAtlas below_originals, below_restored, above_originals, above_restored;
  ImageAtlas best_originals, best_restored, wide_restored;
};

// The threshold on show.
double anomaly_threshold(const PanelContext& context);

// The class that the experiment on show has left out, by its name.
std::string left_out_name(const PanelContext& context);

}  // namespace hourglass::ui
