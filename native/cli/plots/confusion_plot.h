// A confusion matrix whose cells show what is in them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/predictions.h"
#include "core/formats/png.h"

namespace hourglass {

struct ConfusionPlot {
  const Confusion& confusion;
  std::span<const std::string> class_names;
  std::string title, subtitle;
  // Up to `count` images of the cell's samples, as Images of 1 or 3 channels; null: the samples are
  // no images.
  std::function<std::vector<Image>(std::int32_t label, std::int32_t taken_for, int count)> images;
};

// A row for what samples are, a column for what they were taken for. A cell is tinted by the share
// of its row, holds as many images as it has room for, and says how many samples there are. Cells
// of many classes are too small for images and numbers, and are tinted alone.
Image confusion_plot(const ConfusionPlot& plot);

}  // namespace hourglass
