// Where every visible widget is, by name: what a test needs to click what a person clicks.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ui/kit/geometry.h"

namespace hourglass::ui {

class Widgets {
 public:
  // Forgets all, at the start of a frame.
  void clear() { rects_.clear(); }

  // Registers the part of `rect` that lies within `clip`; nothing if no part does.
  void add(std::string_view id, const Rect& rect, const Rect& clip);

  const std::map<std::string, Rect, std::less<>>& all() const { return rects_; }

  // {"run":[x,y,width,height],...} in points, to a tenth of a point.
  std::string json() const;

 private:
  std::map<std::string, Rect, std::less<>> rects_;
};

}  // namespace hourglass::ui
