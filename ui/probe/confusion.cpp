#include "ui/probe/confusion.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/images/image_cell.h"
#include "ui/images/image_grid.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/probe/probe_state.h"

namespace hourglass::ui {
namespace {

constexpr int kMaxNamedClasses = 40;     // more have no room for words
constexpr int kMaxCellsAsButtons = 400;  // more are one area, whose cell is where it was clicked
constexpr int kMaxCellImages = 40;

// The matrix by the last result; empty where there is none, or one of other data.
struct ConfusionCounts {
  const std::vector<std::uint32_t>* values = nullptr;
  int classes = 0;

  explicit ConfusionCounts(const PanelContext& context) {
    const JobFindings& found = context.jobs.view(kProbeJob).result;
    const std::int64_t rows = found.size("confusion", 0);
    if (rows < 2 || rows != std::ssize(context.store.data.class_names)) return;
    values = found.indices("confusion");
    classes = static_cast<int>(rows);
  }
  std::uint32_t of(int row, int column) const {
    return (*values)[static_cast<std::size_t>(row) * static_cast<std::size_t>(classes) +
                     static_cast<std::size_t>(column)];
  }
  // Of the row's samples, those in that cell.
  float share(int row, int column) const {
    std::uint64_t all = 0;
    for (int i = 0; i < classes; ++i) all += of(row, i);
    return all == 0 ? 0 : static_cast<float>(of(row, column)) / static_cast<float>(all);
  }
};

struct MatrixPlace {
  float names = 0;  // width of what stands left of the cells
  float head = 0;   // height of what stands above them
  float cell = 0;
  bool numbered = false;  // names are too long for the columns, which have numbers instead
};

MatrixPlace matrix_place(const PanelContext& context, int classes, float width) {
  const Metrics& m = context.theme.metrics;
  MatrixPlace place;
  if (classes <= kMaxNamedClasses) {
    float widest = 0;
    for (int i = 0; i < classes; ++i) {
      widest = std::max(widest, text_width(context, class_name(context, i), {m.small}));
    }
    const float about = width / static_cast<float>(classes + 1);
    place.numbered = widest > about - m.px(4);
    place.names = std::min(widest + (place.numbered ? m.px(22) : 0), width * 0.32f) + m.px(8);
    place.head = m.label;
  }
  place.cell = std::max(
      2.0f, std::floor(std::min((width - place.names) / static_cast<float>(classes), m.px(74))));
  return place;
}

std::string row_name(const PanelContext& context, int label, bool numbered) {
  const std::string name = class_name(context, label);
  return numbered ? std::to_string(label) + "  " + name : name;
}

void draw_class_names(const PanelContext& context, const Rect& cells, const MatrixPlace& place,
                      int classes) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  if (place.head == 0) return;
  for (int i = 0; i < classes; ++i) {
    const float at = static_cast<float>(i) * place.cell;
    const Rect left{cells.x - place.names, cells.y + at, place.names - m.px(6), place.cell};
    const std::string name = row_name(context, i, place.numbered);
    draw_text(context, left, name, theme.color(theme.colors.text),
              {fitting_size(context, name, left.w, m.small), false, Align::kRight});
    const std::string title = place.numbered ? std::to_string(i) : class_name(context, i);
    draw_text(context, {cells.x + at, cells.y - place.head, place.cell, place.head}, title,
              theme.color(theme.colors.text),
              {fitting_size(context, title, place.cell - m.px(2), m.small), false, Align::kCenter});
  }
}

// Where the images of a cell stand: four, or one where four would be specks.
Rect image_place(const PanelContext& context, const Rect& cell, int index, bool four) {
  const Metrics& m = context.theme.metrics;
  const float room = cell.w - m.px(4);
  if (!four) {
    const float side = room - m.px(10);
    return {cell.x + (cell.w - side) / 2, cell.y + m.px(2), side, side};
  }
  const float side = std::floor((room - m.px(13)) / 2), across = room / 2;
  return {cell.x + m.px(2) + static_cast<float>(index % 2) * across + (across - side) / 2,
          cell.y + m.px(2) + static_cast<float>(index / 2) * (side + m.px(1)), side, side};
}

void draw_cell_images(PanelContext& context, const Rect& cells, const MatrixPlace& place,
                      int classes) {
  const Metrics& m = context.theme.metrics;
  ProbeState& state = context.state<ProbeState>();
  const auto* const where = context.jobs.view(kProbeJob).result.indices("cells");
  if (!where || place.cell < m.px(22) || std::ssize(*where) > state.cells.count()) return;
  const bool four = place.cell >= m.px(40);
  std::vector<Rect> places(where->size());
  int before = -1, index = 0;
  for (std::size_t i = 0; i < where->size(); ++i) {
    const int at = static_cast<int>((*where)[i]);
    index = at == before ? index + 1 : 0;
    before = at;
    if (at >= classes * classes || index > (four ? 3 : 0)) continue;
    const Rect cell{cells.x + static_cast<float>(at % classes) * place.cell,
                    cells.y + static_cast<float>(at / classes) * place.cell, place.cell,
                    place.cell};
    places[i] = image_place(context, cell, index, four);
  }
  for (const Rect& each : places) {
    if (!each.empty()) draw_paper(context, each);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i].empty()) draw_image(context, state.cells, static_cast<int>(i), places[i]);
  }
}

