#include "ui/frame/toolbar_parts.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/latent_map/map_state.h"
#include "ui/settings/setting_widget.h"
#include "ui/state/lesson_view.h"
#include "ui/state/undo.h"

namespace hourglass::ui {
namespace {

bool running(const PanelContext& context) {
  return context.store.status.phase == session::Phase::kRunning;
}

// A button and the words it refers to.
struct Explained {
  std::string label, title, help;
  Button button;

  const Button& get(bool labelled) {
    button.label = labelled ? std::string_view(label) : std::string_view();
    button.help_title = title;
    button.help = help;
    return button;
  }
};

std::string with_key(const PanelContext& context, const std::string& name, std::string_view key) {
  return context.texts.format("toolbar.with_key", {name, key});
}

// When the run will stop by itself.
std::string until(const PanelContext& context) {
  const Texts& texts = context.texts;
  const auto whole = [&](std::string_view key, double otherwise) {
    return static_cast<std::int64_t>(number_setting(context.store, key, otherwise));
  };
  std::string text = texts.format("toolbar.until_epoch", {grouped(whole("train.epochs", 50))});
  if (const std::int64_t steps = whole("train.steps", 0); steps > 0) {
    text = texts.format("toolbar.until_step", {text, grouped(steps)});
  }
  return text;
}

Explained run_button(const PanelContext& context) {
  const Texts& texts = context.texts;
  const bool on = running(context);
  const std::string& label = texts.get(on ? "toolbar.pause" : "toolbar.run");
  std::string help = texts.get(on ? "toolbar.pause.help" : "toolbar.run.help");
  if (!on) help += "\n" + until(context);
  return {label,
          with_key(context, label, texts.get("keys.space")),
          help,
          {.id = "run", .icon = on ? Icon::kPause : Icon::kPlay, .kind = ButtonKind::kPrimary}};
}

Explained plain_button(const PanelContext& context, std::string_view id, Icon icon,
                       std::string_view shortcut) {
  const std::string key = "toolbar." + std::string(id);
  const std::string& label = context.texts.get(key);
  return {label,
          with_key(context, label, shortcut),
          context.texts.get(key + ".help"),
          {.id = id, .icon = icon}};
}

// The same width whether it reads Run or Pause: what is beside it must not move.
float run_width(const PanelContext& context, Labels labels) {
  if (labels == Labels::kNone) return context.theme.metrics.control;
  Button run{
      .label = context.texts.get("toolbar.run"), .icon = Icon::kPlay, .kind = ButtonKind::kPrimary};
  const float width = button_width(context, run);
  run.label = context.texts.get("toolbar.pause");
  return std::max(width, button_width(context, run));
}

struct Action {
  std::string_view id;
  Icon icon;
  std::string_view key;
};
constexpr Action kActions[] = {
    {"step", Icon::kStep, "S"}, {"epoch", Icon::kEpoch, "E"}, {"reset", Icon::kReset, "R"}};

// Mini-batches a second; 0 is as many as the machine makes.
struct Speed {
  std::string_view name;
  std::int64_t steps;
};
constexpr std::array kSpeeds = {Speed{"0", 0}, Speed{"1", 1}, Speed{"4", 4}, Speed{"15", 15},
                                Speed{"60", 60}};

std::string speed_text(const PanelContext& context, std::int64_t steps) {
  return steps == 0 ? context.texts.get("toolbar.speed.full")
                    : context.texts.format("toolbar.speed.steps", {std::to_string(steps)});
}

// What the preset is, and how much of the class a linear probe has read off its trained code.
std::string preset_help(const PanelContext& context, const std::string& name) {
  const std::string& help = context.texts.get("preset." + name + ".help");
  for (const session::Preset& preset : session::presets()) {
    if (preset.name != name || !std::isfinite(preset.linear_probe)) continue;
    return context.texts.format("toolbar.preset.probe",
                                {help, fixed(100 * preset.linear_probe, 1)});
  }
  return help;
}

Button language_button(const PanelContext& context) {
  return {.id = "language",
          .label = context.texts.language() == Language::kChinese ? "EN" : "中文",
          .kind = ButtonKind::kBare,
          .help = context.texts.get("toolbar.language.help")};
}

// An arrow that bends back to the left (side -1), or turned over to the right (1).
void draw_bent_arrow(const Rect& area, float side, float size, ImU32 color) {
  const auto at = [&](float x, float y) {
    return ImVec2{area.x + area.w / 2 + side * x * size, area.y + area.h / 2 + y * size};
  };
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PathLineTo(at(0.25f, -0.18f));
  list.PathLineTo(at(-0.1f, -0.18f));
  list.PathBezierCubicCurveTo(at(-0.6f, -0.18f), at(-0.6f, 0.38f), at(-0.1f, 0.38f), 20);
  list.PathLineTo(at(0.12f, 0.38f));
  list.PathStroke(color, 0, std::fmax(1.2f, size * 0.115f));
  fill_triangle(list, at(0.2f, -0.44f), at(0.2f, 0.08f), at(0.5f, -0.18f), color);
}

float language_width(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return std::max(m.control, text_width(context, language_button(context).label) + m.px(14));
}

}  // namespace

void draw_brand(PanelContext& context, Rect area, bool named) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const float side = m.px(22);
  draw_icon(*ImGui::GetWindowDrawList(), Icon::kHourglass, {area.x + side / 2, area.y + area.h / 2},
            side, theme.color(theme.colors.train));
  if (!named) return;
  area.cut_left(side + m.px(6));
  draw_text(context, area, context.texts.get("app.title"), theme.color(theme.colors.text),
            {m.brand, true});
}

