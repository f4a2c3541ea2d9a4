// Held-out images in columns: original, corrupted, and what the network makes of the corrupted one.
#include <imgui.h>

#include <algorithm>

#include "ui/controls.h"
#include "ui/image_cell.h"
#include "ui/number_text.h"
#include "ui/panels/panel.h"
#include "ui/setting_widget.h"

namespace hourglass::ui {
namespace {

// What is known of image `index`, for the pointer that rests on it.
std::string describe(const PanelContext& context, int index) {
  const session::Snapshot& now = context.store.snapshot;
  const Texts& texts = context.texts;
  const auto at = static_cast<std::size_t>(index);
  std::string text;
  if (now.image_labels && at < now.image_labels->size()) {
    text += texts.format("reconstructions.sample_class",
                         {class_name(context.store, (*now.image_labels)[at])});
  }
  if (now.image_errors && at < now.image_errors->size()) {
    if (!text.empty()) text += "\n";
    text += texts.format("reconstructions.sample_error", {fixed((*now.image_errors)[at], 4)});
  }
  return text;
}

void draw_errors(PanelContext& context, Rect line) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const PictureGrid& grid = context.layout.pictures;
  const auto& errors = context.store.snapshot.image_errors;
  const TextStyle label{m.small};
  if (grid.label_width > 0) {
    draw_text(context, line.cut_left(grid.label_width - m.gap),
              context.texts.get("reconstructions.error"), theme.color(theme.colors.muted), label);
    line.cut_left(m.gap);
  }
  register_widget(context, "row:error", line);
  if (!errors) return;
  // As large as fits under a picture.
  const float size = std::min(m.small, m.small * grid.cell / text_width(context, "0.0000", label));
  const int decimals = size < m.small * 0.95f ? 3 : 4;
  const float fitted =
      std::min(m.small, m.small * grid.cell /
                            text_width(context, decimals == 3 ? "0.000" : "0.0000", label));
  for (int i = 0; i < grid.columns && i < static_cast<int>(errors->size()); ++i) {
    const Rect cell{line.x + static_cast<float>(i) * (grid.cell + grid.spacing), line.y, grid.cell,
                    line.h};
    draw_text(context, cell, fixed((*errors)[static_cast<std::size_t>(i)], decimals),
              theme.color(theme.colors.muted), {fitted, false, Align::kCenter});
  }
}

void draw_row(PanelContext& context, Rect& rest, ImageRow row, std::string_view name) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const PictureGrid& grid = context.layout.pictures;
  const std::string& label = context.texts.get("reconstructions." + std::string(name));
  const ImU32 muted = theme.color(theme.colors.muted);
  if (grid.label_height > 0)
    draw_text(context, rest.cut_top(grid.label_height), label, muted, {m.small});
  Rect line = rest.cut_top(grid.cell);
  rest.cut_top(m.px(5));
  if (grid.label_width > 0) {
    draw_text(context, line.cut_left(grid.label_width - m.gap), label, muted, {m.small});
    line.cut_left(m.gap);
  }
  const int columns = std::min(grid.columns, static_cast<int>(context.store.snapshot.image_count));
  if (columns < 1) return;
  line.w = static_cast<float>(columns) * (grid.cell + grid.spacing) - grid.spacing;
  ImageAtlas& atlas = context.pictures.row(row, context.store);
  const auto cell = [&](int i) {
    return Rect{line.x + static_cast<float>(i) * (grid.cell + grid.spacing), line.y, grid.cell,
                grid.cell};
  };
  // All paper before all ink: every change between the two textures is a draw call of its own.
  for (int i = 0; i < columns; ++i) draw_paper(context, cell(i));
  for (int i = 0; i < columns; ++i) draw_image(context, atlas, i, cell(i));
  ImGui::SetCursorScreenPos(top_left(line));
  const std::string id = "row:" + std::string(name);
  ImGui::Dummy({line.w, line.h});
  register_item(context, id);
  const int under =
      static_cast<int>((ImGui::GetIO().MousePos.x - line.x) / (grid.cell + grid.spacing));
  if (ImGui::IsItemHovered() && under >= 0 && under < columns) {
    const auto& indices = context.store.snapshot.image_indices;
    const std::string title =
        indices && static_cast<std::size_t>(under) < indices->size()
            ? context.texts.format("reconstructions.sample",
                                   {grouped((*indices)[static_cast<std::size_t>(under)])})
            : label;
    draw_help(context, title, describe(context, under));
  }
}

void draw_shuffle(PanelContext& context, Rect& heading) {
  const Texts& texts = context.texts;
  const Button button{.id = "other_images",
                      .label = texts.get("reconstructions.shuffle"),
                      .icon = Icon::kShuffle,
                      .kind = ButtonKind::kBare,
                      .help_title = texts.get("reconstructions.shuffle"),
                      .help = texts.get("reconstructions.shuffle.help")};
  if (!draw_heading_button(context, heading, button)) return;
  const session::Setting& setting = session::find_setting("view.image_set");
  const double next = number_setting(context.store, setting.key, 0) + 1;
  change_setting(context, setting,
                 static_cast<std::int64_t>(next > setting.high ? setting.low : next));
}

}  // namespace

void draw_reconstructions(PanelContext& context) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  Rect heading = context.heading;
  Rect inside = context.area;
  draw_shuffle(context, heading);
  draw_subtitle(context, heading, texts.get("reconstructions.subtitle"));
  if (context.store.snapshot.image_count < 1) {
    draw_text(context, inside, texts.get("reconstructions.empty"), theme.color(theme.colors.muted),
              {0, false, Align::kCenter});
    return;
  }
  draw_row(context, inside, ImageRow::kOriginal, "original");
  draw_row(context, inside, ImageRow::kCorrupted, "corrupted");
  draw_row(context, inside, ImageRow::kReconstructed, "reconstructed");
  draw_errors(context, inside.cut_top(context.layout.pictures.error_height));
}

}  // namespace hourglass::ui
