// The three parts of two runs side by side: images made again, maps of codes, samples.
#pragma once

#include <string>

#include "ui/compare/compare_state.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// One of the two, for whoever draws it.
struct ComparedSide {
  std::string_view job;
  std::string_view id;  // "present" or "other"
  std::string name;
  std::string brief;  // the same where there is little room
  CompareSide& kept;
};

// Takes the newest images of a side's answer.
void take_compared(const PanelContext& context, const ComparedSide& side);

// Figures of a side; with `draw` false it only measures.
float draw_side_figures(PanelContext& context, const Rect& area, const ComparedSide& side,
                        bool draw);
// Originals above what each of the two makes of them, image below image.
float compared_rows_height(const PanelContext& context, float width);
void draw_compared_rows(PanelContext& context, Rect area, const ComparedSide& present,
                        const ComparedSide& other);
void draw_compared_map(PanelContext& context, const Rect& area, const ComparedSide& side);
void draw_compared_samples(PanelContext& context, const Rect& area, const ComparedSide& side);
// The height that the samples need in that width.
float compared_samples_height(const PanelContext& context, float width);

}  // namespace hourglass::ui
