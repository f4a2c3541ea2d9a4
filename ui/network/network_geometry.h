// Where the parts of the network's drawing go: a bar for every layer, as long as the layer is wide,
// pictures at both ends, and beside the bottleneck its size in large figures.
#pragma once

#include <vector>

#include "core/session/protocol/messages.h"
#include "ui/kit/geometry.h"
#include "ui/kit/theme.h"

namespace hourglass::ui {

enum class StageKind {
  kBar,     // of cells
  kMaps,    // of small images
  kMarker,  // a thin line: what only switches numbers off
};

struct Stage {
  int layer = -1;  // index into NetworkInfo::layers; -1: the input
  StageKind kind = StageKind::kBar;
  Rect bar;
  Rect picture;  // of the first and the last
  Rect label;    // empty where there is no room
  Rect hit;      // what can be clicked; empty for the input
};

struct NetworkLayout {
  std::vector<Stage> stages;  // from the top down
  Rect number, caption;       // of the code
  float number_size = 0;      // of the type
  Rect less, more;            // its buttons
  int bottleneck = 0;         // index into stages: the code
  Rect area;                  // that the bars keep to
};

// Whether it only switches numbers off.
bool is_mask(const session::LayerInfo& layer);
// How a layer is drawn.
StageKind stage_kind(const session::NetworkInfo& network, int layer);
// Length of a bar of `units` as a share of the longest, of `most`: a root between square and cube,
// so that 2 and 784 can both be seen.
float bar_share(std::int64_t units, std::int64_t most);

// How wide what is written is.
struct LabelSizes {
  float longest = 0;  // label
  float number = 0;   // of the code's number, per point of its size
  float caption = 0;  // the words below it
};

// Nothing leaves `area`; parts shrink where it is low, and labels go where they would touch.
NetworkLayout layout_network(const session::NetworkInfo& network, const Rect& area,
                             const LabelSizes& labels, const Metrics& metrics, bool touch);

// Half of the silhouette's width at height y.
float outline_half_width(const NetworkLayout& layout, float y);

}  // namespace hourglass::ui
