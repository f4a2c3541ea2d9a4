#include "ui/reconstructions/picture_rows.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

// A label, which explains what it names.
void draw_explained(PanelContext& context, const Rect& area, std::string_view label,
                    std::string_view help, std::string_view formula = {}) {
  const Theme& theme = context.theme;
  draw_text(context, area, label, theme.color(theme.colors.muted), {theme.metrics.small});
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::Dummy({area.w, area.h});
  draw_help(context, label, help, {}, formula);
}

}  // namespace

int shown_columns(const PanelContext& context) {
  return std::min(context.layout.pictures.columns,
                  static_cast<int>(context.store.snapshot.image_count));
}

Rect column_of(const PictureGrid& grid, const Rect& line, int index) {
  return {line.x + static_cast<float>(index) * (grid.cell + grid.spacing), line.y, grid.cell,
          line.h};
}

int worst_column(const PanelContext& context, const session::Floats* errors) {
  const int columns =
      errors ? std::min(shown_columns(context), static_cast<int>(errors->size())) : 0;
  if (columns < 2) return -1;
  const auto end = errors->begin() + columns;
  const auto worst = std::max_element(errors->begin(), end);
  return *worst > *std::min_element(errors->begin(), end)
             ? static_cast<int>(worst - errors->begin())
             : -1;
}

Rect draw_row_label(PanelContext& context, Rect& rest, std::string_view label,
                    std::string_view help) {
  const Metrics& m = context.theme.metrics;
  const PictureGrid& grid = context.layout.pictures;
  if (grid.label_height > 0) {
    draw_explained(context, rest.cut_top(grid.label_height), label, help);
  }
  Rect line = rest.cut_top(grid.cell);
  rest.cut_top(m.px(5));
  if (grid.label_width > 0) {
    draw_explained(context, line.cut_left(grid.label_width - m.gap), label, help);
    line.cut_left(m.gap);
  }
  line.w = static_cast<float>(shown_columns(context)) * (grid.cell + grid.spacing) - grid.spacing;
  return line;
}

void draw_row_images(const PanelContext& context, const Rect& line, ImageAtlas& atlas, ImU32 tint) {
  const PictureGrid& grid = context.layout.pictures;
  const int columns = shown_columns(context);
  // All paper before all ink: every change between the two textures is a draw call of its own.
  for (int i = 0; i < columns; ++i) draw_paper(context, column_of(grid, line, i));
  for (int i = 0; i < columns; ++i) {
    const Rect cell = column_of(grid, line, i);
    if (tint != 0) {
      draw_tinted(context, atlas, i, cell, tint);
    } else {
      draw_image(context, atlas, i, cell);
    }
  }
}

float draw_row_errors(PanelContext& context, Rect& rest, std::string_view id,
                      const session::Floats* errors) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const PictureGrid& grid = context.layout.pictures;
  Rect line = rest.cut_top(grid.error_height);
  if (grid.label_width > 0) {
    draw_explained(context, line.cut_left(grid.label_width - m.gap),
                   texts.get("reconstructions.error"), texts.get("reconstructions.error.help"),
                   texts.get("reconstructions.error.formula"));
    line.cut_left(m.gap);
  }
  register_widget(context, id, line);
  if (!errors) return line.bottom();
  // As large as fits under a picture, the bold one too.
  const auto fitted = [&](std::string_view digits) {
    const float room = grid.cell + grid.spacing - m.px(7);
    return std::min(m.small, m.small * room / text_width(context, digits, {m.small, true}));
  };
  const int decimals = fitted("0.0000") < m.small * 0.95f ? 3 : 4;
  const float size = std::floor(fitted(decimals == 3 ? "0.000" : "0.0000"));
  const int worst = worst_column(context, errors);
  for (int i = 0; i < shown_columns(context) && i < static_cast<int>(errors->size()); ++i) {
    draw_text(context, column_of(grid, line, i),
              fixed((*errors)[static_cast<std::size_t>(i)], decimals),
              theme.color(i == worst ? theme.colors.heat : theme.colors.muted),
              {size, i == worst, Align::kCenter});
  }
  return line.bottom();
}

}  // namespace hourglass::ui
