#include "ui/images/image_grid.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"

namespace hourglass::ui {
namespace {

// How many cells, with their spacing, fit into a length.
int fitting(float length, float cell, float spacing) {
  return std::max(0, static_cast<int>((length + spacing + 0.01f) / (cell + spacing)));
}

}  // namespace

ImageGrid arrange_images(const Rect& area, int count, float least, float most, float spacing) {
  ImageGrid grid{.area = area, .spacing = spacing};
  for (float cell = std::floor(most); cell >= least; cell -= 1) {
    grid.columns = std::min(count, fitting(area.w, cell, spacing));
    grid.cell = cell;
    if (grid.columns * fitting(area.h, cell, spacing) >= count) break;
  }
  grid.columns = std::max(1, grid.columns);
  grid.count = std::min(count, grid.columns * fitting(area.h, grid.cell, spacing));
  const int lines = (grid.count + grid.columns - 1) / grid.columns;
  grid.area.h = std::max(0.0f, static_cast<float>(lines) * (grid.cell + spacing) - spacing);
  return grid;
}

ImageGrid image_line(const Rect& area, int count, float spacing) {
  ImageGrid grid{.area = area, .cell = area.h, .spacing = spacing};
  grid.count = std::min(count, fitting(area.w, grid.cell, spacing));
  grid.columns = std::max(1, grid.count);
  return grid;
}

void draw_images(const PanelContext& context, ImageAtlas& atlas, const ImageGrid& grid, int first) {
  for (int i = 0; i < grid.count; ++i) draw_paper(context, grid.cell_of(i));
  for (int i = 0; i < grid.count; ++i) draw_image(context, atlas, first + i, grid.cell_of(i));
}

void draw_cell_frame(const PanelContext& context, const Rect& cell, Rgb color) {
  const Metrics& m = context.theme.metrics;
  const Rect frame = cell.inset(-m.px(1), -m.px(1));
  ImGui::GetWindowDrawList()->AddRect(top_left(frame), bottom_right(frame),
                                      context.theme.color(color), m.px(4), 0, m.px(2));
}

void update_atlas(ImageAtlas& atlas, const JobFindings& found, std::string_view name,
                  const session::DataReady& data) {
  const bool fits = found.size(name, 1) == data.channels * data.rows * data.columns;
  atlas.update(found.revision, fits ? found.bytes(name) : nullptr, found.size(name, 0), data);
}

}  // namespace hourglass::ui
