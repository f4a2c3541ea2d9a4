// Brings an edited model into line, and tells whether it can be built.
#pragma once

#include <initializer_list>

#include "ui/model/model_edit.h"

namespace hourglass::ui {

// The first of the candidates of which a network can be built, with what follows from other layers
// in line with them. `before` is the model that was edited.
Edited first_valid(std::initializer_list<Edited> candidates, const ModelSpec& before,
                   ImageShape input);

}  // namespace hourglass::ui
