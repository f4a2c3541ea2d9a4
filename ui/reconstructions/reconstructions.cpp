#include "ui/reconstructions/reconstructions.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

struct Row {
  ImageRow row;
  std::string_view name;
};

constexpr Row kRows[] = {{ImageRow::kOriginal, "original"},
                         {ImageRow::kCorrupted, "corrupted"},
                         {ImageRow::kReconstructed, "reconstructed"},
                         {ImageRow::kDifference, "difference"}};

int shown_columns(const PanelContext& context) {
  return std::min(context.layout.pictures.columns,
                  static_cast<int>(context.store.snapshot.image_count));
}

// Left edge and width of column `index` of rows that begin at `x`.
Rect column_of(const PictureGrid& grid, const Rect& line, int index) {
  return {line.x + static_cast<float>(index) * (grid.cell + grid.spacing), line.y, grid.cell,
          line.h};
}

// The column with the largest error of those on display, or -1 where they do not differ.
int worst_column(const PanelContext& context) {
  const auto& errors = context.store.snapshot.image_errors;
  const int columns =
      errors ? std::min(shown_columns(context), static_cast<int>(errors->size())) : 0;
  if (columns < 2) return -1;
  const auto end = errors->begin() + columns;
  const auto worst = std::max_element(errors->begin(), end);
  return *worst > *std::min_element(errors->begin(), end)
             ? static_cast<int>(worst - errors->begin())
             : -1;
}

// What is known of image `index`, for whoever points at it.
std::string describe(const PanelContext& context, int index) {
  const session::Snapshot& now = context.store.snapshot;
  const Texts& texts = context.texts;
  const auto at = static_cast<std::size_t>(index);
  std::string text;
  if (now.image_labels && at < now.image_labels->size()) {
    text += texts.format("reconstructions.sample_class",
                         {class_name(context, (*now.image_labels)[at])}) +
            "\n";
  }
  if (now.image_errors && at < now.image_errors->size()) {
    text += texts.format("reconstructions.sample_error", {fixed((*now.image_errors)[at], 4)});
    if (index == worst_column(context)) text += texts.get("reconstructions.sample_worst");
    text += "\n";
  }
  return text + texts.get("reconstructions.sample_click");
}

// A row's name, which explains the row.
void draw_label(PanelContext& context, const Rect& area, std::string_view name,
                std::string_view formula = {}) {
  const std::string key = "reconstructions." + std::string(name);
  const std::string& label = context.texts.get(key);
  const Theme& theme = context.theme;
  draw_text(context, area, label, theme.color(theme.colors.muted), {theme.metrics.small});
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::Dummy({area.w, area.h});
  draw_help(context, label, context.texts.get(key + ".help"), {}, formula);
}

void draw_errors(PanelContext& context, Rect line) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const PictureGrid& grid = context.layout.pictures;
  const auto& errors = context.store.snapshot.image_errors;
  if (grid.label_width > 0) {
    draw_label(context, line.cut_left(grid.label_width - m.gap), "error",
               context.texts.get("reconstructions.error.formula"));
    line.cut_left(m.gap);
  }
  register_widget(context, "row:error", line);
  if (!errors) return;
  // As large as fits under a picture, the bold one too.
  const auto fitted = [&](std::string_view digits) {
    const float room = grid.cell + grid.spacing - m.px(7);
    return std::min(m.small, m.small * room / text_width(context, digits, {m.small, true}));
  };
  const int decimals = fitted("0.0000") < m.small * 0.95f ? 3 : 4;
  const float size = std::floor(fitted(decimals == 3 ? "0.000" : "0.0000"));
  const int worst = worst_column(context);
  for (int i = 0; i < shown_columns(context) && i < static_cast<int>(errors->size()); ++i) {
    draw_text(context, column_of(grid, line, i),
              fixed((*errors)[static_cast<std::size_t>(i)], decimals),
              theme.color(i == worst ? theme.colors.heat : theme.colors.muted),
              {size, i == worst, Align::kCenter});
  }
}

// Draws one row and returns where its pictures are.
Rect draw_row(PanelContext& context, Rect& rest, const Row& row) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const PictureGrid& grid = context.layout.pictures;
  if (grid.label_height > 0) {
    draw_label(context, rest.cut_top(grid.label_height), row.name);
  }
  Rect line = rest.cut_top(grid.cell);
  rest.cut_top(m.px(5));
  if (grid.label_width > 0) {
    draw_label(context, line.cut_left(grid.label_width - m.gap), row.name);
    line.cut_left(m.gap);
  }
  const int columns = shown_columns(context);
  line.w = static_cast<float>(columns) * (grid.cell + grid.spacing) - grid.spacing;
  ImageAtlas& atlas = context.state<Pictures>().row(row.row, context.store);
  // All paper before all ink: every change between the two textures is a draw call of its own.
  for (int i = 0; i < columns; ++i) draw_paper(context, column_of(grid, line, i));
  for (int i = 0; i < columns; ++i) {
    const Rect cell = column_of(grid, line, i);
    if (row.row == ImageRow::kDifference) {
      draw_tinted(context, atlas, i, cell, theme.color(theme.colors.heat));
    } else {
      draw_image(context, atlas, i, cell);
    }
  }
  register_widget(context, "row:" + std::string(row.name), line);
  return line;
}

void draw_frame(const PanelContext& context, const Rect& around, Rgb color) {
  const Metrics& m = context.theme.metrics;
  const Rect frame = around.inset(-m.px(2), -m.px(2));
  ImGui::GetWindowDrawList()->AddRect(top_left(frame), bottom_right(frame),
                                      context.theme.color(color), m.px(5), 0, m.px(2));
}

