// Held-out images that stand in for their points on a map, where there is room for them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/map_select.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

class Thumbnails {
 public:
  // What is wanted of them. Point i is that of held-out sample i.
  struct Wish {
    Query query;                    // by which the images are asked for
    std::span<const float> points;  // x and y of each
    float side;                     // of an image on the screen
    std::size_t most;
    std::uint64_t mark;  // of what the choice depends on besides the map's place and the side
    MapFilter allowed;   // which points may be chosen; empty: all
  };
  // Chooses the points, and asks for their images. To be called before the points are drawn, which
  // leave out those that are replaced().
  void place(PanelContext& context, const MapTransform& map, const Wish& wish);
  // Draws them, each in a frame of the colour of its point.
  void draw(PanelContext& context, const MapTransform& map, const Wish& wish,
            const std::function<Rgb(std::uint32_t)>& color,
            const std::function<float(std::uint32_t)>& opacity) const;
  void forget(Query query, Requests& requests);

  // The points whose images are there, in rising order.
  std::span<const std::uint32_t> replaced() const { return replaced_; }

 private:
  void take_answer(std::uint64_t answered);

  // What was asked for and what was answered differ for a while: an answer belongs to the points
  // that it was asked for.
  std::uint64_t placed_for_ = 0;       // mark of what `wanted_` was chosen for
  std::vector<std::uint32_t> wanted_;  // asked for last, in the answer's order
  std::uint64_t wanted_tag_ = 0;
  struct Asked {
    std::uint64_t tag;
    std::vector<std::uint32_t> indices;
  };
  std::vector<Asked> asked_;  // without an answer as yet, oldest first
  std::uint64_t shown_tag_ = 0;
  std::vector<std::uint32_t> shown_;     // of the answer that is there
  std::vector<std::uint32_t> replaced_;  // of those, what is drawn; in rising order
};

}  // namespace hourglass::ui
