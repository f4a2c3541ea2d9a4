// Every held-out image as a point: where the network's code puts it, coloured by what is known of
// it.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/disc_texture.h"
#include "ui/kit/icons.h"
#include "ui/kit/number_text.h"
#include "ui/latent_map/class_tags.h"
#include "ui/latent_map/map_cards.h"
#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/map_layout.h"
#include "ui/latent_map/map_legend.h"
#include "ui/latent_map/map_overlay.h"
#include "ui/latent_map/map_points.h"
#include "ui/latent_map/map_tools.h"
#include "ui/latent_map/point_quads.h"
#include "ui/settings/setting_widget.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

void draw_points(PanelContext& context, const MapTransform& map) {
  const std::size_t count = context.store.snapshot.map_points->size() / 2;
  const float density = std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  const float radius = point_radius(count, map.area, context.theme.metrics);
  float extent = 0;
  const ImTextureRef sprite = context.state<DiscTexture>().get(2 * radius * density, extent);
  MapPoints& points = context.state<MapPoints>();
  points.draw(
      *ImGui::GetWindowDrawList(), context.store, context.state<MapState>(),
      {map, extent / density / 2, sprite, context.theme.colors, points.thumbnails.replaced()});
}

// What the ring around the selected sample covers; empty where there is none.
Rect ring_place(const PanelContext& context, const MapTransform& map) {
  const session::Value chosen = shown_value(context, session::find_setting("view.sample"));
  const auto* sample = std::get_if<std::int64_t>(&chosen);
  const session::Floats& points = *context.store.snapshot.map_points;
  if (!sample || *sample < 0 || 2 * static_cast<std::size_t>(*sample) + 1 >= points.size()) {
    return {};
  }
  const auto at = 2 * static_cast<std::size_t>(*sample);
  const float half = context.theme.metrics.px(9);
  return {map.screen_x(static_cast<double>(points[at])) - half,
          map.screen_y(static_cast<double>(points[at + 1])) - half, 2 * half, 2 * half};
}

// The least width, up to `room`, at which the text takes no more lines than there.
float balanced_width(const PanelContext& context, float room, const std::string& text, float size) {
  const auto height = [&](float width) {
    return draw_paragraph(context, 0, 0, width, text, 0, size, false);
  };
  const float wanted = height(room);
  float low = 0, high = room;
  while (high - low > 1) {
    const float middle = (low + high) / 2;
    (height(middle) <= wanted ? high : low) = middle;
  }
  return high;
}

// What names around one dot would pretend: that classes lie apart.
void draw_one_place(PanelContext& context, const MapTransform& map, const MapSummary& summary) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string& text = context.texts.get("latent.one_place");
  const float most = std::min(map.area.w - m.px(16), m.px(280));
  if (most < m.px(60)) return;
  // As wide as its lines, for it to stand under the middle of the map, where the dot is.
  const float room = balanced_width(context, most, text, m.small);
  const float height = draw_paragraph(context, 0, 0, room, text, 0, m.small, false);
  const float below = map.screen_y((summary.bottom + summary.top) / 2) + m.px(16);
  const float last = map.area.bottom() - height - m.px(8);
  if (last < map.area.y) return;
  const Rect box{map.area.x + (map.area.w - room) / 2, std::clamp(below, map.area.y, last), room,
                 height};
  ImGui::GetWindowDrawList()->AddRectFilled({box.x - m.px(6), box.y - m.px(3)},
                                            {box.right() + m.px(6), box.bottom() + m.px(3)},
                                            theme.color(theme.colors.card, 0.88f), m.px(5));
  draw_paragraph(context, box.x, box.y, room, text, theme.color(theme.colors.text), m.small);
  register_widget(context, "map:one_place", box);
}

void draw_names(PanelContext& context, const MapTransform& map, const MapSummary& summary) {
  const MapState& state = context.state<MapState>();
  // Pictures say it themselves, and names would cover them.
  if (state.thumbnails || !state.selected.empty() || colouring_factor(context.store, state) >= 0) {
    return;
  }
  if (summary.is_one_place()) {
    draw_one_place(context, map, summary);
    return;
  }
  std::vector<Rect> taken;
  if (const Rect ring = ring_place(context, map); !ring.empty()) taken.push_back(ring);
  draw_class_tags(context, map, summary.centers, std::move(taken), [&](std::int32_t label) {
    const auto at = static_cast<std::size_t>(label);
    return at >= state.hidden.size() || !state.hidden[at];
  });
}

