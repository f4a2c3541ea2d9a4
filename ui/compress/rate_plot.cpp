#include "ui/compress/rate_plot.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ui/compress/compress_state.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"

namespace hourglass::ui {
namespace {

// Codes of floats stand far beside the others, and lose nothing more than those of 8 bits.
constexpr int kFloatCode = 32;

struct RateMethod {
  const char *name, *text;
  Rgb color;
};

std::array<RateMethod, 4> rate_methods(const Palette& c) {
  return {{{"code", "compress.method.code", c.accent},
           {"pca", "compress.method.pca", c.train},
           {"jpeg", "compress.method.jpeg", c.heat},
           {"jpeg-sheet", "compress.method.jpeg-sheet", c.part}}};
}

// What loses nothing has no place on a logarithmic axis, and is a line across.
bool is_mark(const RatePoint& point) { return point.method.starts_with("png"); }
bool is_on_plot(const RatePoint& point) {
  return is_mark(point) || (point.setting != kFloatCode && point.mse > 0);
}

struct RateAxes {
  Axis x, y;
};

RateAxes rate_axes(const std::vector<RatePoint>& points) {
  double low = std::numeric_limits<double>::infinity(), high = 0, least = low, most = 0;
  for (const RatePoint& point : points) {
    if (!is_on_plot(point)) continue;
    low = std::min(low, point.bytes);
    high = std::max(high, point.bytes);
    if (is_mark(point)) continue;
    least = std::min(least, point.mse);
    most = std::max(most, point.mse);
  }
  return {fitted_axis(low, high, true), fitted_axis(least, most, true)};
}

// In as many lines as the width asks for; returns their height.
float draw_rate_legend(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect line = area.cut_top(m.label);
  const float top = line.y;
  for (const RateMethod& method : rate_methods(theme.colors)) {
    const std::string& name = context.texts.get(method.text);
    const float width = m.px(20) + text_width(context, name, {m.small}) + m.px(14);
    if (width > line.w && line.x > area.x) {
      line = {area.x, line.y + m.label, area.w, m.label};
    }
    if (draw) {
      const float y = line.y + line.h / 2;
      ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(1.5f)},
                                                {line.x + m.px(14), y + m.px(1.5f)},
                                                theme.color(method.color), m.px(1.5f));
      Rect words = line;
      words.cut_left(m.px(20));
      draw_text(context, words, name, theme.color(theme.colors.muted), {m.small});
    }
    line.cut_left(width);
  }
  return line.bottom() - top;
}

ImVec2 place_of_point(const RatePoint& point, const Rect& plot, const RateAxes& axes) {
  const float x = plot.x + plot.w * static_cast<float>(axes.x.position(point.bytes));
  const double height = is_mark(point) ? 1.0 : axes.y.position(point.mse);
  return {x, plot.bottom() - plot.h * static_cast<float>(height)};
}

void draw_png_marks(PanelContext& context, const Rect& plot, const RateAxes& axes) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  std::vector<const RatePoint*> marks;
  for (const RatePoint& point : context.state<CompressState>().points) {
    if (is_mark(point)) marks.push_back(&point);
  }
  for (const RatePoint* mark : marks) {
    const float x = std::floor(place_of_point(*mark, plot, axes).x) + 0.5f;
    for (float y = plot.y; y < plot.bottom(); y += m.px(7)) {
      list.AddLine({x, y}, {x, std::min(y + m.px(4), plot.bottom())},
                   theme.color(theme.colors.muted, 0.8f));
    }
  }
  int number = 0;
  for (const RatePoint* mark : marks) {
    const RatePoint& point = *mark;
    const float x = place_of_point(point, plot, axes).x;
    const std::string& name = context.texts.get("compress.method." + point.method);
    const float width = text_width(context, name, {m.small}) + m.px(6);
    // Away from each other, for they may stand close; one below the other all the same.
    const bool before = x + width > plot.right() || point.method == "png-sheet";
    const float left = before && x - width > plot.x ? x - width : x + m.px(4);
    const Rect place{left, plot.y + static_cast<float>(number++) * m.label, width, m.label};
    list.AddRectFilled(top_left(place), bottom_right(place), theme.color(theme.colors.card, 0.85f));
    draw_text(context, place, name, theme.color(theme.colors.muted), {m.small});
  }
}

void choose_nearest_point(PanelContext& context, const Rect& plot, const RateAxes& axes) {
  CompressState& state = context.state<CompressState>();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  float nearest = std::numeric_limits<float>::infinity();
  for (const RatePoint& point : state.points) {
    if (!is_on_plot(point)) continue;
    const ImVec2 at = place_of_point(point, plot, axes);
    const float across = at.x - mouse.x, down = is_mark(point) ? 0 : at.y - mouse.y;
    // A line across is as near everywhere, and would take what was meant for a point.
    const float distance = std::hypot(across, down) * (is_mark(point) ? 3.0f : 1.0f);
    if (distance >= nearest) continue;
    nearest = distance;
    state.method = point.method;
    state.setting = point.setting;
  }
}

}  // namespace

void draw_rate_plot(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const CompressState& state = context.state<CompressState>();
  const float legend = draw_rate_legend(context, area, false);
  draw_rate_legend(context, area.cut_top(legend), true);
  area.cut_top(m.px(4));
  const RateAxes axes = rate_axes(state.points);
  std::array<std::vector<PlotPoint>, 4> lines;
  std::vector<Series> series;
  const auto all = rate_methods(theme.colors);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const RatePoint& point : state.points) {
      if (point.method == all[i].name && is_on_plot(point)) {
        lines[i].push_back({point.bytes, point.mse});
      }
    }
    if (!lines[i].empty()) series.push_back({lines[i], all[i].color, 1, 1.8f, true});
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect plot =
      draw_plot(list, area, axes.x, axes.y, series, theme, texts.get("compress.bytes"));
  draw_png_marks(context, plot, axes);
  if (draw_area(context, plot, "compress:plot") && ImGui::IsItemHovered()) {
    choose_nearest_point(context, plot, axes);
  }
  mirror_item(context, {.role = MirrorRole::kPicture});
  draw_help(context, texts.get("compress.plot"), texts.get("compress.plot.help"));
  const int chosen = chosen_point(state);
  if (chosen < 0 || !is_on_plot(state.points[static_cast<std::size_t>(chosen)])) return;
  const ImVec2 at = place_of_point(state.points[static_cast<std::size_t>(chosen)], plot, axes);
  list.AddCircle(at, m.px(6.5f), theme.color(theme.colors.text), 0, m.px(2));
}

}  // namespace hourglass::ui
