#include "ui/images/image_cell.h"

#include <imgui.h>

#include <algorithm>

#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

// The largest part of `cell`, in its middle, of these proportions; 0: all of it.
Rect fitted(const Rect& cell, float aspect) {
  if (aspect <= 0 || cell.empty()) return cell;
  const float w = std::min(cell.w, cell.h * aspect), h = w / aspect;
  return {cell.x + (cell.w - w) / 2, cell.y + (cell.h - h) / 2, w, h};
}

}  // namespace

void draw_paper(const PanelContext& context, const Rect& cell, float opacity) {
  const Theme& theme = context.theme;
  ImGui::GetWindowDrawList()->AddRectFilled(top_left(cell), bottom_right(cell),
                                            theme.color(theme.colors.tile, opacity),
                                            theme.metrics.px(3));
}

void draw_words(const PanelContext& context, std::span<const ImageAtlas::Word> words,
                const Rect& area, Rgb color) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::vector<std::string>& names = context.store.data.words;
  const float line = m.small + m.px(4);
  // Parts of words tell nothing.
  if (area.w < m.px(44)) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto most = static_cast<std::size_t>(std::max(0.0f, area.h / line));
  for (std::size_t i = 0; i < std::min(most, words.size()); ++i) {
    if (words[i].word >= names.size()) continue;
    const Rect place{area.x, area.y + static_cast<float>(i) * line, area.w, line};
    list.AddRectFilled({place.x, place.y + m.px(1)},
                       {place.x + place.w * words[i].share, place.bottom() - m.px(1)},
                       theme.color(color, 0.25f), m.px(2));
    draw_text(context, place.inset(m.px(4), 0), names[words[i].word],
              theme.color(theme.colors.text), {m.small});
  }
}

void draw_tinted(const PanelContext& context, ImageAtlas& atlas, int index, const Rect& cell,
                 ImU32 tint) {
  if (index < 0 || index >= atlas.count()) return;
  if (atlas.has_words()) {
    const Metrics& m = context.theme.metrics;
    draw_words(context, atlas.words(index), cell.inset(m.px(2), m.px(2)),
               context.theme.colors.accent);
    return;
  }
  ImVec2 from, to;
  atlas.corners(index, from, to);
  const Rect place = fitted(cell, atlas.aspect());
  ImGui::GetWindowDrawList()->AddImageRounded(atlas.ref(), top_left(place), bottom_right(place),
                                              from, to, tint, context.theme.metrics.px(3));
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
