// Whether the noise on the images on display and the noise in training are one.
#pragma once

namespace hourglass::ui {

struct NoiseLink {
  bool on = false;
};

}  // namespace hourglass::ui
