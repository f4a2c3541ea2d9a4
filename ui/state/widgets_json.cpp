#include "ui/state/widgets_json.h"

#include <cmath>

#include "core/base/json.h"

namespace hourglass::ui {

std::string widgets_json(const Widgets& widgets) {
  const auto tenths = [](float value) {
    return std::round(static_cast<double>(value) * 10.0) / 10.0;
  };
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& [id, rect] : widgets.all()) {
    out[id] = {tenths(rect.x), tenths(rect.y), tenths(rect.w), tenths(rect.h)};
  }
  return json_text(out);
}

}  // namespace hourglass::ui
