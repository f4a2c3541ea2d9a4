// Held-out images in columns: original, corrupted, what the network makes of the corrupted one, and
// on demand how far that is from the original and what PCA makes of it.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

struct ReconstructionsState {
  bool difference = false;  // |original - reconstructed| has a row
  bool pca = false;         // what PCA makes of the images has one, with its errors
};

void draw_reconstructions(PanelContext& context);

// Puts another random set of held-out images on display.
void other_images(PanelContext& context);

}  // namespace hourglass::ui
