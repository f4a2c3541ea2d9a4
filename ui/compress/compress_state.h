// What the panel of compression keeps between frames.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ui/images/pictures.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

inline constexpr std::string_view kCompressJob = "compress";

// One way to store an image, as the job has found it.
struct RatePoint {
  std::string method;  // "code", "pca", "png", "jpeg", "png-sheet", "jpeg-sheet"
  int setting = 0;
  double bytes = 0, ideal_bytes = -1, mse = 0;  // -1: nobody knows
};

struct CompressState {
  std::vector<RatePoint> points;  // of the findings of that revision
  std::uint64_t revision = 0;
  std::string method = "code";  // of the point that is looked at
  int setting = 4;
  ImageAtlas originals, restored;
};

// Index of the point that is looked at, or -1 where it is not there (yet).
int chosen_point(const CompressState& state);

}  // namespace hourglass::ui