bool plane_of_units(const PanelContext& context) {
  const session::Value plane = shown_value(context, session::find_setting("view.map_plane"));
  const auto* name = std::get_if<std::string>(&plane);
  return name && *name == "units";
}

std::string axis_name(const PanelContext& context, bool units, int axis) {
  if (context.store.network.code_size <= 2) {
    return context.texts.format("latent.axis_unit", {std::to_string(axis)});
  }
  if (!units) return context.texts.format("latent.axis_pca", {std::to_string(axis + 1)});
  const session::Setting& setting =
      session::find_setting(axis == 0 ? "view.map_unit_x" : "view.map_unit_y");
  return context.texts.format("latent.axis_unit",
                              {field_text(setting, shown_value(context, setting))});
}

// A small arrow along each axis with its name, in the corner where they start.
void draw_axes(PanelContext& context, const MapTransform& map, bool units) {
  const std::int64_t code_size = context.store.network.code_size;
  if (code_size < 1 || map.area.h < context.theme.metrics.px(90)) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 ink = theme.color(theme.colors.muted);
  const TextStyle style{m.small};
  const float length = m.px(16), tip = m.px(3);
  const ImVec2 origin{map.area.x + m.px(6), map.area.bottom() - m.px(9)};
  const auto words = [&](Rect at, const std::string& name) {
    at.w = text_width(context, name, style) + 1;
    // Points under the words would make them unreadable.
    list.AddRectFilled({at.x - m.px(2), at.y}, {at.right() + m.px(2), at.bottom()},
                       theme.color(theme.colors.card, 0.75f), m.px(4));
    draw_text(context, at, name, ink, style);
  };
  list.AddLine(origin, {origin.x + length, origin.y}, ink, m.px(1.2f));
  fill_triangle(list, {origin.x + length + tip, origin.y},
                {origin.x + length - tip, origin.y - tip},
                {origin.x + length - tip, origin.y + tip}, ink);
  words({origin.x + length + m.px(6), origin.y - m.px(9), 0, m.px(18)},
        axis_name(context, units, 0));
  if (code_size < 2) return;
  list.AddLine(origin, {origin.x, origin.y - length}, ink, m.px(1.2f));
  fill_triangle(list, {origin.x, origin.y - length - tip},
                {origin.x - tip, origin.y - length + tip},
                {origin.x + tip, origin.y - length + tip}, ink);
  words({origin.x - m.px(3), origin.y - length - m.px(22), 0, m.px(18)},
        axis_name(context, units, 1));
}

}  // namespace

void draw_latent_map(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const auto& points = context.store.snapshot.map_points;
  if (!points || points->size() < 2) {
    draw_text(context, context.area, texts.get("latent.empty"), theme.color(theme.colors.muted),
              {0, false, Align::kCenter});
    return;
  }
  follow_data(context);
  const MapSummary& summary = context.state<MapPoints>().summary(context.store);
  MapNeeds needs;
  needs.touch = m.touch;
  needs.color = !context.store.data.factors.empty() && !context.store.data.map_factors.empty();
  needs.axes = context.store.network.code_size > 2;
  needs.units = needs.axes && plane_of_units(context);
  needs.legend_height = [&](float width) { return map_legend_height(context, summary, width); };
  const MapArrangement at = arrange_map(context.heading, context.area, needs, m);
  if (!at.color.empty()) draw_map_color(context, at.color);
  if (!at.plane.empty()) draw_setting_choice(context, at.plane, "view.map_plane");
  if (!at.unit_x.empty()) draw_setting_field(context, at.unit_x, "view.map_unit_x");
  if (!at.unit_y.empty()) draw_setting_field(context, at.unit_y, "view.map_unit_y");
  draw_subtitle(
      context, at.heading,
      texts.format("latent.subtitle", {grouped(static_cast<std::int64_t>(points->size() / 2))}));
  draw_map_legend(context, at.legend, summary);
  if (at.map.w < m.px(20) || at.map.h < m.px(20)) return;

  pinch_map(context, at.map);
  const MapTransform map = map_transform(context.state<MapState>().view, summary, at.map);
  draw_map_tools(context, at, map);
  use_map(context, map);
  place_map_thumbnails(context, map);
  draw_manifold(context, map);
  draw_points(context, map);
  draw_map_thumbnails(context, map);
  draw_names(context, map, summary);
  // The strip and the selection lie where the axes are named.
  const MapState& state = context.state<MapState>();
  if (!state.path_drawn && state.selected.empty()) draw_axes(context, map, needs.units);
  draw_map_marks(context, map);
  draw_map_cards(context, map);
}

}  // namespace hourglass::ui
