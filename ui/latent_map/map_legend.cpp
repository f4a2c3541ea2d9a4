#include "ui/latent_map/map_legend.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/latent_map/map_points.h"

namespace hourglass::ui {
namespace {

float entry_height(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return m.touch ? m.control : m.px(22);
}

// The width of each class's entry in lines of `width`, and how many lines there are.
int measure_entries(const PanelContext& context, const MapSummary& summary, float width,
                    std::vector<float>& widths) {
  const Metrics& m = context.theme.metrics;
  const float least = m.touch ? m.control : m.px(30);
  int lines = summary.centers.empty() ? 0 : 1;
  float x = 0;
  for (const auto& center : summary.centers) {
    const float natural =
        m.px(24) + text_width(context, class_name(context, center.label), {m.small});
    // Two names abreast at least; a long one is cut short, and its help has all of it.
    const float entry = std::min(std::max(natural, least), std::max(width / 2, least));
    if (x > 0 && x + entry > width + 0.5f) {
      ++lines;
      x = 0;
    }
    x += entry;
    widths.push_back(entry);
  }
  return lines;
}

bool hidden(const MapState& state, std::int32_t label) {
  return label >= 0 && static_cast<std::size_t>(label) < state.hidden.size() &&
         state.hidden[static_cast<std::size_t>(label)];
}

std::size_t shown_classes(const MapState& state, const MapSummary& summary) {
  return static_cast<std::size_t>(
      std::count_if(summary.centers.begin(), summary.centers.end(),
                    [&](const auto& center) { return !hidden(state, center.label); }));
}

void toggle(MapState& state, const MapSummary& summary, std::int32_t label) {
  const auto at = static_cast<std::size_t>(label);
  if (state.hidden.size() <= at) state.hidden.resize(at + 1);
  state.hidden[at] = !state.hidden[at];
  // A map of nothing helps nobody.
  if (shown_classes(state, summary) == 0) state.hidden.clear();
}

void show_only(MapState& state, const MapSummary& summary, std::int32_t label) {
  const bool alone = shown_classes(state, summary) == 1 && !hidden(state, label);
  state.hidden.clear();
  if (alone) return;
  for (const auto& center : summary.centers) {
    if (center.label < 0) continue;
    const auto at = static_cast<std::size_t>(center.label);
    if (state.hidden.size() <= at) state.hidden.resize(at + 1);
    state.hidden[at] = center.label != label;
  }
}

void draw_class(PanelContext& context, const Rect& area, const MapSummary& summary,
                std::int32_t label) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  MapState& state = context.state<MapState>();
  const std::string name = class_name(context, label);
  const bool off = hidden(state, label);
  bool hovered = false;
  if (label >= 0) {
    const std::string id = "legend:" + std::to_string(label);
    ImGui::SetCursorScreenPos(top_left(area));
    const bool pressed =
        ImGui::InvisibleButton(id.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav);
    register_item(context, id);
    if (context.mirror) {
      mirror_item(context, {.role = MirrorRole::kSwitch,
                            .name = context.texts.format("mirror.class", {name}),
                            .on = !off});
    }
    hovered = ImGui::IsItemHovered();
    const ImGuiIO& io = ImGui::GetIO();
    if (pressed && io.MouseClickedLastCount[0] >= 2 && ImGui::IsMouseReleased(0)) {
      show_only(state, summary, label);
    } else if (pressed) {
      toggle(state, summary, label);
    } else if (ImGui::IsItemActive() && ImGui::IsMouseDown(0)) {
      if (io.MouseDownDuration[0] > kLongPress) {
        show_only(state, summary, label);
        ImGui::ClearActiveID();  // letting go does nothing more
      } else {
        context.animating = true;  // the time runs only while frames are drawn
      }
    }
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (hovered) {
    list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.field),
                       m.px(5));
  }
  const ImVec2 dot{area.x + m.px(9), area.y + area.h / 2};
  const ImU32 color = theme.color(class_color(theme.colors, label));
  if (off) {
    list.AddCircle(dot, m.px(4), theme.color(theme.colors.muted), 16, m.px(1.2f));
  } else {
    list.AddCircleFilled(dot, m.px(4.5f), color);
  }
  const Rect words{area.x + m.px(18), area.y, area.w - m.px(19), area.h};
  const Rgb ink = off ? theme.colors.muted : theme.colors.text;
  const float width = draw_text(context, words, name, theme.color(ink), {m.small});
  if (off) {
    const float y = std::floor(area.y + area.h / 2) + 0.5f;
    list.AddLine({words.x, y}, {words.x + std::min(width, words.w), y}, theme.color(ink), 1);
  }
  if (label >= 0) draw_help(context, name, context.texts.get("latent.legend.help"));
}

