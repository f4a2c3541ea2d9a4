// Layers that come and go, with those that mirror them.
#pragma once

#include "ui/model/model_edit.h"

namespace hourglass::ui {

// A new layer before or after the one at `place`: a dense one of a size in between, a convolution
// where images flow. There is none after the output.
Edited with_layer(const ModelSpec& model, Place place, bool after, ImageShape input);
Edited without_layer(const ModelSpec& model, Place place, ImageShape input);

}  // namespace hourglass::ui
