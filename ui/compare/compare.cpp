// The present run beside an earlier one, or beside principal components: the same images made
// again, the maps of their codes, and samples.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/compare/compare_jobs.h"
#include "ui/compare/compare_parts.h"
#include "ui/compare/compare_state.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/scroll_area.h"

namespace hourglass::ui {
namespace {

constexpr double kSoonOver = 1.5;  // seconds: a bar for less would only flicker

void draw_opponent_choice(PanelContext& context, const Rect& area, const Opponent& present) {
  const Texts& texts = context.texts;
  const std::vector<Opponent> all = opponents(context);
  std::vector<Choice> items;
  int selected = -1;
  for (const Opponent& each : all) {
    if (each.number == present.number) selected = static_cast<int>(items.size());
    items.push_back({each.value, each.name, each.detail});
  }
  const int chosen = draw_choice(context, area, "compare:with", selected, items);
  draw_help(context, texts.get("compare.with"), texts.get("compare.with.help"));
  if (chosen < 0) return;
  CompareState& state = context.state<CompareState>();
  state.chosen = true;
  state.other = all[static_cast<std::size_t>(chosen)].number;
  context.animating = true;
}

void draw_compare_buttons(PanelContext& context, Rect& line) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  CompareState& state = context.state<CompareState>();
  const Button others{.id = "compare:new",
                      .label = texts.get("generate.new"),
                      .icon = Icon::kDice,
                      .help_title = texts.get("generate.new"),
                      .help = texts.get("compare.new.help")};
  if (draw_button(context, line.cut_left(std::min(line.w, button_width(context, others))),
                  others)) {
    ++state.seed;
  }
  line.cut_left(m.gap);
  const Button follow{.id = "compare:follow",
                      .label = texts.get("generate.follow"),
                      .icon = Icon::kLink,
                      .kind = ButtonKind::kBare,
                      .help_title = texts.get("generate.follow"),
                      .help = texts.get("compare.follow.help"),
                      .on = state.follows};
  if (draw_button(context, line.cut_left(std::min(line.w, button_width(context, follow))),
                  follow)) {
    state.follows = !state.follows;
  }
}

// The bar of the other side's job, where that takes long or did not end well. Returns whether it is
// to begin again.
bool draw_other_bar(PanelContext& context, Rect& inside) {
  const JobView& job = context.jobs.view(kOtherJob);
  const bool brief = ImGui::GetTime() - context.state<CompareState>().other_started < kSoonOver;
  const bool over = job.state == JobView::State::kReady || job.state == JobView::State::kNone;
  if (over || (job.state == JobView::State::kWorking && brief)) return false;
  const Metrics& m = context.theme.metrics;
  const bool again =
      draw_job_bar(context, inside.cut_top(m.control), kOtherJob,
                   context.texts.get("compare.start"), context.texts.get("compare.start.help"));
  inside.cut_top(m.gap);
  return again;
}

bool draw_compare_controls(PanelContext& context, Rect& inside, const Opponent& other) {
  const Metrics& m = context.theme.metrics;
  const bool narrow = inside.w < m.px(720);
  Rect line = inside.cut_top(m.control);
  draw_opponent_choice(context, line.cut_left(narrow ? line.w : m.px(300)), other);
  line.cut_left(m.gap);
  if (narrow) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  }
  draw_compare_buttons(context, line);
  inside.cut_top(m.gap);
  return draw_other_bar(context, inside);
}

// Sentences above the pictures: why there is none, or what makes them unequal.
void draw_compare_note(PanelContext& context, Rect& inside, const Opponent& other) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  std::string note = obstacle(context, other);
  const bool in_the_way = !note.empty();
  const JobFindings& here = context.jobs.view(kPresentJob).result;
  const JobFindings& there = context.jobs.view(kOtherJob).result;
  const double size = here.number("code_size"), against = there.number("code_size", size);
  if (!in_the_way && !here.empty() && size != against) {
    note = context.texts.format(
        "compare.sizes_differ",
        {std::to_string(static_cast<int>(size)), std::to_string(static_cast<int>(against))});
  }
  if (note.empty()) return;
  const float height =
      draw_paragraph(context, inside.x, inside.y, inside.w, note,
                     theme.color(in_the_way ? theme.colors.heat : theme.colors.muted), m.small);
  register_widget(context, "compare:note", {inside.x, inside.y, inside.w, height});
  inside.cut_top(height + m.gap);
}

// What is below the rows of one side: its name, figures, map and samples, or one part of it where
// the two stand below each other.
struct Part {
  bool map = false, samples = false;
};

