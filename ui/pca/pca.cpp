// Principal component analysis beside the network: how good each number of components is, what the
// components look like, and how near a linear network has come to them.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/model/layer_type.h"
#include "ui/images/tile_atlas.h"
#include "ui/jobs/job_bar.h"
#include "ui/jobs/pca_job.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"
#include "ui/kit/scroll_area.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

// Between two questions, at the least, while training goes on; up to kFewUnits of the code an
// answer takes some milliseconds, and then as many times longer as the square says.
constexpr double kAngleSeconds = 1, kFewUnits = 64;

struct PcaState {
  TileAtlas tiles;
  // When the network was last asked about, by its step and revision.
  std::int64_t step = -1;
  std::uint64_t network = 0;
  double next = 0;  // seconds
};

bool is_linear(const session::NetworkInfo& network) {
  return std::all_of(network.layers.begin(), network.layers.end(),
                     [](const auto& layer) { return is_affine(layer.kind, layer.activation); });
}

// Asks how far a linear network's subspace is from that of PCA, again when it has learned.
void ask_for_angles(PanelContext& context) {
  const Store& store = context.store;
  const JobView& job = context.jobs.view(kPcaJob);
  if (job.state != JobView::State::kReady || !is_linear(store.network) ||
      pca_components(context) < store.network.code_size) {
    return;
  }
  PcaState& state = context.state<PcaState>();
  const double now = ImGui::GetTime();
  const bool news = state.step != store.snapshot.step || state.network != store.revisions.network;
  if (news && (now >= state.next || store.status.phase != session::Phase::kRunning)) {
    state.step = store.snapshot.step;
    state.network = store.revisions.network;
    const double units = std::max(1.0, static_cast<double>(store.network.code_size) / kFewUnits);
    state.next = now + kAngleSeconds * units * units;
  }
  context.jobs.ask(context.post, kPcaJob,
                   Mark().add(job.number).add(state.step).add(state.network).value(),
                   R"({"angles":true})");
}

// Bytes of tiles as in Snapshot: each component scaled by its own largest weight.
session::Bytes tile_bytes(const session::Floats& components, std::int64_t features) {
  session::Bytes bytes(components.size());
  const auto width = static_cast<std::size_t>(features);
  for (std::size_t at = 0; at + width <= components.size(); at += width) {
    const std::span<const float> row(components.data() + at, width);
    float most = 0;
    for (const float weight : row) most = std::max(most, std::abs(weight));
    for (std::size_t i = 0; i < width; ++i) {
      const float share = most > 0 ? row[i] / most : 0;
      bytes[at + i] = static_cast<std::uint8_t>(std::lround(128 + 127 * share));
    }
  }
  return bytes;
}

void update_tiles(const PanelContext& context, const JobFindings& found, TileAtlas& tiles) {
  const session::DataReady& data = context.store.data;
  session::Snapshot snapshot;
  snapshot.tile_channels = data.channels;
  snapshot.tile_rows = data.rows;
  snapshot.tile_columns = data.columns;
  const session::Floats* components = found.floats("components");
  const std::int64_t features = found.size("components", 1);
  if (components && features == data.channels * data.rows * data.columns && features > 0) {
    snapshot.tiles = std::make_shared<const session::Bytes>(tile_bytes(*components, features));
  }
  tiles.update(found.revision, snapshot, context.theme.colors);
}

// What a number of components leaves of the held-out images, and the network beside it.
void draw_errors(PanelContext& context, Rect area, const JobFindings& found) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  const Metrics& m = theme.metrics;
  draw_text(context, area.cut_top(m.label), texts.get("pca.errors"),
            theme.color(theme.colors.muted), {m.small});
  const session::Floats* const errors = found.floats("test_mse");
  if (!errors || errors->empty()) return;
  std::vector<PlotPoint> points;
  double high = 0;
  for (std::size_t i = 0; i < errors->size(); ++i) {
    points.push_back({static_cast<double>(i), (*errors)[i]});
    high = std::max(high, static_cast<double>((*errors)[i]));
  }
  std::vector<Series> series = {{points, theme.colors.train, 1, 1.8f, points.size() < 40}};
  double last = points.back().x;
  PlotPoint network{};
  const bool trained = !context.store.epochs.empty();
  if (trained) {
    network = {static_cast<double>(context.store.network.code_size),
               context.store.epochs.newest().test_mse};
    last = std::max(last, network.x);
    high = std::max(high, network.y);
  }
  const Axis x{0, std::max(last, 1.0), false}, y = fitted_axis(0, high, false);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect plot = draw_plot(list, area, x, y, series, theme, texts.get("pca.count"));
  if (trained) {
    const ImVec2 at{plot.x + static_cast<float>(x.position(network.x)) * plot.w,
                    plot.bottom() - static_cast<float>(y.position(network.y)) * plot.h};
    list.AddCircleFilled(at, m.px(6), theme.color(theme.colors.card));
    list.AddCircleFilled(at, m.px(4.5f), theme.color(theme.colors.test));
  }
  register_widget(context, "plot:pca", plot);
}

