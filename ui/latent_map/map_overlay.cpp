#include "ui/latent_map/map_overlay.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/kit/controls.h"
#include "ui/latent_map/map_points.h"
#include "ui/latent_map/map_select.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

constexpr std::size_t kMaxThumbnails = 80;
constexpr float kManifoldCells = 120;
constexpr float kThumbnail = 28;  // side of an image on the map

// The colour of point i, as its vertices have it.
Rgb point_color(const PanelContext& context, std::size_t i) {
  const Store& store = context.store;
  const int factor = colouring_factor(store, context.state<MapState>());
  if (factor >= 0) {
    const float share = factor_share(store, factor, i);
    return std::isfinite(share) ? ramp_color(share) : context.theme.colors.unlabelled;
  }
  const auto& labels = store.data.map_labels;
  return class_color(context.theme.colors, i < labels.size() ? labels[i] : -1);
}

Thumbnails::Wish thumbnails_wanted(const PanelContext& context) {
  const Store& store = context.store;
  const MapState& state = context.state<MapState>();
  Mark mark;
  mark.add(store.revisions.map).add(state.factor).add(state.factor_low).add(state.factor_high);
  for (const bool hidden : state.hidden) mark.add(hidden);
  return {.query = Query::kThumbnails,
          .points = *store.snapshot.map_points,
          .side = context.theme.metrics.px(kThumbnail),
          .most = kMaxThumbnails,
          .mark = mark.value(),
          .allowed = [&store, &state](std::size_t i) { return point_shown(store, state, i); }};
}

void draw_path_line(PanelContext& context, const MapTransform& map) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const MapState& state = context.state<MapState>();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from{map.screen_x(state.path_from.x), map.screen_y(state.path_from.y)};
  const ImVec2 to{map.screen_x(state.path_to.x), map.screen_y(state.path_to.y)};
  const ImU32 edge = theme.color(theme.colors.card, 0.9f), ink = theme.color(theme.colors.text);
  list.AddLine(from, to, edge, m.px(4.5f));
  list.AddLine(from, to, ink, m.px(1.8f));
  const auto handle = [&](ImVec2 at, std::string_view id, bool filled) {
    list.AddCircleFilled(at, m.px(7.5f), edge);
    list.AddCircleFilled(at, m.px(6), ink);
    if (!filled) list.AddCircleFilled(at, m.px(3.5f), theme.color(theme.colors.card));
    const float reach = m.touch ? 20.0f : m.px(11);
    const Rect around = intersection({at.x - reach, at.y - reach, 2 * reach, 2 * reach}, map.area);
    if (around.empty()) return;
    register_widget(context, id, around);
    take_gestures(context, around, kDrag);
  };
  handle(from, "map:path_from", false);
  handle(to, "map:path_to", true);
}

void draw_outline(PanelContext& context, const MapTransform& map) {
  const Theme& theme = context.theme;
  const MapState& state = context.state<MapState>();
  if (state.outline.size() < 2) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  std::vector<MapPlace> corners = state.outline;
  if (state.tool == MapTool::kBox) corners = box_outline(corners[0], corners[1]);
  std::vector<ImVec2> line;
  line.reserve(corners.size());
  for (const MapPlace& corner : corners) {
    line.push_back({map.screen_x(corner.x), map.screen_y(corner.y)});
  }
  const auto count = static_cast<int>(line.size());
  list.AddConcavePolyFilled(line.data(), count, theme.color(theme.colors.accent, 0.10f));
  list.AddPolyline(line.data(), count, theme.color(theme.colors.accent), ImDrawFlags_Closed,
                   theme.metrics.px(1.6f));
}

}  // namespace

void follow_data(PanelContext& context) {
  MapState& state = context.state<MapState>();
  if (state.data == context.store.revisions.data) return;
  context.state<MapPoints>().thumbnails.forget(Query::kThumbnails, context.requests);
  // What the person has switched on stays on.
  MapState fresh;
  fresh.tool = state.tool;
  fresh.manifold = state.manifold;
  fresh.thumbnails = state.thumbnails;
  fresh.selections = state.selections + 1;
  fresh.data = context.store.revisions.data;
  state = std::move(fresh);
}