float map_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  // On a phone it has the whole width; beside another one, the samples below are to be seen, too.
  const float share = width < m.px(400) ? 0.62f : 0.36f;
  return std::clamp(std::floor(width * share), m.px(180), m.px(300));
}

float side_height(PanelContext& context, float width, const ComparedSide& side, Part part) {
  const Metrics& m = context.theme.metrics;
  float height = m.label + m.px(2);
  if (part.map) {
    height += draw_side_figures(context, {0, 0, width, 0}, side, false) + m.px(4) +
              map_height(context, width);
  }
  if (part.map && part.samples) height += m.gutter;
  if (part.samples) {
    height += (part.map ? m.label : 0) + compared_samples_height(context, width);
  }
  return height;
}

std::string samples_title_of(const PanelContext& context, const ComparedSide& side) {
  const JobFindings& found = context.jobs.view(side.job).result;
  const auto source = found.fields.find("source");
  const std::string name =
      source != found.fields.end() && source->is_string() ? source->get<std::string>() : "";
  const bool known = name == "prior" || name == "gaussian" || name == "pca";
  return context.texts.get(known ? "compare.samples." + name : "compare.samples");
}

void draw_side(PanelContext& context, Rect area, const ComparedSide& side, Part part) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_text(context, area.cut_top(m.label + m.px(2)),
            part.map ? side.name : side.name + " · " + samples_title_of(context, side),
            theme.color(theme.colors.text), {part.map ? m.text : m.small, true});
  if (part.map) {
    area.cut_top(draw_side_figures(context, area, side, true) + m.px(4));
    draw_compared_map(context, area.cut_top(map_height(context, area.w)), side);
  }
  if (!part.samples) return;
  if (part.map) {
    area.cut_top(m.gutter);
    draw_caption(context, area.cut_top(m.label), samples_title_of(context, side),
                 context.texts.get("compare.samples.help"));
  }
  draw_compared_samples(context, area, side);
}

// Beside each other, or on a phone part by part below each other. With `draw` false it only
// measures.
float draw_both_sides(PanelContext& context, Rect area, const ComparedSide& present,
                      const ComparedSide& other, bool draw) {
  const Metrics& m = context.theme.metrics;
  if (area.w >= m.px(560)) {
    const float width = std::floor((area.w - m.padding) / 2);
    const float height = std::max(side_height(context, width, present, {true, true}),
                                  side_height(context, width, other, {true, true}));
    if (!draw) return height;
    area.h = height;
    draw_side(context, area.cut_left(width), present, {true, true});
    area.cut_left(m.padding);
    draw_side(context, area, other, {true, true});
    return height;
  }
  float height = 0;
  for (const Part part : {Part{.map = true}, Part{.samples = true}}) {
    for (const ComparedSide* const side : {&present, &other}) {
      const float each = side_height(context, area.w, *side, part);
      if (draw) draw_side(context, area.cut_top(each), *side, part);
      area.cut_top(m.gutter);
      height += each + m.gutter;
    }
  }
  return height;
}

}  // namespace

void draw_compare(PanelContext& context) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  Rect inside = context.area;
  CompareState& state = context.state<CompareState>();
  if (context.store.network.code_size < 1 || context.store.data.name.empty()) {
    draw_paragraph(context, inside.x, inside.y, inside.w, texts.get("compare.empty"),
                   context.theme.color(context.theme.colors.muted), m.text);
    return;
  }
  const Opponent with = opponent(context);
  const bool again = draw_compare_controls(context, inside, with);
  keep_comparing(context, with, again);
  draw_compare_note(context, inside, with);
  if (const float why = draw_job_message(context, inside, kPresentJob, true); why > 0) {
    inside.cut_top(why + m.gap);
  }
  const ComparedSide present{kPresentJob, "present", texts.get("runs.present"),
                             texts.get("runs.present"), state.present_side};
  const ComparedSide other{kOtherJob, "other", with.name, with.brief, state.other_side};
  take_compared(context, present);
  take_compared(context, other);
  const float width = inside.w - ImGui::GetStyle().ScrollbarSize - m.px(4);
  const float rows = compared_rows_height(context, width);
  const float sides = draw_both_sides(context, {0, 0, width, 0}, present, other, false);
  ScrollArea scroll(context, inside, "compare:scroll", m.label + rows + m.gutter + sides);
  Rect area = scroll.inside;
  area.w = width;
  draw_caption(context, area.cut_top(m.label), texts.get("compare.images"),
               texts.get("compare.images.help"));
  draw_compared_rows(context, area.cut_top(rows), present, other);
  area.cut_top(m.gutter);
  draw_both_sides(context, area, present, other, true);
}

}  // namespace hourglass::ui
