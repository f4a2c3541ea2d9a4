// The settings of training that matter most.
#include <imgui.h>

#include <algorithm>

#include "ui/controls.h"
#include "ui/panels/panel.h"
#include "ui/setting_widget.h"

namespace hourglass::ui {

void draw_training(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  const Rect inside = context.area;
  const int columns = std::clamp(static_cast<int>(inside.w / m.px(200)), 1, 4);
  const float space = 2 * m.gap;
  const float width =
      (inside.w - space * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float row = std::max(choice_height(m), slider_height(m));
  int at = 0;
  for (const std::string_view key :
       {"train.optimizer", "train.learning_rate", "train.batch_size", "train.epochs"}) {
    const float x = inside.x + static_cast<float>(at % columns) * (width + space);
    const float y = inside.y + static_cast<float>(at / columns) * (row + m.gap);
    draw_setting(context, {x, y, width, key == "train.optimizer" ? row : slider_height(m)}, key);
    ++at;
  }
}

}  // namespace hourglass::ui