// A whole column is one button: it puts its image into the network.
void draw_column(PanelContext& context, const std::vector<Rect>& rows, float bottom, int index) {
  const Theme& theme = context.theme;
  const PictureGrid& grid = context.layout.pictures;
  const auto& indices = context.store.snapshot.image_indices;
  const auto at = static_cast<std::size_t>(index);
  const Rect top = column_of(grid, rows.front(), index);
  const Rect column{top.x, top.y, top.w, bottom - top.y};
  const std::string id = "image:" + std::to_string(index);
  const bool known = indices && at < indices->size();
  const session::Setting& setting = session::find_setting("view.sample");
  const session::Value present = shown_value(context, setting);
  const auto* sample = std::get_if<std::int64_t>(&present);
  const bool selected = known && sample && *sample == static_cast<std::int64_t>((*indices)[at]);
  const bool clicked = draw_area(context, column, id);
  const bool hovered = ImGui::IsItemHovered();
  draw_help(context,
            known ? context.texts.format("reconstructions.sample", {grouped((*indices)[at])})
                  : context.texts.get("reconstructions.title"),
            describe(context, index));
  if (selected || hovered) {
    const Rgb color = selected ? theme.colors.accent : theme.colors.muted;
    if (grid.label_height > 0) {
      // Labels stand between the rows.
      for (const Rect& row : rows) draw_frame(context, column_of(grid, row, index), color);
    } else {
      const Rect& last = rows.back();
      draw_frame(context, {column.x, column.y, column.w, last.bottom() - column.y}, color);
    }
  }
  if (clicked && known && !selected) {
    change_setting(context, setting, static_cast<std::int64_t>((*indices)[at]));
  }
}

void draw_buttons(PanelContext& context, Rect& heading) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  const session::Setting& order = session::find_setting("view.image_order");
  const bool worst = shown_value(context, order) == session::Value(std::string("worst"));
  // From the right end.
  Button buttons[] = {{.id = "other_images",
                       .label = texts.get("reconstructions.shuffle"),
                       .icon = Icon::kShuffle,
                       .kind = ButtonKind::kBare,
                       .help_title = texts.get("reconstructions.shuffle"),
                       .help = texts.get("reconstructions.shuffle.help")},
                      {.id = "worst",
                       .label = texts.get("reconstructions.worst"),
                       .icon = Icon::kWorst,
                       .kind = ButtonKind::kBare,
                       .help_title = texts.get("reconstructions.worst"),
                       .help = texts.get("reconstructions.worst.help"),
                       .on = worst},
                      {.id = "difference",
                       .label = texts.get("reconstructions.show_difference"),
                       .icon = Icon::kDifference,
                       .kind = ButtonKind::kBare,
                       .help_title = texts.get("reconstructions.show_difference"),
                       .help = texts.get("reconstructions.difference.help"),
                       .on = context.state<ReconstructionsState>().difference}};
  float gap = m.px(4), all = 0;
  for (const Button& button : buttons) all += button_width(context, button) + gap;
  const bool labelled = all <= heading.w;
  if (!labelled) gap = m.px(2);
  const float widest = (heading.w - 2 * gap) / 3;
  bool pressed[3] = {};
  for (int i = 0; i < 3; ++i) {
    Button& button = buttons[i];
    if (!labelled) button.label = {};
    const float width = labelled ? button_width(context, button) : std::min(m.control, widest);
    pressed[i] = draw_button(context, heading.cut_right(width), button);
    heading.cut_right(gap);
  }
  if (pressed[0]) other_images(context);
  if (pressed[1]) change_setting(context, order, std::string(worst ? "set" : "worst"));
  if (pressed[2])
    context.state<ReconstructionsState>().difference =
        !context.state<ReconstructionsState>().difference;
}

}  // namespace

void other_images(PanelContext& context) {
  const session::Setting& set = session::find_setting("view.image_set");
  const session::Setting& order = session::find_setting("view.image_order");
  const session::Value present = shown_value(context, set);
  const auto* number = std::get_if<std::int64_t>(&present);
  const double next = (number ? static_cast<double>(*number) : 0) + 1;
  std::vector<std::pair<std::string, session::Value>> values{
      {std::string(set.key), static_cast<std::int64_t>(next > set.high ? set.low : next)}};
  // Whoever looks at the worst ones and wants others wants a random set again.
  if (shown_value(context, order) != session::Value(std::string("set"))) {
    values.emplace_back(std::string(order.key), std::string("set"));
  }
  change_settings(context, std::move(values));
}

void draw_reconstructions(PanelContext& context) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  Rect heading = context.heading;
  Rect inside = context.area;
  // The layout has made room for what was to be shown when the frame began.
  const bool difference = context.state<ReconstructionsState>().difference;
  draw_buttons(context, heading);
  draw_subtitle(context, heading, texts.get("reconstructions.subtitle"));
  if (shown_columns(context) < 1) {
    draw_text(context, inside, texts.get("reconstructions.empty"), theme.color(theme.colors.muted),
              {0, false, Align::kCenter});
    return;
  }
  std::vector<Rect> rows;
  for (const Row& row : kRows) {
    if (row.row != ImageRow::kDifference || difference)
      rows.push_back(draw_row(context, inside, row));
  }
  const Rect errors = inside.cut_top(context.layout.pictures.error_height);
  draw_errors(context, errors);
  for (int i = 0; i < shown_columns(context); ++i) {
    draw_column(context, rows, errors.bottom(), i);
  }
}

}  // namespace hourglass::ui
