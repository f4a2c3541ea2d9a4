// The map of documents, and what is known of the one under the pointer.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "ui/documents/documents_state.h"
#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/disc_texture.h"
#include "ui/kit/mark.h"
#include "ui/latent_map/class_tags.h"
#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/map_select.h"
#include "ui/latent_map/point_quads.h"
#include "ui/latent_map/simple_map.h"

namespace hourglass::ui {
namespace {

constexpr float kDocumentOpacity = 0.85f;

// What is kept of the map between frames.
struct DocumentsMap {
  MapSummary summary;
  std::vector<std::int32_t> labels;
  std::uint64_t summary_mark = 0;
  PointQuads quads;
  std::uint64_t quads_mark = 0;
  DiscTexture disc;
};

std::span<const float> document_points(const PanelContext& context) {
  const session::Floats* const points = documents_now(context).floats("points");
  return points ? std::span<const float>(*points) : std::span<const float>();
}

void summarize_documents(const PanelContext& context, DocumentsMap& kept) {
  const std::uint64_t mark =
      Mark().add(documents_now(context).revision).add(documents_result(context).revision).value();
  if (mark == kept.summary_mark) return;
  kept.summary_mark = mark;
  kept.labels.clear();
  const std::size_t count = document_points(context).size() / 2;
  for (std::size_t i = 0; i < count; ++i) {
    kept.labels.push_back(document_label(context, static_cast<std::int64_t>(i)));
  }
  kept.summary = summarize_map(document_points(context), kept.labels);
}

void draw_document_points(PanelContext& context, const MapTransform& map, DocumentsMap& kept) {
  const std::span<const float> points = document_points(context);
  const std::size_t count = points.size() / 2;
  const float density = std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  const float radius = point_radius(count, map.area, context.theme.metrics);
  float extent = 0;
  const ImTextureRef sprite = kept.disc.get(2 * radius * density, extent);
  const float half = extent / density / 2;
  const Palette& colors = context.theme.colors;
  Mark mark;
  mark.add(kept.summary_mark).add(map.area.x).add(map.area.y).add(map.area.w).add(map.area.h);
  mark.add(map.center_x).add(map.center_y).add(map.scale).add(half);
  mark.add(std::span<const Rgb>(colors.classes)).add(colors.unlabelled);
  if (mark.value() != kept.quads_mark) {
    kept.quads_mark = mark.value();
    kept.quads.clear(count);
    for (std::size_t i = 0; i < count; ++i) {
      kept.quads.put(map, half, static_cast<double>(points[2 * i]),
                     static_cast<double>(points[2 * i + 1]),
                     packed(class_color(colors, kept.labels[i]), kDocumentOpacity));
    }
  }
  kept.quads.draw(*ImGui::GetWindowDrawList(), map.area, sprite);
}

void draw_document_ring(PanelContext& context, const MapTransform& map, double x, double y,
                        Rgb color) {
  const ImVec2 middle{map.screen_x(x), map.screen_y(y)};
  if (!std::isfinite(middle.x) || !std::isfinite(middle.y)) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircle(middle, m.px(6.5f), theme.color(theme.colors.card, 0.9f), 24, m.px(4));
  list.AddCircle(middle, m.px(6.5f), theme.color(color), 24, m.px(2));
}

void ring_document(PanelContext& context, const MapTransform& map, std::int64_t document,
                   Rgb color) {
  const std::span<const float> points = document_points(context);
  const auto at = 2 * static_cast<std::size_t>(document);
  if (document < 0 || at + 1 >= points.size()) return;
  draw_document_ring(context, map, static_cast<double>(points[at]),
                     static_cast<double>(points[at + 1]), color);
}

// A cross where what was asked for lies, and rings around the documents that are nearest.
void draw_found_marks(PanelContext& context, const MapTransform& map) {
  const JobFindings& now = documents_now(context);
  if (context.state<DocumentsState>().asked == DocumentsState::Asked::kNothing) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  if (const auto* nearest = now.indices("nearest")) {
    for (const std::uint32_t document : *nearest) {
      ring_document(context, map, document, theme.colors.muted);
    }
  }
  const session::Floats* const at = now.floats("at");
  if (!at || at->size() < 2) return;
  const ImVec2 middle{map.screen_x(static_cast<double>((*at)[0])),
                      map.screen_y(static_cast<double>((*at)[1]))};
  if (!std::isfinite(middle.x) || !std::isfinite(middle.y)) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const bool inner : {false, true}) {
    const ImU32 ink = theme.color(inner ? theme.colors.accent : theme.colors.card);
    const float width = m.px(inner ? 2.5f : 6), reach = m.px(inner ? 9 : 10);
    list.AddLine({middle.x - reach, middle.y}, {middle.x + reach, middle.y}, ink, width);
    list.AddLine({middle.x, middle.y - reach}, {middle.x, middle.y + reach}, ink, width);
  }
  register_widget(context, "documents:at",
                  {middle.x - m.px(9), middle.y - m.px(9), m.px(18), m.px(18)});
}

// First words, topic and strongest words of a document, at the edge that is further from it.
void draw_document_card(PanelContext& context, const MapTransform& map, std::int64_t document) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const float pad = m.px(8), margin = m.px(4);
  const float width = std::min(map.area.w - 2 * margin, m.px(420)) - 2 * pad;
  if (width < m.px(80)) return;
  const std::string title = document_title(context, document);
  const std::string terms = document_terms(context, document);
  const std::int32_t label = document_label(context, document);
  const float words = draw_paragraph(context, 0, 0, width, title, 0, m.small, false);
  const float below = draw_paragraph(context, 0, 0, width, terms, 0, m.small, false);
  const float topic = label >= 0 ? m.label : 0;
  const float height = topic + words + m.px(4) + below + 2 * pad;
  const float y = map.screen_y(context.state<DocumentsState>().hover.y);
  const bool low = y < map.area.y + map.area.h / 2;
  const Rect area{map.area.x + margin,
                  low ? map.area.bottom() - margin - height : map.area.y + margin, width + 2 * pad,
                  height};
  if (area.h > map.area.h * 0.6f) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card, 0.95f),
                     m.radius);
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge), m.radius);
  register_widget(context, "documents:card", area);
  Rect inside = area.inset(pad, pad);
  if (label >= 0) {
    Rect line = inside.cut_top(topic);
    list.AddCircleFilled({line.x + m.px(5), line.y + line.h / 2}, m.px(5),
                         packed(class_color(theme.colors, label)));
    line.cut_left(m.px(16));
    draw_text(context, line, class_name(context, label), theme.color(theme.colors.text),
              {m.small, true});
  }
  inside.cut_top(draw_paragraph(context, inside.x, inside.y, width, title,
                                theme.color(theme.colors.text), m.small) +
                 m.px(4));
  draw_paragraph(context, inside.x, inside.y, width, terms, theme.color(theme.colors.muted),
                 m.small);
}

}  // namespace

