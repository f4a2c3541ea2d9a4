#include "ui/reconstructions/table_cards.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/reconstructions/card_grid.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

// Sizes in points at which names can be read beside their bars.
constexpr float kTableCardWidth = 220, kTableCardHeight = 190;
constexpr std::int64_t kMaxFeatures = 1024;

std::string feature_name(const session::DataReady& data, std::size_t feature) {
  return feature < data.feature_names.size() ? data.feature_names[feature]
                                             : std::to_string(feature + 1);
}

float bar_share(const session::Bytes* bytes, std::size_t at) {
  return bytes && at < bytes->size() ? static_cast<float>((*bytes)[at]) / 255 : 0;
}

// A feature's name and its two bars.
void draw_feature(PanelContext& context, Rect line, std::size_t sample, std::size_t feature) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const session::Snapshot& now = context.store.snapshot;
  const auto columns = static_cast<std::size_t>(context.store.data.columns);
  const std::size_t at = sample * columns + feature;
  const float in = bar_share(now.corrupted.get(), at), out = bar_share(now.reconstructed.get(), at);
  draw_text(context, line.cut_left(line.w * 0.45f).inset(m.px(1), 0),
            feature_name(context.store.data, feature), theme.color(theme.colors.text), {m.small});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float thick = std::max(2.0f, std::floor(line.h * 0.3f));
  const auto bar = [&](float y, float share, Rgb color) {
    list.AddRectFilled({line.x, y}, {line.x + std::max(m.px(1), line.w * share), y + thick},
                       theme.color(color), m.px(1));
  };
  list.AddRectFilled({line.x, line.y + line.h * 0.15f}, {line.right(), line.y + line.h * 0.85f},
                     theme.color(theme.colors.field), m.px(2));
  bar(line.y + line.h / 2 - thick - 0.5f, in, theme.colors.train);
  bar(line.y + line.h / 2 + 0.5f, out, theme.colors.accent);
}

// All that is on the card, for whoever points at it.
std::string table_words(const PanelContext& context, std::size_t sample, std::size_t shown) {
  const session::Snapshot& now = context.store.snapshot;
  const auto columns = static_cast<std::size_t>(context.store.data.columns);
  std::string words;
  if (now.image_errors && sample < now.image_errors->size()) {
    words = context.texts.format("reconstructions.sample_error",
                                 {fixed((*now.image_errors)[sample], 4)}) +
            "\n";
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t at = sample * columns + i;
    words += feature_name(context.store.data, i) + ": " +
             fixed(100.0 * bar_share(now.corrupted.get(), at), 0) + "% → " +
             fixed(100.0 * bar_share(now.reconstructed.get(), at), 0) + "%\n";
  }
  return words + context.texts.get("reconstructions.sample_click");
}

void draw_table_card(PanelContext& context, const Rect& card, int index) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const session::Snapshot& now = context.store.snapshot;
  const auto at = static_cast<std::size_t>(index);
  const std::uint32_t sample = (*now.image_indices)[at];
  const std::int32_t label =
      now.image_labels && at < now.image_labels->size() ? (*now.image_labels)[at] : -1;
  const auto features = static_cast<std::size_t>(context.store.data.columns);
  const float line = m.small + m.px(5);
  const float room = card.h - m.label - m.px(12);
  const std::size_t lines = std::max<std::size_t>(1, static_cast<std::size_t>(room / line));
  const std::size_t shown = features <= lines ? features : lines - 1;

  const bool clicked = draw_area(context, card, "image:" + std::to_string(index));
  const bool hovered = ImGui::IsItemHovered();
  draw_help(context, texts.format("reconstructions.sample", {grouped(sample)}),
            table_words(context, at, std::min<std::size_t>(shown, 16)));
  const session::Setting& setting = session::find_setting("view.sample");
  const bool selected =
      shown_value(context, setting) == session::Value(static_cast<std::int64_t>(sample));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRect(top_left(card), bottom_right(card),
               theme.color(selected  ? theme.colors.accent
                           : hovered ? theme.colors.muted
                                     : theme.colors.card_edge),
               m.px(5), 0, selected ? m.px(2) : 1);
  Rect inside = card.inset(m.px(8), m.px(5));
  Rect head = inside.cut_top(m.label);
  if (label >= 0) {
    list.AddCircleFilled({head.x + m.px(4), head.y + head.h / 2}, m.px(4),
                         packed(class_color(theme.colors, label)));
    head.cut_left(m.px(13));
  }
  const bool has_error = now.image_errors && at < now.image_errors->size();
  if (has_error) {
    draw_text(context, head.cut_right(m.px(52)), fixed((*now.image_errors)[at], 4),
              theme.color(theme.colors.muted), {m.small, false, Align::kRight});
  }
  draw_text(context, head, label >= 0 ? class_name(context, label) : grouped(sample),
            theme.color(theme.colors.text), {m.small});
  for (std::size_t i = 0; i < shown; ++i) draw_feature(context, inside.cut_top(line), at, i);
  if (shown < features) {
    draw_text(context, inside.cut_top(line),
              texts.format("own_data.more", {grouped(static_cast<std::int64_t>(features - shown))}),
              theme.color(theme.colors.muted), {m.small});
  }
  if (clicked && !selected) change_setting(context, setting, static_cast<std::int64_t>(sample));
}

}  // namespace

bool shows_table(const PanelContext& context) {
  const session::DataReady& data = context.store.data;
  return data.words.empty() && data.channels == 1 && data.rows == 1 && data.columns <= kMaxFeatures;
}

void draw_table_cards(PanelContext& context, const Rect& area) {
  draw_card_grid(context, area, kTableCardWidth, kTableCardHeight,
                 [&](const Rect& place, int i) { draw_table_card(context, place, i); });
}

}  // namespace hourglass::ui
