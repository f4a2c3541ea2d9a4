// How training goes: the loss as it falls, or what else is measured, beside the runs before.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "ui/curves/crosshair.h"
#include "ui/curves/curves_state.h"
#include "ui/curves/past_runs.h"
#include "ui/curves/references.h"
#include "ui/jobs/pca_job.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

constexpr std::array<std::string_view, 3> kMeasures = {"loss", "accuracy", "code"};

CurveLine training_line(const PanelContext& context, const char* name, Rgb color,
                        const Trace* trace, double (*of)(const session::LossPoint&)) {
  CurveLine line{.name = context.texts.get(name), .color = color, .points = {}, .of_point = of};
  if (trace) trace->append_to(line.points);
  line.any = !context.store.losses.empty();
  if (line.any) line.last = of(context.store.losses.newest());
  return line;
}

CurveLine epoch_line(const PanelContext& context, const char* name, Rgb color, const Trace& trace,
                     double (*of)(const session::EpochMetrics&)) {
  CurveLine line{.name = context.texts.get(name), .color = color, .points = {}, .of_epoch = of};
  trace.append_to(line.points);
  line.width = 2.2f;
  line.markers = true;
  line.any = !context.store.epochs.empty();
  if (line.any) line.last = of(context.store.epochs.newest());
  return line;
}

std::vector<CurveLine> lines_of(const PanelContext& context) {
  using session::EpochMetrics;
  using session::LossPoint;
  const Palette& c = context.theme.colors;
  const Curves& curves = context.store.curves;
  switch (context.state<CurvesState>().measure) {
    case CurveMeasure::kAccuracy:
      return {epoch_line(context, "curves.accuracy", c.test, curves.accuracy,
                         [](const EpochMetrics& e) { return e.binary_accuracy; })};
    case CurveMeasure::kCode:
      return {epoch_line(context, "curves.code_mean", c.train, curves.code_mean,
                         [](const EpochMetrics& e) { return e.code_mean; }),
              epoch_line(context, "curves.code_zero", c.test, curves.code_zero,
                         [](const EpochMetrics& e) { return e.code_zero; })};
    case CurveMeasure::kLoss:
      break;
  }
  std::vector<CurveLine> lines;
  lines.push_back(training_line(context, "curves.train", c.train, &curves.loss,
                                [](const LossPoint& p) { return p.loss; }));
  if (curves.penalised) {
    lines.push_back(training_line(context, "curves.reconstruction", c.part, &curves.reconstruction,
                                  [](const LossPoint& p) { return p.loss - p.penalty; }));
    // Only its number: far from the others, its curve would press them flat.
    lines.push_back(training_line(context, "curves.penalty", 0, nullptr,
                                  [](const LossPoint& p) { return p.penalty; }));
  }
  lines.push_back(epoch_line(context, "curves.test", c.test, curves.test,
                             [](const EpochMetrics& e) { return e.test_loss; }));
  return lines;
}

// In as many lines as the width asks for. Returns their height; with `draw` false it only measures.
float draw_legend(PanelContext& context, Rect inside, std::span<const CurveLine> lines, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const TextStyle plain{m.small}, strong{m.small, true};
  const float top = inside.y;
  Rect line = inside.cut_top(m.label);
  for (const CurveLine& entry : lines) {
    const std::string number = entry.any ? significant(entry.last, 4) : "–";
    const float name = text_width(context, entry.name, plain);
    const float value = text_width(context, number, strong);
    const float swatch = entry.color != Rgb{} ? m.px(20) : 0;
    if (swatch + name + m.px(6) + value > line.w && line.x > inside.x) {
      line = {inside.x, line.y + m.label, inside.w, m.label};
    }
    if (draw) {
      const float y = line.y + line.h / 2;
      if (swatch > 0) {
        ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(1.5f)},
                                                  {line.x + m.px(14), y + m.px(1.5f)},
                                                  theme.color(entry.color), m.px(1.5f));
      }
      Rect at = line;
      at.cut_left(swatch);
      draw_text(context, at, entry.name, theme.color(theme.colors.muted), plain);
      at.cut_left(name + m.px(6));
      draw_text(context, at, number, theme.color(theme.colors.text), strong);
    }
    line.cut_left(swatch + name + m.px(6) + value + m.px(16));
  }
  return line.bottom() - top;
}

