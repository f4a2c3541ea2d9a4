// Layers that are pretrained one by one, and what they are worth with few labels.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/parse_number.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"
#include "ui/kit/scroll_area.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

constexpr std::string_view kPretrainJob = "pretrain";
constexpr std::array kSeedCounts = {1, 3, 5, 10};
constexpr int kMaxPretrainEpochs = 1000;
constexpr std::array kStarts = {"pretrained", "scaled", "small", "linear"};

// A start's accuracies over the numbers of labels.
struct LabelCurve {
  std::vector<PlotPoint> means, lows, highs;
};

struct PretrainState {
  int seeds = 5, epochs = 3;
  std::array<LabelCurve, kStarts.size()> curves;  // of the findings of that revision
  std::uint64_t revision = 0;
};

std::array<Rgb, kStarts.size()> start_colors(const Palette& c) {
  return {c.accent, c.train, c.heat, c.muted};
}

const Json* list_of(const JobFindings& found, const char* name) {
  const auto list = found.fields.find(name);
  return list != found.fields.end() && list->is_array() ? &*list : nullptr;
}

double number_at(const Json* list, std::size_t index) {
  return list && index < list->size() && (*list)[index].is_number() ? (*list)[index].get<double>()
                                                                    : std::nan("");
}

std::string text_at(const Json* list, std::size_t index) {
  return list && index < list->size() && (*list)[index].is_string()
             ? (*list)[index].get<std::string>()
             : "";
}

void take_curves(PanelContext& context) {
  PretrainState& state = context.state<PretrainState>();
  const JobFindings& found = context.jobs.view(kPretrainJob).result;
  if (found.revision == state.revision) return;
  state.revision = found.revision;
  state.curves = {};
  const Json* const starts = list_of(found, "curve_starts");
  for (std::size_t i = 0; starts && i < starts->size(); ++i) {
    for (std::size_t k = 0; k < kStarts.size(); ++k) {
      if (text_at(starts, i) != kStarts[k]) continue;
      const double labels = number_at(list_of(found, "curve_labels"), i);
      const auto add = [&](std::vector<PlotPoint>& points, const char* name) {
        const double value = number_at(list_of(found, name), i);
        if (std::isfinite(labels) && std::isfinite(value)) points.push_back({labels, value});
      };
      add(state.curves[k].means, "means");
      add(state.curves[k].lows, "lows");
      add(state.curves[k].highs, "highs");
    }
  }
}

void draw_pretrain_controls(PanelContext& context, Rect& inside) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  PretrainState& state = context.state<PretrainState>();
  const bool narrow = inside.w < m.px(680);
  Rect line = inside.cut_top(m.control);
  const auto words = [&](const char* key) {
    const std::string& text = texts.get(key);
    const float width = text_width(context, text, {m.small}) + m.px(6);
    draw_text(context, line.cut_left(width), text, theme.color(theme.colors.muted), {m.small});
  };
  std::vector<std::string> values;
  std::vector<Choice> items;
  int present = -1;
  for (const int count : kSeedCounts) values.push_back(std::to_string(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    items.push_back({values[i], values[i], {}});
    if (kSeedCounts[i] == state.seeds) present = static_cast<int>(i);
  }
  words("pretrain.seeds");
  const int chosen =
      draw_choice(context, line.cut_left(m.px(64)), "pretrain:seeds", present, items);
  draw_help(context, texts.get("pretrain.seeds"), texts.get("pretrain.seeds.help"));
  if (chosen >= 0) state.seeds = kSeedCounts[static_cast<std::size_t>(chosen)];
  line.cut_left(m.gap);
  words("pretrain.epochs");
  std::string text = std::to_string(state.epochs);
  int number = 0;
  if (draw_field(context, line.cut_left(m.px(56)), "pretrain:epochs", text, true) &&
      parse_number(text, number)) {
    state.epochs = std::clamp(number, 1, kMaxPretrainEpochs);
  }
  draw_help(context, texts.get("pretrain.epochs"), texts.get("pretrain.epochs.help"));
  line.cut_left(m.gap);
  if (narrow) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  }
  if (draw_job_bar(context, line, kPretrainJob, texts.get("pretrain.start"),
                   texts.get("pretrain.start.help"), false)) {
    context.jobs.start(context.post, kPretrainJob,
                       "{\"seeds\":" + std::to_string(state.seeds) +
                           ",\"epochs\":" + std::to_string(state.epochs) + "}");
    context.animating = true;
  }
  inside.cut_top(m.gap);
  if (const float why = draw_job_message(context, inside, kPretrainJob, true); why > 0) {
    inside.cut_top(why + m.gap);
  }
}

