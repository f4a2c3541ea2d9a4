// A curve of any length in a bounded number of bins.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ui/kit/downsampled_series.h"

namespace hourglass::ui {

struct PlotPoint {
  double x, y;
};

// Takes points one by one, x not falling. What is kept of each bin (its first, lowest, highest and
// last point) draws the same line at the width of a screen, so that a run of a million points costs
// a frame no more than one of a thousand.
class Trace {
 public:
  // Points whose y is not finite are left out.
  void add(double x, double y);
  bool empty() const { return bins_.empty(); }
  // The points that draw the line; at most four times kMaxBins.
  void append_to(std::vector<PlotPoint>& points) const;

  static constexpr std::size_t kMaxBins = 1024;

 private:
  struct Bin {
    PlotPoint first, low, high, last;
    static void merge(Bin& into, std::size_t, const Bin& later, std::size_t);
  };
  DownsampledSeries<Bin, Bin, kMaxBins> bins_;
};

// The index of the element whose x is nearest to `x`; the x of the elements do not fall. `elements`
// is not empty.
template <typename Element, typename XOf>
std::size_t nearest_index(std::span<const Element> elements, double x, XOf x_of) {
  std::size_t low = 0, high = elements.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (x_of(elements[middle]) < x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == elements.size()) return low - 1;
  if (low > 0 && x - x_of(elements[low - 1]) <= x_of(elements[low]) - x) return low - 1;
  return low;
}

}  // namespace hourglass::ui
