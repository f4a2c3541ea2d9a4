#include "ui/frame/shortcuts.h"

#include <imgui_internal.h>

#include <string>

#include "ui/frame/panels.h"
#include "ui/frame/workspaces.h"
#include "ui/lesson/lesson_state.h"
#include "ui/state/undo.h"

namespace hourglass::ui {
namespace {

using Shift = Shortcut::Shift;

void toggle_run(PanelContext& context) {
  if (context.store.status.phase == session::Phase::kRunning) {
    context.send(session::Pause{});
  } else {
    context.send(session::Run{});
  }
}
void step(PanelContext& context) { context.send(session::Step{1}); }
void finish_epoch(PanelContext& context) { context.send(session::FinishEpoch{}); }
void reset(PanelContext& context) { context.send(session::Reset{}); }
void new_seed(PanelContext& context) { context.send(session::NewSeed{}); }

void toggle_workspace(PanelContext& context) {
  const Workspace other = context.view.workspace == Workspace::kTraining ? Workspace::kApplications
                                                                         : Workspace::kTraining;
  if (workspace_shown(lesson_rules(context), other)) context.view.workspace = other;
}
void next_lesson_step(PanelContext& context) {
  next_step(context.state<LessonState>(), context.state<LessonView>());
}
void last_lesson_step(PanelContext& context) {
  last_step(context.state<LessonState>(), context.state<LessonView>());
}
void toggle_theme(PanelContext& context) {
  ThemeKind& theme = context.view.theme;
  theme = theme == ThemeKind::kDark ? ThemeKind::kLight : ThemeKind::kDark;
}

constexpr Shortcut kOfTheRun[] = {
    {.key = ImGuiKey_Space, .label = "keys.space", .name = "keys.run", .act = toggle_run},
    {.key = ImGuiKey_S, .repeats = true, .label = "S", .name = "keys.step", .act = step},
    {.key = ImGuiKey_E, .label = "E", .name = "keys.epoch", .act = finish_epoch},
    {.key = ImGuiKey_R, .shift = Shift::kUp, .label = "R", .name = "keys.reset", .act = reset},
    {.key = ImGuiKey_R,
     .shift = Shift::kDown,
     .label = "Shift R",
     .name = "keys.new_seed",
     .act = new_seed}};

constexpr std::string_view kTabs = "1";  // up to as many as there are
constexpr Shortcut kOfTheFrame[] = {
    {.label = kTabs, .name = "keys.tabs"},
    {.key = ImGuiKey_A, .label = "A", .name = "keys.workspace", .act = toggle_workspace},
    {.key = ImGuiKey_T, .label = "T", .name = "keys.theme", .act = toggle_theme},
    {.key = ImGuiKey_PageDown,
     .label = "PgDn",
     .name = "keys.lesson_next",
     .act = next_lesson_step},
    {.key = ImGuiKey_PageUp, .label = "PgUp", .name = "keys.lesson_back", .act = last_lesson_step},
    {.label = "Ctrl Z", .name = "toolbar.undo"},
    {.label = "Ctrl Y", .name = "toolbar.redo"},
    {.label = "?", .name = "keys.help"}};

bool choose_tab(PanelContext& context) {
  // Counted as they are on show: where the map has a card of its own, the first tab is another.
  const std::vector<const Panel*> tabs = panels_in_tabs(context.layout, lesson_rules(context));
  for (int i = 0; i < static_cast<int>(tabs.size()) && i < 9; ++i) {
    if (!ImGui::IsKeyPressed(static_cast<ImGuiKey>(ImGuiKey_1 + i), false)) continue;
    chosen_tab(context) = tabs[static_cast<std::size_t>(i)]->id;
    return true;
  }
  return false;
}

// Ctrl or Command with Z, with Shift and Z, or with Y. While text is edited these are the text's.
bool steps_through_changes(PanelContext& context) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl == io.KeySuper || io.KeyAlt) return false;
  const bool z = ImGui::IsKeyPressed(ImGuiKey_Z), y = ImGui::IsKeyPressed(ImGuiKey_Y);
  if (z && !io.KeyShift) {
    context.state<Undo>().undo(context.post, context.store, context.view);
  } else if (z || y) {
    context.state<Undo>().redo(context.post, context.store, context.view);
  }
  return z || y;
}

// The sign itself, wherever a keyboard has it, or the key where most have it.
bool asks_for_help() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyShift && ImGui::IsKeyPressed(ImGuiKey_Slash, false)) return true;
  for (const ImWchar typed : io.InputQueueCharacters) {
    if (typed == '?' || typed == 0xff1f) return true;
  }
  return false;
}

}  // namespace

std::string shortcut_label(const PanelContext& context, const Shortcut& shortcut) {
  if (shortcut.label == kTabs) {
    return "1 – " + std::to_string(panels_in_tabs(context.layout, lesson_rules(context)).size());
  }
  return shortcut.label.starts_with("keys.") ? context.texts.get(shortcut.label)
                                             : std::string(shortcut.label);
}

const std::vector<Shortcut>& all_shortcuts() {
  static const std::vector<Shortcut> all = [] {
    std::vector<Shortcut> made(std::begin(kOfTheRun), std::end(kOfTheRun));
    for (const Panel& panel : panels()) {
      made.insert(made.end(), panel.shortcuts.begin(), panel.shortcuts.end());
    }
    made.insert(made.end(), std::begin(kOfTheFrame), std::end(kOfTheFrame));
    return made;
  }();
  return all;
}

void handle_shortcuts(PanelContext& context) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) return;
  if (steps_through_changes(context)) context.animating = true;
  // While somebody moves through the widgets by keyboard, keys are theirs.
  if (io.NavVisible || io.KeyCtrl || io.KeyAlt || io.KeySuper) return;
  bool done = choose_tab(context);
  for (const Shortcut& shortcut : all_shortcuts()) {
    if (shortcut.key == ImGuiKey_None || !ImGui::IsKeyPressed(shortcut.key, shortcut.repeats)) {
      continue;
    }
    if (shortcut.shift != Shift::kEither && io.KeyShift != (shortcut.shift == Shift::kDown)) {
      continue;
    }
    shortcut.act(context);
    done = true;
  }
  if (asks_for_help()) context.view.help_wanted = done = true;
  // What they change is drawn before keys are looked at.
  if (done) context.animating = true;
}

}  // namespace hourglass::ui
