// The part of the window that scrolls: the cards, and in a low window bars with them.
#pragma once

#include <cstdint>

#include "ui/state/panel.h"

namespace hourglass::ui {

class Body {
 public:
  void draw(PanelContext& context);

 private:
  void keep_content_in_place(PanelContext& context);
  void scroll_to_panel(PanelContext& context);

  float messages_above_ = 0;  // height of the messages that move with the content
  std::uint64_t notices_seen_ = 0;
};

}  // namespace hourglass::ui
