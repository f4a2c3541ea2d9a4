// Every held-out image as a point: where the network's code puts it, coloured by class.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/controls.h"
#include "ui/image_cell.h"
#include "ui/map_geometry.h"
#include "ui/number_text.h"
#include "ui/panels/panel.h"

namespace hourglass::ui {
namespace {

// Radius in points of the screen: fewer points are drawn larger.
float point_radius(std::size_t count, const Rect& area, const Metrics& m) {
  const float room =
      std::sqrt(area.w * area.h / static_cast<float>(std::max<std::size_t>(count, 1)));
  return std::clamp(room * 0.22f, m.px(1.5f), m.px(3.5f));
}

void draw_points(PanelContext& context, const MapTransform& map) {
  const session::Floats& points = *context.store.snapshot.map_points;
  const std::vector<std::int32_t>& labels = context.store.data.map_labels;
  const Palette& colors = context.theme.colors;
  const std::size_t count = points.size() / 2;
  const Rect& area = map.area;
  const float density = std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  const float radius = point_radius(count, area, context.theme.metrics);
  float extent = 0;
  const ImTextureRef sprite = context.pictures.disc(2 * radius * density, extent);
  const float half = extent / density / 2;

  ImU32 tones[11];
  for (std::size_t i = 0; i < 10; ++i) tones[i] = packed(colors.classes[i], 0.8f);
  tones[10] = packed(colors.unlabelled, 0.8f);

  // One reservation and plain stores: ten thousand points a frame must cost next to nothing.
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(top_left(area), bottom_right(area), true);
  list.PushTexture(sprite);
  const int quads = static_cast<int>(count);
  list.PrimReserve(6 * quads, 4 * quads);
  int drawn = 0;
  const float left = area.x - half, right = area.right() + half;
  const float top = area.y - half, bottom = area.bottom() + half;
  for (std::size_t i = 0; i < count; ++i) {
    const float x = map.screen_x(static_cast<double>(points[2 * i]));
    const float y = map.screen_y(static_cast<double>(points[2 * i + 1]));
    if (!(x > left && x < right && y > top && y < bottom)) continue;  // also what is not finite
    const std::size_t tone =
        i < labels.size() && labels[i] >= 0 ? static_cast<std::size_t>(labels[i]) % 10 : 10;
    list.PrimRectUV({x - half, y - half}, {x + half, y + half}, {0, 0}, {1, 1}, tones[tone]);
    ++drawn;
  }
  list.PrimUnreserve(6 * (quads - drawn), 4 * (quads - drawn));
  list.PopTexture();
  list.PopClipRect();
}

// The name of each class at the middle of its points, readable without telling colours apart.
void draw_names(PanelContext& context, const MapTransform& map, const MapSummary& summary) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(top_left(map.area), bottom_right(map.area), true);
  std::vector<Rect> taken;
  for (const MapSummary::Center& center : summary.centers) {
    const std::string name = class_name(context.store, center.label);
    const TextStyle style{m.small, true, Align::kCenter};
    const float width = text_width(context, name, style) + m.px(10), height = m.small + m.px(5);
    const Rect tag{map.screen_x(center.x) - width / 2, map.screen_y(center.y) - height / 2, width,
                   height};
    // One over another could not be read; the legend has them all.
    if (std::any_of(taken.begin(), taken.end(), [&](const Rect& r) { return r.overlaps(tag); })) {
      continue;
    }
    taken.push_back(tag);
    list.AddRectFilled(top_left(tag), bottom_right(tag), theme.color(theme.colors.card, 0.88f),
                       height / 2);
    list.AddRect(top_left(tag), bottom_right(tag),
                 theme.color(class_color(theme.colors, center.label)), height / 2, 0, m.px(1.5f));
    draw_text(context, tag, name, theme.color(theme.colors.text), style);
  }
  list.PopClipRect();
}

// Colours and names in as many lines as they need, from the bottom up.
void draw_legend(PanelContext& context, Rect& inside, const MapSummary& summary) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  if (summary.centers.empty()) return;
  const TextStyle style{m.small};
  std::vector<float> widths;
  int lines = 1;
  float x = 0;
  for (const auto& center : summary.centers) {
    widths.push_back(
        m.px(14) + text_width(context, class_name(context.store, center.label), style) + m.px(12));
    if (x > 0 && x + widths.back() - m.px(12) > inside.w) {
      ++lines;
      x = 0;
    }
    x += widths.back();
  }
  const Rect area = inside.cut_bottom(static_cast<float>(lines) * m.label + m.px(4));
  register_widget(context, "legend:latent", area);
  Rect line{area.x, area.y + m.px(4), area.w, m.label};
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::int32_t label = summary.centers[i].label;
    if (line.x > area.x && line.x + widths[i] - m.px(12) > area.right()) {
      line = {area.x, line.y + m.label, area.w, m.label};
    }
    ImGui::GetWindowDrawList()->AddCircleFilled({line.x + m.px(5), line.y + line.h / 2}, m.px(4.5f),
                                                theme.color(class_color(theme.colors, label)));
    draw_text(context, {line.x + m.px(14), line.y, widths[i], line.h},
              class_name(context.store, label), theme.color(theme.colors.muted), style);
    line.cut_left(widths[i]);
  }
}

void move_with_pointer(PanelContext& context, const MapTransform& map) {
  const ImGuiIO& io = ImGui::GetIO();
  MapView& view = context.view.map;
  // The wheel is the map's own while the pointer is over it; elsewhere it scrolls.
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
  if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
    zoom_map(view, map, io.MousePos.x, io.MousePos.y,
             std::pow(1.2, static_cast<double>(io.MouseWheel)));
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(0)) view = {};
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(0, 2)) {
    pan_map(view, io.MouseDelta.x, io.MouseDelta.y);
  }
}

}  // namespace

void draw_latent(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const auto& points = context.store.snapshot.map_points;
  Rect heading = context.heading;
  Rect inside = context.area;
  if (!points || points->size() < 2) {
    draw_text(context, inside, texts.get("latent.empty"), theme.color(theme.colors.muted),
              {0, false, Align::kCenter});
    return;
  }
  if (!context.view.map.follow) {
    const Button fit{.id = "map_fit",
                     .label = texts.get("latent.fit"),
                     .icon = Icon::kFit,
                     .kind = ButtonKind::kBare,
                     .help_title = texts.get("latent.fit"),
                     .help = texts.get("latent.fit.help")};
    if (draw_heading_button(context, heading, fit)) context.view.map = {};
  }
  draw_subtitle(
      context, heading,
      texts.format("latent.subtitle", {grouped(static_cast<std::int64_t>(points->size() / 2))}));

  const MapSummary summary = summarize_map(*points, context.store.data.map_labels);
  draw_legend(context, inside, summary);
  if (inside.w < m.px(20) || inside.h < m.px(20)) return;
  const MapTransform map = map_transform(context.view.map, summary, inside);
  ImGui::SetCursorScreenPos(top_left(inside));
  ImGui::InvisibleButton("##map", {inside.w, inside.h});
  register_item(context, "map");
  move_with_pointer(context, map);
  draw_points(context, map);
  draw_names(context, map, summary);
}

}  // namespace hourglass::ui
