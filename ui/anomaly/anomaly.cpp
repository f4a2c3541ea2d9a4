// Can the network tell a class that it has never seen, by how badly it restores it?
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/parse_number.h"
#include "ui/anomaly/anomaly_scores.h"
#include "ui/anomaly/anomaly_state.h"
#include "ui/anomaly/charts.h"
#include "ui/anomaly/examples.h"
#include "ui/images/image_cell.h"
#include "ui/images/image_grid.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"

namespace hourglass::ui {
namespace {

constexpr int kMaxExperimentEpochs = 1000;
// A code so many times as wide, but no wider than the images, copies what it has never seen.
constexpr std::int64_t kWider = 16, kWidest = 512;
// Below it the scores say next to nothing.
constexpr double kBarely = 0.6;

std::int64_t wider_code(const Store& store) {
  const std::int64_t most = std::min(kWidest, store.network.input_features);
  return std::clamp(kWider * store.network.code_size, std::int64_t{1},
                    std::max<std::int64_t>(1, most));
}

void start_experiment(PanelContext& context) {
  AnomalyState& state = context.state<AnomalyState>();
  state.threshold.reset();
  std::string arguments =
      "{\"class\":" + std::to_string(state.label) + ",\"epochs\":" + std::to_string(state.epochs);
  if (state.wide) arguments += ",\"wide\":" + std::to_string(wider_code(context.store));
  context.jobs.start(context.post, kAnomalyJob, arguments + "}");
  context.animating = true;
}

void draw_class_choice(PanelContext& context, const Rect& area) {
  const Texts& texts = context.texts;
  AnomalyState& state = context.state<AnomalyState>();
  const auto count = static_cast<int>(context.store.data.class_names.size());
  state.label = std::clamp(state.label, 0, count - 1);
  std::vector<std::string> values;
  for (int i = 0; i < count; ++i) values.push_back(std::to_string(i));
  std::vector<Choice> items;
  for (int i = 0; i < count; ++i) {
    items.push_back({values[static_cast<std::size_t>(i)],
                     texts.format("anomaly.without", {class_name(context, i)}),
                     {}});
  }
  const int chosen = draw_choice(context, area, "anomaly:class", state.label, items);
  draw_help(context, texts.get("anomaly.class"), texts.get("anomaly.class.help"));
  if (chosen >= 0) state.label = chosen;
}

void draw_epochs_field(PanelContext& context, Rect area) {
  const Texts& texts = context.texts;
  const Theme& theme = context.theme;
  AnomalyState& state = context.state<AnomalyState>();
  const Rect field = area.cut_right(theme.metrics.px(56));
  draw_text(context, area, texts.get("anomaly.epochs"), theme.color(theme.colors.muted),
            {theme.metrics.small});
  std::string text = std::to_string(state.epochs);
  int epochs = 0;
  if (draw_field(context, field, "anomaly:epochs", text, true) && parse_number(text, epochs)) {
    state.epochs = std::clamp(epochs, 1, kMaxExperimentEpochs);
  }
  draw_help(context, texts.get("anomaly.epochs"), texts.get("anomaly.epochs.help"));
}

float epochs_width(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return text_width(context, context.texts.get("anomaly.epochs"), {m.small}) + m.px(62);
}

void draw_experiment_controls(PanelContext& context, Rect& inside) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  AnomalyState& state = context.state<AnomalyState>();
  const bool narrow = inside.w < m.px(720);
  Rect line = inside.cut_top(m.control);
  const float epochs = epochs_width(context);
  draw_class_choice(context, line.cut_left(narrow ? line.w - epochs - m.gap : m.px(190)));
  line.cut_left(m.gap);
  draw_epochs_field(context, line.cut_left(epochs));
  line.cut_left(m.gap);
  if (narrow) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  }
  const std::string wide_help =
      texts.format("anomaly.wide.help", {grouped(wider_code(context.store))});
  const Button wide{.id = "anomaly:wide",
                    .label = texts.get("anomaly.wide"),
                    .icon = Icon::kWorst,
                    .kind = ButtonKind::kBare,
                    .help_title = texts.get("anomaly.wide"),
                    .help = wide_help,
                    .on = state.wide};
  if (draw_button(context, line.cut_left(std::min(line.w, button_width(context, wide))), wide)) {
    state.wide = !state.wide;
  }
  line.cut_left(m.gap);
  if (narrow) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  }
  if (draw_job_bar(context, line, kAnomalyJob, texts.get("anomaly.start"),
                   texts.get("anomaly.start.help"), false)) {
    start_experiment(context);
  }
  inside.cut_top(m.gap);
  if (const float why = draw_job_message(context, inside, kAnomalyJob, true); why > 0) {
    inside.cut_top(why + m.gap);
  }
}

