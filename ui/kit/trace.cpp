#include "ui/kit/trace.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hourglass::ui {

void Trace::Bin::merge(Bin& into, std::size_t, const Bin& later, std::size_t) {
  if (later.low.y < into.low.y) into.low = later.low;
  if (later.high.y > into.high.y) into.high = later.high;
  into.last = later.last;
}

void Trace::add(double x, double y) {
  if (!std::isfinite(x) || !std::isfinite(y)) return;
  const PlotPoint point{x, y};
  bins_.add({point, point, point, point});
}

void Trace::append_to(std::vector<PlotPoint>& points) const {
  points.reserve(points.size() + bins_.items().size() * (bins_.per_item() == 1 ? 1 : 4));
  for (const Bin& bin : bins_.items()) {
    const bool low_first = bin.low.x <= bin.high.x;
    const std::array all = {bin.first, low_first ? bin.low : bin.high,
                            low_first ? bin.high : bin.low, bin.last};
    points.push_back(all[0]);
    for (std::size_t i = 1; i < all.size(); ++i) {
      const PlotPoint& before = points.back();
      if (all[i].x != before.x || all[i].y != before.y) points.push_back(all[i]);
    }
  }
}

}  // namespace hourglass::ui
