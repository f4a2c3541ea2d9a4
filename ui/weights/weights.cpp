#include "ui/weights/weights.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/code/code_state.h"
#include "ui/images/image_cell.h"
#include "ui/images/tile_atlas.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/settings/setting_widget.h"
#include "ui/weights/histograms.h"

namespace hourglass::ui {
namespace {

// The newest tiles, in the palette's colours.
TileAtlas& weight_tiles(const PanelContext& context) {
  TileAtlas& tiles = context.state<TileAtlas>();
  const Store& store = context.store;
  tiles.update(store.revisions.tiles, store.snapshot, context.theme.colors);
  return tiles;
}

void draw_kinds(PanelContext& context, Rect area) {
  const Texts& texts = context.texts;
  static constexpr std::array kKinds = {"inputs", "outputs"};
  std::array<std::string, 2> labels;
  float wanted = 0;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    labels[i] = texts.get("weights." + std::string(kKinds[i]));
    wanted = std::max(wanted, button_width(context, {.label = labels[i]}));
  }
  if (2 * wanted > area.w) {
    wanted = area.w / 2;
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
      labels[i] = texts.get("weights." + std::string(kKinds[i]) + ".short");
    }
  }
  const Theme& theme = context.theme;
  ImGui::GetWindowDrawList()->AddRectFilled({area.x, area.y}, {area.x + 2 * wanted, area.bottom()},
                                            theme.color(theme.colors.field), theme.metrics.radius);
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    const std::string id = "weights:" + std::string(kKinds[i]);
    const std::string key = "weights." + std::string(kKinds[i]);
    const bool on = context.state<WeightsState>().kind == kKinds[i];
    if (draw_button(context, area.cut_left(wanted),
                    {.id = id,
                     .label = labels[i],
                     .kind = on ? ButtonKind::kPlain : ButtonKind::kBare,
                     .help_title = texts.get(key),
                     .help = texts.get(key + ".help"),
                     .on = on})) {
      context.state<WeightsState>().kind = kKinds[i];
    }
  }
}

constexpr float kScaleWidth = 96;  // in points

// From the most negative to the most positive weight.
void draw_scale(PanelContext& context, const Rect& area, const TileAtlas& atlas) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float all = m.px(8) + m.px(3) + m.small;
  Rect bar{area.x, area.y + (area.h - all) / 2, area.w, m.px(8)};
  const Rect labels{area.x, bar.bottom() + m.px(3), area.w, m.small};
  const float middle = bar.x + bar.w / 2;
  const Rgb low = atlas.colored() ? 0x000000 : c.negative,
            high = atlas.colored() ? 0xFFFFFF : c.positive;
  const ImU32 zero = theme.color(atlas.colored() ? 0x808080 : c.tile);
  list.AddRectFilledMultiColor({bar.x, bar.y}, {middle, bar.bottom()}, theme.color(low), zero, zero,
                               theme.color(low));
  list.AddRectFilledMultiColor({middle, bar.y}, {bar.right(), bar.bottom()}, zero,
                               theme.color(high), theme.color(high), zero);
  list.AddRect(top_left(bar), bottom_right(bar), theme.color(c.card_edge));
  const ImU32 muted = theme.color(c.muted);
  draw_text(context, labels, "−", muted, {m.small, false, Align::kLeft});
  draw_text(context, labels, "0", muted, {m.small, false, Align::kCenter});
  draw_text(context, labels, "+", muted, {m.small, false, Align::kRight});
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::Dummy({area.w, area.h});
  register_item(context, "weights:scale");
  draw_help(
      context, context.texts.get("weights.scale"),
      context.texts.get(atlas.colored() ? "weights.scale.colour.help" : "weights.scale.help"));
}

// What is known of a unit's activity. The engine tells it for code units; units of a first layer
// that is also the code are the same ones.
struct UnitFacts {
  bool known = false;
  float low = 0, high = 0, mean = 0;
  bool dead = false;
};

std::size_t first_weights(const session::NetworkInfo& network) {
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (network.layers[i].parameters > 0) return i;
  }
  return network.layers.size();
}

UnitFacts facts_of(const PanelContext& context, const TileAtlas& atlas, int unit) {
  const session::NetworkInfo& network = context.store.network;
  const auto& ranges = context.store.snapshot.code_ranges;
  const bool of_code = context.state<WeightsState>().kind == "outputs" ||
                       static_cast<std::int64_t>(first_weights(network)) == network.code_layer;
  UnitFacts facts;
  facts.dead = atlas.blank(unit);
  const auto at = 3 * static_cast<std::size_t>(unit);
  if (!of_code || !ranges || at + 2 >= ranges->size()) return facts;
  facts.known = true;
  facts.low = (*ranges)[at];
  facts.high = (*ranges)[at + 1];
  facts.mean = (*ranges)[at + 2];
  facts.dead = facts.dead || facts.low == facts.high;
  return facts;
}

