#include "ui/trace.h"

#include <array>
#include <algorithm>
#include <cmath>

namespace hourglass::ui {

void Trace::add(double x, double y) {
  if (!std::isfinite(x) || !std::isfinite(y)) return;
  const PlotPoint point{x, y};
  if (!bins_.empty() && in_last_ < per_bin_) {
    Bin& bin = bins_.back();
    if (y < bin.low.y) bin.low = point;
    if (y > bin.high.y) bin.high = point;
    bin.last = point;
    ++in_last_;
    return;
  }
  if (bins_.size() == kMostBins) {
    for (std::size_t i = 0; i < kMostBins / 2; ++i) {
      const Bin &a = bins_[2 * i], &b = bins_[2 * i + 1];
      bins_[i] = {a.first, b.low.y < a.low.y ? b.low : a.low,
                  b.high.y > a.high.y ? b.high : a.high, b.last};
    }
    bins_.resize(kMostBins / 2);
    per_bin_ *= 2;
  }
  bins_.push_back({point, point, point, point});
  in_last_ = 1;
}

void Trace::append_to(std::vector<PlotPoint>& points) const {
  points.reserve(points.size() + bins_.size() * (per_bin_ == 1 ? 1 : 4));
  for (const Bin& bin : bins_) {
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
