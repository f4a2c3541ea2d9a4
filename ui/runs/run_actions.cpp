#include "ui/runs/run_actions.h"

#include <algorithm>
#include <set>
#include <string>

#include "ui/compare/compare_state.h"
#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

// Forgotten runs that the engine was told of, by their serials.
struct RunsDropped {
  std::set<std::uint64_t> serials;
};

bool draw_run_action(PanelContext& context, Rect& area, const std::string& row,
                     const std::string& what, Icon icon) {
  const Texts& texts = context.texts;
  const std::string id = row + ":" + what;
  const Rect place = area.cut_right(std::min(area.w, run_action_width(context)));
  const float side = std::min(place.w, place.h);
  return draw_button(context,
                     {place.x + (place.w - side) / 2, place.y + (place.h - side) / 2, side, side},
                     {.id = id,
                      .icon = icon,
                      .kind = ButtonKind::kBare,
                      .help_title = texts.get("runs." + what),
                      .help = texts.get("runs." + what + ".help")});
}

}  // namespace

float run_action_width(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return m.touch ? m.control : m.px(24);
}

void draw_run_actions(PanelContext& context, Rect area, int index, std::uint64_t kept,
                      bool present) {
  const std::string row = "runs:" + std::to_string(index);
  const bool trained = context.store.trained || context.store.goes_on_from == 0;
  if (present) {
    // What is kept already is not kept twice.
    if (trained && draw_run_action(context, area, row, "keep", Icon::kBookmark)) {
      context.send(session::KeepRun{});
    }
    return;
  }
  if (kept == 0) return;
  if (draw_run_action(context, area, row, "delete", Icon::kClose)) {
    context.send(session::DropKeptRun{kept});
  }
  if (draw_run_action(context, area, row, "load", Icon::kTakeBack)) {
    context.send(session::LoadKeptRun{kept});
  }
  if (draw_run_action(context, area, row, "compare", Icon::kSideBySide)) {
    CompareState& state = context.state<CompareState>();
    state.chosen = true;
    state.other = kept;
    context.view.workspace = Workspace::kApplications;
    context.view.application = "compare";
    context.animating = true;
  }
}

void drop_forgotten_runs(PanelContext& context) {
  for (const Run& run : context.store.runs) {
    if (run.serial > context.view.runs_forgotten || !is_kept(context.store, run)) continue;
    RunsDropped& dropped = context.state<RunsDropped>();
    if (!dropped.serials.insert(run.serial).second) continue;
    context.send(session::DropKeptRun{run.number});
  }
}

}  // namespace hourglass::ui
