// What the engine has found wrong with the run, with a button that mends it and, after that, one
// that takes it back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ui/state/panel.h"

namespace hourglass::ui {

// A remedy that was chosen, for as long as the settings are as it has made them.
struct ChosenRemedy {
  using Values = std::vector<std::pair<std::string, session::Value>>;

  std::string kind;                // of the diagnosis
  std::string name;                // of the remedy
  Values before = {}, after = {};  // of the settings that it changes
  bool restart = false;
  bool confirmed = false;     // the engine has them
  std::uint64_t run = 0;      // the number of the run that there was
  std::uint64_t notices = 0;  // how many there had been
};

struct DiagnosisState {
  std::string put_away;   // kinds of what was wrong when that was put away
  std::size_t shown = 0;  // which of several
  std::optional<ChosenRemedy> chosen;
};

// How high they will be in `width`, with the gap above each; 0 when there is nothing to tell.
float diagnosis_cards_height(const PanelContext& context, float width);
// Draws them at the top of `area` and takes that off it.
void draw_diagnosis_cards(PanelContext& context, Rect& area);

}  // namespace hourglass::ui
