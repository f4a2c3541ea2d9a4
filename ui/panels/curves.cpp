// Training loss as it falls, and the loss on held-out images at the end of every epoch.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>
#include <limits>

#include "ui/controls.h"
#include "ui/number_text.h"
#include "ui/panels/panel.h"
#include "ui/plot.h"

namespace hourglass::ui {
namespace {

struct Curves {
  std::vector<PlotPoint> train, test;
  std::vector<PlotPoint> reconstruction;  // the part of train that is not a penalty; empty if all is
};

Curves curves_of(const Store& store) {
  Curves curves;
  curves.train.reserve(store.losses.size());
  bool penalised = false;
  for (const session::LossPoint& point : store.losses) {
    curves.train.push_back({point.epoch, point.loss});
    penalised = penalised || point.penalty != 0;
  }
  if (penalised) {
    for (const session::LossPoint& point : store.losses) {
      curves.reconstruction.push_back({point.epoch, point.loss - point.penalty});
    }
  }
  for (const session::EpochMetrics& epoch : store.epochs) {
    curves.test.push_back({static_cast<double>(epoch.epoch), epoch.test_loss});
  }
  return curves;
}

Axis loss_axis(const Curves& curves, bool logarithmic) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto* points : {&curves.train, &curves.reconstruction, &curves.test}) {
    for (const PlotPoint& point : *points) {
      if (!std::isfinite(point.y) || (logarithmic && point.y <= 0)) continue;
      low = std::min(low, point.y);
      high = std::max(high, point.y);
    }
  }
  return fitted_axis(low, high, logarithmic);
}

struct LegendEntry {
  std::string_view name;
  std::string number;
  Rgb color;
};

// In as many lines as the width asks for. Cuts them off the top of `inside`.
void draw_legend(PanelContext& context, Rect& inside, std::span<const LegendEntry> entries) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const TextStyle plain{m.small}, strong{m.small, true};
  Rect line = inside.cut_top(m.label);
  for (const LegendEntry& entry : entries) {
    const float needed = m.px(20) + text_width(context, entry.name, plain) + m.px(6) +
                         text_width(context, entry.number, strong);
    if (needed > line.w && line.x > inside.x) line = inside.cut_top(m.label);
    const float y = line.y + line.h / 2;
    if (entry.color != Rgb{}) ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(1.5f)},
                                              {line.x + m.px(14), y + m.px(1.5f)},
                                              theme.color(entry.color), m.px(1.5f));
    line.cut_left(m.px(20));
    line.cut_left(draw_text(context, line, entry.name, theme.color(theme.colors.muted), plain) +
                  m.px(6));
    line.cut_left(draw_text(context, line, entry.number, theme.color(theme.colors.text), strong) +
                  m.px(16));
  }
}

}  // namespace

void draw_curves(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const Store& store = context.store;
  Rect heading = context.heading;
  Rect inside = context.area;
  const Button log{.id = "log_loss",
                   .label = texts.get("curves.log"),
                   .kind = ButtonKind::kBare,
                   .help_title = texts.get("curves.title"),
                   .help = texts.get("curves.log.help"),
                   .on = context.view.log_loss};
  if (draw_heading_button(context, heading, log)) {
    context.view.log_loss = !context.view.log_loss;
  }
  if (store.losses.empty() && store.epochs.empty()) {
    draw_text(context, inside, texts.get("curves.empty"), theme.color(theme.colors.muted),
              {0, false, Align::kCenter});
    return;
  }
  const Curves curves = curves_of(store);
  std::vector<LegendEntry> legend = {
      {texts.get("curves.train"),
       store.losses.empty() ? "–" : significant(store.losses.back().loss, 4), theme.colors.train}};
  if (!curves.reconstruction.empty()) {
    legend.push_back({texts.get("curves.reconstruction"),
                      significant(curves.reconstruction.back().y, 4), theme.colors.part});
    legend.push_back({texts.get("curves.penalty"), significant(store.losses.back().penalty, 4), {}});
  }
  legend.push_back({texts.get("curves.test"),
                    store.epochs.empty() ? "–" : significant(store.epochs.back().test_loss, 4),
                    theme.colors.test});
  draw_legend(context, inside, legend);
  inside.cut_top(m.px(4));

  double last = 1;
  if (!curves.train.empty()) last = std::max(last, curves.train.back().x);
  if (!curves.test.empty()) last = std::max(last, curves.test.back().x);
  const Series series[] = {
      {curves.train, theme.colors.train, 0.9f, 1.2f, false},
      {curves.reconstruction, theme.colors.part, 0.9f, 1.2f, false},
      {curves.test, theme.colors.test, 1, 2.2f, true},
  };
  const Rect plot =
      draw_plot(*ImGui::GetWindowDrawList(), inside, Axis{0, last, false},
                loss_axis(curves, context.view.log_loss), series, theme, texts.get("curves.epoch"));
  register_widget(context, "plot:loss", plot);
}

}  // namespace hourglass::ui
