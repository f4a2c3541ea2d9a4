// How training goes: the loss as it falls, or what else is measured, beside the runs before.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "ui/curves/curves_state.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"
#include "ui/kit/scroll_area.h"
#include "ui/state/panel.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

constexpr std::array<std::string_view, 3> kMeasures = {"loss", "accuracy", "code"};

double value_of(const session::EpochMetrics& epoch, CurveMeasure measure) {
  switch (measure) {
    case CurveMeasure::kLoss:
      return epoch.test_loss;
    case CurveMeasure::kAccuracy:
      return epoch.binary_accuracy;
    case CurveMeasure::kCode:
      return epoch.code_mean;
  }
  return 0;
}

// One line of the present run: how it is called, how it is drawn, what it was last.
struct Line {
  std::string_view name;
  Rgb color = 0;
  std::vector<PlotPoint> points;
  float width = 1.2f;
  bool markers = false;
  double last = 0;
  bool any = false;                                            // `last` is a number
  double (*of_point)(const session::LossPoint&) = nullptr;     // where it is of training
  double (*of_epoch)(const session::EpochMetrics&) = nullptr;  // where it is of an epoch
};

Line training_line(const PanelContext& context, const char* name, Rgb color, const Trace* trace,
                   double (*of)(const session::LossPoint&)) {
  Line line{.name = context.texts.get(name), .color = color, .points = {}, .of_point = of};
  if (trace) trace->append_to(line.points);
  line.any = !context.store.losses.empty();
  if (line.any) line.last = of(context.store.losses.newest());
  return line;
}

Line epoch_line(const PanelContext& context, const char* name, Rgb color, const Trace& trace,
                double (*of)(const session::EpochMetrics&)) {
  Line line{.name = context.texts.get(name), .color = color, .points = {}, .of_epoch = of};
  trace.append_to(line.points);
  line.width = 2.2f;
  line.markers = true;
  line.any = !context.store.epochs.empty();
  if (line.any) line.last = of(context.store.epochs.newest());
  return line;
}

