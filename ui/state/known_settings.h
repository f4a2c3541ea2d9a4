// The settings of the engine as the program knows them.
#pragma once

#include "core/session/settings/settings.h"
#include "ui/state/store.h"

namespace hourglass::ui {

// Without those of a newer engine.
session::Settings known_settings(const Store& store);

}  // namespace hourglass::ui
