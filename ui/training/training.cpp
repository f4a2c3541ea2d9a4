// The settings of a run, in groups: those that play a part beside the others.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/session/settings/settings.h"
#include "ui/kit/controls.h"
#include "ui/kit/scroll_area.h"
#include "ui/settings/setting_widget.h"
#include "ui/state/panel.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

struct Group {
  std::string_view name;  // key of its heading
  std::vector<std::string_view> keys;
};

const std::array<Group, 7>& groups() {
  static const std::array<Group, 7> all = {{
      {"training.loss", {"model.loss", "data.scaling", "model.initializer"}},
      {"training.optimizer",
       {"train.optimizer", "train.learning_rate", "train.batch_size", "train.momentum", "train.rho",
        "train.beta1", "train.beta2", "train.epsilon", "train.weight_decay", "train.clip_norm"}},
      {"training.schedule",
       {"train.schedule", "train.decay", "train.decay_steps", "train.warmup_steps"}},
      {"training.penalties",
       {"penalty.activity_l1", "penalty.weight_l2", "penalty.sparsity", "penalty.sparsity_target",
        "penalty.contractive", "penalty.kl", "penalty.kl_warmup"}},
      {"training.stop", {"train.epochs", "train.steps", "train.stop_loss", "train.patience"}},
      {"training.data", {"data.strokes_train", "data.strokes_test"}},
      {"training.machine", {"train.threads"}},
  }};
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
    Group some{group.name, {}};
    for (const std::string_view key : group.keys) {
      if (setting_applies(key, terms)) {
        some.keys.push_back(key);
      } else {
        hidden_penalty = hidden_penalty || key.starts_with("penalty.");
      }
    }
    if (!some.keys.empty()) shown.push_back(std::move(some));
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
    content += heading + static_cast<float>(rows_of(group.keys.size(), grid)) * grid.line + m.px(8);
  }
  ScrollArea scroll(context, area, "settings", content);
  float y = scroll.inside.y;
  for (const Group& group : shown) {
    const Rect line{scroll.inside.x, y, area.w - bar, m.label};
    const std::string& name = context.texts.get(group.name);
    const float width =
        draw_text(context, line, name, theme.color(theme.colors.text), {m.small, true});
    const float middle = std::floor(line.y + line.h / 2) + 0.5f;
    ImGui::GetWindowDrawList()->AddLine({line.x + width + m.gap, middle}, {line.right(), middle},
                                        theme.color(theme.colors.card_edge));
    y += heading;
    for (std::size_t i = 0; i < group.keys.size(); ++i) {
      const auto column = static_cast<float>(i % static_cast<std::size_t>(grid.columns));
      const auto row = static_cast<float>(i / static_cast<std::size_t>(grid.columns));
      const session::Setting& setting = session::find_setting(group.keys[i]);
      const bool choice = setting.type == session::SettingType::kChoice;
      const Rect cell{scroll.inside.x + column * (grid.width + grid.space), y + row * grid.line,
                      grid.width, choice ? grid.row : slider_height(m)};
      draw_setting(context, cell, setting.key);
      mark_reset(context, cell, setting);
    }
    y += static_cast<float>(rows_of(group.keys.size(), grid)) * grid.line;
    if (group.name == "training.penalties" && hidden_penalty) {
      y += draw_paragraph(context, scroll.inside.x, y, area.w - bar, note,
                          theme.color(theme.colors.muted), m.small);
    }
    y += m.px(8);
  }
}

}  // namespace hourglass::ui
