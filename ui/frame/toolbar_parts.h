// What the toolbar is made of, each drawn where the toolbar's lines have room for it.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

void draw_brand(PanelContext& context, Rect area, bool named);

void draw_preset(PanelContext& context, const Rect& area);

// What of the actions is written out.
enum class Labels { kAll, kRun, kNone };

// Run and its neighbours, cut off the left end of the line.
float actions_width(const PanelContext& context, Labels labels);
void draw_actions(PanelContext& context, Rect& line, Labels labels);

float speed_width(const PanelContext& context, bool brief);
void draw_speed(PanelContext& context, const Rect& area);

// The seed, and the button that throws another.
void draw_seed(PanelContext& context, Rect& line, float field_width);

// One step back and one forth, cut off the right end of the line.
float undo_width(const PanelContext& context);
void draw_undo(PanelContext& context, Rect& line);

// Language, theme and help, cut off the right end of the line.
float preferences_width(const PanelContext& context);
void draw_preferences(PanelContext& context, Rect& line);

}  // namespace hourglass::ui
