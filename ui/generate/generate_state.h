// What the panel of generated images keeps between frames.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ui/images/pictures.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

inline constexpr std::string_view kGenerateJob = "generate";
// From what codes are drawn: the names of the job.
inline constexpr std::array<std::string_view, 3> kCodeSources = {"prior", "gaussian", "mixture"};

// How many images are asked for, whether there is room for all of them or not.
inline constexpr int kGenerated = 64;
inline constexpr int kWalkImages = 10, kRowImages = 9;

struct GenerateState {
  int source = -1;  // index in kCodeSources; -1: the network's own
  int components = 10;
  std::uint64_t seed = 1;
  int from = 0, to = 1;        // which of the images the walk leads from and to
  int image = 0;               // place among the held-out images on display
  std::vector<float> factors;  // what they are to be; empty: as they are
  int row = 0;                 // the factor that was moved last
  std::uint64_t draw = 1;      // of the code that is taken apart
  int unit = 0;                // of it, whose numbers are shown

  // The job follows the training: it is started again when it has rested.
  bool follows = true;
  bool is_new = false;                  // it was started, and has not been seen ready
  double started = 0, rests_until = 0;  // seconds
  std::int64_t step = -1;               // of the run, when it was started
  std::uint64_t network = 0, data = 0;  // revisions of the store, likewise

  ImageAtlas samples, walk, original, moved, row_images, of_mean, of_code;
};

// The held-out image that factors and a code are shown of, by its index; 0 while none is known.
std::uint32_t chosen_image(const PanelContext& context);

}  // namespace hourglass::ui
