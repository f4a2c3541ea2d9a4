// Whether a command of a person's, whoever carries it, may reach the session while a lesson lasts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/session/lesson/lesson.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// What a lesson keeps as it is.
struct Refusal {
  std::string setting;  // its key, or "" where it is
  std::string command;  // one of kLessonCommands that the lesson does without
};

// The present value of a setting; null where none is known.
using PresentValue = std::function<const Value*(std::string_view key)>;

// Empty where the command may pass. A setting that is sent the value that it has is not changed;
// a preset is refused where it would change a locked setting, and another run's checkpoint, which
// brings all settings with it, where any setting of the run is locked. What only asks, or works
// beside the run, passes.
std::optional<Refusal> refusal_of(const LessonRules& rules, const Command& command,
                                  const PresentValue& present);

}  // namespace hourglass::session
