#include "ui/kit/widgets.h"

#include <cmath>

#include "core/base/json.h"

namespace hourglass::ui {

void Widgets::add(std::string_view id, const Rect& rect, const Rect& clip) {
  const Rect visible = intersection(rect, clip);
  if (visible.empty()) return;
  rects_.insert_or_assign(std::string(id), visible);
}

std::string Widgets::json() const {
  const auto tenths = [](float value) {
    return std::round(static_cast<double>(value) * 10.0) / 10.0;
  };
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& [id, rect] : rects_) {
    out[id] = {tenths(rect.x), tenths(rect.y), tenths(rect.w), tenths(rect.h)};
  }
  return json_text(out);
}

}  // namespace hourglass::ui
