// Similar images: the nearest of a held-out image by its code and by its pixels, beside how often
// these are of its class, and which of them stay when the image is damaged.
#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/jobs/job_bar.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"
#include "ui/search/search_parts.h"

namespace hourglass::ui {
namespace {

// The newest result may be of codes of another step than the one before.
void follow_search_result(PanelContext& context) {
  SearchState& state = context.state<SearchState>();
  if (context.jobs.view(kSearchJob).result.revision != state.before) state.step = state.started;
}

void start_search(PanelContext& context) {
  SearchState& state = context.state<SearchState>();
  state.before = context.jobs.view(kSearchJob).result.revision;
  state.started = shown_step(context.store);
  context.jobs.start(context.post, kSearchJob, "{}");
  context.animating = true;
}

// Start and progress, and what is searched.
float draw_search_head(PanelContext& context, const Rect& area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const JobView& job = context.jobs.view(kSearchJob);
  const Rect bar{area.x, area.y, area.w, m.control};
  const bool again = job.state == JobView::State::kReady;
  if (draw &&
      draw_job_bar(context, bar, kSearchJob, texts.get(again ? "search.again" : "search.start"),
                   texts.get("search.start.help"), false)) {
    start_search(context);
  }
  const Rect below{area.x, bar.bottom() + m.px(6), area.w, 0};
  const float message = draw_job_message(context, below, kSearchJob, draw);
  if (message > 0) return bar.h + m.px(6) + message + m.px(10);
  const SearchState& state = context.state<SearchState>();
  const double samples = job.result.number("samples");
  if (samples <= 0) return bar.h + m.px(10);
  const bool now = state.step == shown_step(context.store);
  const std::string words =
      texts.format(now ? "search.about_now" : "search.about",
                   {grouped(static_cast<std::int64_t>(samples)), grouped(state.step)});
  return bar.h + m.px(6) +
         draw_paragraph(context, below.x, below.y, below.w, words, theme.color(theme.colors.muted),
                        m.small, draw) +
         m.px(10);
}

void draw_search_empty(PanelContext& context, const Rect& area) {
  draw_middle_paragraph(context, area, context.texts.get("search.empty"));
}

// The query with its noise and the figures in a column, the nearest beside it.
void draw_search_beside(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4);
  const float column = std::clamp(area.w * 0.3f, m.px(250), m.px(340));
  const Rect side = area.cut_left(column + bar);
  area.cut_left(m.gap);
  const bool there = has_search_answer(context);
  const Rect measured{0, 0, column, 0};
  const float head = draw_search_head(context, measured, false);
  const float query = there ? draw_search_query(context, measured, false) + m.px(10) : 0;
  const float table = there ? draw_search_table(context, measured, false) : 0;
  {
    ScrollArea scroll(context, side, "search:side", head + query + table);
    Rect rest{scroll.inside.x, scroll.inside.y, column, head + query + table};
    draw_search_head(context, rest.cut_top(head), true);
    if (there) draw_search_query(context, rest.cut_top(query), true);
    if (there) draw_search_table(context, rest, true);
  }
  if (!there) return draw_search_empty(context, area);
  const float strip = draw_search_strip(context, area, false);
  draw_search_strip(context, area.cut_top(strip), true);
  area.cut_top(m.gap);
  const NearestGrid grid = nearest_grid(context, area.w);
  SearchState& state = context.state<SearchState>();
  ScrollArea scroll(context, area, "search:rows", 2 * grid.height());
  Rect rows = scroll.inside;
  for (SearchSpace& space : state.spaces) {
    draw_nearest(context, space, rows.cut_top(grid.height()), grid);
  }
}

void draw_search_stacked(PanelContext& context, const Rect& area) {
  const Metrics& m = context.theme.metrics;
  const float width = area.w - ImGui::GetStyle().ScrollbarSize - m.px(4), space = m.px(8);
  const Rect measured{0, 0, width, 0};
  const float head = draw_search_head(context, measured, false);
  if (!has_search_answer(context)) {
    Rect rest = area;
    draw_search_head(context, rest.cut_top(head), true);
    draw_search_empty(context, rest);
    return;
  }
  const float strip = draw_search_strip(context, measured, false);
  const float query = draw_search_query(context, measured, false) + space;
  const float table = draw_search_table(context, measured, false) + space;
  const NearestGrid grid = nearest_grid(context, width);
  const float all = head + strip + query + 2 * grid.height() + table;
  ScrollArea scroll(context, area, "search:side", all);
  Rect rest{scroll.inside.x, scroll.inside.y, width, all};
  draw_search_head(context, rest.cut_top(head), true);
  draw_search_strip(context, rest.cut_top(strip), true);
  draw_search_query(context, rest.cut_top(query), true);
  for (SearchSpace& each : context.state<SearchState>().spaces) {
    draw_nearest(context, each, rest.cut_top(grid.height()), grid);
  }
  draw_search_table(context, rest, true);
}

}  // namespace

void draw_search(PanelContext& context) {
  follow_search_result(context);
  ask_search(context);
  if (context.area.w >= context.theme.metrics.px(680)) {
    draw_search_beside(context, context.area);
  } else {
    draw_search_stacked(context, context.area);
  }
}

}  // namespace hourglass::ui