void draw_tile(const PanelContext& context, TileAtlas& atlas, int index, const Rect& place,
               float opacity) {
  Rect cell = place;
  // A tile keeps its form, unless that is a strip which would be too thin to see.
  const float aspect = atlas.aspect();
  if (aspect > 1 && aspect <= 4) {
    cell = {place.x, place.y + place.h * (1 - 1 / aspect) / 2, place.w, place.h / aspect};
  } else if (aspect < 1 && aspect >= 0.25f) {
    cell = {place.x + place.w * (1 - aspect) / 2, place.y, place.w * aspect, place.h};
  }
  ImVec2 from, to;
  atlas.corners(index, from, to);
  ImGui::GetWindowDrawList()->AddImageRounded(atlas.ref(), top_left(cell), bottom_right(cell), from,
                                              to, packed(0xFFFFFF, opacity),
                                              context.theme.metrics.px(3));
}

// The tile under the pointer, large, with what is known of its unit.
void draw_unit(PanelContext& context, TileAtlas& atlas, int unit) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const UnitFacts facts = facts_of(context, atlas, unit);
  const bool outputs = context.state<WeightsState>().kind == "outputs";
  std::string lines;
  if (facts.known) {
    lines = texts.format("weights.range", {significant(facts.low, 3), significant(facts.high, 3)}) +
            "\n" + texts.format("weights.mean", {significant(facts.mean, 3)});
  }
  if (facts.dead) lines += (lines.empty() ? "" : "\n") + texts.get("weights.dead_unit");
  if (outputs) lines += (lines.empty() ? "" : "\n") + texts.get("weights.open");
  const float side = m.px(168);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(m.px(12), m.px(10)));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, m.radius);
  if (ImGui::BeginTooltip()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_text(context, {at.x, at.y, side, m.label}, texts.format("weights.unit", {grouped(unit)}),
              theme.color(theme.colors.text), {m.small, true});
    const Rect picture{at.x, at.y + m.label + m.px(2), side, side};
    draw_tile(context, atlas, unit, picture, 1);
    const float height =
        lines.empty() ? 0
                      : m.px(6) + draw_paragraph(context, at.x, picture.bottom() + m.px(6), side,
                                                 lines, theme.color(theme.colors.text), m.small);
    ImGui::Dummy({side, picture.bottom() + height - at.y});
    register_widget(context, "weights:unit", picture);
    // A window takes the size of what is in it a frame later.
    const float wanted = picture.bottom() + height - at.y + 2 * m.px(10);
    if (ImGui::IsWindowAppearing() || std::fabs(ImGui::GetWindowSize().y - wanted) > 2) {
      context.animating = true;
    }
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar(2);
}

// Returns the tile under the pointer, or -1.
int draw_tile_grid(PanelContext& context, TileAtlas& atlas, const Rect& area, const TileGrid& grid,
                   float spacing) {
  const Theme& theme = context.theme;
  const bool outputs = context.state<WeightsState>().kind == "outputs";
  ImDrawList& list = *ImGui::GetWindowDrawList();
  int under = -1;
  for (int i = 0; i < atlas.count(); ++i) {
    const Rect cell{area.x + static_cast<float>(i % grid.columns) * (grid.cell + spacing),
                    area.y + static_cast<float>(i / grid.columns) * (grid.cell + spacing),
                    grid.cell, grid.cell};
    ImGui::SetCursorScreenPos(top_left(cell));
    const std::string id = "tile:" + std::to_string(i);
    bool pressed = false;
    if (outputs) {
      pressed = ImGui::InvisibleButton(id.c_str(), {cell.w, cell.h}, ImGuiButtonFlags_EnableNav);
    } else {
      ImGui::Dummy({cell.w, cell.h});
    }
    if (!ImGui::IsItemVisible()) continue;
    register_item(context, id);
    const bool hovered = ImGui::IsItemHovered();
    draw_tile(context, atlas, i, cell, facts_of(context, atlas, i).dead ? 0.3f : 1);
    if (hovered) {
      under = i;
      list.AddRect(top_left(cell), bottom_right(cell), theme.color(theme.colors.accent),
                   theme.metrics.px(3), 0, theme.metrics.px(2));
    }
    if (pressed) {
      context.view.tab = "code";
      context.state<CodeState>().first_unit = context.state<CodeState>().unit = i;
    }
  }
  return under;
}

