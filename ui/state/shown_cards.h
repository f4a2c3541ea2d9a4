// The layout of a playground in which a lesson leaves out some of the cards.
#pragma once

#include "ui/state/layout.h"

namespace hourglass::ui {

struct ShownCards {
  bool hourglass = true, reconstructions = true, noise = true, latent = true, tabs = true;
  bool workspaces = true;  // the switch between the workspaces
};

// As compute_layout() of all cards; those that are there take the place of the others.
Layout compute_layout(float width, float height, const Metrics& metrics, const LayoutNeeds& needs,
                      const ShownCards& cards);

}  // namespace hourglass::ui
