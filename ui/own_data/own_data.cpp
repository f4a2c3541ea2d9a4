// A person's own data: where to drop them, what was understood of them, and a control for each
// guess, before anything is trained on them.
#include <imgui.h>

#include <algorithm>
#include <string>
#include <utility>

#include "ui/kit/controls.h"
#include "ui/kit/scroll_area.h"
#include "ui/own_data/own_data_parts.h"
#include "ui/own_data/own_data_words.h"

namespace hourglass::ui {
namespace {

// The dialogues that a page can open, and the pad; in as many lines as they need.
float draw_import_choosers(PanelContext& context, Rect area, bool draw) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const Button files{
      .id = "own:choose", .label = texts.get("own_data.choose"), .kind = ButtonKind::kPrimary};
  const Button folder{.id = "own:folder", .label = texts.get("own_data.folder")};
  const Button pad{.id = "own:draw",
                   .label = texts.get("own_data.draw"),
                   .help_title = texts.get("own_data.draw"),
                   .help = texts.get("own_data.draw.help")};
  OwnDataState& state = context.state<OwnDataState>();
  Rect line{area.x, area.y, area.w, m.control};
  const auto add = [&](const Button& button) {
    const float width = std::min(button_width(context, button), area.w);
    if (width > line.w && line.x > area.x) {
      line = {area.x, line.bottom() + m.gap, area.w, m.control};
    }
    const Rect place = line.cut_left(width);
    line.cut_left(m.gap);
    return draw && draw_button(context, place, button);
  };
  if (state.can_choose && add(files)) ask_import(context, "choose");
  if (state.can_choose && add(folder)) ask_import(context, "folder");
  if (add(pad)) state.making = true;
  return line.bottom() - area.y;
}

// A quiet frame around what can be dropped.
void draw_drop_zone(PanelContext& context, const Rect& area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const OwnDataState& state = context.state<OwnDataState>();
  const Rect zone{area.x + std::max(0.0f, (area.w - m.px(560)) / 2), area.y + m.px(6),
                  std::min(area.w, m.px(560)), std::min(area.h - m.px(12), m.px(300))};
  ImGui::GetWindowDrawList()->AddRect(top_left(zone), bottom_right(zone),
                                      theme.color(theme.colors.card_edge), m.radius, 0, m.px(1.5f));
  register_widget(context, "own:zone", zone);
  const Rect inside = zone.inset(m.px(20), m.px(16));
  const auto paragraph = [&](float y, std::string_view words, Rgb color, float size, bool draw) {
    return draw_paragraph(context, inside.x, y, inside.w, words, theme.color(color), size, draw);
  };
  const std::string& kinds = texts.get("own_data.kinds");
  const std::string& local = texts.get("own_data.local");
  const std::string title =
      state.working ? texts.get("own_data.reading") : texts.get("own_data.drop");
  const bool failed = !state.error.empty();
  const auto lines = [&](float y, bool draw) {
    const float begin = y;
    const Rect line{inside.x, y, inside.w, m.heading + m.px(6)};
    if (draw) draw_text(context, line, title, theme.color(theme.colors.text), {m.heading, true});
    y = line.bottom() + m.gap;
    if (failed)
      y += paragraph(y, refusal_words(texts, state), theme.colors.heat, m.text, draw) + m.gap;
    y += paragraph(y, kinds, theme.colors.muted, m.text, draw) + 2 * m.gap;
    const float choosers = draw_import_choosers(context, {inside.x, y, inside.w, 0}, draw);
    if (choosers > 0) y += choosers + 2 * m.gap;
    y += paragraph(y, local, theme.colors.muted, m.small, draw);
    return y - begin;
  };
  const float height = lines(0, false);
  ScrollArea scroll(context, inside, "own:scroll", height);
  lines(scroll.inside.y + std::max(0.0f, (inside.h - height) / 2), true);
  if (failed) register_widget(context, "own:error", inside);
}

// Samples that are made here are images that need no guess until there are some.
bool has_options(PanelContext& context) {
  const OwnDataState& state = context.state<OwnDataState>();
  return !state.making || !state.found.empty();
}

void draw_import_beside(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4);
  const float column = std::clamp(area.w * 0.34f, m.px(270), m.px(380));
  const Rect side = area.cut_left(column + bar);
  area.cut_left(m.gap);
  const Rect measured{0, 0, column, 0};
  const bool making = context.state<OwnDataState>().making;
  const float pad = making ? draw_import_making(context, measured, false) : 0;
  const float facts = draw_import_facts(context, measured, false) + m.gap;
  const float options = has_options(context) ? draw_import_options(context, measured, false) : 0;
  {
    ScrollArea scroll(context, side, "own:side", pad + facts + options);
    Rect rest{scroll.inside.x, scroll.inside.y, column, pad + facts + options};
    if (making) draw_import_making(context, rest.cut_top(pad), true);
    draw_import_facts(context, rest.cut_top(facts), true);
    if (options > 0) draw_import_options(context, rest, true);
  }
  const float width = area.w - bar;
  const float samples = draw_import_samples(context, {0, 0, width, area.h}, false);
  ScrollArea scroll(context, area, "own:samples", samples);
  draw_import_samples(context, {scroll.inside.x, scroll.inside.y, width, area.h}, true);
}

void draw_import_stacked(PanelContext& context, const Rect& area) {
  const Metrics& m = context.theme.metrics;
  const float width = area.w - ImGui::GetStyle().ScrollbarSize - m.px(4);
  const Rect measured{0, 0, width, area.h};
  const bool making = context.state<OwnDataState>().making;
  const float pad = making ? draw_import_making(context, measured, false) : 0;
  const float facts = draw_import_facts(context, measured, false) + m.gap;
  const float samples = draw_import_samples(context, measured, false) + m.gap;
  const float options = has_options(context) ? draw_import_options(context, measured, false) : 0;
  const float height = pad + facts + samples + options;
  ScrollArea scroll(context, area, "own:side", height);
  Rect rest{scroll.inside.x, scroll.inside.y, width, height};
  if (making) draw_import_making(context, rest.cut_top(pad), true);
  draw_import_facts(context, rest.cut_top(facts), true);
  draw_import_samples(context, {rest.x, rest.y, width, area.h}, true);
  rest.cut_top(samples);
  if (options > 0) draw_import_options(context, rest, true);
}

}  // namespace

void draw_own_data(PanelContext& context) {
  OwnDataState& state = context.state<OwnDataState>();
  if (!std::exchange(state.greeted, true)) {
    context.state<CameraState>().asked = true;
    ask_import(context, "hello");
  }
  const bool to_be_mended = state.has_files && !state.error.empty();
  if (state.found.empty() && !to_be_mended && !state.making) {
    draw_drop_zone(context, context.area);
  } else if (context.area.w >= context.theme.metrics.px(680)) {
    draw_import_beside(context, context.area);
  } else {
    draw_import_stacked(context, context.area);
  }
}

}  // namespace hourglass::ui
