#include "ui/tsne/tsne_map.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/kit/controls.h"
#include "ui/kit/disc_texture.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/latent_map/class_tags.h"
#include "ui/latent_map/map_legend.h"
#include "ui/latent_map/map_points.h"
#include "ui/latent_map/map_select.h"
#include "ui/latent_map/point_quads.h"
#include "ui/latent_map/simple_map.h"
#include "ui/latent_map/thumbnails.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

constexpr float kPointOpacity = 0.85f;
constexpr std::size_t kMostThumbnails = 400;  // as many as an atlas has

// What is kept of the map between frames.
struct TsneMap {
  MapSummary summary;
  std::uint64_t summary_mark = 0;
  PointQuads quads;
  std::uint64_t quads_mark = 0;
  DiscTexture disc;
  Thumbnails thumbnails;
};

const JobFindings& result_of(const PanelContext& context) {
  return context.jobs.view("tsne").result;
}

std::span<const float> points_of(const PanelContext& context) {
  const session::Floats* const points = result_of(context).floats("points");
  return points ? std::span<const float>(*points) : std::span<const float>();
}

float kept_share(const PanelContext& context, std::size_t i) {
  const session::Floats* const kept = result_of(context).floats("kept");
  return kept && i < kept->size() ? (*kept)[i] : std::numeric_limits<float>::quiet_NaN();
}

bool colours_by_factor(const PanelContext& context) {
  const session::DataReady& data = context.store.data;
  const TsneState& state = context.state<TsneState>();
  return state.color == TsneColor::kFactor && !data.map_factors.empty() && state.factor >= 0 &&
         static_cast<std::size_t>(state.factor) < data.factors.size();
}

std::int32_t label_of(const PanelContext& context, std::size_t i) {
  const auto& labels = context.store.data.map_labels;
  return i < labels.size() ? labels[i] : -1;
}

Rgb color_of(const PanelContext& context, std::size_t i) {
  const TsneState& state = context.state<TsneState>();
  float share = std::numeric_limits<float>::quiet_NaN();
  if (colours_by_factor(context)) {
    share = factor_share(context.store, state.factor, i);
  } else if (state.color == TsneColor::kReliability) {
    share = kept_share(context, i);
  } else {
    return class_color(context.theme.colors, label_of(context, i));
  }
  return std::isfinite(share) ? ramp_color(share) : context.theme.colors.unlabelled;
}

// Of what the points' colours depend on.
Mark color_mark(const PanelContext& context) {
  const TsneState& state = context.state<TsneState>();
  const Palette& colors = context.theme.colors;
  Mark mark;
  mark.add(result_of(context).revision).add(context.store.revisions.data).add(state.color);
  mark.add(state.factor).add(std::span<const Rgb>(colors.classes)).add(colors.unlabelled);
  return mark;
}

void draw_tsne_points(PanelContext& context, const MapTransform& map, TsneMap& kept) {
  const std::span<const float> points = points_of(context);
  const std::size_t count = points.size() / 2;
  const float density = std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  const float radius = point_radius(count, map.area, context.theme.metrics);
  float extent = 0;
  const ImTextureRef sprite = kept.disc.get(2 * radius * density, extent);
  const float half = extent / density / 2;
  Mark mark = color_mark(context);
  mark.add(map.area.x).add(map.area.y).add(map.area.w).add(map.area.h);
  mark.add(map.center_x).add(map.center_y).add(map.scale).add(half);
  mark.add(kept.thumbnails.replaced());
  if (mark.value() != kept.quads_mark) {
    kept.quads_mark = mark.value();
    kept.quads.clear(count);
    const auto replaced = kept.thumbnails.replaced();
    for (std::size_t i = 0; i < count; ++i) {
      if (std::binary_search(replaced.begin(), replaced.end(), static_cast<std::uint32_t>(i))) {
        continue;
      }
      kept.quads.put(map, half, static_cast<double>(points[2 * i]),
                     static_cast<double>(points[2 * i + 1]),
                     packed(color_of(context, i), kPointOpacity));
    }
  }
  kept.quads.draw(*ImGui::GetWindowDrawList(), map.area, sprite);
}

Thumbnails::Wish tsne_thumbnails_wanted(const PanelContext& context, const MapTransform& map) {
  const TsneState& state = context.state<TsneState>();
  const float longest = std::max(map.area.w, map.area.h);
  const float side = std::clamp(static_cast<float>(state.distance) * longest * 0.85f,
                                context.theme.metrics.px(12), context.theme.metrics.px(96));
  return {.query = Query::kTsneThumbnails,
          .points = points_of(context),
          .side = std::floor(side),
          .most = kMostThumbnails,
          .mark = result_of(context).revision,
          .allowed = {}};
}

