// Why a command is not carried out while a lesson lasts, in a sentence for the person.
#pragma once

#include <string>

#include "core/session/lesson/lesson.h"
#include "core/session/protocol/messages.h"
#include "ui/state/store.h"
#include "ui/state/texts.h"

namespace hourglass::ui {

// "" where the command may pass. The one gate in front of the session: of widgets, keys, presets,
// and of what a page's scripts and address want.
std::string refusal_sentence(const session::LessonRules& rules, const Store& store,
                             const Texts& texts, const session::Command& command);

}  // namespace hourglass::ui
