// What the person has chosen for the t-SNE map, and what is known of the map on show.
#pragma once

#include <cstdint>

#include "ui/latent_map/map_state.h"

namespace hourglass::ui {

enum class TsneColor { kClass, kReliability, kFactor };

struct TsneState {
  std::int64_t points = 0;  // samples to be mapped; 0: as many as is usual
  bool random_start = false;
  std::int64_t seed = 1;  // of that start

  TsneColor color = TsneColor::kClass;
  int factor = 0;  // of the data, where one gives the colours
  bool thumbnails = false;
  double distance = 0.035;  // of thumbnails, in parts of the map's longer side
  MapView view;
  bool hovering = false;
  MapPlace hover;

  std::uint64_t before = 0;  // the revision of the result when the job was started
  std::int64_t started = 0;  // the step of the run then
  std::int64_t step = 0;     // and of the codes on the map
};

}  // namespace hourglass::ui