// What is being done or has come of it, and what the layers should be warned of.
std::string pretrain_words(const PanelContext& context) {
  const Texts& texts = context.texts;
  const JobView& job = context.jobs.view(kPretrainJob);
  const JobFindings& found = job.result;
  if (found.empty()) return texts.get("pretrain.empty");
  std::string words;
  const PretrainState& state = context.state<PretrainState>();
  const auto last = [&](std::size_t k) {
    const std::vector<PlotPoint>& means = state.curves[k].means;
    return means.empty() ? std::string("–") : fixed(100 * means.back().y, 1) + " %";
  };
  const auto stage = static_cast<int>(found.number("stage", -1));
  if (job.is_under_way() && stage >= 0) {
    words = texts.format("pretrain.layer",
                         {fixed(found.number("seed"), 0),
                          text_at(list_of(found, "layers"), static_cast<std::size_t>(stage))});
  } else if (job.is_under_way()) {
    words = texts.format("pretrain.classify",
                         {fixed(found.number("seed"), 0), fixed(found.number("most_labels"), 0)});
  } else if (!state.curves[0].means.empty()) {
    const auto labels = static_cast<std::int64_t>(state.curves[0].means.back().x);
    words = texts.format("pretrain.summary", {grouped(labels), last(0), last(1), last(2), last(3)});
  }
  const Json* const notes = list_of(found, "notes");
  for (std::size_t i = 0; notes && i < notes->size(); ++i) words += " " + text_at(notes, i);
  return words;
}

// A line for each start; returns how high they are.
float draw_starts(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect line = area.cut_top(m.label);
  const float top = line.y;
  const auto colors = start_colors(theme.colors);
  for (std::size_t k = 0; k < kStarts.size(); ++k) {
    const std::string& name = context.texts.get(std::string("pretrain.start.") + kStarts[k]);
    const float width = m.px(20) + text_width(context, name, {m.small}) + m.px(14);
    if (width > line.w && line.x > area.x) line = {area.x, line.y + m.label, area.w, m.label};
    if (draw) {
      const float y = line.y + line.h / 2;
      ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(1.5f)},
                                                {line.x + m.px(14), y + m.px(1.5f)},
                                                theme.color(colors[k]), m.px(1.5f));
      Rect words = line;
      words.cut_left(m.px(20));
      draw_text(context, words, name, theme.color(theme.colors.muted), {m.small});
    }
    line.cut_left(width);
  }
  return line.bottom() - top;
}

void draw_band(const Rect& plot, const Axis& x, const Axis& y, const LabelCurve& curve,
               ImU32 color) {
  const auto at = [&](const PlotPoint& point) {
    return ImVec2{plot.x + plot.w * static_cast<float>(x.position(point.x)),
                  plot.bottom() - plot.h * static_cast<float>(y.position(point.y))};
  };
  for (std::size_t i = 0; i + 1 < curve.lows.size(); ++i) {
    ImGui::GetWindowDrawList()->AddQuadFilled(at(curve.highs[i]), at(curve.highs[i + 1]),
                                              at(curve.lows[i + 1]), at(curve.lows[i]), color);
  }
}

void draw_accuracies(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const PretrainState& state = context.state<PretrainState>();
  area.cut_top(draw_starts(context, area, true));
  area.cut_top(m.px(4));
  const auto colors = start_colors(theme.colors);
  std::vector<Series> series;
  // All of the axis from the start, so that the curve grows into it.
  const double most = context.jobs.view(kPretrainJob).result.number("most_labels", 1000);
  for (std::size_t k = kStarts.size(); k-- > 0;) {
    const std::vector<PlotPoint>& means = state.curves[k].means;
    if (means.empty()) continue;
    series.push_back({means, colors[k], 1, k == 0 ? 2.4f : 1.8f, true});
  }
  const Axis x{10 / 1.05, 1.15 * most, true}, y{0, 1, false};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect plot = draw_plot(list, area, x, y, series, theme, texts.get("pretrain.labels"));
  for (std::size_t k = 0; k < kStarts.size(); ++k) {
    draw_band(plot, x, y, state.curves[k], theme.color(colors[k], 0.16f));
  }
  ImGui::SetCursorScreenPos(top_left(plot));
  ImGui::Dummy({std::max(1.0f, plot.w), std::max(1.0f, plot.h)});
  register_item(context, "pretrain:plot");
  draw_help(context, texts.get("pretrain.curve"), texts.get("pretrain.curve.help"));
}

