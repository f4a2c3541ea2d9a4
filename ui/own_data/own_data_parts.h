// Parts of the panel of a person's own data. Each draws into the upper end of `area` and returns
// the height; with `draw` false it only measures.
#pragma once

#include <string_view>

#include "ui/own_data/own_data_state.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// Asks whoever has the files for something: "hello" (what it can do), "choose", "folder",
// "preview", "use", "keep", "unkeep", "forget", and of samples that are made here "add" (`more`:
// "class", "held_out", "name", "rows", "columns", "pixels" of 0 to 255), "camera" (the same but for
// the last three) and "undo".
void ask_import(PanelContext& context, std::string_view action, Json more = Json::object());

// What was understood, in figures, and what to do with it.
float draw_import_facts(PanelContext& context, Rect area, bool draw);
// The square to draw samples on, their class, and what to do with them.
float draw_import_making(PanelContext& context, Rect area, bool draw);
// A control for each guess.
float draw_import_options(PanelContext& context, Rect area, bool draw);
// Images, or the first rows of a table, then the notes.
float draw_import_samples(PanelContext& context, Rect area, bool draw);

}  // namespace hourglass::ui
