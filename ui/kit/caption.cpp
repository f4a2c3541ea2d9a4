#include "ui/kit/caption.h"

#include <imgui.h>

#include <algorithm>

#include "ui/kit/help.h"
#include "ui/kit/item.h"
#include "ui/kit/text.h"

namespace hourglass::ui {

void draw_caption(Kit& kit, const Rect& area, std::string_view title, std::string_view help,
                  std::string_view formula) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  const float size = fitting_size(kit, title, area.w, m.small);
  const float width = draw_text(kit, area, title, theme.color(theme.colors.muted), {size});
  if (help.empty()) return;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::Dummy({std::max(1.0f, width), area.h});
  draw_help(kit, title, help, {}, formula);
}

}  // namespace hourglass::ui
