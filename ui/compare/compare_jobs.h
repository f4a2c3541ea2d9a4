// What is held against what, and the jobs that find it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/state/panel.h"

namespace hourglass::ui {

// A run, or principal components (number 0), that the present run can be held against.
struct Opponent {
  std::uint64_t number = 0;
  std::string value;   // names it among the widgets
  std::string name;    // in words
  std::string detail;  // how far it came
  std::string brief;   // the name where there is little room
};

// The kept runs, newest first, then principal components.
std::vector<Opponent> opponents(const PanelContext& context);
// The one that was chosen or, where there is none or it is gone, the newest run of the data in use.
Opponent opponent(const PanelContext& context);
// Why it cannot be shown beside the present run, in a sentence; "" where it can.
std::string obstacle(const PanelContext& context, const Opponent& other);

// Starts both sides' jobs where that is due, and asks for what is on show. `again`: the other
// side's although nothing has changed.
void keep_comparing(PanelContext& context, const Opponent& other, bool again);

}  // namespace hourglass::ui
