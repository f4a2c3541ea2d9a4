// Drop-down lists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/kit.h"

namespace hourglass::ui {

struct Choice {
  std::string_view value;  // names the popup's item among the widgets: "ID:VALUE"
  std::string label;
  std::string help;  // drawn small under the label; may be empty
};

// A drop-down list. Returns the index of the item that was just chosen, or -1. `otherwise` is shown
// while none is selected (-1).
int draw_choice(Kit& kit, const Rect& area, std::string_view id, int selected,
                const std::vector<Choice>& items, std::string_view otherwise = {});

}  // namespace hourglass::ui
