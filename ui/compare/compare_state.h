// What the panel that shows two runs side by side keeps between frames.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ui/images/pictures.h"
#include "ui/kit/disc_texture.h"
#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/point_quads.h"

namespace hourglass::ui {

// The jobs of the two sides: see core/session/engine/jobs/compare_job.h.
inline constexpr std::string_view kPresentJob = "compare";
inline constexpr std::string_view kOtherJob = "compare_with";

inline constexpr int kComparedImages = 24, kComparedSamples = 36;
inline constexpr int kComparedPoints = 2000;

struct CompareMap {
  MapView view;
  MapSummary summary;
  PointQuads quads;
  std::uint64_t summary_mark = 0, quads_mark = 0;
  DiscTexture disc;
};

// One of the two.
struct CompareSide {
  ImageAtlas originals, reconstructed, samples;
  CompareMap map;
};

struct CompareState {
  // What the present run is held against: the number of a kept run or, 0, principal components.
  std::uint64_t other = 0;
  bool chosen = false;       // by somebody; else the newest run that will do
  std::string started;       // the arguments of the other side's job, and of which data
  double other_started = 0;  // seconds
  std::uint64_t seed = 1;    // of the samples

  // The present side's job follows the training: it is started again when it has rested.
  bool follows = true;
  bool is_new = false;                          // it was started, and has not been seen ready
  double present_started = 0, rests_until = 0;  // seconds
  std::int64_t step = -1;                       // of the run, when it was started
  std::uint64_t network = 0, data = 0;          // of the store, likewise

  CompareSide present_side, other_side;
};

}  // namespace hourglass::ui
