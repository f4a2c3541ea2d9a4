#include "native/plots/scatter.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/math/random.h"
#include "native/plots/axes.h"

namespace hourglass {
namespace {

constexpr int kPlotWidth = 920;     // of the area that the points are drawn in, in pixels
constexpr double kFlattest = 0.55;  // its height over its width, at least
constexpr int kPlotLeft = 84, kPlotTop = 92, kPlotRight = 190, kPlotBottom = 78;
constexpr std::size_t kMaxLegendLines = 15, kMaxNames = 60;

// From code space's plane to pixels: the same scale along both axes, so that distances are true.
struct View {
  double centre_u = 0, centre_v = 0;
  double span_u = 1, span_v = 1;  // what the plot shows along each axis
  float height = kPlotWidth;      // of the plot, in pixels

  float x(double u) const {
    return static_cast<float>(kPlotLeft + kPlotWidth * ((u - centre_u) / span_u + 0.5));
  }
  float y(double v) const {
    return static_cast<float>(kPlotTop + height * (0.5 - (v - centre_v) / span_v));
  }
};

bool is_finite(const Matrix& points, Index i) { return points.col(i).allFinite(); }

View view_of(const Matrix& points) {
  View view;
  double low_u = 0, high_u = 0, low_v = 0, high_v = 0;
  bool any = false;
  for (Index i = 0; i < points.cols(); ++i) {
    if (!is_finite(points, i)) continue;
    const double u = points(0, i), v = points(1, i);
    low_u = any ? std::min(low_u, u) : u, high_u = any ? std::max(high_u, u) : u;
    low_v = any ? std::min(low_v, v) : v, high_v = any ? std::max(high_v, v) : v;
    any = true;
  }
  constexpr double kAround = 1.06;
  const double wide = kAround * (high_u - low_u), high = kAround * (high_v - low_v);
  if (any) view.centre_u = (low_u + high_u) / 2, view.centre_v = (low_v + high_v) / 2;
  if (!(std::max(wide, high) > 1e-12)) return view;  // all codes the same
  // As high as the points need, but neither a ribbon nor a tower.
  const double ratio = wide > 0 ? std::clamp(high / wide, kFlattest, 1.0) : 1.0;
  view.span_u = std::max(wide, high / ratio);
  view.span_v = view.span_u * ratio;
  view.height = static_cast<float>(std::round(kPlotWidth * ratio));
  return view;
}

void draw_frame(Canvas& canvas, const View& view) {
  constexpr float kRightEdge = kPlotLeft + kPlotWidth;
  const float bottom = kPlotTop + view.height;
  canvas.line(kPlotLeft, kPlotTop, kRightEdge, kPlotTop, 1, kFrame);
  canvas.line(kPlotLeft, bottom, kRightEdge, bottom, 1, kFrame);
  canvas.line(kPlotLeft, kPlotTop, kPlotLeft, bottom, 1, kFrame);
  canvas.line(kRightEdge, kPlotTop, kRightEdge, bottom, 1, kFrame);
}

void draw_ticks(Canvas& canvas, const View& view) {
  constexpr float kRightEdge = kPlotLeft + kPlotWidth, kTickSize = 11;
  const float bottom = kPlotTop + view.height;
  const double step = tick_step(view.span_u);
  for (double u = std::ceil((view.centre_u - view.span_u / 2) / step) * step;
       u <= view.centre_u + view.span_u / 2; u += step) {
    const float x = view.x(u);
    const std::string text = tick_text(u, step);
    canvas.line(x, kPlotTop, x, bottom, 1, kGrid);
    canvas.text(text, x - Canvas::text_width(text, kTickSize) / 2, bottom + 22, kTickSize, 1.3f,
                kFaint);
  }
  for (double v = std::ceil((view.centre_v - view.span_v / 2) / step) * step;
       v <= view.centre_v + view.span_v / 2; v += step) {
    const float y = view.y(v);
    const std::string text = tick_text(v, step);
    canvas.line(kPlotLeft, y, kRightEdge, y, 1, kGrid);
    canvas.text(text, kPlotLeft - 10 - Canvas::text_width(text, kTickSize), y + kTickSize / 2,
                kTickSize, 1.3f, kFaint);
  }
}

double upper_median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A class's name and the middle of where it stands.
struct ClassName {
  std::string text;
  float size, x, y;

  float width() const { return Canvas::text_width(text, size); }
};

// Moves names that cover each other apart, a little at a time.
void spread(std::vector<ClassName>& names) {
  constexpr int kRounds = 200;
  constexpr float kGap = 14;
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        ClassName &a = names[i], &b = names[j];
        const float wide = (a.width() + b.width()) / 2 + kGap - std::abs(a.x - b.x);
        const float high = (a.size + b.size) / 2 + kGap - std::abs(a.y - b.y);
        if (wide <= 0 || high <= 0) continue;
        // The shorter way out.
        if (wide < high) {
          const float move = (a.x < b.x ? -wide : wide) / 4;
          a.x += move, b.x -= move;
        } else {
          const float move = (a.y < b.y ? -high : high) / 4;
          a.y += move, b.y -= move;
        }
      }
    }
  }
}

