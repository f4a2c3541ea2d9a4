#include "ui/latent_map/class_tags.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"

namespace hourglass::ui {

void draw_class_tags(PanelContext& context, const MapTransform& map,
                     std::span<const MapSummary::Center> centers, std::vector<Rect> taken,
                     const std::function<bool(std::int32_t)>& shown) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(top_left(map.area), bottom_right(map.area), true);
  const auto free = [&](const Rect& tag) {
    return std::none_of(taken.begin(), taken.end(), [&](const Rect& r) { return r.overlaps(tag); });
  };
  for (const MapSummary::Center& center : centers) {
    if (center.label < 0 || !shown(center.label)) continue;
    const std::string name = class_name(context, center.label);
    const TextStyle style{m.small, true, Align::kCenter};
    const float width = text_width(context, name, style) + m.px(10), height = m.small + m.px(5);
    Rect tag{map.screen_x(center.x) - width / 2, map.screen_y(center.y) - height / 2, width,
             height};
    // One over another could not be read: it makes way a little or is left to the legend.
    for (const float shift : {-height, 2 * height}) {
      if (!free(tag)) tag = tag.moved(0, shift);
    }
    if (!free(tag)) continue;
    taken.push_back(tag);
    list.AddRectFilled(top_left(tag), bottom_right(tag), theme.color(theme.colors.card, 0.88f),
                       height / 2);
    list.AddRect(top_left(tag), bottom_right(tag),
                 theme.color(class_color(theme.colors, center.label)), height / 2, 0, m.px(1.5f));
    draw_text(context, tag, name, theme.color(theme.colors.text), style);
  }
  list.PopClipRect();
}

}  // namespace hourglass::ui
