// What the panel of linear probes keeps between frames.
#pragma once

#include <cstdint>
#include <string_view>

#include "ui/images/pictures.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

inline constexpr std::string_view kProbeJob = "probe";

struct ProbeState {
  std::int64_t labels = 0;  // that the next probe learns from; 0: all
  bool fine_tune = false;
  int epochs = 10;  // of fine-tuning
  int cell = -1;    // row * classes + column of what is on show; -1: none
  ImageAtlas cells, images;
};

}  // namespace hourglass::ui
