#include "ui/curves/crosshair.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

struct Reading {
  std::string name, value;
  Rgb color;
};

// The values nearest to an epoch. Not those of what is drawn, which keeps extremes.
std::vector<Reading> readings(const PanelContext& context, double epoch,
                              std::span<const CurveLine> lines, std::span<const PastRun> runs) {
  const Store& store = context.store;
  std::vector<Reading> out;
  const std::span losses = store.losses.items();
  const std::span epochs = store.epochs.items();
  for (const CurveLine& line : lines) {
    if (line.of_point && !losses.empty()) {
      const auto at = nearest_index(losses, epoch, [](const auto& p) { return p.epoch; });
      out.push_back(
          {std::string(line.name), significant(line.of_point(losses[at]), 4), line.color});
    } else if (line.of_epoch && !epochs.empty()) {
      const auto at = nearest_index(epochs, epoch, [](const auto& e) { return e.epoch; });
      out.push_back(
          {std::string(line.name), significant(line.of_epoch(epochs[at]), 4), line.color});
    }
  }
  for (const PastRun& run : runs) {
    const std::span<const PlotPoint> points = by_training(run) ? run.train : run.test;
    // Beyond its end a run has no value.
    if (!run.shown || points.empty() || epoch > points.back().x + 0.5) continue;
    const auto at = nearest_index(points, epoch, [](const PlotPoint& p) { return p.x; });
    const auto number = static_cast<std::size_t>(&run - runs.data()) + 1;
    out.push_back({context.texts.format("curves.earlier", {std::to_string(number)}),
                   significant(points[at].y, 4), context.theme.colors.muted});
  }
  return out;
}

}  // namespace

void draw_crosshair(PanelContext& context, const Rect& plot, const Axis& x,
                    std::span<const CurveLine> lines, std::span<const PastRun> runs,
                    std::span<const ReferenceLine> references) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) ||
      !plot.contains(mouse.x, mouse.y)) {
    return;
  }
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const double epoch = x.value_at((mouse.x - plot.x) / plot.w);
  std::vector<Reading> values = readings(context, epoch, lines, runs);
  if (values.empty()) return;
  for (const ReferenceLine& line : references) {
    values.push_back({line.name, significant(line.value, 4), Rgb{}});
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float at = std::floor(mouse.x) + 0.5f;
  list.AddLine({at, plot.y}, {at, plot.bottom()}, theme.color(theme.colors.muted, 0.8f));

  const TextStyle plain{m.small}, strong{m.small, true, Align::kRight};
  const std::string title = context.texts.format("status.epoch", {fixed(epoch, 2)});
  float names = 0, numbers = 0;
  for (const Reading& value : values) {
    names = std::max(names, text_width(context, value.name, plain));
    numbers = std::max(numbers, text_width(context, value.value, strong));
  }
  const float width =
      std::max(m.px(14) + names + m.px(12) + numbers, text_width(context, title, {m.small, true})) +
      m.px(18);
  const float height = static_cast<float>(values.size() + 1) * m.label + m.px(10);
  Rect box{at + m.px(10), std::min(mouse.y, plot.bottom() - height), width, height};
  if (box.right() > plot.right()) box.x = std::max(plot.x, at - m.px(10) - width);
  box.y = std::max(box.y, plot.y);
  list.AddRectFilled(top_left(box), bottom_right(box), theme.color(theme.colors.card, 0.95f),
                     m.radius);
  list.AddRect(top_left(box), bottom_right(box), theme.color(theme.colors.card_edge), m.radius);
  register_widget(context, "curves:crosshair", box);
  Rect inside = box.inset(m.px(9), m.px(5));
  draw_text(context, inside.cut_top(m.label), title, theme.color(theme.colors.text),
            {m.small, true});
  for (const Reading& value : values) {
    Rect line = inside.cut_top(m.label);
    const Rect mark = line.cut_left(m.px(14));
    if (value.color != Rgb{}) {
      list.AddCircleFilled({mark.x + m.px(4), mark.y + mark.h / 2}, m.px(3.5f),
                           theme.color(value.color));
    }
    draw_text(context, line, value.value, theme.color(theme.colors.text), strong);
    line.cut_right(numbers);
    draw_text(context, line, value.name, theme.color(theme.colors.muted), plain);
  }
}

}  // namespace hourglass::ui
