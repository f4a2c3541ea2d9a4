// The panels: one row says all that the frame knows of a panel. The cards, the tabs, the number
// keys and the page of help are made from the rows.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/session/lesson/lesson.h"
#include "ui/frame/shortcuts.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

struct Panel {
  std::string_view id = {};     // it is "panel:ID" among the widgets, and its tab "tab:ID"
  std::string_view title = {};  // text key of its card's heading
  std::string_view tab = {};    // text key of its tab
  Workspace workspace = Workspace::kTraining;
  // Where the layout puts its card. A panel without one, or whose card the layout leaves empty, is
  // a tab; one without a tab's name is only ever a card.
  Rect Layout::* card = nullptr;
  void (*draw)(PanelContext&) = nullptr;
  void (*each_frame)(PanelContext&) = nullptr;  // called once a frame, whether it is on show or not
  std::span<const Shortcut> shortcuts = {};
  // What it draws is of the moment on display, which the timeline below it chooses.
  bool has_timeline = false;
  // Text key of the sentence that stands in place of the panel where the data are documents; "": it
  // shows them, too.
  std::string_view not_for_documents = {};
};

// The panel, or that sentence.
void draw_panel(PanelContext& context, const Panel& panel);

std::span<const Panel> panels();

// Whether the lesson under way shows any panel of a workspace; without one, true.
bool workspace_shown(const session::LessonRules& rules, Workspace workspace);

// Puts the panel of that id on show: its workspace, and its tab where it has one.
void bring_to_front(ViewState& view, std::string_view id);

// Those that share the card with tabs, in the order of the tabs: the first one's key is 1.
// A lesson may leave some out.
std::vector<const Panel*> panels_in_tabs(const Layout& layout, const session::LessonRules& rules);

}  // namespace hourglass::ui
