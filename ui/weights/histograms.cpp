#include "ui/weights/histograms.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/state/layer_info.h"

namespace hourglass::ui {
namespace {

// One row of Snapshot::layer_stats.
struct LayerStats {
  float low, high, dead;
  const float* bins;  // kActivationBins of them
};

LayerStats stats_of(const session::Floats& all, std::size_t layer) {
  const float* row = all.data() + layer * static_cast<std::size_t>(session::kLayerStats +
                                                                   session::kActivationBins);
  return {row[0], row[1], row[2], row + session::kLayerStats};
}

// The name may be drawn elsewhere, by a list of layers. Returns where the line of dead units is.
Rect draw_histogram(PanelContext& context, Rect area, std::size_t layer, bool named) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const session::LayerInfo& info = context.store.network.layers[layer];
  const LayerStats stats = stats_of(*context.store.snapshot.layer_stats, layer);
  const Rect whole = area;
  if (named) {
    draw_text(context, area.cut_top(m.label), texts.layer_name(info.name), theme.color(c.text),
              {m.small, true});
  }
  const Rect dead_line = area.cut_bottom(m.px(18));
  const Rect ends = area.cut_bottom(m.px(18));
  const Rect plot = area;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(plot), bottom_right(plot), theme.color(c.tile), m.px(3));
  float most = 0;
  for (std::int64_t i = 0; i < session::kActivationBins; ++i) most = std::max(most, stats.bins[i]);
  const float step = plot.w / static_cast<float>(session::kActivationBins);
  for (std::int64_t i = 0; i < session::kActivationBins && most > 0; ++i) {
    // By the root of the share: after relu nearly all activations are 0, and the others are to be
    // seen, too.
    const float height = (plot.h - m.px(2)) * std::sqrt(std::max(0.0f, stats.bins[i] / most));
    const float x = plot.x + static_cast<float>(i) * step;
    if (height < 0.25f) continue;
    list.AddRectFilled({x, plot.bottom() - height}, {x + std::max(1.0f, step - 1), plot.bottom()},
                       theme.color(c.accent));
  }
  const float zero = -stats.low / (stats.high - stats.low);
  if (zero > 0 && zero < 1) {  // false where the span is no number
    const float x = std::floor(plot.x + plot.w * zero) + 0.5f;
    list.AddLine({x, plot.y}, {x, plot.bottom()}, theme.color(c.muted, 0.7f));
  }
  const ImU32 muted = theme.color(c.muted);
  Rect left = ends;
  Rect right = left.cut_right(ends.w / 2);
  draw_text(context, left, significant(stats.low, 3), muted, {m.small});
  draw_text(context, right, significant(stats.high, 3), muted, {m.small, false, Align::kRight});
  const auto dead = static_cast<std::int64_t>(std::lround(std::max(0.0f, stats.dead)));
  const std::int64_t units = units_of(info);
  std::string words = texts.format("weights.dead", {grouped(dead), grouped(units)});
  if (text_width(context, words, {m.small}) > dead_line.w) {
    words = texts.format("weights.dead.short", {grouped(dead), grouped(units)});
  }
  draw_text(context, dead_line, words, theme.color(dead > 0 ? c.on_warning : c.muted),
            {m.small, dead > 0});
  ImGui::SetCursorScreenPos(top_left(whole));
  ImGui::Dummy({whole.w, whole.h});
  const std::string title =
      info.activation.empty()
          ? texts.layer_name(info.name)
          : texts.format("weights.layer_title",
                         {texts.layer_name(info.name), texts.get("layer.kind." + info.kind),
                          texts.activation(info.activation)});
  draw_help(context, title, texts.get("weights.histogram.help"), texts.get("weights.dead.help"));
  return dead_line;
}

}  // namespace

float histogram_height(const Metrics& m) { return m.label + m.px(42) + 2 * m.px(18); }

int histogram_lines(const PanelContext& context, const Rect& area, std::size_t layers) {
  const Metrics& m = context.theme.metrics;
  const auto fitting =
      static_cast<std::size_t>((area.w + m.gap * 1.5f) / (m.px(92) + m.gap * 1.5f));
  if (layers == 0 || fitting == 0) return 0;
  if (layers <= fitting) return 1;
  const bool high = area.h - 2 * (histogram_height(m) + m.gap) > m.px(240);
  return high && layers <= 2 * fitting ? 2 : 0;
}

void draw_histograms(PanelContext& context, Rect area, std::size_t layers, int lines) {
  const Metrics& m = context.theme.metrics;
  const auto columns =
      (layers + static_cast<std::size_t>(lines) - 1) / static_cast<std::size_t>(lines);
  const float gap = m.gap * 1.5f;
  const float width = std::min(m.px(260), (area.w + gap) / static_cast<float>(columns) - gap);
  Rect dead;
  float top = area.y;
  for (std::size_t i = 0; i < layers; ++i) {
    const auto column = static_cast<float>(i % columns), line = static_cast<float>(i / columns);
    const Rect cell{area.x + column * (width + gap), area.y + line * (histogram_height(m) + m.gap),
                    width, histogram_height(m)};
    if (i % columns == 0) top = cell.y;
    dead = draw_histogram(context, cell, i, true);
  }
  dead = {area.x, dead.y, dead.right() - area.x, dead.h};
  register_widget(context, "weights:dead", dead);
  register_widget(context, "weights:histogram", {area.x, top, dead.w, dead.y - top});
}

void draw_chosen_histogram(PanelContext& context, Rect area, std::size_t layers, int& layer) {
  const Metrics& m = context.theme.metrics;
  const session::NetworkInfo& network = context.store.network;
  const int count = static_cast<int>(layers);
  const int shown = layer >= 0 && layer < count
                        ? layer
                        : std::clamp(static_cast<int>(network.code_layer), 0, count - 1);
  std::vector<Choice> items;
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < layers; ++i) numbers.push_back(std::to_string(i));
  for (std::size_t i = 0; i < layers; ++i)
    items.push_back({numbers[i], context.texts.layer_name(network.layers[i].name), ""});
  const int chosen = draw_choice(context, area.cut_top(m.control), "weights:layer", shown, items);
  draw_help(context, context.texts.get("weights.layer"), context.texts.get("weights.layer.help"));
  if (chosen >= 0) layer = chosen;
  area.cut_top(m.px(6));
  area.h = std::min(area.h, m.px(160));
  const Rect dead = draw_histogram(context, area, static_cast<std::size_t>(shown), false);
  register_widget(context, "weights:dead", dead);
  register_widget(context, "weights:histogram", {area.x, area.y, area.w, dead.y - area.y});
}

}  // namespace hourglass::ui
