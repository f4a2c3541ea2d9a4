#include "ui/kit/figures.h"

#include <imgui.h>

#include <algorithm>

#include "ui/kit/help.h"
#include "ui/kit/item.h"
#include "ui/kit/text.h"

namespace hourglass::ui {

float draw_figures(Kit& kit, const Rect& area, std::span<const Figure> figures, bool draw) {
  if (figures.empty()) return 0;
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  const TextStyle plain{m.small}, strong{m.small, true};
  const float space = m.px(6), height = m.label + m.px(2);
  Rect line{area.x, area.y, area.w, height};
  for (const Figure& figure : figures) {
    const float name = text_width(kit, figure.name, plain);
    const float value = text_width(kit, figure.value, strong);
    const float all = name + space + value;
    if (all > line.w && line.x > area.x) line = {area.x, line.y + height, area.w, height};
    if (draw) {
      Rect at{line.x, line.y, std::min(all, line.w), height};
      ImGui::SetCursorScreenPos(top_left(at));
      ImGui::Dummy({at.w, at.h});
      register_item(kit, figure.id);
      if (!figure.help.empty()) draw_help(kit, figure.name, figure.help);
      draw_text(kit, at.cut_left(std::min(name, at.w - value)), figure.name,
                theme.color(theme.colors.muted), plain);
      at.cut_left(space);
      draw_text(kit, at, figure.value, theme.color(theme.colors.text), strong);
    }
    line.cut_left(all + m.px(18));
  }
  return line.bottom() - area.y;
}

}  // namespace hourglass::ui
