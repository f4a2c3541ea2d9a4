// The latent map as a picture of dots, for documents and slides.
#pragma once

#include <string>

#include "core/session/export/svg_plot.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// The points of the map, x and y one after the other. Throws Error if there is no map yet.
const Floats& points_of_map(const DataReady* data, const Snapshot* snapshot);

// An SVG of 720 pixels' width: each point of the latent map as a dot, in the colour of its class,
// with a legend; the same scale along both axes. Points that are not finite are left out. Throws
// Error if there is no map yet.
std::string map_svg(const DataReady* data, const Snapshot* snapshot, const PlotWords& words = {});

}  // namespace hourglass::session
