#include "ui/anomaly/charts.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "ui/anomaly/anomaly_state.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"

namespace hourglass::ui {
namespace {

constexpr int kScoreBins = 44;

// The share of a kind in each bin; the last one holds all beyond.
std::array<double, kScoreBins> score_shares(const AnomalyScores& scores, bool anomaly,
                                            double high) {
  std::array<double, kScoreBins> bins{};
  const double all = std::max(1.0, scores.count(anomaly));
  for (std::size_t i = 0; i < scores.scores->size(); ++i) {
    if (((*scores.anomalous)[i] != 0) != anomaly) continue;
    const double place = static_cast<double>((*scores.scores)[i]) / high * kScoreBins;
    bins[static_cast<std::size_t>(std::clamp(place, 0.0, kScoreBins - 1.0))] += 1 / all;
  }
  return bins;
}

// Steps over a tinted ground; where a kind has no images there is nothing.
void draw_shares(const PanelContext& context, const Rect& plot,
                 const std::array<double, kScoreBins>& bins, double top, Rgb color) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float step = plot.w / kScoreBins;
  float before = plot.bottom();
  for (int i = 0; i <= kScoreBins; ++i) {
    const double share = i < kScoreBins ? bins[static_cast<std::size_t>(i)] : 0;
    const float x = plot.x + step * static_cast<float>(i);
    const float y = plot.bottom() - plot.h * static_cast<float>(share / top);
    const ImU32 ink = theme.color(color);
    if (y != before) list.AddLine({x, before}, {x, y}, ink, theme.metrics.px(1.3f));
    before = y;
    if (share == 0) continue;
    list.AddRectFilled({x, y}, {x + step, plot.bottom()}, theme.color(color, 0.22f));
    list.AddLine({x, y}, {x + step, y}, ink, theme.metrics.px(1.3f));
  }
}

// Follows the pointer that holds the plot, and the keys of the slider below it.
void move_threshold(PanelContext& context, const Rect& plot, Rect slider, double high) {
  AnomalyState& state = context.state<AnomalyState>();
  draw_area(context, plot, "anomaly:histogram");
  mirror_item(context, {.role = MirrorRole::kPicture});
  take_gestures(context, plot, kDragSideways);
  if (ImGui::IsItemActive() && ImGui::GetIO().MouseDown[0]) {
    const float share = (ImGui::GetIO().MousePos.x - plot.x) / plot.w;
    state.threshold = high * static_cast<double>(std::clamp(share, 0.0f, 1.0f));
  }
  const Texts& texts = context.texts;
  draw_help(context, texts.get("anomaly.histogram"), texts.get("anomaly.histogram.help"));
  // The slider's grab stands below the line.
  const float radius = context.theme.metrics.px(8);
  slider.x = plot.x - radius;
  slider.w = plot.w + 2 * radius;
  double position = anomaly_threshold(context) / high;
  if (draw_slider(context, slider, "anomaly:threshold", position))
    state.threshold = position * high;
  draw_help(context, texts.get("anomaly.threshold"), texts.get("anomaly.threshold.help"));
}

// "normal" and the name of the class, each behind its colour.
void draw_kind_names(PanelContext& context, Rect line) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string names[] = {context.texts.get("anomaly.normal"),
                               context.texts.format("anomaly.left_out", {left_out_name(context)})};
  const Rgb colors[] = {theme.colors.accent, theme.colors.heat};
  for (int i = 0; i < 2; ++i) {
    const float y = line.y + line.h / 2;
    ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(4)},
                                              {line.x + m.px(12), y + m.px(4)},
                                              theme.color(colors[i], 0.8f), m.px(2));
    line.cut_left(m.px(17));
    line.cut_left(draw_text(context, line, names[i], theme.color(theme.colors.text), {m.small}) +
                  m.px(14));
  }
}

struct RocLegend {
  std::string name;
  double area;
  Rgb color;
};

void draw_roc_legend(PanelContext& context, Rect area, const std::vector<RocLegend>& rows) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  for (const RocLegend& row : rows) {
    Rect line = area.cut_top(m.label);
    const float y = line.y + line.h / 2;
    ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(1.5f)},
                                              {line.x + m.px(14), y + m.px(1.5f)},
                                              theme.color(row.color), m.px(1.5f));
    line.cut_left(m.px(20));
    const std::string number = fixed(row.area, 3);
    draw_text(context, line.cut_right(m.px(48)), number, theme.color(theme.colors.text),
              {m.small, true, Align::kRight});
    draw_text(context, line, row.name, theme.color(theme.colors.muted), {m.small});
  }
}

