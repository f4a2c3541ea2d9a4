#include "ui/curves/references.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>

#include "core/session/settings/presets.h"
#include "ui/jobs/pca_job.h"
#include "ui/kit/controls.h"
#include "ui/kit/icons.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

std::string loss_of_run(const Store& store) {
  const RunConfig config = current_config(store);
  const auto found = config.settings.find("model.loss");
  const auto* const name =
      found == config.settings.end() ? nullptr : std::get_if<std::string>(&found->second);
  return name ? *name : std::string("bce");
}

// What the source of the present preset printed for its own data.
double published_loss(const PanelContext& context) {
  for (const session::Preset& preset : session::presets()) {
    if (preset.name != context.view.preset) continue;
    if (preset.values.text("data.set") != context.store.data.name) return kNoFigure;
    for (const session::Published& figure : preset.published) {
      if (figure.metric == "test_loss") return figure.value;
    }
  }
  return kNoFigure;
}

// A label at an end of its line; the plot's edge is its place where the line is outside.
struct ReferenceLabel {
  std::string id, text;
  float y = 0;      // of its middle
  int outside = 0;  // -1: its line is below, 1: above
};

// Moves labels apart, so that each can be read, within the plot.
void spread_labels(std::vector<ReferenceLabel>& labels, const Rect& plot, float height) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const auto& a, const auto& b) { return a.y < b.y; });
  float least = plot.y + height / 2;
  for (ReferenceLabel& label : labels) {
    label.y = std::max(label.y, least);
    least = label.y + height;
  }
  float most = plot.bottom() - height / 2;
  for (auto& label : std::views::reverse(labels)) {
    label.y = std::min(label.y, most);
    most = label.y - height;
  }
}

void draw_dashes(const PanelContext& context, const Rect& plot, float y) {
  const Theme& theme = context.theme;
  const float dash = theme.metrics.px(6), gap = theme.metrics.px(4);
  const float at = std::floor(y) + 0.5f;
  for (float x = plot.x; x < plot.right(); x += dash + gap) {
    ImGui::GetWindowDrawList()->AddLine({x, at}, {std::min(x + dash, plot.right()), at},
                                        theme.color(theme.colors.muted, 0.9f), theme.metrics.px(1));
  }
}

void draw_label(PanelContext& context, const Rect& plot, const ReferenceLabel& label) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const float arrow = label.outside != 0 ? m.px(12) : 0;
  const float width =
      std::min(plot.w, text_width(context, label.text, {m.small}) + m.px(8) + arrow);
  // A loss falls at the left and ends low at the right.
  const bool low = label.y > plot.bottom() - plot.h * 0.15f;
  const Rect plate{low ? plot.x : plot.right() - width, label.y - m.label / 2, width, m.label};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(plate), bottom_right(plate), theme.color(theme.colors.card, 0.85f),
                     m.px(3));
  Rect inside = plate.inset(m.px(4), 0);
  if (label.outside != 0) {
    const Rect place = inside.cut_right(arrow - m.px(2));
    const float side = m.px(3.5f), tip = label.outside > 0 ? -side : side;
    const ImVec2 at{place.right() - side, place.y + place.h / 2};
    fill_triangle(list, {at.x - side, at.y - tip}, {at.x + side, at.y - tip}, {at.x, at.y + tip},
                  theme.color(theme.colors.muted));
  }
  draw_text(context, inside, label.text, theme.color(theme.colors.muted), {m.small});
  register_widget(context, "curves:reference:" + label.id, plate);
}

}  // namespace

std::vector<ReferenceLine> reference_lines(PanelContext& context) {
  keep_pca(context);
  const Texts& texts = context.texts;
  const Store& store = context.store;
  std::vector<ReferenceLine> lines;
  const auto add = [&](std::string_view id, std::string name, double value) {
    if (std::isfinite(value)) lines.push_back({id, std::move(name), value});
  };
  const JobView& job = context.jobs.view(kPcaJob);
  const session::Floats* const errors = job.whole ? job.result.floats("test_mse") : nullptr;
  const std::string loss = loss_of_run(store);
  const std::string& mean = texts.get("curves.reference.mean");
  if (loss == "bce") {
    if (errors) {
      add("mean", mean, job.result.number("mean_image_bce", kNoFigure));
      add("floor", texts.get("curves.reference.floor"),
          job.result.number("entropy_floor", kNoFigure));
    }
  } else if (errors && !errors->empty()) {
    const double unit = loss == "sse" ? static_cast<double>(store.network.input_features) : 1;
    const auto size = static_cast<std::size_t>(store.network.code_size);
    add("mean", mean, unit * static_cast<double>(errors->front()));
    if (size < errors->size()) {
      add("pca", texts.format("curves.reference.pca", {std::to_string(size)}),
          unit * static_cast<double>((*errors)[size]));
    }
  }
  add("published", texts.get("curves.reference.published"), published_loss(context));
  return lines;
}

void draw_references(PanelContext& context, const Rect& plot, const Axis& y,
                     std::span<const ReferenceLine> lines) {
  const float height = context.theme.metrics.label;
  std::vector<ReferenceLabel> labels;
  for (const ReferenceLine& line : lines) {
    ReferenceLabel label{.id = std::string(line.id),
                         .text = line.name + " " + significant(line.value, 4)};
    const bool drawable = !y.logarithmic || line.value > 0;
    const double place = drawable ? y.position(line.value) : -1;
    label.outside = place > 1 ? 1 : place < 0 ? -1 : 0;
    const float at = plot.bottom() - static_cast<float>(std::clamp(place, 0.0, 1.0)) * plot.h;
    if (label.outside == 0) draw_dashes(context, plot, at);
    // Above its line.
    label.y = at - height / 2;
    labels.push_back(std::move(label));
  }
  if (std::string words = pca_state_text(context); !words.empty()) {
    labels.push_back({.id = "state", .text = std::move(words), .y = plot.y});
  }
  if (plot.h < height * static_cast<float>(labels.size())) return;
  spread_labels(labels, plot, height);
  for (const ReferenceLabel& label : labels) draw_label(context, plot, label);
}

}  // namespace hourglass::ui
