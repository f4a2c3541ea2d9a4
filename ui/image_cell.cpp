#include "ui/image_cell.h"

#include <imgui.h>

#include "ui/controls.h"

namespace hourglass::ui {

void draw_paper(const PanelContext& context, const Rect& cell, float opacity) {
  const Theme& theme = context.theme;
  ImGui::GetWindowDrawList()->AddRectFilled(top_left(cell), bottom_right(cell),
                                            theme.color(theme.colors.tile, opacity),
                                            theme.metrics.px(3));
}

void draw_tinted(const PanelContext& context, ImageAtlas& atlas, int index, const Rect& cell,
                 ImU32 tint) {
  if (index < 0 || index >= atlas.count()) return;
  ImVec2 from, to;
  atlas.corners(index, from, to);
  ImGui::GetWindowDrawList()->AddImageRounded(atlas.ref(), top_left(cell), bottom_right(cell), from,
                                              to, tint, context.theme.metrics.px(3));
}

void draw_image(const PanelContext& context, ImageAtlas& atlas, int index, const Rect& cell,
                float opacity) {
  const Theme& theme = context.theme;
  draw_tinted(context, atlas, index, cell,
              atlas.grey() ? theme.color(theme.colors.ink, opacity) : packed(0xFFFFFF, opacity));
}

std::string class_name(const Store& store, std::int32_t label) {
  const auto& names = store.data.class_names;
  return label >= 0 && static_cast<std::size_t>(label) < names.size()
             ? names[static_cast<std::size_t>(label)]
             : std::to_string(label);
}

}  // namespace hourglass::ui
