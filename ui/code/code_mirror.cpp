#include "ui/code/code_mirror.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/code/code_state.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {

bool mirror_bars(PanelContext& context, const BarPage& page, const Rect& area, float widest,
                 std::span<const UnitRange> ranges, std::span<float> code) {
  if (!context.mirror) return false;
  constexpr double kStep = 0.02;  // as the arrow keys move a bar
  CodeState& state = context.state<CodeState>();
  Mirror& mirror = *context.mirror;
  bool changed = false;
  const bool none = state.unit < page.first || state.unit >= page.first + page.count;
  const int focused = none ? page.first : state.unit;
  for (int unit = page.first; unit < page.first + page.count; ++unit) {
    const auto at = static_cast<std::size_t>(unit);
    const UnitRange& range = ranges[at];
    const std::string id = "code:unit:" + std::to_string(unit);
    const ImGuiID part = ImGui::GetID(id.c_str());
    if (mirror.add_part(part, id, bar_of(page, area, widest, unit), unit == focused)) {
      state.unit = unit;
    }
    MirrorNode& node = *mirror.find(part);
    const std::string value = significant(static_cast<double>(code[at]), 3);
    node.value = value;
    node.name = context.texts.format("mirror.unit", {grouped(unit)});
    const double before = static_cast<double>(bar_position(range, code[at]));
    double position = before;
    position += kStep * mirror.slide(position, part);
    if (position == before || !std::isfinite(position)) continue;
    position = std::clamp(position, 0.0, 1.0);
    code[at] = range.low + (range.high - range.low) * static_cast<float>(position);
    changed = true;
  }
  return changed;
}

}  // namespace hourglass::ui
