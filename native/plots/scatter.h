// Points in a plane, coloured and named by class; or the images that they stand for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/formats/png.h"
#include "core/math/types.h"

namespace hourglass {

struct ScatterPlot {
  const Matrix& points;                  // 2 x n; what is not finite is left out
  std::span<const std::int32_t> labels;  // n, or none
  std::span<const std::string> class_names;
  std::string title, subtitle;
  std::string across, up;  // names of the axes; "": none
  bool has_ticks = true;   // false where the numbers along the axes mean nothing
};

// One dot each, the same scale along both axes.
Image scatter_plot(const ScatterPlot& plot);

// Which images find a place if they are laid down in the order of their numbers, each where its
// point is, unless one that lies there already is nearer than `distance`, in parts of the longer
// side of the area that the points fill (Géron 2019, "Hands-On Machine Learning with Scikit-Learn,
// Keras, and TensorFlow", chapter 17).
std::vector<std::uint32_t> spread_out(const Matrix& points, double distance);

// These images at their points, framed in the colours of their classes, over pale dots for all.
// `images` holds one for each of `chosen`, as Image of 1 or 3 channels.
Image thumbnail_plot(const ScatterPlot& plot, std::span<const std::uint32_t> chosen,
                     std::span<const Image> images, double distance);

}  // namespace hourglass
