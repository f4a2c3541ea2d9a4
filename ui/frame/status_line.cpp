#include "ui/frame/status_line.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
void draw_status(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const session::Status& status = context.store.status;
  const session::NetworkInfo& network = context.store.network;
  const Rect& area = context.area;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card));
  list.AddLine({area.x, area.y + 0.5f}, {area.right(), area.y + 0.5f},
               theme.color(theme.colors.card_edge));
  register_widget(context, "panel:status", area);
  if (context.mirror) context.mirror->add_heading(area, texts.get("mirror.status"));

  const char* phase = "status.paused";
  Rgb light = theme.colors.muted;
  switch (status.phase) {
    case session::Phase::kWaitingForData:
      phase = "status.waiting";
      break;
    case session::Phase::kPaused:
      break;
    case session::Phase::kRunning:
      phase = "status.running";
      light = theme.colors.accent;
      break;
    case session::Phase::kFinished:
      phase = "status.finished";
      light = theme.colors.train;
      break;
  }
  Rect line = area.inset(m.gutter + m.px(4), 0);
  list.AddCircleFilled({line.x + m.px(4), line.y + line.h / 2}, m.px(4), theme.color(light));
  line.cut_left(m.px(15));
  const TextStyle strong{m.small, true}, plain{m.small};
  line.cut_left(draw_text(context, line, texts.get(phase), theme.color(theme.colors.text), strong) +
                m.px(14));

  std::vector<std::string> parts;
  std::size_t engine_part = SIZE_MAX;
  // Whoever asked for it wants to see it in the smallest window, too.
  if (context.view.stats) {
    parts.push_back(texts.format("status.frame", {fixed(context.view.frame_ms, 1)}));
  }
  if (context.store.timeline.shown >= 0) {
    parts.push_back(texts.format("timeline.shown", {grouped(context.store.timeline.shown)}));
  }
  // Rounded down: epoch 3 is reached only when it is over.
  parts.push_back(
      texts.format("status.epoch", {fixed(std::floor(status.epoch * 100 + 1e-6) / 100, 2)}));
  parts.push_back(texts.format("status.step", {grouped(status.step)}));
  if (status.images_per_second > 0) {
    parts.push_back(texts.format(
        "status.speed", {grouped(static_cast<std::int64_t>(status.images_per_second + 0.5))}));
  }
  if (!network.layers.empty()) {
    parts.push_back(shape_text(network));
    parts.push_back(texts.format("status.parameters", {grouped(network.parameters)}));
  }
  if (!network.engine.empty()) {
    engine_part = parts.size();
    parts.push_back(
        texts.format(network.threads == 1 ? "status.engine.one_thread" : "status.engine",
                     {network.engine, grouped(network.threads)}));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const float width = text_width(context, parts[i], plain);
    if (width > line.w) break;
    draw_text(context, line, parts[i], theme.color(theme.colors.muted), plain);
    if (i == engine_part)
      register_widget(context, "status:engine", {line.x, line.y, width, line.h});
    line.cut_left(width + m.px(18));
  }
}

}  // namespace hourglass::ui
