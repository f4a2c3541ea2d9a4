// The command line that trains what is on the screen.
#pragma once

#include <string>

#include "core/session/settings/settings.h"

namespace hourglass {

// "hourglass train --preset deep --data strokes --set train.learning_rate=0.5": a preset, and what
// of the run's settings differs from it. A person's own data stand there as PATH, to be replaced.
std::string train_command(const session::Settings& settings);

}  // namespace hourglass