std::vector<PlotPoint> roc_points(const JobFindings& found, std::string_view name) {
  std::vector<PlotPoint> points;
  const session::Floats* const values = found.floats(name);
  for (std::size_t i = 0; values && i + 1 < values->size(); i += 2) {
    points.push_back({(*values)[i], (*values)[i + 1]});
  }
  return points;
}

}  // namespace

void draw_histogram(PanelContext& context, Rect area, const AnomalyScores& scores) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  draw_kind_names(context, area.cut_top(m.label));
  const Rect slider = area.cut_bottom(m.slider());
  const double high = std::max(scores.reach() * 1.04, anomaly_threshold(context) * 1.02);
  const auto normal = score_shares(scores, false, high),
             anomalous = score_shares(scores, true, high);
  const double top = 1.06 * std::max(*std::max_element(normal.begin(), normal.end()),
                                     *std::max_element(anomalous.begin(), anomalous.end()));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect plot = draw_plot(list, area, {0, high, false}, {0, top, false}, {}, theme,
                              texts.get("anomaly.score"));
  draw_shares(context, plot, normal, top, theme.colors.accent);
  draw_shares(context, plot, anomalous, top, theme.colors.heat);
  move_threshold(context, plot, slider, high);
  const auto share = static_cast<float>(std::clamp(anomaly_threshold(context) / high, 0.0, 1.0));
  const float at = std::floor(plot.x + plot.w * share) + 0.5f;
  list.AddLine({at, plot.y - m.px(2)}, {at, plot.bottom() + m.px(4)},
               theme.color(theme.colors.text), m.px(1.6f));
}

void draw_roc(PanelContext& context, Rect area, const AnomalyScores& scores) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const JobFindings& found = context.jobs.view(kAnomalyJob).result;
  draw_caption(context, area.cut_top(m.label), texts.get("anomaly.roc"),
               texts.get("anomaly.roc.help"));
  const std::string size = std::to_string(static_cast<int>(found.number("code_size")));
  std::vector<RocLegend> rows = {
      {texts.format("anomaly.own", {size}), found.number("auc"), c.accent}};
  const std::vector<PlotPoint> own = roc_points(found, "roc"), pca = roc_points(found, "pca_roc"),
                               wide = roc_points(found, "wide_roc");
  if (!wide.empty()) {
    const std::string wider = std::to_string(static_cast<int>(found.number("wide_size")));
    rows.push_back({texts.format("anomaly.own", {wider}), found.number("wide_auc"), c.part});
  }
  if (!pca.empty()) {
    rows.push_back({texts.format("anomaly.pca", {size}), found.number("pca_auc"), c.train});
  }
  const Rect legend = area.cut_bottom(static_cast<float>(rows.size()) * m.label);
  area.cut_bottom(m.px(4));
  const std::array<PlotPoint, 2> chance = {PlotPoint{0, 0}, PlotPoint{1, 1}};
  std::vector<Series> series = {{chance, c.muted, 0.5f, 1}};
  if (!pca.empty()) series.push_back({pca, c.train, 0.9f, 1.4f});
  if (!wide.empty()) series.push_back({wide, c.part, 0.9f, 1.4f});
  series.push_back({own, c.accent, 1, 2.2f});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect plot = draw_plot(list, area, {0, 1, false}, {0, 1, false}, series, theme,
                              texts.get("anomaly.false_rate"));
  register_widget(context, "plot:roc", plot);
  draw_roc_legend(context, legend, rows);
  const double threshold = anomaly_threshold(context);
  const ImVec2 at{plot.x + plot.w * static_cast<float>(scores.rate(false, threshold)),
                  plot.bottom() - plot.h * static_cast<float>(scores.rate(true, threshold))};
  list.AddCircleFilled(at, m.px(5.5f), theme.color(c.card));
  list.AddCircleFilled(at, m.px(4), theme.color(c.text));
}

}  // namespace hourglass::ui