// What is measured, and the scale of it; the legend beside them, or below where there is no room.
void draw_head(PanelContext& context, Rect& inside, std::span<const CurveLine> lines) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  CurvesState& state = context.state<CurvesState>();
  Rect line = inside.cut_top(m.control);
  inside.cut_top(m.px(4));
  std::vector<Choice> items;
  float widest = 0;
  for (const std::string_view measure : kMeasures) {
    const std::string key = "curves.measure." + std::string(measure);
    items.push_back({measure, texts.get(key), texts.get(key + ".help")});
    widest = std::max(widest, text_width(context, items.back().label));
  }
  const Button log{.id = "log_loss",
                   .label = texts.get("curves.log"),
                   .kind = ButtonKind::kBare,
                   .help_title = texts.get("curves.log_title"),
                   .help = texts.get("curves.log.help"),
                   .on = state.log_loss};
  const Button references{.id = "curves:references",
                          .label = texts.get("curves.references"),
                          .kind = ButtonKind::kBare,
                          .help_title = texts.get("curves.references"),
                          .help = texts.get("curves.references.help"),
                          .on = state.references};
  // They are of the loss alone.
  const bool of_loss = state.measure == CurveMeasure::kLoss;
  const float log_width = button_width(context, log);
  const float references_width = button_width(context, references);
  // Large text in a narrow card leaves them a line of their own.
  const bool beside_log = line.w > m.px(100) + m.gap + log_width + m.px(2) + references_width;
  const float buttons = log_width + (of_loss && beside_log ? m.px(2) + references_width : 0);
  const int chosen =
      draw_choice(context, line.cut_left(std::min(widest + m.px(44), line.w - buttons - m.gap)),
                  "curves:measure", static_cast<int>(state.measure), items);
  draw_help(context, texts.get("curves.measure"), texts.get("curves.measure.help"));
  if (chosen >= 0) state.measure = static_cast<CurveMeasure>(chosen);
  line.cut_left(m.gap);
  if (draw_button(context, line.cut_left(log_width), log)) state.log_loss = !state.log_loss;
  if (of_loss) {
    if (beside_log) line.cut_left(m.px(2));
    Rect place = beside_log ? line.cut_left(references_width) : inside.cut_top(m.control);
    place.w = std::min(place.w, references_width);
    if (draw_button(context, place, references)) {
      state.references = !state.references;
      if (state.references) want_pca(context);
      context.animating = true;
    }
  }
  line.cut_left(m.gap * 1.5f);
  const float beside = draw_legend(context, line, lines, false);
  if (beside <= m.control && line.w > m.px(120)) {
    draw_legend(context, {line.x, line.y + (m.control - beside) / 2, line.w, beside}, lines, true);
  } else {
    inside.cut_top(draw_legend(context, inside, lines, true) + m.px(2));
  }
}

Axis value_axis(std::span<const Series> series, bool logarithmic) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Series& one : series) {
    for (const PlotPoint& point : one.points) {
      if (!std::isfinite(point.y) || (logarithmic && point.y <= 0)) continue;
      low = std::min(low, point.y);
      high = std::max(high, point.y);
    }
  }
  return fitted_axis(low, high, logarithmic);
}

// A line where the run stood at the moment on display, if that is an earlier one.
void draw_shown_moment(PanelContext& context, const Rect& plot, const Axis& x) {
  const session::Timeline& timeline = context.store.timeline;
  const auto found = std::ranges::find(timeline.steps, timeline.shown);
  const auto index = static_cast<std::size_t>(found - timeline.steps.begin());
  if (index >= timeline.epochs.size()) return;
  const double epoch = timeline.epochs[index];
  if (!std::isfinite(epoch)) return;
  const auto share = static_cast<float>(std::clamp(x.position(epoch), 0.0, 1.0));
  const float at = std::floor(plot.x + share * plot.w) + 0.5f;
  const Theme& theme = context.theme;
  ImGui::GetWindowDrawList()->AddLine({at, plot.y}, {at, plot.bottom()},
                                      theme.color(theme.colors.accent), theme.metrics.px(1.5f));
  register_widget(context, "curves:moment", {at - 1, plot.y, 2, plot.h});
}

}  // namespace

void draw_curves(PanelContext& context) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  Rect inside = context.area;
  const CurvesState& state = context.state<CurvesState>();
  const std::vector<CurveLine> lines = lines_of(context);
  std::vector<PastRun> runs = past_runs(context);
  draw_head(context, inside, lines);
  if (!runs.empty()) draw_past_runs(context, inside, runs);

  std::vector<Series> series;
  const auto add_run = [&](const PastRun& run) {
    if (!run.shown && !run.highlighted) return;
    const Rgb color = run.highlighted ? theme.colors.accent : theme.colors.muted;
    const float strength = run.highlighted ? 1.0f : 0.5f;
    if (by_training(run) || run.highlighted) {
      series.push_back({run.train, color, strength * (by_training(run) ? 1 : 0.5f), 1, false});
    }
    if (!by_training(run)) {
      series.push_back({run.test, color, strength, run.highlighted ? 2.2f : 1.2f, false});
    }
  };
  for (const PastRun& run : runs) {
    if (!run.highlighted) add_run(run);
  }
  for (const CurveLine& line : lines) {
    if (!line.points.empty()) {
      series.push_back(
          {line.points, line.color, line.markers ? 1 : 0.9f, line.width, line.markers});
    }
  }
  for (const PastRun& run : runs) {
    if (run.highlighted) add_run(run);
  }
  std::erase_if(series, [](const Series& one) { return one.points.empty(); });
  if (series.empty()) {
    const bool waits = state.measure != CurveMeasure::kLoss;
    draw_text(context, inside, texts.get(waits ? "curves.empty_epochs" : "curves.empty"),
              theme.color(theme.colors.muted), {0, false, Align::kCenter});
    return;
  }
  double last = 0;
  for (const Series& one : series) last = std::max(last, one.points.back().x);
  const Axis x{0, last > 0 ? last : 1, false};
  const Axis y = value_axis(series, state.log_loss);
  const Rect plot = draw_plot(*ImGui::GetWindowDrawList(), inside, x, y, series, theme,
                              texts.get("curves.epoch"));
  std::vector<ReferenceLine> references;
  if (state.references && state.measure == CurveMeasure::kLoss) {
    references = reference_lines(context);
    draw_references(context, plot, y, references);
  }
  draw_shown_moment(context, plot, x);
  register_widget(context, "plot:loss", plot);
  take_gestures(context, plot, kDrag);
  draw_crosshair(context, plot, x, lines, runs, references);
}

}  // namespace hourglass::ui