void draw_cell_tints(const PanelContext& context, const Rect& cells, const MatrixPlace& place,
                     const ConfusionCounts& counts) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (int row = 0; row < counts.classes; ++row) {
    for (int column = 0; column < counts.classes; ++column) {
      const Rect cell{cells.x + static_cast<float>(column) * place.cell,
                      cells.y + static_cast<float>(row) * place.cell, place.cell, place.cell};
      const Rect inner = place.cell >= m.px(12) ? cell.inset(0.5f, 0.5f) : cell;
      list.AddRectFilled(top_left(inner), bottom_right(inner), theme.color(theme.colors.field));
      const float share = counts.share(row, column);
      // A few in a hundred are to be seen beside all of them.
      const Rgb color = row == column ? theme.colors.accent : theme.colors.heat;
      if (share > 0) {
        list.AddRectFilled(top_left(inner), bottom_right(inner),
                           theme.color(color, 0.7f * std::sqrt(share)));
      }
    }
  }
}

void draw_cell_counts(const PanelContext& context, const Rect& cells, const MatrixPlace& place,
                      const ConfusionCounts& counts) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  if (place.cell < m.px(22)) return;
  for (int row = 0; row < counts.classes; ++row) {
    for (int column = 0; column < counts.classes; ++column) {
      const std::uint32_t count = counts.of(row, column);
      if (count == 0) continue;
      const std::string text = std::to_string(count);
      const Rect line{cells.x + static_cast<float>(column) * place.cell + m.px(1),
                      cells.y + static_cast<float>(row + 1) * place.cell - m.px(13),
                      place.cell - m.px(3), m.px(12)};
      const float size = fitting_size(context, text, line.w, m.px(10));
      draw_text(context, line, text, theme.color(theme.colors.text), {size, false, Align::kRight});
    }
  }
}

std::string cell_words(const PanelContext& context, const ConfusionCounts& counts, int row,
                       int column) {
  const std::string count = grouped(counts.of(row, column));
  if (row == column) {
    return context.texts.format("probe.cell.right", {count, class_name(context, row)});
  }
  return context.texts.format("probe.cell.wrong",
                              {count, class_name(context, row), class_name(context, column)});
}

// What is clicked becomes the chosen cell.
void draw_cell_buttons(PanelContext& context, const Rect& cells, const MatrixPlace& place,
                       const ConfusionCounts& counts) {
  const Theme& theme = context.theme;
  ProbeState& state = context.state<ProbeState>();
  const int classes = counts.classes;
  const auto cell_at = [&](int at) -> Rect {
    return {cells.x + static_cast<float>(at % classes) * place.cell,
            cells.y + static_cast<float>(at / classes) * place.cell, place.cell, place.cell};
  };
  int pointed = -1;
  if (classes * classes <= kMaxCellsAsButtons) {
    for (int at = 0; at < classes * classes; ++at) {
      const int row = at / classes, column = at % classes;
      const std::string id = "probe:cell:" + std::to_string(row) + ":" + std::to_string(column);
      if (draw_area(context, cell_at(at), id)) state.cell = at;
      if (ImGui::IsItemHovered() || ImGui::IsItemFocused()) pointed = at;
      draw_help(context, cell_words(context, counts, row, column),
                context.texts.get("probe.cell.help"));
    }
  } else {
    const bool clicked = draw_area(context, cells, "probe:cells");
    mirror_item(context, {.role = MirrorRole::kPicture});
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (ImGui::IsItemHovered() && cells.contains(mouse.x, mouse.y)) {
      const int row = static_cast<int>((mouse.y - cells.y) / place.cell);
      const int column = static_cast<int>((mouse.x - cells.x) / place.cell);
      pointed = std::min(row, classes - 1) * classes + std::min(column, classes - 1);
      draw_help(context, cell_words(context, counts, pointed / classes, pointed % classes),
                context.texts.get("probe.cell.help"));
      if (clicked) state.cell = pointed;
    }
  }
  if (pointed >= 0 && pointed != state.cell) {
    draw_cell_frame(context, cell_at(pointed).inset(1, 1), theme.colors.muted);
  }
  if (state.cell >= 0) {
    draw_cell_frame(context, cell_at(state.cell).inset(1, 1), theme.colors.text);
  }
}

