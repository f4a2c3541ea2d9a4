// How a background job is doing: its progress, and what can be done with it.
#pragma once

#include <string_view>

#include "ui/state/panel.h"

namespace hourglass::ui {

// One line: while the job is under way what it is doing, how much is done, and buttons to pause and
// to cancel it; otherwise a button with `label` to start it. Returns whether that was pressed: the
// panel starts the job with its own arguments. The widgets are "KIND:start", "KIND:pause" and
// "KIND:cancel".
//
// Why the last one ended, where it did not end well, is said beside the button, or with `says_why`
// false left to draw_job_message().
bool draw_job_bar(PanelContext& context, const Rect& area, std::string_view kind,
                  std::string_view label, std::string_view help, bool says_why = true);

// Why the job ended, where it did not end well and none is under way, in as many lines as it needs.
// Returns their height, 0 where there is nothing to say; with `draw` false it only measures. The
// widget is "KIND:message".
float draw_job_message(PanelContext& context, const Rect& area, std::string_view kind, bool draw);

}  // namespace hourglass::ui