// The name of each class where its points are, readable on top of them.
void draw_class_names(Canvas& canvas, const View& view, const ScatterPlot& plot) {
  // More would cover the map, and moving them apart costs the square of their number.
  if (plot.class_names.size() > kMaxNames) return;
  std::vector<ClassName> names;
  for (std::size_t label = 0; label < plot.class_names.size(); ++label) {
    std::vector<double> u, v;
    for (Index i = 0; i < plot.points.cols(); ++i) {
      if (plot.labels[static_cast<std::size_t>(i)] != static_cast<std::int32_t>(label)) continue;
      if (!is_finite(plot.points, i)) continue;
      u.push_back(plot.points(0, i));
      v.push_back(plot.points(1, i));
    }
    const std::string& text = plot.class_names[label];
    if (!u.empty()) {
      names.push_back({text, text.size() <= 2 ? 26.0f : 15.0f, view.x(upper_median(u)),
                       view.y(upper_median(v))});
    }
  }
  spread(names);
  for (const ClassName& name : names) {
    const float x = name.x - name.width() / 2, y = name.y + name.size / 2;
    canvas.text(name.text, x, y, name.size, name.size / 7 + 6, kPaperWhite);
    canvas.text(name.text, x, y, name.size, name.size / 7, kInk);
  }
}

void draw_legend(Canvas& canvas, const ScatterPlot& plot) {
  constexpr float kStep = 32, kX = kPlotLeft + kPlotWidth + 34;
  const std::size_t lines = std::min(plot.class_names.size(), kMaxLegendLines);
  for (std::size_t label = 0; label < lines; ++label) {
    const float y = kPlotTop + 16 + kStep * static_cast<float>(label);
    canvas.dot(kX, y, 8, class_color(static_cast<std::int32_t>(label)));
    canvas.text(plot.class_names[label], kX + 20, y + 7, 14, 1.7f, kInk);
  }
  if (lines < plot.class_names.size()) {
    const float y = kPlotTop + 16 + kStep * static_cast<float>(lines);
    canvas.text("and " + std::to_string(plot.class_names.size() - lines) + " more", kX, y + 6, 12,
                1.4f, kFaint);
  }
}

// In random order, so that no class covers the others for coming last in the file.
std::vector<std::uint32_t> mixed_order(Index count) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0u);
  shuffle_indices(0, RandomStream::kViewSamples, 1, order);
  return order;
}

Canvas start_plot(const ScatterPlot& plot, const View& view) {
  Canvas canvas(kPlotLeft + kPlotWidth + kPlotRight,
                kPlotTop + static_cast<int>(view.height) + kPlotBottom);
  if (plot.has_ticks) draw_ticks(canvas, view);
  draw_frame(canvas, view);
  return canvas;
}

void draw_words(Canvas& canvas, const ScatterPlot& plot, const View& view) {
  if (!plot.labels.empty()) draw_legend(canvas, plot);
  canvas.text(plot.title, kPlotLeft, 40, 19, 2.2f, kInk);
  canvas.text(plot.subtitle, kPlotLeft, 70, 13, 1.5f, kFaint);
  canvas.text(plot.across, kPlotLeft + (kPlotWidth - Canvas::text_width(plot.across, 13)) / 2,
              kPlotTop + view.height + 56, 13, 1.5f, kInk);
  canvas.text_upwards(plot.up, 26, kPlotTop + (view.height + Canvas::text_width(plot.up, 13)) / 2,
                      13, 1.5f, kInk);
}

void draw_dots(Canvas& canvas, const ScatterPlot& plot, const View& view, float opacity) {
  const Index count = plot.points.cols();
  const float radius = count > 4000 ? 2.4f : count > 1000 ? 3.2f : 4.5f;
  for (const std::uint32_t i : mixed_order(count)) {
    if (!is_finite(plot.points, i)) continue;
    canvas.dot(view.x(plot.points(0, i)), view.y(plot.points(1, i)), radius,
               class_color(plot.labels.empty() ? -1 : plot.labels[i]), opacity);
  }
}

}  // namespace

Image scatter_plot(const ScatterPlot& plot) {
  const View view = view_of(plot.points);
  Canvas canvas = start_plot(plot, view);
  draw_dots(canvas, plot, view, 0.75f);
  if (!plot.labels.empty()) draw_class_names(canvas, view, plot);
  draw_words(canvas, plot, view);
  return canvas.image();
}

std::vector<std::uint32_t> spread_out(const Matrix& points, double distance) {
  const View view = view_of(points);
  const double reach = distance * std::max(view.span_u, view.span_v);
  std::vector<std::uint32_t> chosen;
  for (Index i = 0; i < points.cols(); ++i) {
    if (!is_finite(points, i)) continue;
    const bool free = std::none_of(chosen.begin(), chosen.end(), [&](std::uint32_t other) {
      return static_cast<double>((points.col(i) - points.col(other)).squaredNorm()) < reach * reach;
    });
    if (free) chosen.push_back(static_cast<std::uint32_t>(i));
  }
  return chosen;
}

Image thumbnail_plot(const ScatterPlot& plot, std::span<const std::uint32_t> chosen,
                     std::span<const Image> images, double distance) {
  const View view = view_of(plot.points);
  Canvas canvas = start_plot(plot, view);
  draw_dots(canvas, plot, view, 0.25f);
  // As large as they can be without covering each other much: they keep their distance along the
  // diagonal too.
  const double longest = std::max<double>(kPlotWidth, view.height);
  const auto side = static_cast<float>(std::clamp(0.85 * distance * longest, 12.0, 96.0));
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const Index i = chosen[k];
    const float x = view.x(plot.points(0, i)) - side / 2, y = view.y(plot.points(1, i)) - side / 2;
    canvas.picture(images[k], x, y, side, side);
    canvas.frame(x, y, side, side, 2, class_color(plot.labels.empty() ? -1 : plot.labels[i]));
  }
  draw_words(canvas, plot, view);
  return canvas.image();
}

}  // namespace hourglass
