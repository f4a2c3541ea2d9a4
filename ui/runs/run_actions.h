// The buttons on a row of the table of runs.
#pragma once

#include <cstdint>

#include "ui/state/panel.h"

namespace hourglass::ui {

// The width of each.
float run_action_width(const PanelContext& context);

// Of row `index`, from the right end of `area`: to compare, take back and delete the run whose
// parameters are kept under the number `kept` (0: none are); of the `present` run to keep it.
void draw_run_actions(PanelContext& context, Rect area, int index, std::uint64_t kept,
                      bool present);

// Lets the engine delete the parameters of runs that were forgotten: whoever forgets them does not
// want to meet them again after a reload. Each frame.
void drop_forgotten_runs(PanelContext& context);

}  // namespace hourglass::ui