// The point under the pointer, or -1: that of an image first, which hides others.
std::int64_t hovered_point(const PanelContext& context, const MapTransform& map) {
  const TsneState& state = context.state<TsneState>();
  if (!state.hovering) return -1;
  const Metrics& m = context.theme.metrics;
  const std::span<const float> points = points_of(context);
  const double half =
      static_cast<double>(tsne_thumbnails_wanted(context, map).side) / 2 / map.scale;
  for (const std::uint32_t i : context.state<TsneMap>().thumbnails.replaced()) {
    if (2 * static_cast<std::size_t>(i) + 1 >= points.size()) break;
    if (std::fabs(static_cast<double>(points[2 * i]) - state.hover.x) <= half &&
        std::fabs(static_cast<double>(points[2 * i + 1]) - state.hover.y) <= half) {
      return i;
    }
  }
  const float reach = m.px(m.touch ? 24 : 14);
  return nearest_point(points, state.hover.x, state.hover.y, static_cast<double>(reach) / map.scale,
                       {});
}

void draw_tsne_ring(PanelContext& context, const MapTransform& map, const TsneMap& kept,
                    std::int64_t index, Rgb color) {
  const std::span<const float> points = points_of(context);
  const auto at = 2 * static_cast<std::size_t>(index);
  if (index < 0 || at + 1 >= points.size()) return;
  const ImVec2 middle{map.screen_x(static_cast<double>(points[at])),
                      map.screen_y(static_cast<double>(points[at + 1]))};
  if (!std::isfinite(middle.x) || !std::isfinite(middle.y)) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto replaced = kept.thumbnails.replaced();
  if (std::binary_search(replaced.begin(), replaced.end(), static_cast<std::uint32_t>(index))) {
    const float half = tsne_thumbnails_wanted(context, map).side / 2 + m.px(4);
    list.AddRect({middle.x - half, middle.y - half}, {middle.x + half, middle.y + half},
                 theme.color(color), m.px(5), 0, m.px(2));
  } else {
    list.AddCircle(middle, m.px(6.5f), theme.color(theme.colors.card, 0.9f), 24, m.px(4));
    list.AddCircle(middle, m.px(6.5f), theme.color(color), 24, m.px(2));
  }
}

// The image of the point under the pointer, in the corner that is further from it.
void draw_tsne_inspector(PanelContext& context, const MapTransform& map, std::int64_t index) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  context.requests.ask(context.post, Query::kTsneHover,
                       Mark().add(context.store.revisions.data).add(index).value(),
                       session::GetImages{{static_cast<std::uint32_t>(index)}});
  const auto at = static_cast<std::size_t>(index);
  std::vector<std::string> words;
  words.push_back(texts.format("reconstructions.sample", {grouped(index)}));
  if (label_of(context, at) >= 0) words.push_back(class_name(context, label_of(context, at)));
  if (std::isfinite(kept_share(context, at))) {
    const double of = result_of(context).number("neighbors", 12);
    words.push_back(
        texts.format("tsne.kept_of",
                     {fixed(static_cast<double>(kept_share(context, at)) * of, 0), fixed(of, 0)}));
  }
  const float pad = m.px(6), line = m.px(18), margin = m.px(4);
  const float side = std::clamp(map.area.h * 0.2f, m.px(48), m.px(96));
  float width = side;
  for (const std::string& text : words) {
    width = std::max(width, text_width(context, text, {m.small}));
  }
  const float w = width + 2 * pad;
  const float h = side + line * static_cast<float>(words.size()) + 2 * pad;
  const ImVec2 pointer{map.screen_x(context.state<TsneState>().hover.x),
                       map.screen_y(context.state<TsneState>().hover.y)};
  const bool left = pointer.x > map.area.x + map.area.w / 2;
  const Rect area{left ? map.area.x + margin : map.area.right() - margin - w, map.area.y + margin,
                  w, h};
  if (area.h > map.area.h || area.contains(pointer.x, pointer.y)) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card, 0.95f),
                     m.radius);
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge), m.radius);
  register_widget(context, "tsne:inspector", area);
  Rect inside = area.inset(pad, pad);
  const Rect picture = inside.cut_top(side);
  const Rect cell{picture.x + (picture.w - side) / 2, picture.y, side, side};
  ImageAtlas& atlas =
      context.state<Pictures>().asked(Query::kTsneHover, context.requests, context.store);
  draw_paper(context, cell);
  draw_image(context, atlas, 0, cell);
  for (const std::string& text : words) {
    draw_text(context, inside.cut_top(line), text, theme.color(theme.colors.muted),
              {m.small, false, Align::kCenter});
  }
}

