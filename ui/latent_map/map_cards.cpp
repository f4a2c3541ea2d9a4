#include "ui/latent_map/map_cards.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/latent_map/map_overlay.h"
#include "ui/latent_map/map_points.h"
#include "ui/latent_map/map_select.h"
#include "ui/latent_map/map_tools.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

constexpr std::size_t kMaxSelectedShown = 24;

// The largest rectangle of the images' shape in the middle of `cell`.
Rect image_rect(const PanelContext& context, const Rect& cell) {
  const session::DataReady& data = context.store.data;
  if (data.rows < 1 || data.columns < 1 || shows_documents(context)) return cell;
  const float aspect = static_cast<float>(data.columns) / static_cast<float>(data.rows);
  const float h = std::min(cell.h, cell.w / aspect), w = h * aspect;
  return {cell.x + (cell.w - w) / 2, cell.y + (cell.h - h) / 2, w, h};
}

void draw_surface(const PanelContext& context, const Rect& area) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card, 0.95f),
                     theme.metrics.radius);
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge),
               theme.metrics.radius);
}

// A surface that has the pointer in place of the map under it.
void begin_card(PanelContext& context, const Rect& area, const char* id) {
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::SetNextItemAllowOverlap();
  ImGui::InvisibleButton(id, {area.w, area.h});
  draw_surface(context, area);
}

bool close_button(PanelContext& context, const Rect& area, std::string_view id,
                  std::string_view text) {
  return draw_button(context, area,
                     {.id = id,
                      .icon = Icon::kClose,
                      .kind = ButtonKind::kBare,
                      .help_title = context.texts.get(text),
                      .help = context.texts.get(std::string(text) + ".help")});
}

// At the map's lower edge, or at the upper one if what it belongs to is below and has room above.
Rect edge_rect(const MapTransform& map, float height, float lowest, float highest, float margin) {
  const Rect below{map.area.x + margin, map.area.bottom() - margin - height,
                   map.area.w - 2 * margin, height};
  const Rect above{below.x, map.area.y + margin, below.w, height};
  return lowest > below.y && highest > above.bottom() ? above : below;
}

Rect draw_interpolation(PanelContext& context, const MapTransform& map) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  MapState& state = context.state<MapState>();
  const float margin = m.px(4), pad = m.px(6), spacing = m.px(3);
  const float cross = m.touch ? m.control : m.px(24);
  const float room = map.area.w - 2 * margin - 2 * pad - cross;
  const bool documents = shows_documents(context);
  const float most = documents ? m.px(84) : std::clamp(map.area.h * 0.2f, m.px(26), m.px(52));
  const float wanted = m.px(documents ? 76 : 38) + spacing;
  const int count = std::clamp(static_cast<int>(room / wanted), documents ? 3 : 5, 11) | 1;
  const float cell =
      std::min(most, (room - spacing * static_cast<float>(count - 1)) / static_cast<float>(count));
  if (cell < 4) return {};
  const float ends[] = {map.screen_y(state.path_from.y), map.screen_y(state.path_to.y)};
  const float height = std::max(cell, std::min(cross, most)) + 2 * pad;
  const Rect area = edge_rect(map, height, std::max(ends[0], ends[1]) + m.px(8),
                              std::min(ends[0], ends[1]) - m.px(8), margin);

  Mark mark = plane_mark(context.store);
  mark.add(state.path_from.x).add(state.path_from.y).add(state.path_to.x).add(state.path_to.y);
  mark.add(count);
  context.requests.ask(
      context.post, Query::kInterpolation, mark.value(),
      session::DecodeMap{interpolated_places(state.path_from, state.path_to, count)});
  begin_card(context, area, "##interpolation");
  draw_help(context, context.texts.get("latent.strip"), context.texts.get("latent.strip.help"));
  const Rect inside = area.inset(pad, pad);
  const float width = (cell + spacing) * static_cast<float>(count) - spacing;
  const Rect line{inside.x + std::max(0.0f, (inside.w - cross - width) / 2),
                  inside.y + (inside.h - cell) / 2, width, cell};
  register_widget(context, "map:strip", line);
  ImageAtlas& atlas =
      context.state<Pictures>().asked(Query::kInterpolation, context.requests, context.store);
  const auto at = [&](int i) {
    return Rect{line.x + static_cast<float>(i) * (cell + spacing), line.y, cell, cell};
  };
  for (int i = 0; i < count; ++i) draw_paper(context, at(i));
  if (atlas.count() == count) {
    for (int i = 0; i < count; ++i) draw_image(context, atlas, i, image_rect(context, at(i)));
  }
  const Rect end{inside.right() - cross + m.px(2), inside.y + (inside.h - cross) / 2, cross, cross};
  if (close_button(context, end, "map:strip_close", "latent.strip_close")) state.path_drawn = false;
  return area;
}

// Squares side by side, in lines.
struct SquareGrid {
  int across;
  float cell, spacing;
};

