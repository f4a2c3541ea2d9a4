// The part of the window that scrolls: the cards, and in a low window bars with them.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/frame/app.h"
#include "ui/kit/controls.h"

namespace hourglass::ui {

void App::draw_body(PanelContext& context) {
  ImGui::SetCursorScreenPos(top_left(layout_.body));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, 0.0f);
  // Flattened, so that Tab goes on from the toolbar into the cards.
  const bool open = ImGui::BeginChild("body", {layout_.body.w, layout_.body.h},
                                      ImGuiChildFlags_NavFlattened, ImGuiWindowFlags_NoBackground);
  ImGui::PopStyleVar();
  if (open) {
    keep_content_in_place();
    draw_content(context, {layout_.body.x, std::floor(layout_.body.y - ImGui::GetScrollY())});
  }
  ImGui::EndChild();
}

// A message that comes or goes above the content moves nothing under a finger; one that tells of a
// failure is brought into view.
void App::keep_content_in_place() {
  const float height = layout_.moving_messages.h;
  const float change = height - messages_above_;
  messages_above_ = height;
  const bool failed = store_.notices_so_far != notices_seen_;
  notices_seen_ = store_.notices_so_far;
  const bool to_top = failed && height > 0;
  if (!to_top && (change == 0 || ImGui::GetScrollY() <= 0)) return;
  ImGui::SetScrollY(to_top ? 0 : std::max(0.0f, ImGui::GetScrollY() + change));
  note_input();  // it scrolls in the next frame
}

void App::draw_content(PanelContext& context, ImVec2 from) {
  // Tab goes on to cards that are out of sight only if they are there.
  const bool all = ImGui::GetIO().NavVisible;
  const auto seen = [&](const Rect& place) {
    context.area = place.moved(from.x, from.y);
    return !place.empty() && (all || !intersection(context.area, layout_.body).empty());
  };
  const auto card = [&](const Rect& place, const char* name, void (*draw_panel)(PanelContext&)) {
    if (!seen(place)) return;
    context.area = draw_card(context, name, context.area, texts_.get(std::string(name) + ".title"),
                             context.heading);
    draw_panel(context);
  };
  if (seen(layout_.moving_toolbar)) {
    draw_toolbar(context, layout_.toolbar.empty() ? ToolbarPart::kAll : ToolbarPart::kRest);
  }
  if (seen(layout_.moving_messages)) draw_messages(context);
  card(layout_.hourglass, "hourglass", draw_hourglass);
  card(layout_.reconstructions, "reconstructions", draw_reconstructions);
  card(layout_.noise, "noise", draw_noise);
  if (!layout_.map_in_tabs) card(layout_.latent, "latent", draw_latent);
  if (seen(layout_.tabs)) draw_tabs(context);
  if (seen(layout_.moving_status)) draw_status(context);
  ImGui::SetCursorScreenPos({from.x, from.y + layout_.content_height - 1});
  ImGui::Dummy({1, 1});
}

}  // namespace hourglass::ui