void draw_preset(PanelContext& context, const Rect& area) {
  if (lesson_rules(context).hides("toolbar.preset")) return;
  std::vector<Choice> items;
  int selected = -1;
  for (const std::string& name : context.presets) {
    if (name == context.view.preset) selected = static_cast<int>(items.size());
    const std::string key = "preset." + name;
    items.push_back({name, context.texts.get(key + ".label"), preset_help(context, name)});
  }
  const bool locked = !lesson_rules(context).allows("preset");
  ImGui::BeginDisabled(locked);
  const int chosen = draw_choice(context, area, "preset", selected, items,
                                 context.texts.get("preset.changed.label"));
  ImGui::EndDisabled();
  if (locked) {
    ImGui::GetWindowDrawList()->AddRectFilled(top_left(area), bottom_right(area),
                                              context.theme.color(context.theme.colors.card, 0.5f),
                                              context.theme.metrics.radius);
  }
  draw_help(context, context.texts.get("toolbar.preset"), context.texts.get("toolbar.preset.help"));
  if (chosen < 0) return;
  context.state<MapState>().view = {};
  context.view.pending_values.clear();
  // A preset names the data of its source, but the data has a list of its own beside this one: it
  // stays.
  const std::string data = text_setting(context.store, "data.set", "strokes");
  context.send(session::LoadPreset{context.presets[static_cast<std::size_t>(chosen)]});
  context.send(session::SetSetting{"data.set", data});
}

float actions_width(const PanelContext& context, Labels labels) {
  float width = run_width(context, labels);
  for (const Action& action : kActions) {
    Explained one = plain_button(context, action.id, action.icon, action.key);
    width += context.theme.metrics.gap + button_width(context, one.get(labels == Labels::kAll));
  }
  return width;
}

void draw_actions(PanelContext& context, Rect& line, Labels labels) {
  const Metrics& m = context.theme.metrics;
  Explained run = run_button(context);
  if (!lesson_rules(context).allows(running(context) ? "pause" : "run")) {
    run.button.kind = ButtonKind::kPlain;
    run.button.disabled = true;
  }
  if (draw_button(context, line.cut_left(run_width(context, labels)),
                  run.get(labels != Labels::kNone))) {
    if (running(context)) {
      context.send(session::Pause{});
    } else {
      context.send(session::Run{});
    }
  }
  for (const Action& action : kActions) {
    line.cut_left(m.gap);
    Explained one = plain_button(context, action.id, action.icon, action.key);
    one.button.disabled = !lesson_rules(context).allows(action.id);
    const Button& button = one.get(labels == Labels::kAll);
    if (!draw_button(context, line.cut_left(button_width(context, button)), button)) continue;
    if (action.icon == Icon::kStep) context.send(session::Step{1});
    if (action.icon == Icon::kEpoch) context.send(session::FinishEpoch{});
    if (action.icon == Icon::kReset) context.send(session::Reset{});
  }
}

float speed_width(const PanelContext& context, bool brief) {
  const std::string& full = context.texts.get(brief ? "toolbar.speed.short" : "toolbar.speed.full");
  const float width =
      std::max(text_width(context, full), text_width(context, speed_text(context, 60)));
  return width + context.theme.metrics.px(42);
}