std::vector<Line> lines_of(const PanelContext& context) {
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
  std::vector<Line> lines;
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

// An earlier run as it is listed and drawn.
struct PastRun {
  const Run* run;
  bool shown;
  bool highlighted = false;
  std::vector<PlotPoint> test = {}, train = {};  // one of them may be empty
};

std::vector<PastRun> ghosts_of(const PanelContext& context) {
  std::vector<PastRun> ghosts;
  for (const Run& run : context.store.runs) {
    if (run.serial <= context.view.runs_forgotten) continue;
    PastRun ghost{&run, !context.view.hidden_runs.contains(run.serial)};
    for (const session::EpochMetrics& epoch : run.epochs) {
      const double value = value_of(epoch, context.state<CurvesState>().measure);
      if (std::isfinite(value)) ghost.test.push_back({epoch.epoch, value});
    }
    if (context.state<CurvesState>().measure == CurveMeasure::kLoss) {
      for (const session::LossPoint& point : run.losses) {
        if (std::isfinite(point.loss)) ghost.train.push_back({point.epoch, point.loss});
      }
    }
    ghosts.push_back(std::move(ghost));
  }
  return ghosts;
}

// A run of less than an epoch or two has nothing but its training loss.
bool by_training(const PastRun& ghost) { return ghost.test.size() < 2; }

std::string last_number(const PastRun& ghost) {
  if (!ghost.test.empty()) return significant(ghost.test.back().y, 4);
  return ghost.train.empty() ? "–" : significant(ghost.train.back().y, 4);
}

// In as many lines as the width asks for. Returns their height; with `draw` false it only measures.
float draw_legend(PanelContext& context, Rect inside, std::span<const Line> lines, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const TextStyle plain{m.small}, strong{m.small, true};
  const float top = inside.y;
  Rect line = inside.cut_top(m.label);
  for (const Line& entry : lines) {
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
void draw_head(PanelContext& context, Rect& inside, std::span<const Line> lines) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
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
                   .on = context.state<CurvesState>().log_loss};
  const float log_width = button_width(context, log);
  const int chosen =
      draw_choice(context, line.cut_left(std::min(widest + m.px(44), line.w - log_width - m.gap)),
                  "curves:measure", static_cast<int>(context.state<CurvesState>().measure), items);
  draw_help(context, texts.get("curves.measure"), texts.get("curves.measure.help"));
  if (chosen >= 0) context.state<CurvesState>().measure = static_cast<CurveMeasure>(chosen);
  line.cut_left(m.gap);
  if (draw_button(context, line.cut_left(log_width), log)) {
    context.state<CurvesState>().log_loss = !context.state<CurvesState>().log_loss;
  }
  line.cut_left(m.gap * 1.5f);
  const float beside = draw_legend(context, line, lines, false);
  if (beside <= m.control && line.w > m.px(120)) {
    draw_legend(context, {line.x, line.y + (m.control - beside) / 2, line.w, beside}, lines, true);
  } else {
    inside.cut_top(draw_legend(context, inside, lines, true) + m.px(2));
  }
}

// One earlier run. Returns true while the pointer is on it.
bool draw_run(PanelContext& context, const Rect& area, const PastRun& ghost, int index,
              const std::string& words) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const std::string id = "run:" + std::to_string(index);
  ImGui::SetCursorScreenPos(top_left(area));
  if (ImGui::InvisibleButton(id.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav)) {
    auto& hidden = context.view.hidden_runs;
    if (!hidden.erase(ghost.run->serial)) hidden.insert(ghost.run->serial);
    context.animating = true;  // the list is drawn before it is looked at
  }
  register_item(context, id);
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (hovered) {
    list.AddRectFilled(top_left(area), bottom_right(area), theme.color(c.field), m.radius);
  }
  Rect line = area.inset(m.px(6), 0);
  const float y = line.y + line.h / 2;
  const float strength = ghost.shown ? (hovered ? 1.0f : 0.7f) : 0.0f;
  const ImVec2 from{line.x, y - m.px(1.5f)}, to{line.x + m.px(14), y + m.px(1.5f)};
  if (strength > 0) {
    list.AddRectFilled(from, to, theme.color(hovered ? c.accent : c.muted, strength), m.px(1.5f));
  } else {
    list.AddRect(from, to, theme.color(c.muted, 0.7f), m.px(1.5f));
  }
  line.cut_left(m.px(20));
  const std::string number = last_number(ghost);
  const TextStyle strong{m.small, true, Align::kRight};
  const ImU32 ink = theme.color(ghost.shown ? c.text : c.muted);
  draw_text(context, line.cut_right(text_width(context, number, strong)), number, ink, strong);
  line.cut_right(m.gap);
  draw_text(context, line, words, theme.color(hovered ? c.text : c.muted), {m.small});
  draw_help(context, words, context.texts.get("curves.run.help"));
  return hovered;
}