// A click puts a sample into the network.
void use_tsne_map(PanelContext& context, const MapTransform& map) {
  TsneState& state = context.state<TsneState>();
  if (!use_simple_map(context, map, "tsne:map", {state.view, state.hovering, state.hover})) return;
  const std::int64_t point = hovered_point(context, map);
  if (point >= 0) change_setting(context, session::find_setting("view.sample"), point);
}

void draw_tsne_thumbnails(PanelContext& context, const MapTransform& map, const TsneMap& kept) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(top_left(map.area), bottom_right(map.area), true);
  kept.thumbnails.draw(
      context, map, tsne_thumbnails_wanted(context, map),
      [&](std::uint32_t i) { return color_of(context, i); }, [](std::uint32_t) { return 1.0f; });
  list.PopClipRect();
}

// A frame says where the map ends: points may be cut off there.
void draw_tsne_ground(const PanelContext& context, const Rect& area) {
  const Theme& theme = context.theme;
  ImGui::GetWindowDrawList()->AddRect(top_left(area), bottom_right(area),
                                      theme.color(theme.colors.card_edge), theme.metrics.radius);
}

}  // namespace

bool has_tsne_map(const PanelContext& context) { return points_of(context).size() >= 2; }

void draw_tsne_map(PanelContext& context, const Rect& area) {
  TsneState& state = context.state<TsneState>();
  TsneMap& kept = context.state<TsneMap>();
  const std::uint64_t mark =
      Mark().add(result_of(context).revision).add(context.store.revisions.data).value();
  if (mark != kept.summary_mark) {
    kept.summary_mark = mark;
    kept.summary = summarize_map(points_of(context), context.store.data.map_labels);
  }
  draw_tsne_ground(context, area);
  pinch_simple_map(context, area, state.view);
  const MapTransform map = map_transform(state.view, kept.summary, area);
  use_tsne_map(context, map);
  if (state.thumbnails) {
    kept.thumbnails.place(context, map, tsne_thumbnails_wanted(context, map));
  } else {
    kept.thumbnails.forget(Query::kTsneThumbnails, context.requests);
  }
  draw_tsne_points(context, map, kept);
  draw_tsne_thumbnails(context, map, kept);
  // Pictures say it themselves, and names would cover them.
  if (state.color == TsneColor::kClass && !state.thumbnails && !kept.summary.is_one_place()) {
    draw_class_tags(context, map, kept.summary.centers, {}, [](std::int32_t) { return true; });
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(top_left(area), bottom_right(area), true);
  const session::Value chosen = shown_value(context, session::find_setting("view.sample"));
  if (const auto* sample = std::get_if<std::int64_t>(&chosen)) {
    draw_tsne_ring(context, map, kept, *sample, context.theme.colors.text);
  }
  const std::int64_t point = hovered_point(context, map);
  draw_tsne_ring(context, map, kept, point, context.theme.colors.accent);
  if (point >= 0) draw_tsne_inspector(context, map, point);
  list.PopClipRect();
}

float tsne_legend_height(const PanelContext& context) {
  const bool range =
      context.state<TsneState>().color == TsneColor::kReliability || colours_by_factor(context);
  return range ? context.theme.metrics.px(18) : 0;
}

void draw_tsne_legend(PanelContext& context, const Rect& area) {
  if (tsne_legend_height(context) <= 0) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const TsneState& state = context.state<TsneState>();
  std::string low = context.texts.get("tsne.kept_none"), high = context.texts.get("tsne.kept_all");
  if (colours_by_factor(context)) {
    const session::FactorInfo& factor =
        context.store.data.factors[static_cast<std::size_t>(state.factor)];
    low = significant(static_cast<double>(factor.low), 3);
    high = significant(static_cast<double>(factor.high), 3);
  }
  register_widget(context, "tsne:legend", area);
  Rect line = area;
  const ImU32 ink = theme.color(theme.colors.muted);
  const auto word = [&](const std::string& text) {
    draw_text(context, line.cut_left(text_width(context, text, {m.small})), text, ink, {m.small});
    line.cut_left(m.px(6));
  };
  word(low);
  const float bar_width =
      std::min(m.px(160), line.w - text_width(context, high, {m.small}) - m.px(8));
  Rect bar = line.cut_left(std::max(0.0f, bar_width)).inset(0, (area.h - m.px(9)) / 2);
  line.cut_left(m.px(6));
  word(high);
  constexpr int kPieces = 24;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (int i = 0; i < kPieces; ++i) {
    const float from = static_cast<float>(i) / kPieces, to = static_cast<float>(i + 1) / kPieces;
    const ImU32 a = packed(ramp_color(from)), b = packed(ramp_color(to));
    list.AddRectFilledMultiColor({bar.x + bar.w * from, bar.y}, {bar.x + bar.w * to, bar.bottom()},
                                 a, b, b, a);
  }
}

}  // namespace hourglass::ui
