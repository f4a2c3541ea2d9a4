// The settings of a run, in groups: those that play a part beside the others.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/session/settings/settings.h"
#include "ui/kit/controls.h"
#include "ui/kit/scroll_area.h"
#include "ui/settings/setting_widget.h"
#include "ui/state/lesson_view.h"
#include "ui/state/panel.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

using session::Setting;

struct Group {
  session::Group group;
  std::vector<const Setting*> settings;
};

// The groups of the table, in the order in which they are shown.
const std::vector<Group>& groups() {
  static const std::vector<Group> all = [] {
    std::vector<Group> made;
    for (std::size_t i = 1; i < session::group_names().size(); ++i) {
      Group& group = made.emplace_back(Group{static_cast<session::Group>(i), {}});
      for (const Setting& setting : session::settings_table()) {
        if (setting.group == group.group) group.settings.push_back(&setting);
      }
      std::ranges::sort(group.settings, {}, &Setting::place);
    }
    return made;
  }();
  return all;
}

// What the controls show, pending_values included: a choice and what depends on it change together.
RunConfig shown_terms(const PanelContext& context) {
  RunConfig terms{context.store.settings, context.store.network};
  for (const auto& [key, value] : context.view.pending_values)
    terms.settings.insert_or_assign(key, value);
  return terms;
}

struct Grid {
  int columns;
  float width, space, row, line;  // of a cell, between cells, of a cell's height, with its gap
};

Grid grid_of(float width, const Metrics& m) {
  Grid grid;
  grid.columns = std::clamp(static_cast<int>(width / m.px(180)), 1, 3);
  grid.space = 2 * m.gap;
  grid.width = (width - grid.space * static_cast<float>(grid.columns - 1)) /
               static_cast<float>(grid.columns);
  grid.row = std::max(choice_height(m), slider_height(m));
  grid.line = grid.row + m.px(10);
  return grid;
}

int rows_of(std::size_t cells, const Grid& grid) {
  return (static_cast<int>(cells) + grid.columns - 1) / grid.columns;
}

// Beside the label of what needs a reset: the sign of the button that gives it one, and where a
// change waits for it, in so many words.
void mark_reset(PanelContext& context, const Rect& cell, const session::Setting& setting) {
  if (setting.effect != session::Effect::kOnReset) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const auto& waiting = context.store.status.pending_reset;
  const bool waits = std::find(waiting.begin(), waiting.end(), setting.key) != waiting.end();
  const std::string& label = context.texts.setting_label(setting.key);
  const bool number = setting.type != session::SettingType::kChoice;
  const float side = m.small * 0.8f;
  Rect line{cell.x, cell.y, cell.w - (number ? m.px(72) : 0), m.label};
  line.cut_left(text_width(context, label, {m.small}) + m.px(6));
  if (line.w < side) return;
  const ImU32 ink = theme.color(waits ? theme.colors.accent : theme.colors.muted, waits ? 1 : 0.7f);
  const Rect sign = line.cut_left(side);
  draw_icon(*ImGui::GetWindowDrawList(), Icon::kReset, {sign.x + side / 2, sign.y + sign.h / 2},
            side, ink);
  if (!waits) return;
  line.cut_left(m.px(5));
  const std::string& words = context.texts.get("training.waits");
  if (text_width(context, words, {m.small}) <= line.w) {
    draw_text(context, line, words, ink, {m.small});
  }
  register_widget(context, "waits:" + std::string(setting.key), {sign.x, sign.y, side, sign.h});
}

}  // namespace

void draw_training(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const RunConfig terms = shown_terms(context);
  std::vector<Group> shown;
  bool hidden_penalty = false;
  for (const Group& group : groups()) {
    Group some{group.group, {}};
    for (const Setting* const setting : group.settings) {
      if (lesson_rules(context).hides(setting->key)) continue;
      if (setting_applies(*setting, terms)) some.settings.push_back(setting);
    }
    if (group.group == session::Group::kPenalties) {
      hidden_penalty = some.settings.size() < group.settings.size();
    }
    if (!some.settings.empty()) shown.push_back(std::move(some));
  }

  // The scrollbar takes its place from the columns, whether it is needed or not: they must not jump
  // when a group comes or goes.
  Rect area = context.area;
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4);
  const Grid grid = grid_of(area.w - bar, m);
  const float heading = m.label + m.px(6);
  const std::string& note = context.texts.get("training.hidden_penalties");
  const float note_height =
      hidden_penalty ? draw_paragraph(context, 0, 0, area.w - bar, note, 0, m.small, false) : 0;
  float content = note_height;
  for (const Group& group : shown) {
    content +=
        heading + static_cast<float>(rows_of(group.settings.size(), grid)) * grid.line + m.px(8);
  }
  ScrollArea scroll(context, area, "settings", content);
  float y = scroll.inside.y;
  for (const Group& group : shown) {
    const Rect line{scroll.inside.x, y, area.w - bar, m.label};
    const std::string& name = context.texts.get(
        "training." + std::string(session::group_names()[static_cast<std::size_t>(group.group)]));
    const float width =
        draw_text(context, line, name, theme.color(theme.colors.text), {m.small, true});
    const float middle = std::floor(line.y + line.h / 2) + 0.5f;
    ImGui::GetWindowDrawList()->AddLine({line.x + width + m.gap, middle}, {line.right(), middle},
                                        theme.color(theme.colors.card_edge));
    y += heading;
    for (std::size_t i = 0; i < group.settings.size(); ++i) {
      const auto column = static_cast<float>(i % static_cast<std::size_t>(grid.columns));
      const auto row = static_cast<float>(i / static_cast<std::size_t>(grid.columns));
      const Setting& setting = *group.settings[i];
      const bool choice = setting.type == session::SettingType::kChoice;
      const Rect cell{scroll.inside.x + column * (grid.width + grid.space), y + row * grid.line,
                      grid.width, choice ? grid.row : slider_height(m)};
      draw_setting(context, cell, setting.key);
      mark_reset(context, cell, setting);
    }
    y += static_cast<float>(rows_of(group.settings.size(), grid)) * grid.line;
    if (group.group == session::Group::kPenalties && hidden_penalty) {
      y += draw_paragraph(context, scroll.inside.x, y, area.w - bar, note,
                          theme.color(theme.colors.muted), m.small);
    }
    y += m.px(8);
  }
}

}  // namespace hourglass::ui