void draw_classes(PanelContext& context, const Rect& area, const MapSummary& summary) {
  std::vector<float> widths;
  const int lines = measure_entries(context, summary, area.w, widths);
  if (lines == 0) return;
  const float height = std::min(entry_height(context), area.h / static_cast<float>(lines));
  Rect line{area.x, area.y, area.w, height};
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (line.x > area.x && widths[i] > line.w + 0.5f) {
      line = {area.x, line.y + height, area.w, height};
    }
    draw_class(context, line.cut_left(widths[i]), summary, summary.centers[i].label);
  }
}

float handle_width(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return m.touch ? m.control : m.px(18);
}

// What is done to a handle without the canvas.
void mirror_slider(Mirror& mirror, float least, float most, float& share) {
  constexpr float kStep = 0.02f;
  const double before = static_cast<double>(share);
  double position = before;
  const int steps = mirror.slide(position);
  if (steps == 0 && position == before) return;
  share = std::clamp(static_cast<float>(position) + kStep * static_cast<float>(steps), least, most);
}

// A handle of the factor's range; moves `share` within [least, most].
void draw_handle(PanelContext& context, const Rect& bar, std::string_view end, float least,
                 float most, float& share) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string id = "legend:factor:" + std::string(end);
  const float height = m.touch ? m.control : bar.h + m.px(10);
  const float width = handle_width(context);
  const float x = bar.x + bar.w * share;
  // Each reaches outwards, so that both can be taken even where they meet.
  const bool low = end == "low";
  const Rect area{low ? x - width * 0.75f : x - width * 0.25f, bar.y + (bar.h - height) / 2, width,
                  height};
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::InvisibleButton(id.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav);
  register_item(context, id);
  if (context.mirror) mirror_slider(*context.mirror, least, most, share);
  const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
  if (active && ImGui::IsMouseDragging(0, 0)) {
    share = std::clamp((ImGui::GetIO().MousePos.x - bar.x) / bar.w, least, most);
  }
  if (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible) {
    const ImGuiID owner = ImGui::GetItemID();
    for (const auto& [key, step] :
         {std::pair{ImGuiKey_LeftArrow, -0.02f}, std::pair{ImGuiKey_RightArrow, 0.02f}}) {
      ImGui::SetKeyOwner(key, owner);
      if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, owner)) {
        share = std::clamp(share + step, least, most);
      }
    }
  }
  const float at = bar.x + bar.w * share;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect grip{at - m.px(3.5f), bar.y - m.px(3), m.px(7), bar.h + m.px(6)};
  list.AddRectFilled(top_left(grip), bottom_right(grip), theme.color(theme.colors.card), m.px(3));
  list.AddRect(top_left(grip), bottom_right(grip),
               theme.color(hovered || active ? theme.colors.accent : theme.colors.muted), m.px(3),
               0, m.px(1.6f));
  draw_help(context, context.texts.get("latent.range"), context.texts.get("latent.range.help"));
}