void draw_speed(PanelContext& context, const Rect& area) {
  if (lesson_rules(context).hides("toolbar.speed")) return;
  const session::Setting& setting = session::find_setting("view.steps_per_second");
  const session::Value value = shown_value(context, setting);
  const auto* shown = std::get_if<std::int64_t>(&value);
  const std::int64_t present = shown ? *shown : 0;
  std::vector<Choice> items;
  int selected = -1;
  for (const Speed& speed : kSpeeds) {
    if (speed.steps == present) selected = static_cast<int>(items.size());
    items.push_back({speed.name, speed_text(context, speed.steps), ""});
  }
  if (area.w < speed_width(context, false))
    items[0].label = context.texts.get("toolbar.speed.short");
  const int chosen =
      draw_choice(context, area, "speed", selected, items, speed_text(context, present));
  draw_help(context, context.texts.setting_label(setting.key),
            context.texts.setting_help(setting.key));
  if (chosen >= 0 && chosen != selected) {
    change_setting(context, setting, kSpeeds[static_cast<std::size_t>(chosen)].steps);
  }
}

void draw_seed(PanelContext& context, Rect& line, float field_width) {
  const Metrics& m = context.theme.metrics;
  draw_setting_field(context, line.cut_left(field_width), "train.seed");
  line.cut_left(m.gap);
  Explained dice = plain_button(context, "new_seed", Icon::kDice, "Shift R");
  dice.button.disabled =
      !lesson_rules(context).allows("new_seed") || lesson_rules(context).locks("train.seed");
  if (draw_button(context, line.cut_left(m.control), dice.get(false))) {
    context.send(session::NewSeed{});
  }
}

float undo_width(const PanelContext& context) {
  return 2 * context.theme.metrics.control + context.theme.metrics.gap;
}

void draw_undo(PanelContext& context, Rect& line) {
  const Theme& theme = context.theme;
  Undo& undo = context.state<Undo>();
  const auto button = [&](std::string_view id, float side, std::string_view key, bool can) {
    const Rect area = line.cut_right(theme.metrics.control);
    bool pressed = false;
    if (can) {
      Explained one = plain_button(context, id, Icon::kNone, key);
      one.button.kind = ButtonKind::kBare;
      pressed = draw_button(context, area, one.get(false));
    } else {
      register_widget(context, id, area);  // its place, where there is nothing to press
    }
    draw_bent_arrow(area, side, theme.metrics.text,
                    theme.color(theme.colors.muted, can ? 1 : 0.4f));
    return pressed;
  };
  if (button("redo", 1, "Ctrl Y", undo.can_redo())) {
    undo.redo(context.post, context.store, context.view);
    context.animating = true;
  }
  if (button("undo", -1, "Ctrl Z", undo.can_undo())) {
    undo.undo(context.post, context.store, context.view);
    context.animating = true;
  }
  line.cut_right(theme.metrics.gap);
}

float preferences_width(const PanelContext& context) {
  return 3 * context.theme.metrics.control + language_width(context);
}

void draw_preferences(PanelContext& context, Rect& line) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  const bool dark = context.view.theme == ThemeKind::kDark;
  Explained help = plain_button(context, "help", Icon::kHelp, "?");
  help.button.kind = ButtonKind::kBare;
  if (draw_button(context, line.cut_right(m.control), help.get(false))) {
    context.view.help_wanted = true;
    context.animating = true;
  }
  Explained lessons = plain_button(context, "lessons", Icon::kBookmark, "");
  lessons.title = lessons.label;
  lessons.button.kind = ButtonKind::kBare;
  // In large text on a phone the seed beside it comes first.
  const bool room = line.w >= language_width(context) + 3 * m.control + 3 * m.gap + m.px(58);
  if (room && draw_button(context, line.cut_right(m.control), lessons.get(false))) {
    context.state<LessonView>().list_wanted = true;
    context.animating = true;
  }
  const std::string title = with_key(context, texts.get("toolbar.theme"), "T");
  if (draw_button(context, line.cut_right(m.control),
                  {.id = "theme",
                   .icon = dark ? Icon::kSun : Icon::kMoon,
                   .kind = ButtonKind::kBare,
                   .help_title = title,
                   .help = texts.get("toolbar.theme.help")})) {
    context.view.theme = dark ? ThemeKind::kLight : ThemeKind::kDark;
  }
  const bool chinese = texts.language() == Language::kChinese;
  if (draw_button(context, line.cut_right(language_width(context)), language_button(context))) {
    context.view.language = chinese ? Language::kEnglish : Language::kChinese;
  }
  line.cut_right(m.gap);
}

}  // namespace hourglass::ui
