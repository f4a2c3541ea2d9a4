#include "ui/curves/past_runs.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/curves/curves_state.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

double value_of(const session::EpochMetrics& epoch, CurveMeasure measure) {
  switch (measure) {
    case CurveMeasure::kLoss:
      return epoch.test_loss;
    case CurveMeasure::kAccuracy:
      return epoch.binary_accuracy;
    case CurveMeasure::kCode:
      return epoch.code_mean;
  }
  return 0;
}

std::string last_number(const PastRun& run) {
  if (!run.test.empty()) return significant(run.test.back().y, 4);
  return run.train.empty() ? "–" : significant(run.train.back().y, 4);
}

// One earlier run. Returns true while the pointer is on it.
bool draw_run(PanelContext& context, const Rect& area, const PastRun& run, int index,
              const std::string& words) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  const std::string id = "run:" + std::to_string(index);
  ImGui::SetCursorScreenPos(top_left(area));
  if (ImGui::InvisibleButton(id.c_str(), {area.w, area.h}, ImGuiButtonFlags_EnableNav)) {
    auto& hidden = context.view.hidden_runs;
    if (!hidden.erase(run.of->serial)) hidden.insert(run.of->serial);
    context.animating = true;  // the list is drawn before it is looked at
  }
  register_item(context, id);
  mirror_item(context, {.role = MirrorRole::kSwitch, .on = run.shown});
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (hovered) {
    list.AddRectFilled(top_left(area), bottom_right(area), theme.color(c.field), m.radius);
  }
  Rect line = area.inset(m.px(6), 0);
  const float y = line.y + line.h / 2;
  const float strength = run.shown ? (hovered ? 1.0f : 0.7f) : 0.0f;
  const ImVec2 from{line.x, y - m.px(1.5f)}, to{line.x + m.px(14), y + m.px(1.5f)};
  if (strength > 0) {
    list.AddRectFilled(from, to, theme.color(hovered ? c.accent : c.muted, strength), m.px(1.5f));
  } else {
    list.AddRect(from, to, theme.color(c.muted, 0.7f), m.px(1.5f));
  }
  line.cut_left(m.px(20));
  const std::string number = last_number(run);
  const TextStyle strong{m.small, true, Align::kRight};
  const ImU32 ink = theme.color(run.shown ? c.text : c.muted);
  draw_text(context, line.cut_right(text_width(context, number, strong)), number, ink, strong);
  line.cut_right(m.gap);
  draw_text(context, line, words, theme.color(hovered ? c.text : c.muted), {m.small});
  draw_help(context, words, context.texts.get("curves.run.help"));
  return hovered;
}

}  // namespace

std::vector<PastRun> past_runs(const PanelContext& context) {
  const CurveMeasure measure = context.state<CurvesState>().measure;
  std::vector<PastRun> runs;
  for (const Run& past : context.store.runs) {
    if (past.serial <= context.view.runs_forgotten) continue;
    PastRun run{&past, !context.view.hidden_runs.contains(past.serial)};
    for (const session::EpochMetrics& epoch : past.epochs) {
      const double value = value_of(epoch, measure);
      if (std::isfinite(value)) run.test.push_back({epoch.epoch, value});
    }
    if (measure == CurveMeasure::kLoss) {
      for (const session::LossPoint& point : past.losses) {
        if (std::isfinite(point.loss)) run.train.push_back({point.epoch, point.loss});
      }
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

bool by_training(const PastRun& run) { return run.test.size() < 2; }

void draw_past_runs(PanelContext& context, Rect& inside, std::vector<PastRun>& runs) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const float row = m.touch ? m.control : m.px(24);
  const auto count = static_cast<float>(runs.size());
  const float head_height = m.touch ? m.control : m.px(26);
  const float most = std::max(row, inside.h * 0.36f - head_height);
  Rect area = inside.cut_bottom(std::min(count * row, most));
  Rect head = inside.cut_bottom(head_height);
  inside.cut_bottom(m.px(2));

  const Button clear{.id = "runs:clear",
                     .label = texts.get("curves.clear"),
                     .kind = ButtonKind::kBare,
                     .help_title = texts.get("curves.clear"),
                     .help = texts.get("curves.clear.help")};
  if (draw_button(context, head.cut_right(button_width(context, clear)), clear)) {
    context.view.runs_forgotten = context.store.runs_so_far;
    context.view.hidden_runs.clear();
    context.animating = true;
  }
  draw_text(context, head, texts.get("curves.runs"),
            context.theme.color(context.theme.colors.muted), {m.small, true});
  ScrollArea scroll(context, area, "runs", count * row);
  const RunConfig present = current_config(context.store);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Rect line{scroll.inside.x, scroll.inside.y + static_cast<float>(i) * row, scroll.inside.w,
                    row};
    std::string words = run_differences(texts, runs[i].of->terms, present);
    if (words.empty()) words = texts.get("curves.same_settings");
    runs[i].highlighted = draw_run(context, line, runs[i], static_cast<int>(i), words);
  }
}

}  // namespace hourglass::ui