void draw_factor(PanelContext& context, Rect area, int factor) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  MapState& state = context.state<MapState>();
  const session::FactorInfo& info = context.store.data.factors[static_cast<std::size_t>(factor)];
  register_widget(context, "legend:factor", area);
  take_gestures(context, area, kDrag);
  Rect inside = area.inset(std::max(m.px(8), handle_width(context) * 0.75f), 0);
  Rect words = inside.cut_bottom(m.px(17));
  const Rect bar{inside.x, inside.bottom() - m.px(15), inside.w, m.px(10)};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  constexpr int kPieces = 24;
  for (int i = 0; i < kPieces; ++i) {
    const float from = static_cast<float>(i) / kPieces, to = static_cast<float>(i + 1) / kPieces;
    const bool on = (from + to) / 2 >= state.factor_low && (from + to) / 2 <= state.factor_high;
    const ImU32 a = packed(ramp_color(from), on ? 1 : 0.2f);
    const ImU32 b = packed(ramp_color(to), on ? 1 : 0.2f);
    list.AddRectFilledMultiColor({bar.x + bar.w * from, bar.y}, {bar.x + bar.w * to, bar.bottom()},
                                 a, b, b, a);
  }
  const float least = 0.02f;
  draw_handle(context, bar, "low", 0, state.factor_high - least, state.factor_low);
  draw_handle(context, bar, "high", state.factor_low + least, 1, state.factor_high);

  const auto value = [&](float share) {
    return significant(static_cast<double>(info.low + share * (info.high - info.low)), 3);
  };
  const std::string unit_key = "latent.unit." + info.unit;
  const bool named = context.texts.has(Language::kEnglish, unit_key);
  const std::string unit = named ? context.texts.get(unit_key) : info.unit;
  const ImU32 muted = theme.color(theme.colors.muted);
  std::string high = value(state.factor_high);
  if (!unit.empty()) high += " " + unit;
  draw_text(context, words, value(state.factor_low), muted, {m.small});
  draw_text(context, words, high, muted, {m.small, false, Align::kRight});
}

}  // namespace

std::string factor_name(const PanelContext& context, const session::FactorInfo& factor) {
  const std::string key = "latent.factor." + factor.name;
  return context.texts.has(Language::kEnglish, key) ? context.texts.get(key) : factor.name;
}

float map_legend_height(const PanelContext& context, const MapSummary& summary, float width) {
  const Metrics& m = context.theme.metrics;
  if (colouring_factor(context.store, context.state<MapState>()) >= 0) {
    return std::max(m.px(36), m.touch ? m.control + m.px(8) : 0);
  }
  std::vector<float> widths;
  const int lines = measure_entries(context, summary, width, widths);
  return static_cast<float>(lines) * entry_height(context);
}

void draw_map_legend(PanelContext& context, const Rect& area, const MapSummary& summary) {
  if (area.empty()) return;
  register_widget(context, "legend:latent", area);
  const int factor = colouring_factor(context.store, context.state<MapState>());
  if (factor >= 0) {
    draw_factor(context, area, factor);
  } else {
    draw_classes(context, area, summary);
  }
}

void draw_map_color(PanelContext& context, const Rect& area) {
  const session::DataReady& data = context.store.data;
  MapState& state = context.state<MapState>();
  const int factor = colouring_factor(context.store, state);
  std::vector<Choice> items;
  items.push_back(
      {"class",
       context.texts.get(data.map_labels.empty() ? "latent.color.none" : "latent.color.class"),
       ""});
  for (const session::FactorInfo& info : data.factors) {
    items.push_back({info.name, factor_name(context, info), ""});
  }
  const int chosen = draw_choice(context, area, "map:color", factor + 1, items);
  draw_help(context, context.texts.get("latent.color"), context.texts.get("latent.color.help"));
  if (chosen < 0 || chosen == factor + 1) return;
  state.factor = chosen - 1;
  state.factor_low = 0;
  state.factor_high = 1;
}

}  // namespace hourglass::ui