// The earlier runs, newest first, below the plot. Marks the one under the pointer.
void draw_runs(PanelContext& context, Rect& inside, std::vector<PastRun>& ghosts) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const float row = m.touch ? m.control : m.px(24);
  const auto count = static_cast<float>(ghosts.size());
  const float head_height = m.touch ? m.control : m.px(26);
  const float most = std::max(row, inside.h * 0.36f - head_height);
  Rect area = inside.cut_bottom(std::min(count * row, most));
  Rect head = inside.cut_bottom(head_height);
  inside.cut_bottom(m.px(2));

  const Button clear{.id = "runs:clear",
                     .label = texts.get("curves.clear"),
                     .kind = ButtonKind::kBare,
                     .help_title = texts.get("curves.clear"),
                     .help = texts.get("curves.clear.help")};
  if (draw_button(context, head.cut_right(button_width(context, clear)), clear)) {
    context.view.runs_forgotten = context.store.runs_so_far;
    context.view.hidden_runs.clear();
    context.animating = true;
  }
  draw_text(context, head, texts.get("curves.runs"),
            context.theme.color(context.theme.colors.muted), {m.small, true});
  ScrollArea scroll(context, area, "runs", count * row);
  const RunConfig present = current_config(context.store);
  for (std::size_t i = 0; i < ghosts.size(); ++i) {
    const Rect line{scroll.inside.x, scroll.inside.y + static_cast<float>(i) * row, scroll.inside.w,
                    row};
    std::string words = run_differences(texts, ghosts[i].run->terms, present);
    if (words.empty()) words = texts.get("curves.same_settings");
    ghosts[i].highlighted = draw_run(context, line, ghosts[i], static_cast<int>(i), words);
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

struct Reading {
  std::string name, value;
  Rgb color;
};

// The values nearest to an epoch. Not those of what is drawn, which keeps extremes.
std::vector<Reading> readings(const PanelContext& context, double epoch,
                              std::span<const Line> lines, std::span<const PastRun> ghosts) {
  const Store& store = context.store;
  std::vector<Reading> out;
  const std::span losses = store.losses.items();
  const std::span epochs = store.epochs.items();
  for (const Line& line : lines) {
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
  for (const PastRun& ghost : ghosts) {
    const std::span<const PlotPoint> points = by_training(ghost) ? ghost.train : ghost.test;
    // Beyond its end a run has no value.
    if (!ghost.shown || points.empty() || epoch > points.back().x + 0.5) continue;
    const auto at = nearest_index(points, epoch, [](const PlotPoint& p) { return p.x; });
    const auto number = static_cast<std::size_t>(&ghost - ghosts.data()) + 1;
    out.push_back({context.texts.format("curves.earlier", {std::to_string(number)}),
                   significant(points[at].y, 4), context.theme.colors.muted});
  }
  return out;
}

void draw_crosshair(PanelContext& context, const Rect& plot, const Axis& x,
                    std::span<const Line> lines, std::span<const PastRun> ghosts) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) ||
      !plot.contains(mouse.x, mouse.y)) {
    return;
  }
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const double epoch = x.value_at((mouse.x - plot.x) / plot.w);
  const std::vector<Reading> values = readings(context, epoch, lines, ghosts);
  if (values.empty()) return;
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

}  // namespace

void draw_curves(PanelContext& context) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  Rect inside = context.area;
  const std::vector<Line> lines = lines_of(context);
  std::vector<PastRun> ghosts = ghosts_of(context);
  draw_head(context, inside, lines);
  if (!ghosts.empty()) draw_runs(context, inside, ghosts);

  std::vector<Series> series;
  const auto add_ghost = [&](const PastRun& ghost) {
    if (!ghost.shown && !ghost.highlighted) return;
    const Rgb color = ghost.highlighted ? theme.colors.accent : theme.colors.muted;
    const float strength = ghost.highlighted ? 1.0f : 0.5f;
    if (by_training(ghost) || ghost.highlighted) {
      series.push_back({ghost.train, color, strength * (by_training(ghost) ? 1 : 0.5f), 1, false});
    }
    if (!by_training(ghost)) {
      series.push_back({ghost.test, color, strength, ghost.highlighted ? 2.2f : 1.2f, false});
    }
  };
  for (const PastRun& ghost : ghosts) {
    if (!ghost.highlighted) add_ghost(ghost);
  }
  for (const Line& line : lines) {
    if (!line.points.empty()) {
      series.push_back(
          {line.points, line.color, line.markers ? 1 : 0.9f, line.width, line.markers});
    }
  }
  for (const PastRun& ghost : ghosts) {
    if (ghost.highlighted) add_ghost(ghost);
  }
  std::erase_if(series, [](const Series& one) { return one.points.empty(); });
  if (series.empty()) {
    const bool waits = context.state<CurvesState>().measure != CurveMeasure::kLoss;
    draw_text(context, inside, texts.get(waits ? "curves.empty_epochs" : "curves.empty"),
              theme.color(theme.colors.muted), {0, false, Align::kCenter});
    return;
  }
  double last = 0;
  for (const Series& one : series) last = std::max(last, one.points.back().x);
  const Axis x{0, last > 0 ? last : 1, false};
  const Rect plot = draw_plot(*ImGui::GetWindowDrawList(), inside, x,
                              value_axis(series, context.state<CurvesState>().log_loss), series,
                              theme, texts.get("curves.epoch"));
  register_widget(context, "plot:loss", plot);
  take_gestures(context, plot, kDrag);
  draw_crosshair(context, plot, x, lines, ghosts);
}

}  // namespace hourglass::ui