void draw_documents_map(PanelContext& context, const Rect& area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  DocumentsState& state = context.state<DocumentsState>();
  DocumentsMap& kept = context.state<DocumentsMap>();
  summarize_documents(context, kept);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge), m.radius);
  pinch_simple_map(context, area, state.view);
  const MapTransform map = map_transform(state.view, kept.summary, area);
  const bool clicked =
      use_simple_map(context, map, "documents:map", {state.view, state.hovering, state.hover});
  const double reach = static_cast<double>(m.px(m.touch ? 20 : 8)) / map.scale;
  const std::int64_t under = state.hovering ? nearest_point(document_points(context), state.hover.x,
                                                            state.hover.y, reach, {})
                                            : -1;
  if (clicked && under >= 0) {
    ask_for_document(context, under);
  } else if (clicked) {
    state.asked = DocumentsState::Asked::kPlace;
    state.place = state.hover;
  }
  draw_document_points(context, map, kept);
  list.PushClipRect(top_left(area), bottom_right(area), true);
  draw_found_marks(context, map);
  if (!kept.summary.is_one_place()) {
    draw_class_tags(context, map, kept.summary.centers, {}, [](std::int32_t) { return true; });
  }
  ring_document(context, map, under, theme.colors.accent);
  if (under >= 0) draw_document_card(context, map, under);
  list.PopClipRect();
}

}  // namespace hourglass::ui
