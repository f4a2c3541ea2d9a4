// What a lesson does to the playground: what it sets, which panel it brings to the front, and when
// its goals are looked at.
#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/json.h"
#include "core/session/settings/settings.h"
#include "ui/lesson/lesson_facts.h"
#include "ui/lesson/lesson_state.h"

namespace hourglass::ui {
namespace {

// An id that stays when the lesson goes.
std::string_view lasting_id(std::string_view id) {
  for (const std::string_view panel : session::lesson_panels()) {
    if (panel == id) return panel;
  }
  return {};
}

template <typename Body>
void send_free(LessonState& state, Body body) {
  state.waits_for = ++state.last_command;
  state.send({state.waits_for, std::move(body)});
}

void apply_start(LessonState& state, const session::LessonStart& start) {
  if (!start.preset.empty()) send_free(state, session::LoadPreset{start.preset});
  if (!start.settings.empty()) {
    send_free(state, session::SetSettings{start.settings});
    // What changes the model or the data acts with a reset.
    const bool waits = std::ranges::any_of(start.settings, [](const auto& value) {
      return session::find_setting(value.first).effect == session::Effect::kOnReset;
    });
    if (waits && start.checkpoint.empty()) send_free(state, session::Reset{});
  }
  if (!start.checkpoint.empty()) send_free(state, session::LoadCheckpoint{start.checkpoint});
}

void carry_out(LessonState& state, const std::string& command) {
  if (command == "run") send_free(state, session::Run{});
  if (command == "pause") send_free(state, session::Pause{});
  if (command == "step") send_free(state, session::Step{1});
  if (command == "epoch") send_free(state, session::FinishEpoch{});
  if (command == "reset") send_free(state, session::Reset{});
  if (command == "new_seed") send_free(state, session::NewSeed{});
}

// The step is on show: its rules hold, its panel comes to the front.
void show_step(LessonState& state, LessonView& view) {
  state.changed = state.shown_new = true;
  state.folded = false;
  state.numbers.clear();
  state.copied.clear();
  state.copy_error.clear();
  if (state.progress->finished()) {
    view.spoken_of = {};
    return;
  }
  const session::LessonStep& step = state.progress->step();
  view.rules = step.rules;
  view.spoken_of = view.to_front = view.to_view = lasting_id(step.show);
}

void enter_step(LessonState& state, LessonView& view) {
  show_step(state, view);
  if (!state.progress->enter()) return;
  const session::LessonStep& step = state.progress->step();
  if (state.progress->at() == 0) apply_start(state, state.progress->lesson().start);
  apply_start(state, step.start);
  for (const std::string& command : step.commands) carry_out(state, command);
}

// A playground that is new knows nothing of the steps before: their settings, without their runs.
void catch_up(LessonState& state, LessonView& view) {
  show_step(state, view);
  const session::LessonProgress& progress = *state.progress;
  const std::vector<session::LessonStep>& steps = progress.lesson().steps;
  const std::size_t last = std::min(progress.at() + 1, steps.size());
  apply_start(state, progress.lesson().start);
  for (std::size_t i = 0; i < last; ++i) apply_start(state, steps[i].start);
  if (progress.finished()) return;
  state.progress->enter();
  for (const std::string& command : progress.step().commands) carry_out(state, command);
}

session::LocalText local_text(const Json& json) {
  session::LocalText text;
  if (!json.is_object()) return text;
  const auto read = [&](const char* key, std::string& into) {
    const auto found = json.find(key);
    if (found != json.end() && found->is_string()) into = found->get<std::string>();
  };
  read("en", text.en);
  read("zh", text.zh);
  return text;
}

}  // namespace

void begin_lesson(LessonState& state, LessonView& view, session::Lesson lesson,
                  std::string_view saved, std::string_view student) {
  state.progress.emplace(std::make_shared<const session::Lesson>(std::move(lesson)));
  state.offered.clear();
  state.wanted.clear();
  state.waits_for = 0;
  const bool known = state.progress->restore(saved);
  if (!student.empty()) state.progress->set_student(student);
  if (known && state.progress->begun()) {
    catch_up(state, view);
  } else {
    enter_step(state, view);
  }
}

void end_lesson(LessonState& state, LessonView& view) {
  state.progress.reset();
  state.waits_for = 0;
  state.changed = true;
  view.rules = {};
  view.spoken_of = {};
}

void next_step(LessonState& state, LessonView& view) {
  if (!state.progress || !state.progress->next()) return;
  if (state.progress->finished()) {
    show_step(state, view);
  } else {
    enter_step(state, view);
  }
}

void last_step(LessonState& state, LessonView& view) {
  if (state.progress && state.progress->back()) show_step(state, view);
}

void restart_lesson(LessonState& state, LessonView& view) {
  if (!state.progress) return;
  state.progress->restart();
  enter_step(state, view);
}

bool take_lesson_event(LessonState& state, session::Event& event) {
  const auto is_mine = [](std::uint64_t id) {
    return id > kFirstLessonCommand && id < 2 * kFirstLessonCommand;
  };
  if (const auto* reply = std::get_if<session::Reply>(&event)) {
    if (!is_mine(reply->id)) return false;
    if (reply->id == state.waits_for) state.waits_for = 0;
    return true;
  }
  if (auto* failure = std::get_if<session::Failure>(&event)) {
    if (!is_mine(failure->id)) return false;
    if (failure->id == state.waits_for) state.waits_for = 0;
    failure->id = 0;
  }
  const auto* ended = std::get_if<session::JobEnded>(&event);
  if (ended && ended->kind == "save" && ended->job == kCopyNumber) {
    state.copy_error = ended->reason == session::JobEnd::kDone ? "" : ended->message;
    return true;
  }
  return false;
}

void watch_lesson(PanelContext& context) {
  LessonState& state = context.state<LessonState>();
  if (!state.progress || state.waits_for != 0 ||
      context.store.status.phase == session::Phase::kWaitingForData) {
    return;
  }
  const bool met =
      state.progress->observe([&](std::string_view name) { return lesson_fact(context, name); });
  if (!met) return;
  state.changed = true;
  context.animating = true;  // the card is drawn before it is looked
}

void take_lesson_list(LessonState& state, std::string_view text) {
  const Json json = parse_json(text);
  state.list.clear();
  state.list_error.clear();
  state.list_is_here = true;
  if (!json.is_array()) return;
  for (const Json& each : json) {
    if (!each.is_object() || !each.contains("name") || !each["name"].is_string()) continue;
    ListedLesson listed;
    listed.name = each["name"].get<std::string>();
    if (each.contains("title")) listed.title = local_text(each["title"]);
    if (each.contains("about")) listed.about = local_text(each["about"]);
    const auto minutes = each.find("minutes");
    if (minutes != each.end() && minutes->is_number_integer()) {
      listed.minutes =
          static_cast<int>(std::clamp<std::int64_t>(minutes->get<std::int64_t>(), 0, 600));
    }
    state.list.push_back(std::move(listed));
  }
}

}  // namespace hourglass::ui
