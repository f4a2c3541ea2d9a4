#include "ui/images/image_cell.h"

#include <imgui.h>

#include "ui/kit/controls.h"

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

std::string class_name(const PanelContext& context, std::int32_t label) {
  const session::DataReady& data = context.store.data;
  if (label < 0 || static_cast<std::size_t>(label) >= data.class_names.size()) {
    return std::to_string(label);
  }
  return context.texts.class_name(data.name, data.class_names[static_cast<std::size_t>(label)]);
}

}  // namespace hourglass::ui
