#include "ui/frame/body.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "ui/frame/messages.h"
#include "ui/frame/panels.h"
#include "ui/frame/status_line.h"
#include "ui/frame/tabs.h"
#include "ui/frame/toolbar.h"
#include "ui/frame/workspaces.h"
#include "ui/kit/controls.h"
#include "ui/lesson/lesson_card.h"
#include "ui/state/lesson_view.h"

namespace hourglass::ui {
namespace {

void draw_content(PanelContext& context, ImVec2 from) {
  const Layout& layout = context.layout;
  // Tab goes on to cards that are out of sight only if they are there.
  const bool all = ImGui::GetIO().NavVisible;
  const auto seen = [&](const Rect& place) {
    context.area = place.moved(from.x, from.y);
    return !place.empty() && (all || !intersection(context.area, layout.body).empty());
  };
  if (seen(layout.moving_toolbar)) {
    draw_toolbar(context, layout.toolbar.empty() ? ToolbarPart::kAll : ToolbarPart::kRest);
  }
  if (seen(layout.moving_messages)) draw_messages(context);
  if (seen(layout.workspaces)) draw_workspaces(context, context.area);
  for (const Panel& panel : panels()) {
    if (!panel.card || panel.workspace != layout.workspace || !seen(layout.*panel.card)) continue;
    if (!lesson_rules(context).shows_panel(panel.id)) continue;
    context.area =
        draw_card(context, panel.id, context.area, context.texts.get(panel.title), context.heading);
    draw_panel(context, panel);
  }
  if (seen(layout.tabs)) draw_tabs(context);
  draw_lesson_ring(context);
  if (seen(layout.moving_status)) draw_status(context);
  ImGui::SetCursorScreenPos({from.x, from.y + layout.content_height - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace

void Body::draw(PanelContext& context) {
  const Rect& area = context.layout.body;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, 0.0f);
  // Flattened, so that Tab goes on from the toolbar into the cards.
  const bool open = ImGui::BeginChild("body", {area.w, area.h}, ImGuiChildFlags_NavFlattened,
                                      ImGuiWindowFlags_NoBackground);
  ImGui::PopStyleVar();
  if (open) {
    keep_content_in_place(context);
    scroll_to_panel(context);
    draw_content(context, {area.x, std::floor(area.y - ImGui::GetScrollY())});
  }
  ImGui::EndChild();
}

// A message that comes or goes above the content moves nothing under a finger; one that tells of a
// failure is brought into view.
void Body::keep_content_in_place(PanelContext& context) {
  const float height = context.layout.moving_messages.h;
  const float change = height - messages_above_;
  messages_above_ = height;
  const bool failed = context.store.notices_so_far != notices_seen_;
  notices_seen_ = context.store.notices_so_far;
  const bool to_top = failed && height > 0;
  if (!to_top && (change == 0 || ImGui::GetScrollY() <= 0)) return;
  ImGui::SetScrollY(to_top ? 0 : std::max(0.0f, ImGui::GetScrollY() + change));
  context.animating = true;  // it scrolls in the next frame
}

// What a lesson speaks of is brought into view, as far up as it goes.
void Body::scroll_to_panel(PanelContext& context) {
  const std::string_view wanted = std::exchange(context.state<LessonView>().to_view, {});
  if (wanted.empty()) return;
  const Layout& layout = context.layout;
  Rect place = layout.tabs;
  for (const Panel& panel : panels()) {
    if (panel.id == wanted && panel.card && !(layout.*panel.card).empty()) {
      place = layout.*panel.card;
    }
  }
  if (place.empty()) return;
  const float top = std::max(0.0f, place.y - context.theme.metrics.gutter);
  const float now = ImGui::GetScrollY();
  if (now <= top && place.bottom() <= now + layout.body.h) return;  // all of it is there
  ImGui::SetScrollY(top);
  context.animating = true;
}

}  // namespace hourglass::ui
