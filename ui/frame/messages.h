// What has to be said: a failure (dismissible), data being loaded, settings that wait for a reset,
// what is wrong with the run though it goes on (dismissible).
#pragma once

#include <cstdint>

#include "ui/state/panel.h"

namespace hourglass::ui {

struct MessagesState {
  std::uint64_t dismissed = 0;  // notices up to this serial are not shown
};

void draw_messages(PanelContext& context);

// How high they will be in `width`; 0 when there is nothing to tell.
float messages_height(const PanelContext& context, float width);

}  // namespace hourglass::ui