float layers_height(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  const Json* const layers = list_of(context.jobs.view(kPretrainJob).result, "layers");
  const auto rows = static_cast<float>(layers ? layers->size() : 0);
  return m.label + m.px(4) + rows * (m.px(34) + m.gap);
}

// The upper half of the hourglass, with words beside its bars.
void draw_layers(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const JobView& job = context.jobs.view(kPretrainJob);
  const Json* const names = list_of(job.result, "layers");
  const Json* const losses = list_of(job.result, "losses");
  draw_caption(context, area.cut_top(m.label), texts.get("pretrain.layers"),
               texts.get("pretrain.layers.help"));
  area.cut_top(m.px(4));
  const int lit = job.is_under_way() ? static_cast<int>(job.result.number("stage", -1)) : -1;
  double most = job.result.number("inputs", 1);
  for (std::size_t i = 0; names && i < names->size(); ++i) {
    most = std::max(most, number_at(list_of(job.result, "units"), i));
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t i = 0; names && i < names->size(); ++i) {
    Rect row = area.cut_top(m.px(34));
    area.cut_top(m.gap);
    const double units = number_at(list_of(job.result, "units"), i);
    const bool is_lit = static_cast<int>(i) == lit;
    Rect words = row.cut_top(m.label);
    const float width = row.w * static_cast<float>(std::sqrt(std::max(units, 1.0) / most));
    const Rect bar{row.x, row.y, std::max(width, m.px(4)), std::min(row.h, m.px(12))};
    list.AddRectFilled(
        top_left(bar), bottom_right(bar),
        is_lit ? theme.color(theme.colors.accent) : theme.color(theme.colors.train, 0.35f),
        m.px(3));
    const std::string name = text_at(names, i) + " · " + grouped(static_cast<std::int64_t>(units));
    const Json* const own =
        losses && i < losses->size() && (*losses)[i].is_array() ? &(*losses)[i] : nullptr;
    std::string loss;
    if (own && !own->empty()) {
      loss = texts.format("pretrain.loss", {significant(number_at(own, own->size() - 1), 3)});
    }
    Rect right = words.cut_right(text_width(context, loss, {m.small}) + m.px(4));
    draw_text(context, right, loss, theme.color(theme.colors.muted),
              {m.small, false, Align::kRight});
    draw_text(context, words, name, theme.color(is_lit ? theme.colors.accent : theme.colors.text),
              {m.small, is_lit});
    register_widget(context, (is_lit ? "pretrain:lit:" : "pretrain:layer:") + std::to_string(i),
                    bar);
  }
}

}  // namespace

void draw_pretrain(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect inside = context.area;
  take_curves(context);
  draw_pretrain_controls(context, inside);
  const std::string words = pretrain_words(context);
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4), width = inside.w - bar;
  const float paragraph = draw_paragraph(context, 0, 0, width, words, 0, m.text, false) + m.gap;
  const bool empty = context.jobs.view(kPretrainJob).result.empty();
  const bool beside = width >= m.px(720);
  const float layers = empty ? 0 : layers_height(context);
  const float curve =
      beside ? std::max(m.px(260), std::min(inside.h - paragraph, m.px(480))) : m.px(270);
  const float charts = empty ? 0 : beside ? std::max(curve, layers) : curve + m.gap + layers;
  ScrollArea scroll(context, inside, "pretrain:scroll", paragraph + charts);
  Rect area = scroll.inside;
  area.w = width;
  draw_paragraph(context, area.x, area.y, width, words, theme.color(theme.colors.text), m.text);
  if (empty) return;
  area.cut_top(paragraph);
  if (beside) {
    Rect left = area.cut_left(std::floor(width * 0.62f));
    left.h = curve;
    area.cut_left(m.padding);
    draw_accuracies(context, left);
  } else {
    draw_accuracies(context, area.cut_top(curve));
    area.cut_top(m.gap);
  }
  draw_layers(context, area);
}

}  // namespace hourglass::ui
