// A part of a card that scrolls in itself, by wheel, scrollbar and finger.
#pragma once

#include "ui/kit/geometry.h"
#include "ui/kit/kit.h"

namespace hourglass::ui {

class ScrollArea {
 public:
  // `id` is also its name among the widgets. `content` is how high what is in it will be.
  ScrollArea(Kit& kit, const Rect& area, const char* id, float content);
  ~ScrollArea();
  ScrollArea(const ScrollArea&) = delete;
  ScrollArea& operator=(const ScrollArea&) = delete;

  // Where the content begins, moved by what is scrolled; as wide as the scrollbar leaves it.
  Rect inside;

 private:
  float content_;
  bool scrolls_ = false;
};

}  // namespace hourglass::ui