void draw_manifold(PanelContext& context, const MapTransform& map) {
  if (!context.state<MapState>().manifold || shows_documents(context)) return;
  const Rect& area = map.area;
  const float wanted =
      std::max(context.theme.metrics.px(14), std::sqrt(area.w * area.h / kManifoldCells));
  const int columns = std::clamp(static_cast<int>(area.w / wanted + 0.5f), 1, 20);
  const int rows = std::clamp(static_cast<int>(area.h / wanted + 0.5f), 1, 20);
  Mark mark = plane_mark(context.store);
  mark.add(map.center_x).add(map.center_y).add(map.scale).add(area.w).add(area.h);
  mark.add(columns).add(rows);
  context.requests.ask(context.post, Query::kManifold, mark.value(),
                       session::DecodeMap{grid_places(map, columns, rows)});
  ImageAtlas& atlas =
      context.state<Pictures>().asked(Query::kManifold, context.requests, context.store);
  if (atlas.count() != columns * rows) return;
  // Points over them have to stay readable.
  const ImU32 tint =
      atlas.grey() ? context.theme.color(context.theme.colors.ink, 0.34f) : packed(0xFFFFFF, 0.4f);
  const float w = area.w / static_cast<float>(columns), h = area.h / static_cast<float>(rows);
  const Store& store = context.store;
  const float aspect = static_cast<float>(std::max<std::int64_t>(1, store.data.columns)) /
                       static_cast<float>(std::max<std::int64_t>(1, store.data.rows));
  const float high = std::min(h, w / aspect), wide = high * aspect;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImTextureRef texture = atlas.ref();
  for (int i = 0; i < columns * rows; ++i) {
    const float x = area.x + (static_cast<float>(i % columns) + 0.5f) * w - wide / 2;
    const float y = area.y + (static_cast<float>(i / columns) + 0.5f) * h - high / 2;
    ImVec2 from, to;
    atlas.corners(i, from, to);
    list.AddImage(texture, {x, y}, {x + wide, y + high}, from, to, tint);
  }
}

void place_map_thumbnails(PanelContext& context, const MapTransform& map) {
  Thumbnails& thumbnails = context.state<MapPoints>().thumbnails;
  if (context.state<MapState>().thumbnails && !shows_documents(context)) {
    thumbnails.place(context, map, thumbnails_wanted(context));
  } else {
    thumbnails.forget(Query::kThumbnails, context.requests);
  }
}

void draw_map_thumbnails(PanelContext& context, const MapTransform& map) {
  const std::vector<std::uint32_t>& selected = context.state<MapState>().selected;
  context.state<MapPoints>().thumbnails.draw(
      context, map, thumbnails_wanted(context),
      [&](std::uint32_t i) { return point_color(context, i); },
      [&](std::uint32_t i) {
        const bool dim =
            !selected.empty() && !std::binary_search(selected.begin(), selected.end(), i);
        return dim ? 0.2f : 1.0f;
      });
}

void draw_point_ring(PanelContext& context, const MapTransform& map, std::int64_t index,
                     Rgb color) {
  const session::Floats& points = *context.store.snapshot.map_points;
  const auto at = 2 * static_cast<std::size_t>(index);
  if (index < 0 || at + 1 >= points.size()) return;
  const ImVec2 middle{map.screen_x(static_cast<double>(points[at])),
                      map.screen_y(static_cast<double>(points[at + 1]))};
  if (!std::isfinite(middle.x) || !std::isfinite(middle.y)) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto replaced = context.state<MapPoints>().thumbnails.replaced();
  const ImU32 edge = theme.color(theme.colors.card, 0.9f), ink = theme.color(color);
  if (std::binary_search(replaced.begin(), replaced.end(), static_cast<std::uint32_t>(index))) {
    const float half = kThumbnail / 2 + 4;
    const ImVec2 from{middle.x - m.px(half), middle.y - m.px(half)};
    const ImVec2 to{middle.x + m.px(half), middle.y + m.px(half)};
    list.AddRect(from, to, edge, m.px(5), 0, m.px(4));
    list.AddRect(from, to, ink, m.px(5), 0, m.px(2));
  } else {
    list.AddCircle(middle, m.px(6.5f), edge, 24, m.px(4));
    list.AddCircle(middle, m.px(6.5f), ink, 24, m.px(2));
  }
}

void draw_map_marks(PanelContext& context, const MapTransform& map) {
  const Theme& theme = context.theme;
  const MapState& state = context.state<MapState>();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(top_left(map.area), bottom_right(map.area), true);
  const session::Value chosen = shown_value(context, session::find_setting("view.sample"));
  if (const auto* sample = std::get_if<std::int64_t>(&chosen)) {
    draw_point_ring(context, map, *sample, theme.colors.text);
  }
  if (state.selecting) draw_outline(context, map);
  if (state.path_drawn) draw_path_line(context, map);
  list.PopClipRect();
}

}  // namespace hourglass::ui