float chosen_side(const PanelContext& context) { return context.theme.metrics.px(44); }

ImageGrid chosen_grid(const PanelContext& context, const Rect& area, int count) {
  const float side = chosen_side(context), spacing = context.theme.metrics.px(4);
  ImageGrid grid{.area = area, .count = count, .cell = side, .spacing = spacing};
  grid.columns = std::max(1, static_cast<int>((area.w + spacing) / (side + spacing)));
  const int lines = (count + grid.columns - 1) / grid.columns;
  grid.area.h = std::max(0.0f, static_cast<float>(lines) * (side + spacing) - spacing);
  return grid;
}

int chosen_count(const PanelContext& context) {
  const ConfusionCounts counts(context);
  const int cell = context.state<ProbeState>().cell;
  if (!counts.values || cell < 0 || cell >= counts.classes * counts.classes) return 0;
  const auto count = counts.of(cell / counts.classes, cell % counts.classes);
  return static_cast<int>(std::min<std::uint32_t>(count, kMaxCellImages));
}

}  // namespace

float confusion_height(const PanelContext& context, float width) {
  const ConfusionCounts counts(context);
  if (!counts.values) return 0;
  const MatrixPlace place = matrix_place(context, counts.classes, width);
  return context.theme.metrics.label + place.head + place.cell * static_cast<float>(counts.classes);
}

void draw_confusion(PanelContext& context, Rect area) {
  const ConfusionCounts counts(context);
  if (!counts.values) return;
  const Metrics& m = context.theme.metrics;
  ProbeState& state = context.state<ProbeState>();
  if (state.cell >= counts.classes * counts.classes) state.cell = -1;
  draw_caption(context, area.cut_top(m.label), context.texts.get("probe.matrix"),
               context.texts.get("probe.matrix.help"));
  const MatrixPlace place = matrix_place(context, counts.classes, area.w);
  const float side = place.cell * static_cast<float>(counts.classes);
  const Rect cells{area.x + place.names, area.y + place.head, side, side};
  register_widget(context, "probe:matrix", cells);
  draw_class_names(context, cells, place, counts.classes);
  draw_cell_tints(context, cells, place, counts);
  draw_cell_images(context, cells, place, counts.classes);
  draw_cell_counts(context, cells, place, counts);
  draw_cell_buttons(context, cells, place, counts);
}

float chosen_cell_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  const int count = chosen_count(context);
  if (count == 0) return m.label;
  return m.label + chosen_grid(context, {0, 0, width, 0}, count).area.h;
}

void draw_chosen_cell(PanelContext& context, Rect area) {
  const ConfusionCounts counts(context);
  if (!counts.values) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ProbeState& state = context.state<ProbeState>();
  const Rect line = area.cut_top(m.label);
  if (state.cell < 0) {
    draw_text(context, line, context.texts.get("probe.choose"), theme.color(theme.colors.muted),
              {m.small});
    return;
  }
  const std::string words =
      cell_words(context, counts, state.cell / counts.classes, state.cell % counts.classes);
  draw_caption(context, line, words, context.texts.get("probe.images.help"));
  const ImageGrid grid =
      chosen_grid(context, area, std::min(chosen_count(context), state.images.count()));
  if (grid.count == 0) return;
  register_widget(context, "probe:images", grid.area);
  draw_images(context, state.images, grid);
}

}  // namespace hourglass::ui
