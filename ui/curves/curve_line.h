// One line of the present run.
#pragma once

#include <string_view>
#include <vector>

#include "core/session/protocol/messages.h"
#include "ui/kit/theme.h"
#include "ui/kit/trace.h"

namespace hourglass::ui {

// One line of the present run: how it is called, how it is drawn, what it was last.
struct CurveLine {
  std::string_view name;
  Rgb color = 0;
  std::vector<PlotPoint> points;
  float width = 1.2f;
  bool markers = false;
  double last = 0;
  bool any = false;                                            // `last` is a number
  double (*of_point)(const session::LossPoint&) = nullptr;     // where it is of training
  double (*of_epoch)(const session::EpochMetrics&) = nullptr;  // where it is of an epoch
};

}  // namespace hourglass::ui
