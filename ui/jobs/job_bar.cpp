#include "ui/jobs/job_bar.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

std::string id_of(std::string_view kind, const char* what) {
  return std::string(kind) + ":" + what;
}

void draw_progress(const PanelContext& context, const Rect& area, const JobView& job,
                   std::string_view kind) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  Rect words = area;
  const Rect strip = words.cut_bottom(m.px(4));
  const auto part = static_cast<float>(std::clamp(job.share, 0.0, 1.0));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(strip), bottom_right(strip), theme.color(c.field), m.px(2));
  if (part > 0) {
    list.AddRectFilled(top_left(strip), {strip.x + part * strip.w, strip.bottom()},
                       theme.color(job.state == JobView::State::kPaused ? c.muted : c.accent),
                       m.px(2));
  }
  register_widget(context, id_of(kind, "progress"), area);
  const std::string percent = std::to_string(static_cast<int>(100 * part)) + " %";
  const TextStyle style{m.small, false, Align::kRight};
  draw_text(context, words.cut_right(text_width(context, "100 %", style) + m.px(4)), percent,
            theme.color(c.muted), style);
  std::string text;
  if (!job.stage.empty()) text = context.texts.get("job." + std::string(kind) + "." + job.stage);
  if (job.state == JobView::State::kPaused) text = context.texts.format("job.paused", {text});
  draw_text(context, words, text, theme.color(c.text), {m.small});
}

}  // namespace

bool draw_job_bar(PanelContext& context, const Rect& area, std::string_view kind,
                  std::string_view label, std::string_view help, bool says_why) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const JobView& job = context.jobs.view(kind);
  Rect line = area;
  if (!job.is_under_way()) {
    const std::string id = id_of(kind, "start");
    const Button start{.id = id,
                       .label = label,
                       .icon = Icon::kPlay,
                       .kind = ButtonKind::kPrimary,
                       .help_title = label,
                       .help = help};
    const bool pressed =
        draw_button(context, line.cut_left(std::min(button_width(context, start), line.w)), start);
    line.cut_left(m.gap);
    if (says_why && !job.message.empty()) {
      const MirrorNews news(context);
      draw_text(context, line, job.message, theme.color(theme.colors.heat), {m.small});
      ImGui::SetCursorScreenPos(top_left(line));
      ImGui::Dummy({std::max(1.0f, line.w), line.h});
      register_item(context, id_of(kind, "message"));
      draw_help(context, texts.get("job.ended"), job.message);
    }
    return pressed;
  }
  const std::string cancel = id_of(kind, "cancel"), pause = id_of(kind, "pause");
  if (draw_button(context, line.cut_right(m.control),
                  {.id = cancel,
                   .icon = Icon::kClose,
                   .help_title = texts.get("job.cancel"),
                   .help = texts.get("job.cancel.help")})) {
    context.jobs.cancel(context.post, kind);
    context.animating = true;
  }
  line.cut_right(m.gap);
  const bool paused = job.state == JobView::State::kPaused;
  if (draw_button(context, line.cut_right(m.control),
                  {.id = pause,
                   .icon = paused ? Icon::kPlay : Icon::kPause,
                   .help_title = texts.get(paused ? "job.resume" : "job.pause"),
                   .help = texts.get(paused ? "job.resume.help" : "job.pause.help")})) {
    if (paused) {
      context.jobs.resume(context.post, kind);
    } else {
      context.jobs.pause(context.post, kind);
    }
    context.animating = true;
  }
  line.cut_right(m.gap);
  draw_progress(context, line.inset(0, (line.h - std::min(line.h, m.px(26))) / 2), job, kind);
  return false;
}

float draw_job_message(PanelContext& context, const Rect& area, std::string_view kind, bool draw) {
  const JobView& job = context.jobs.view(kind);
  if (job.is_under_way() || job.message.empty()) return 0;
  const Theme& theme = context.theme;
  const MirrorNews news(context);
  const float height = draw_paragraph(context, area.x, area.y, area.w, job.message,
                                      theme.color(theme.colors.heat), theme.metrics.small, draw);
  if (draw) register_widget(context, id_of(kind, "message"), {area.x, area.y, area.w, height});
  return height;
}

}  // namespace hourglass::ui
