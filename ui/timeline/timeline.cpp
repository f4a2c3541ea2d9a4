#include "ui/timeline/timeline.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/state/lesson_view.h"
#include "ui/timeline/timeline_state.h"

namespace hourglass::ui {
namespace {

constexpr std::int64_t kPresent = -1;
// Slow enough for the eye to follow, and a film of the most moments takes some seven seconds.
constexpr double kSecondsPerMoment = 0.11;

// The kept steps and at last the run as it is now, where the slider can stop.
class Stops {
 public:
  explicit Stops(const Store& store) : last_(store.status.step) {
    for (const std::int64_t step : store.timeline.steps) {
      if (step < last_) steps_.push_back(step);
    }
    steps_.push_back(kPresent);
  }

  std::size_t count() const { return steps_.size(); }
  std::int64_t step(std::size_t index) const { return steps_[index]; }
  // Of a step that is shown; the present for one that is not among them.
  std::size_t index_of(std::int64_t step) const {
    const auto found = std::ranges::find(steps_, step);
    return found == steps_.end() ? count() - 1 : static_cast<std::size_t>(found - steps_.begin());
  }
  // From 0 for the first to 1 for now, as the steps are apart.
  double position(std::size_t index) const {
    if (index + 1 == count()) return 1;
    const auto from = static_cast<double>(steps_.front());
    return (static_cast<double>(steps_[index]) - from) / (static_cast<double>(last_) - from);
  }
  std::size_t nearest(double position) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < count(); ++i) {
      const double here = std::abs(this->position(i) - position);
      if (here <= std::abs(this->position(best) - position)) best = i;
    }
    return best;
  }

 private:
  std::int64_t last_;
  std::vector<std::int64_t> steps_;
};

void show_moment(PanelContext& context, std::int64_t step) {
  TimelineState& state = context.state<TimelineState>();
  // What was asked for last may still be on its way.
  if (step != std::exchange(state.asked, step)) context.send(session::ShowStep{step});
  state.next = ImGui::GetTime() + kSecondsPerMoment;
  context.animating = true;
}

void draw_play_button(PanelContext& context, const Rect& area, const Stops& stops) {
  TimelineState& state = context.state<TimelineState>();
  const Texts& texts = context.texts;
  const std::string& name = texts.get(state.playing ? "timeline.pause" : "timeline.play");
  if (!draw_button(context, area,
                   {.id = "timeline:play",
                    .icon = state.playing ? Icon::kPause : Icon::kPlay,
                    .kind = ButtonKind::kBare,
                    .help_title = name,
                    .help = texts.get("timeline.play.help")})) {
    return;
  }
  state.playing = !state.playing;
  state.begun = false;
  // From the end it plays from the start.
  const bool from_start = context.store.timeline.shown == kPresent;
  if (!state.playing) return;
  show_moment(context, from_start ? stops.step(0) : context.store.timeline.shown);
}

void draw_scrubber(PanelContext& context, const Rect& area, const Stops& stops) {
  TimelineState& state = context.state<TimelineState>();
  const std::size_t shown = stops.index_of(context.store.timeline.shown);
  if (!state.held) state.position = stops.position(shown);
  if (!state.held && !state.playing) state.asked = context.store.timeline.shown;
  int keys = 0;
  double position = state.position;
  const bool changed = draw_slider(context, area, "timeline:step", position, &keys);
  state.held = ImGui::IsItemActive();
  draw_help(context, context.texts.get("timeline.title"), context.texts.get("timeline.step.help"));
  if (!changed) return;
  state.playing = false;
  state.position = position;
  std::size_t next = stops.nearest(position);
  if (keys != 0) {
    const auto last = static_cast<int>(stops.count()) - 1;
    next = static_cast<std::size_t>(std::clamp(static_cast<int>(shown) + keys, 0, last));
  }
  show_moment(context, stops.step(next));
}

// What can be done where an earlier moment is shown.
void draw_ways_on(PanelContext& context, Rect line) {
  const Texts& texts = context.texts;
  const auto button = [&](const char* id, const char* name) {
    return Button{.id = id,
                  .label = texts.get(name),
                  .help_title = texts.get(name),
                  .help = texts.get(std::string(name) + ".help")};
  };
  const Button back = button("timeline:now", "timeline.back");
  const Button go_on = button("timeline:go_on", "timeline.go_on");
  const float gap = context.theme.metrics.gap;
  const float most = (line.w - gap) / 2;
  TimelineState& state = context.state<TimelineState>();
  if (draw_button(context, line.cut_left(std::min(button_width(context, go_on), most)), go_on)) {
    state.playing = false;
    context.send(session::GoOnFromStep{context.store.timeline.shown});
  }
  line.cut_left(gap);
  if (draw_button(context, line.cut_left(std::min(button_width(context, back), most)), back)) {
    state.playing = false;
    show_moment(context, kPresent);
  }
}

}  // namespace

void draw_timeline(PanelContext& context, Rect& inside) {
  const Stops stops(context.store);
  if (stops.count() < 2 || lesson_rules(context).hides("timeline")) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::int64_t shown = context.store.timeline.shown;
  Rect line = inside.cut_bottom(m.control);
  inside.cut_bottom(m.px(4));
  register_widget(context, "timeline", line);
  draw_play_button(context, line.cut_left(m.control), stops);
  line.cut_left(m.px(4));
  const Texts& texts = context.texts;
  const auto step_words = [&](std::int64_t step) {
    return texts.format("status.step", {grouped(step)});
  };
  const std::string& now = texts.get("timeline.now");
  const TextStyle style{m.small, shown != kPresent, Align::kRight};
  // As wide as it gets, so that the slider stays where it is.
  const float words =
      std::max(text_width(context, now, {m.small, true}),
               text_width(context, step_words(context.store.status.step), {m.small, true}));
  draw_text(context, line.cut_right(words), shown == kPresent ? now : step_words(shown),
            theme.color(shown == kPresent ? theme.colors.muted : theme.colors.accent), style);
  line.cut_right(m.gap);
  const float top = line.y + (line.h - m.slider()) / 2;
  draw_scrubber(context, {line.x, top, line.w, m.slider()}, stops);
  if (shown == kPresent) return;
  draw_ways_on(context, inside.cut_bottom(m.control));
  inside.cut_bottom(m.px(6));
}

void play_timeline(PanelContext& context) {
  TimelineState& state = context.state<TimelineState>();
  const Store& store = context.store;
  const std::int64_t shown = store.timeline.shown;
  if (lesson_rules(context).hides("timeline")) {
    // Nobody could go back to now by hand.
    state.playing = false;
    state.asked = kPresent;
    const bool leave = shown != kPresent;
    if (leave && !state.leaving) context.send(session::ShowStep{kPresent});
    state.leaving = leave;
    return;
  }
  state.leaving = false;
  if (!state.playing) return;
  if (shown == kPresent) {
    state.playing = !state.begun;  // somebody has gone back to now
    return;
  }
  state.begun = true;
  // Until the moment is there nothing changes; a frame is drawn when it comes.
  if (!store.snapshot.complete || store.snapshot.step != shown) return;
  if (ImGui::GetTime() < state.next) {
    context.animating = true;
    return;
  }
  const Stops stops(store);
  const std::size_t next = std::min(stops.index_of(shown) + 1, stops.count() - 1);
  if (next + 1 == stops.count()) state.playing = false;
  show_moment(context, stops.step(next));
}

}  // namespace hourglass::ui
