// Images of one atlas side by side, in as many lines as it takes.
#pragma once

#include <string_view>

#include "ui/images/pictures.h"
#include "ui/state/jobs.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

struct ImageGrid {
  Rect area;  // as high as its lines
  int columns = 0, count = 0;
  float cell = 0, spacing = 0;

  Rect cell_of(int index) const {
    const float step = cell + spacing;
    return {area.x + static_cast<float>(index % columns) * step,
            area.y + static_cast<float>(index / columns) * step, cell, cell};
  }
};

// The largest cells, between `least` and `most`, with which `count` images fit into `area`; where
// even the smallest do not, fewer images.
ImageGrid arrange_images(const Rect& area, int count, float least, float most, float spacing);

// One line of `count` images at most, as large as the area is high, and as many as it is wide for.
ImageGrid image_line(const Rect& area, int count, float spacing);

// The images from `first` on, each on its paper; where the atlas has fewer, papers alone.
void draw_images(const PanelContext& context, ImageAtlas& atlas, const ImageGrid& grid,
                 int first = 0);

// A frame around a cell.
void draw_cell_frame(const PanelContext& context, const Rect& cell, Rgb color);

// Takes the images of an array of a job's findings into the atlas: n x features, of the data in
// use. Those of other data give no pictures.
void update_atlas(ImageAtlas& atlas, const JobFindings& found, std::string_view name,
                  const session::DataReady& data);

}  // namespace hourglass::ui