// The images of the samples that were asked for by `tag`; a click on one puts it into the network.
void draw_selected(PanelContext& context, const Rect& inside,
                   const std::vector<std::uint32_t>& asked, std::uint64_t tag,
                   const SquareGrid& grid) {
  const Theme& theme = context.theme;
  const auto at = [&](int i) {
    return Rect{inside.x + static_cast<float>(i % grid.across) * (grid.cell + grid.spacing),
                inside.y + static_cast<float>(i / grid.across) * (grid.cell + grid.spacing),
                grid.cell, grid.cell};
  };
  register_widget(context, "map:selection", inside);
  const auto count = static_cast<int>(asked.size());
  ImageAtlas& atlas =
      context.state<Pictures>().asked(Query::kSelection, context.requests, context.store);
  const bool there = context.requests.answer(Query::kSelection).tag == tag;
  for (int i = 0; i < count; ++i) draw_paper(context, at(i));
  for (int i = 0; there && i < count; ++i) {
    draw_image(context, atlas, i, image_rect(context, at(i)));
  }
  for (int i = 0; i < count; ++i) {
    const Rect image = at(i);
    const std::uint32_t index = asked[static_cast<std::size_t>(i)];
    ImGui::SetCursorScreenPos(top_left(image));
    const std::string id = "map:selection:" + std::to_string(i);
    const bool pressed =
        ImGui::InvisibleButton(id.c_str(), {image.w, image.h}, ImGuiButtonFlags_EnableNav);
    register_item(context, id);
    if (pressed) {
      change_setting(context, session::find_setting("view.sample"),
                     static_cast<std::int64_t>(index));
    }
    if (ImGui::IsItemHovered()) {
      ImGui::GetWindowDrawList()->AddRect(top_left(image), bottom_right(image),
                                          theme.color(theme.colors.accent), theme.metrics.px(3), 0,
                                          theme.metrics.px(1.6f));
    }
    draw_help(context, context.texts.format("reconstructions.sample", {grouped(index)}),
              context.texts.get("latent.selection.help"));
  }
}

Rect draw_selection(PanelContext& context, const MapTransform& map) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  MapState& state = context.state<MapState>();
  const float margin = m.px(4), pad = m.px(6), spacing = m.px(3);
  const float head = m.touch ? m.control : m.px(22);
  const float wanted = m.touch ? m.control : m.px(32);
  const float room = map.area.w - 2 * margin - 2 * pad;
  const int across = std::max(1, static_cast<int>((room + spacing) / (wanted + spacing)));
  const auto shown = static_cast<int>(std::min(state.selected.size(), kMaxSelectedShown));
  const float low = map.area.h - head - 3 * pad;
  const int lines = std::clamp((shown + across - 1) / across, 1,
                               std::max(1, static_cast<int>(low * 0.45f / (wanted + spacing))));
  const int count = std::min(shown, lines * across);
  const float cell = std::min(wanted, low);
  if (cell < 8) return {};
  const float height = head + static_cast<float>(lines) * (cell + spacing) - spacing + 2 * pad;
  double sum = 0;
  std::size_t finite = 0;
  const session::Floats& points = *context.store.snapshot.map_points;
  for (const std::uint32_t i : state.selected) {
    if (2 * static_cast<std::size_t>(i) + 1 >= points.size()) continue;
    if (!std::isfinite(points[2 * i + 1])) continue;
    sum += static_cast<double>(points[2 * i + 1]);
    ++finite;
  }
  // By the middle of what is selected: its outline would make the card jump at every stray point.
  const float middle = finite > 0 ? map.screen_y(sum / static_cast<double>(finite)) : map.area.y;
  const Rect area = edge_rect(map, height, middle, middle, margin);

  const std::vector<std::uint32_t> asked(state.selected.begin(), state.selected.begin() + count);
  const std::uint64_t tag =
      Mark().add(context.store.revisions.data).add(std::span<const std::uint32_t>(asked)).value();
  context.requests.ask(context.post, Query::kSelection, tag, session::GetImages{asked});
  begin_card(context, area, "##selection");
  Rect inside = area.inset(pad, pad);
  Rect title = inside.cut_top(head);
  const Rect cross = title.cut_right(head);
  if (close_button(context, cross, "map:selection_clear", "latent.selection_clear")) {
    clear_selection(state);
    return area;
  }
  std::string words = context.texts.format(
      "latent.selected", {grouped(static_cast<std::int64_t>(state.selected.size()))});
  if (static_cast<std::size_t>(count) < state.selected.size()) {
    words += context.texts.format("latent.selected_first", {std::to_string(count)});
  }
  draw_text(context, title, words, theme.color(theme.colors.text), {m.small});

  draw_selected(context, inside, asked, tag, {across, cell, spacing});
  return area;
}

// Captions of the two pictures of the inspector.
std::string nearest_caption(const PanelContext& context, std::int64_t nearest) {
  const auto& labels = context.store.data.map_labels;
  const auto at = static_cast<std::size_t>(nearest);
  if (nearest < 0 || at >= labels.size() || labels[at] < 0) {
    return context.texts.get("latent.nearest");
  }
  return context.texts.format("latent.nearest_class", {class_name(context, labels[at])});
}

