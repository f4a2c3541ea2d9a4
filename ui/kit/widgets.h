// Where every visible widget is, by name: what a test needs to click what a person clicks. And what
// of them takes more of a pointer than a click, which the page is told before it scrolls.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/geometry.h"

namespace hourglass::ui {

// What a widget does with a pointer besides being clicked; several are added.
enum Gesture : unsigned {
  kDrag = 1,          // it follows a pointer that is dragged, whichever way
  kDragSideways = 2,  // it follows one that goes sideways; up and down it moves the page
  kWheel = 4,         // the wheel over it is its own
};

class Widgets {
 public:
  // Forgets all, at the start of a frame.
  void clear();

  // Registers the part of `rect` that lies within `clip`; nothing if no part does.
  void add(std::string_view id, const Rect& rect, const Rect& clip);

  const std::map<std::string, Rect, std::less<>>& all() const { return rects_; }

  // Says that what lies in that part takes these gestures.
  void add_gestures(unsigned gestures, const Rect& rect, const Rect& clip);

  // Whether something at (x, y) takes one of these.
  bool takes(unsigned gestures, float x, float y) const;

 private:
  struct Taker {
    Rect rect;
    unsigned gestures;
  };

  std::map<std::string, Rect, std::less<>> rects_;
  std::vector<Taker> takers_;
};

}  // namespace hourglass::ui
