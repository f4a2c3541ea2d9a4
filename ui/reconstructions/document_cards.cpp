#include "ui/reconstructions/document_cards.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/reconstructions/card_grid.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

// Sizes in points at which words can be read, and more of them add little.
constexpr float kCardWidth = 230, kCardHeight = 190;

void draw_word_side(const PanelContext& context, Rect area, std::string_view title,
                    ImageAtlas& atlas, int index, Rgb color) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_text(context, area.cut_top(m.label), title, theme.color(theme.colors.muted), {m.small});
  if (atlas.has_words() && index < atlas.count()) {
    draw_words(context, atlas.words(index), area, color);
  }
}

void draw_document(PanelContext& context, const Rect& card, int index) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const session::Snapshot& now = context.store.snapshot;
  const auto at = static_cast<std::size_t>(index);
  const std::uint32_t sample = (*now.image_indices)[at];
  const auto& titles = context.store.data.map_texts;
  const std::string title = sample < titles.size() ? titles[sample] : std::string();
  const std::int32_t label =
      now.image_labels && at < now.image_labels->size() ? (*now.image_labels)[at] : -1;

  const bool clicked = draw_area(context, card, "image:" + std::to_string(index));
  const bool hovered = ImGui::IsItemHovered();
  draw_help(context, texts.format("documents.number", {grouped(sample)}), title,
            texts.get("documents.click"));
  const session::Setting& setting = session::find_setting("view.sample");
  const bool selected =
      shown_value(context, setting) == session::Value(static_cast<std::int64_t>(sample));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (selected || hovered) {
    list.AddRect(top_left(card), bottom_right(card),
                 theme.color(selected ? theme.colors.accent : theme.colors.muted), m.px(5), 0,
                 m.px(2));
  }
  Rect inside = card.inset(m.px(8), m.px(5));
  Rect head = inside.cut_top(m.label);
  if (label >= 0) {
    list.AddCircleFilled({head.x + m.px(4), head.y + head.h / 2}, m.px(4),
                         packed(class_color(theme.colors, label)));
    head.cut_left(m.px(13));
  }
  draw_text(context, head, title.empty() && label >= 0 ? class_name(context, label) : title,
            theme.color(theme.colors.text), {m.small});
  Pictures& pictures = context.state<Pictures>();
  const float half = (inside.w - m.gap) / 2;
  const Rect in = inside.cut_left(half);
  inside.cut_left(m.gap);
  draw_word_side(context, in, texts.get("documents.in"),
                 pictures.row(ImageRow::kCorrupted, context.store), index, theme.colors.train);
  draw_word_side(context, inside, texts.get("documents.out"),
                 pictures.row(ImageRow::kReconstructed, context.store), index, theme.colors.accent);
  if (clicked && !selected) change_setting(context, setting, static_cast<std::int64_t>(sample));
}

}  // namespace

void draw_document_cards(PanelContext& context, const Rect& area) {
  draw_card_grid(context, area, kCardWidth, kCardHeight,
                 [&](const Rect& place, int i) { draw_document(context, place, i); });
}

}  // namespace hourglass::ui