// What was found, and what it means: also where it is disappointing.
std::string experiment_summary(const PanelContext& context) {
  const Texts& texts = context.texts;
  const JobFindings& found = context.jobs.view(kAnomalyJob).result;
  if (found.empty()) return texts.get("anomaly.empty");
  const double area = found.number("auc");
  std::string text =
      texts.format("anomaly.summary", {left_out_name(context),
                                       std::to_string(static_cast<int>(std::lround(100 * area))),
                                       grouped(static_cast<std::int64_t>(found.number("epochs")))});
  const double linear = found.number("pca_auc", -1);
  const char* verdict = nullptr;
  if (area < kBarely) {
    verdict = "anomaly.barely";
  } else if (linear > area + 0.02) {
    verdict = "anomaly.pca_better";
  }
  if (verdict) text = texts.format(verdict, {text});
  const double wide = found.number("wide_auc", area);
  if (std::fabs(wide - area) > 0.02) {
    text = texts.format(wide < area ? "anomaly.wide_worse" : "anomaly.wide_better", {text});
  }
  return text;
}

std::string threshold_text(const PanelContext& context, const AnomalyScores& scores) {
  const double threshold = anomaly_threshold(context);
  const auto percent = [&](bool anomaly) {
    return fixed(100 * scores.rate(anomaly, threshold), 1);
  };
  return context.texts.format("anomaly.rates", {significant(threshold, 3), percent(true),
                                                left_out_name(context), percent(false)});
}

void ask_for_examples(PanelContext& context) {
  const JobView& job = context.jobs.view(kAnomalyJob);
  if (job.state != JobView::State::kReady) return;
  const double threshold = anomaly_threshold(context);
  context.jobs.ask(context.post, kAnomalyJob, Mark().add(job.number).add(threshold).value(),
                   "{\"threshold\":" + significant(threshold, 9) + "}");
}

void take_examples(PanelContext& context) {
  AnomalyState& state = context.state<AnomalyState>();
  const JobView& job = context.jobs.view(kAnomalyJob);
  const session::DataReady& data = context.store.data;
  update_atlas(state.best_originals, job.result, "best_originals", data);
  update_atlas(state.best_restored, job.result, "best_restored", data);
  update_atlas(state.wide_restored, job.result, "wide_restored", data);
  update_atlas(state.below_originals, job.answer, "below_originals", data);
  update_atlas(state.below_restored, job.answer, "below_restored", data);
  update_atlas(state.above_originals, job.answer, "above_originals", data);
  update_atlas(state.above_restored, job.answer, "above_restored", data);
}

void draw_experiment_charts(PanelContext& context, Rect area, const AnomalyScores& scores,
                            bool beside) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string rates = threshold_text(context, scores);
  Rect roc = beside ? area.cut_right(std::floor(area.w * 0.38f)) : area.cut_bottom(m.px(270));
  if (beside) {
    area.cut_right(m.padding);
  } else {
    area.cut_bottom(m.gap);
  }
  const float words = draw_paragraph(context, 0, 0, area.w, rates, 0, m.small, false);
  const Rect line = area.cut_bottom(words);
  area.cut_bottom(m.px(2));
  draw_histogram(context, area, scores);
  draw_paragraph(context, line.x, line.y, line.w, rates, theme.color(theme.colors.text), m.small);
  draw_roc(context, roc, scores);
}

}  // namespace

double anomaly_threshold(const PanelContext& context) {
  const AnomalyState& state = context.state<AnomalyState>();
  return state.threshold.value_or(context.jobs.view(kAnomalyJob).result.number("threshold"));
}

std::string left_out_name(const PanelContext& context) {
  return class_name(
      context, static_cast<std::int32_t>(context.jobs.view(kAnomalyJob).result.number("class")));
}

void draw_anomaly(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect inside = context.area;
  if (context.store.data.class_names.size() < 2) {
    draw_paragraph(context, inside.x, inside.y, inside.w, context.texts.get("anomaly.no_classes"),
                   theme.color(theme.colors.muted), m.text);
    return;
  }
  draw_experiment_controls(context, inside);
  ask_for_examples(context);
  take_examples(context);
  const std::string words = experiment_summary(context);
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4), width = inside.w - bar;
  const float paragraph = draw_paragraph(context, 0, 0, width, words, 0, m.text, false) + m.gap;
  const AnomalyScores scores(context.jobs.view(kAnomalyJob).result);
  if (scores.empty()) {
    draw_paragraph(context, inside.x, inside.y, width, words, theme.color(theme.colors.text),
                   m.text);
    return;
  }
  const bool beside = width >= m.px(640);
  const float charts = beside ? m.px(268) : m.px(520);
  ScrollArea scroll(context, inside, "anomaly:scroll",
                    paragraph + charts + m.gap + examples_height(context, width));
  Rect area = scroll.inside;
  area.w = width;
  draw_paragraph(context, area.x, area.y, width, words, theme.color(theme.colors.text), m.text);
  area.cut_top(paragraph);
  draw_experiment_charts(context, area.cut_top(charts), scores, beside);
  area.cut_top(m.gap);
  draw_examples(context, area);
}

}  // namespace hourglass::ui
