// The bars of the code as sliders for those who do not see them.
#pragma once

#include <span>

#include "ui/code/code_bars.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// Notes the bars of the page as parts of the item drawn last, and moves the one that is asked for.
// `area` is where the bars stand, `widest` how wide one is at most, in points; `code` has a number
// for each unit, as `ranges` has. Returns whether the code has changed.
bool mirror_bars(PanelContext& context, const BarPage& page, const Rect& area, float widest,
                 std::span<const UnitRange> ranges, std::span<float> code);

}  // namespace hourglass::ui
