#include "ui/kit/card.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/item.h"
#include "ui/kit/text.h"

namespace hourglass::ui {

Rect draw_card(const Kit& kit, std::string_view name, const Rect& area, std::string_view title,
               Rect& heading) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area), bottom_right(area), theme.color(theme.colors.card),
                     m.card_radius);
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge),
               m.card_radius);
  register_widget(kit, "panel:" + std::string(name), area);

  Rect inside = area.inset(m.padding, m.padding);
  heading = inside.cut_top(m.header);
  heading.h -= m.px(6);
  TextStyle style{m.heading, true};
  float most = heading.w * 0.65f;
  // Large text on a phone: three buttons of 40 points come first, and a title may be a little
  // smaller.
  if (m.touch) most = std::min(most, std::max(m.px(24), heading.w - 3 * 40 - 3 * m.gap));
  const float least = m.touch ? std::min(m.small, std::max(13.0f, m.small * 0.65f)) : m.small;
  const float wide = text_width(kit, title, style);
  if (wide > most) style.size = std::max(least, std::floor(m.heading * most / wide));
  Rect line = heading;
  line.w = std::max(most, std::min(wide, heading.w));
  if (kit.mirror) kit.mirror->add_heading(line, title);
  Kit quiet = kit;  // the heading is noted
  quiet.mirror = nullptr;
  heading.cut_left(draw_text(quiet, line, title, theme.color(theme.colors.text), style) +
                   m.gap * 1.5f);
  return inside;
}

void draw_subtitle(const Kit& kit, const Rect& heading, std::string_view text) {
  const TextStyle style{kit.theme.metrics.small};
  if (text_width(kit, text, style) > heading.w) return;
  draw_text(kit, heading, text, kit.theme.color(kit.theme.colors.muted), style);
}

}  // namespace hourglass::ui
