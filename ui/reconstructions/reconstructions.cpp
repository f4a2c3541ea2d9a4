#include "ui/reconstructions/reconstructions.h"

#include <imgui.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/jobs/pca_job.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/reconstructions/document_cards.h"
#include "ui/reconstructions/pca_row.h"
#include "ui/reconstructions/picture_rows.h"
#include "ui/reconstructions/table_cards.h"
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
    if (index == worst_column(context, now.image_errors.get())) {
      text += texts.get("reconstructions.sample_worst");
    }
    text += "\n";
  }
  if (const session::Floats* const linear = pca_errors(context); linear && at < linear->size()) {
    text += texts.format("reconstructions.sample_pca", {fixed((*linear)[at], 4)}) + "\n";
  }
  return text + texts.get("reconstructions.sample_click");
}

// Draws one row and returns where its pictures are.
Rect draw_row(PanelContext& context, Rect& rest, const Row& row) {
  const std::string key = "reconstructions." + std::string(row.name);
  const Texts& texts = context.texts;
  const Rect line = draw_row_label(context, rest, texts.get(key), texts.get(key + ".help"));
  ImageAtlas& atlas = context.state<Pictures>().row(row.row, context.store);
  if (row.row == ImageRow::kDifference) {
    draw_row_images(context, line, atlas, context.theme.color(context.theme.colors.heat));
  } else {
    draw_row_images(context, line, atlas);
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
  mirror_item(context, {.role = MirrorRole::kSwitch, .on = selected});
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
  ReconstructionsState& state = context.state<ReconstructionsState>();
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
                       .on = state.difference},
                      {.id = "pca_row",
                       .label = texts.get("reconstructions.pca"),
                       .icon = Icon::kAxes,
                       .kind = ButtonKind::kBare,
                       .help_title = texts.get("reconstructions.pca"),
                       .help = texts.get("reconstructions.pca.help"),
                       .on = state.pca}};
  constexpr int kCount = std::size(buttons);
  // Words and features have no difference to be drawn, and no components.
  const int kinds = shows_documents(context) || shows_table(context) ? 2 : kCount;
  float gap = m.px(4), all = 0;
  for (int i = 0; i < kinds; ++i) all += button_width(context, buttons[i]) + gap;
  const bool labelled = all <= heading.w;
  if (!labelled) gap = m.px(2);
  const auto share = [&](int count) {
    return (heading.w - static_cast<float>(count - 1) * gap) / static_cast<float>(count);
  };
  // A finger needs so much; beside very large text on a phone there is none for the last one.
  const int count = share(kinds) >= std::min(m.control, 40.0f) ? kinds : kinds - 1;
  const float widest = std::min(m.control, share(count));
  bool pressed[kCount] = {};
  for (int i = 0; i < count; ++i) {
    Button& button = buttons[i];
    if (!labelled) button.label = {};
    const float width = labelled ? button_width(context, button) : widest;
    pressed[i] = draw_button(context, heading.cut_right(width), button);
    heading.cut_right(gap);
  }
  if (pressed[0]) other_images(context);
  if (pressed[1]) change_setting(context, order, std::string(worst ? "set" : "worst"));
  if (pressed[2]) state.difference = !state.difference;
  if (pressed[3]) {
    state.pca = !state.pca;
    if (state.pca) want_pca(context);
  }
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
  const bool pca = context.state<ReconstructionsState>().pca;
  draw_buttons(context, heading);
  if (shows_documents(context) && context.store.snapshot.image_count > 0) {
    draw_subtitle(context, heading, texts.get("documents.subtitle"));
    draw_document_cards(context, inside);
    return;
  }
  if (shows_table(context) && context.store.snapshot.image_count > 0) {
    draw_subtitle(context, heading, texts.get("own_data.rows"));
    draw_table_cards(context, inside);
    return;
  }
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
  float bottom =
      draw_row_errors(context, inside, "row:error", context.store.snapshot.image_errors.get());
  if (pca) {
    follow_pca(context);
    rows.push_back(draw_pca_row(context, inside));
    bottom = draw_row_errors(context, inside, "row:pca_error", pca_errors(context));
  }
  for (int i = 0; i < shown_columns(context); ++i) draw_column(context, rows, bottom, i);
}

}  // namespace hourglass::ui