void draw_components(PanelContext& context, Rect area, TileAtlas& tiles) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_text(context, area.cut_top(m.label), context.texts.get("pca.components"),
            theme.color(theme.colors.muted), {m.small});
  if (tiles.count() == 0) return;
  const float spacing = m.px(4);
  const TileGrid grid = arrange_tiles(tiles.count(), area.w, area.h, m.px(34), m.px(96), spacing,
                                      ImGui::GetStyle().ScrollbarSize + m.px(2));
  ScrollArea scroll(context, area, "pca:components", grid.height);
  for (int i = 0; i < tiles.count(); ++i) {
    const auto column = static_cast<float>(i % grid.columns);
    const auto line = static_cast<float>(i / grid.columns);
    const Rect cell{scroll.inside.x + column * (grid.cell + spacing),
                    scroll.inside.y + line * (grid.cell + spacing), grid.cell, grid.cell};
    ImVec2 from, to;
    tiles.corners(i, from, to);
    ImGui::GetWindowDrawList()->AddImageRounded(tiles.ref(), top_left(cell), bottom_right(cell),
                                                from, to, IM_COL32_WHITE, m.px(3));
  }
}

// How both compare at the network's own code size.
std::string summary(const PanelContext& context, const JobFindings& found) {
  const Texts& texts = context.texts;
  const session::Floats* const errors = found.floats("test_mse");
  if (!errors || errors->size() < 2) return texts.get("pca.empty");
  const std::size_t size =
      std::min(errors->size() - 1, static_cast<std::size_t>(context.store.network.code_size));
  std::string text = texts.format(
      "pca.summary",
      {std::to_string(size), significant((*errors)[size], 3), significant(errors->front(), 3)});
  if (!context.store.epochs.empty()) {
    text += ' ';
    text += texts.format("pca.network", {significant(context.store.epochs.newest().test_mse, 3)});
  }
  return text;
}

// How far a linear network is from PCA, or "" while nobody knows.
std::string angle_text(const PanelContext& context) {
  const JobFindings& answer = context.jobs.view(kPcaJob).answer;
  if (!is_linear(context.store.network) || !answer.fields.contains("angle_degrees")) return {};
  return context.texts.format("pca.angles", {fixed(answer.number("angle_degrees"), 1),
                                             fixed(answer.number("mean_angle_degrees"), 1)});
}

}  // namespace

void draw_pca(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  Rect inside = context.area;
  if (draw_job_bar(context, inside.cut_top(m.control), kPcaJob, texts.get("pca.start"),
                   texts.get("pca.start.help"))) {
    context.jobs.start(context.post, kPcaJob, "{}");
    context.animating = true;
  }
  ask_for_angles(context);
  inside.cut_top(m.gap);
  const JobFindings& found = context.jobs.view(kPcaJob).result;
  const std::string words = summary(context, found);
  inside.cut_top(draw_paragraph(context, inside.x, inside.y, inside.w, words,
                                theme.color(theme.colors.text), m.text) +
                 m.gap);
  if (found.empty()) return;
  if (const std::string angles = angle_text(context); !angles.empty()) {
    const float height = draw_paragraph(context, inside.x, inside.y, inside.w, angles,
                                        theme.color(theme.colors.text), m.text);
    register_widget(context, "pca:angles", {inside.x, inside.y, inside.w, height});
    inside.cut_top(height + m.gap);
  }
  PcaState& state = context.state<PcaState>();
  update_tiles(context, found, state.tiles);
  if (context.layout.form == Form::kPhone) {
    draw_errors(context, inside.cut_top(inside.h / 2 - m.gap), found);
    inside.cut_top(m.gap);
  } else {
    draw_errors(context, inside.cut_left(inside.w * 0.5f), found);
    inside.cut_left(m.padding);
  }
  draw_components(context, inside, state.tiles);
}

}  // namespace hourglass::ui
