// Locking and hiding controls by clicks on them.
#pragma once

#include <string>
#include <string_view>

#include "ui/state/panel.h"

namespace hourglass::ui {

// While it lives and clicks mark, widgets take nothing.
class MarkGuard {
 public:
  explicit MarkGuard(const PanelContext& context);
  ~MarkGuard();
  MarkGuard(const MarkGuard&) = delete;
  MarkGuard& operator=(const MarkGuard&) = delete;

 private:
  bool marks_;
};

// Takes a click within `playground` and draws the marks over all that is drawn there.
void draw_marks(PanelContext& context, const Rect& playground);

// What a widget is called among the rules of a lesson (core/session/lesson/marks.h); "" where it
// has no key.
std::string marked_control(std::string_view widget);

}  // namespace hourglass::ui
