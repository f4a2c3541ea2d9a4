// What the engine takes of the settings, filled in by their rows.
#pragma once

#include "core/data/corruption.h"
#include "core/session/settings/settings.h"
#include "core/train/early_stopping.h"
#include "core/train/trainer.h"

namespace hourglass::session {

struct RunSpecs {
  TrainSpec train;
  EarlyStopping stopping;
  Corruption view_noise;  // of the images on display
};

RunSpecs run_specs(const Settings& settings);

}  // namespace hourglass::session