void draw_tiles(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  register_widget(context, "weights:tiles", area);
  TileAtlas& atlas = weight_tiles(context);
  const auto say = [&](std::string_view key) {
    const std::string& text = context.texts.get(key);
    const float width = std::min(area.w, m.px(360));
    const float height = draw_paragraph(context, 0, 0, width, text, 0, m.text, false);
    draw_paragraph(context, area.x + (area.w - std::min(width, text_width(context, text))) / 2,
                   area.y + std::max(0.0f, (area.h - height) / 2), width, text,
                   theme.color(theme.colors.muted), m.text);
  };
  if (!context.store.snapshot.tiles) return say("weights.empty");
  if (atlas.count() < 1) return say("weights.none");

  const float spacing = m.px(m.touch ? 6 : 4);
  const float least = m.touch ? std::max(40.0f, m.px(36)) : m.px(34);
  const TileGrid grid = arrange_tiles(atlas.count(), area.w, area.h, least, m.px(150), spacing,
                                      ImGui::GetStyle().ScrollbarSize + m.px(2));
  if (grid.columns < 1) return;
  int under = -1;
  if (grid.scrolls) {
    ImGui::SetCursorScreenPos(top_left(area));
    if (ImGui::BeginChild("tiles", {area.w, area.h}, ImGuiChildFlags_NavFlattened,
                          ImGuiWindowFlags_NoBackground)) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      under = draw_tile_grid(context, atlas, {at.x, at.y, area.w, grid.height}, grid, spacing);
      ImGui::SetCursorScreenPos({at.x, at.y + grid.height - 1});
      ImGui::Dummy({1, 1});
    }
    ImGui::EndChild();
  } else {
    under = draw_tile_grid(context, atlas, area, grid, spacing);
  }
  if (under >= 0) draw_unit(context, atlas, under);
}

}  // namespace

void request_tiles(PanelContext& context) {
  WeightsState& state = context.state<WeightsState>();
  // Where they can be saved they are made, too.
  const ViewState& view = context.view;
  const bool is_open =
      view.workspace == Workspace::kTraining ? view.tab == "weights" : view.application == "save";
  const bool shown = is_open && !shows_documents(context);
  const std::string wanted = shown ? state.kind : "none";
  const std::string present = text_setting(context.store, "view.tiles", "");
  if (present.empty()) return;  // the engine has not spoken yet
  if (present == wanted) {
    state.asked.clear();
  } else if (state.asked != wanted) {
    // Once: an engine that refuses is not asked again.
    state.asked = wanted;
    change_setting(context, session::find_setting("view.tiles"), wanted);
  }
}

void draw_weights(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  Rect inside = context.area;
  if (inside.w < m.px(60) || inside.h < m.px(60)) return;

  const session::NetworkInfo& network = context.store.network;
  const auto& all = context.store.snapshot.layer_stats;
  const std::size_t row = static_cast<std::size_t>(session::kLayerStats + session::kActivationBins);
  const std::size_t layers =
      all && all->size() == network.layers.size() * row ? network.layers.size() : 0;
  const bool low = inside.h < m.px(270) && inside.w >= m.px(400);
  Rect side;
  if (layers > 0 && low) {
    side = inside.cut_right(m.px(156));
    inside.cut_right(m.gutter);
  }

  Rect line = inside.cut_top(m.control);
  inside.cut_top(m.gap);
  TileAtlas& atlas = weight_tiles(context);
  const auto fits = [&](float width, const char* ending) {
    float widest = 0;
    for (const char* kind : {"weights.inputs", "weights.outputs"}) {
      const std::string& label = context.texts.get(std::string(kind) + ending);
      widest = std::max(widest, button_width(context, {.label = label}));
    }
    return 2 * widest <= width;
  };
  const float beside = line.w - m.gutter - m.px(kScaleWidth);
  if (fits(line.w, "") && !fits(beside, "") && inside.h >= m.px(280)) {
    // Full names are worth a line of their own to the scale.
    Rect second = inside.cut_top(m.px(26));
    inside.cut_top(m.px(4));
    draw_scale(context, second.cut_left(m.px(kScaleWidth)), atlas);
  } else if (fits(beside, ".short")) {
    draw_scale(context, line.cut_right(m.px(kScaleWidth)), atlas);
    line.cut_right(m.gutter);
  }
  draw_kinds(context, line);

  if (layers > 0 && low) {
    draw_chosen_histogram(context, side, layers, context.state<WeightsState>().layer);
  } else if (layers > 0) {
    const int lines = histogram_lines(context, inside, layers);
    const float height = lines > 0
                             ? static_cast<float>(lines) * (histogram_height(m) + m.gap) - m.gap
                             : m.control + m.px(6) + m.px(78);
    const Rect below = inside.cut_bottom(std::min(height, inside.h * 0.6f));
    inside.cut_bottom(m.gap * 1.5f);
    if (lines > 0) {
      draw_histograms(context, below, layers, lines);
    } else {
      draw_chosen_histogram(context, below, layers, context.state<WeightsState>().layer);
    }
  }
  draw_tiles(context, inside);
}

}  // namespace hourglass::ui