// The first words of the nearest document.
std::string nearest_title(const PanelContext& context, std::int64_t nearest) {
  const auto& titles = context.store.data.map_texts;
  const auto at = static_cast<std::size_t>(nearest);
  return nearest >= 0 && at < titles.size() ? titles[at] : std::string();
}

void draw_inspector(PanelContext& context, const MapTransform& map, const Rect& card) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  MapState& state = context.state<MapState>();
  const Store& store = context.store;
  const session::Floats& points = *store.snapshot.map_points;

  const auto x = static_cast<float>(state.hover.x), y = static_cast<float>(state.hover.y);
  context.requests.ask(context.post, Query::kHover, plane_mark(context.store).add(x).add(y).value(),
                       session::DecodeMap{{x, y}});
  const std::int64_t nearest =
      nearest_point(points, state.hover.x, state.hover.y, 1e30,
                    [&](std::size_t i) { return point_shown(store, state, i); });
  if (nearest >= 0) {
    context.requests.ask(context.post, Query::kNearest,
                         Mark().add(store.revisions.data).add(nearest).value(),
                         session::GetImages{{static_cast<std::uint32_t>(nearest)}});
  }

  const float pad = m.px(6), margin = m.px(4), caption = m.px(18);
  // Words need more room than pictures.
  const bool documents = shows_documents(context);
  const float side = documents ? std::clamp(map.area.h * 0.3f, m.px(60), m.px(112))
                               : std::clamp(map.area.h * 0.2f, m.px(48), m.px(80));
  const ImVec2 at{map.screen_x(state.hover.x), map.screen_y(state.hover.y)};
  const float words = std::max(text_width(context, context.texts.get("latent.decoded"), {m.small}),
                               text_width(context, nearest_caption(context, nearest), {m.small}));
  const float column = std::max(side, std::min(words, side * 1.35f));
  const float w = std::min(2 * column + 3 * pad, map.area.w - 2 * margin);
  const std::string title = nearest_title(context, nearest);
  const float lines =
      title.empty() ? 0 : draw_paragraph(context, 0, 0, w - 2 * pad, title, 0, m.small, false);
  const float h = side + caption + lines + 2 * pad;
  const bool card_above = !card.empty() && card.y < map.area.y + map.area.h / 2;
  const float top = card_above ? std::max(card.bottom() + margin, map.area.bottom() - margin - h)
                               : map.area.y + margin;
  const auto corner = [&](bool left) {
    return Rect{left ? map.area.x + margin : map.area.right() - margin - w, top, w, h};
  };
  // It goes to the other corner before the pointer gets there.
  const float shy = m.px(m.touch ? 40 : 24);
  if (corner(state.inspector_left).inset(-shy, -shy).contains(at.x, at.y)) {
    state.inspector_left = !state.inspector_left;
  }
  Rect area = corner(state.inspector_left);
  // On a small map the other corner may be under the pointer as well.
  if (area.inset(-m.px(8), -m.px(8)).contains(at.x, at.y)) {
    state.inspector_left = at.x > map.area.x + map.area.w / 2;
    area = corner(state.inspector_left);
    if (area.contains(at.x, at.y)) return;
  }

  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(top_left(map.area), bottom_right(map.area), true);
  list.AddCircle(at, m.px(3.5f), theme.color(theme.colors.text, 0.8f), 16, m.px(1.4f));
  draw_point_ring(context, map, nearest, theme.colors.accent);
  list.PopClipRect();

  draw_surface(context, area);
  Rect inside = area.inset(pad, pad);
  const Rect words_below = inside.cut_bottom(lines);
  draw_paragraph(context, words_below.x, words_below.y, words_below.w, title,
                 theme.color(theme.colors.text), m.small);
  const auto picture = [&](Rect place, std::string_view id, Query what, const std::string& text,
                           bool known) {
    const Rect cell{place.x + (place.w - side) / 2, place.y, side, side};
    ImageAtlas& atlas = context.state<Pictures>().asked(what, context.requests, store);
    draw_paper(context, cell);
    if (known) draw_image(context, atlas, 0, image_rect(context, cell));
    register_widget(context, id, cell);
    draw_text(context, {place.x, cell.bottom() + m.px(3), place.w, caption - m.px(3)}, text,
              theme.color(theme.colors.muted), {m.small, false, Align::kCenter});
  };
  const Rect first = inside.cut_left((inside.w - pad) / 2);
  inside.cut_left(pad);
  picture(first, "map:decoded", Query::kHover, context.texts.get("latent.decoded"), true);
  picture(inside, "map:nearest", Query::kNearest, nearest_caption(context, nearest), nearest >= 0);
}

}  // namespace

void draw_map_cards(PanelContext& context, const MapTransform& map) {
  const MapState& state = context.state<MapState>();
  Rect card;
  if (state.path_drawn) {
    card = draw_interpolation(context, map);
  } else if (!state.selected.empty()) {
    card = draw_selection(context, map);
  }
  if (state.hovering) draw_inspector(context, map, card);
}

}  // namespace hourglass::ui
