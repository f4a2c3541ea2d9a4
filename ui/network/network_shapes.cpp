#include "ui/network/network_shapes.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hourglass::ui {

Rgb mixed(Rgb a, Rgb b, float t) {
  Rgb out = 0;
  for (int shift = 0; shift < 24; shift += 8) {
    const float from = static_cast<float>((a >> shift) & 0xFF);
    const float to = static_cast<float>((b >> shift) & 0xFF);
    out |= static_cast<Rgb>(from + (to - from) * std::clamp(t, 0.0f, 1.0f) + 0.5f) << shift;
  }
  return out;
}

void draw_outline(ImDrawList& list, const NetworkLayout& layout, const Palette& colors,
                  const Metrics& m) {
  constexpr int kSteps = 14;
  for (std::size_t i = 0; i + 1 < layout.stages.size(); ++i) {
    const Rect& a = layout.stages[i].bar;
    const Rect& b = layout.stages[i + 1].bar;
    const float from = a.bottom(), to = b.y;
    if (to - from < 1) continue;
    const Rgb tone = static_cast<int>(i) < layout.bottleneck ? colors.train : colors.part;
    const ImU32 fill = packed(tone, 0.13f), edge = packed(tone, 0.45f);
    const float middle = a.x + a.w / 2;
    ImVec2 left[kSteps + 1], right[kSteps + 1];
    for (int s = 0; s <= kSteps; ++s) {
      const float y = from + (to - from) * static_cast<float>(s) / kSteps;
      const float half = outline_half_width(layout, std::clamp(y, from + 0.01f, to - 0.01f));
      left[s] = {middle - half, y};
      right[s] = {middle + half, y};
    }
    // Without the soft edge that ImGui gives each shape: the seams would show.
    const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
    list.PrimReserve(6 * kSteps, 4 * kSteps);
    for (int s = 0; s < kSteps; ++s) {
      list.PrimQuadUV(left[s], right[s], right[s + 1], left[s + 1], white, white, white, white,
                      fill);
    }
    list.AddPolyline(left, kSteps + 1, edge, 0, m.px(1.2f));
    list.AddPolyline(right, kSteps + 1, edge, 0, m.px(1.2f));
  }
}

void draw_grains(ImDrawList& list, const NetworkLayout& layout, const Palette& colors,
                 const Metrics& m) {
  constexpr int kGrains = 18;
  const float top = layout.stages.front().bar.bottom(), bottom = layout.stages.back().bar.y;
  const Rect& code = layout.stages[static_cast<std::size_t>(layout.bottleneck)].bar;
  const double time = ImGui::GetTime() * 0.16;
  for (int i = 0; i < kGrains; ++i) {
    const double phase = time + i * 0.381966;  // spread evenly, without a rhythm
    const auto part = static_cast<float>(phase - std::floor(phase));
    const float y = top + (bottom - top) * part * part * (2 - part);
    const float side = std::sin(static_cast<float>(i) * 2.4f) * 0.7f;
    const float half = std::max(0.0f, outline_half_width(layout, y) - m.px(3));
    const float fade = std::min({1.0f, part * 8, (1 - part) * 8});
    const Rgb tone = y < code.y ? colors.train : colors.part;
    list.AddCircleFilled({code.x + code.w / 2 + side * half, y}, m.px(1.5f),
                         packed(tone, 0.75f * fade), 6);
  }
}

void draw_cells(ImDrawList& list, const Rect& bar, std::span<const float> values, Rgb tone,
                const Metrics& m) {
  if (values.empty()) return;
  const int most = std::max(1, static_cast<int>(bar.w / m.px(2)));
  const int cells = std::min(static_cast<int>(values.size()), most);
  std::vector<float> means(static_cast<std::size_t>(cells), 0.0f);
  float largest = 0;
  const std::size_t n = values.size();
  for (int i = 0; i < cells; ++i) {
    const std::size_t from = n * static_cast<std::size_t>(i) / static_cast<std::size_t>(cells);
    const std::size_t to = n * static_cast<std::size_t>(i + 1) / static_cast<std::size_t>(cells);
    float sum = 0;
    for (std::size_t k = from; k < to; ++k) sum += values[k];
    const float mean = std::fabs(sum) / static_cast<float>(to - from);
    means[static_cast<std::size_t>(i)] = std::isfinite(mean) ? mean : 0;
    largest = std::max(largest, means[static_cast<std::size_t>(i)]);
  }
  if (largest <= 0) return;
  const float width = bar.w / static_cast<float>(cells);
  const float gap = width > m.px(4) ? m.px(1) : 0;
  const float inset = std::min(m.px(1), bar.h / 6);
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  list.PrimReserve(6 * cells, 4 * cells);
  for (int i = 0; i < cells; ++i) {
    const float x = bar.x + width * static_cast<float>(i);
    const ImU32 color = packed(tone, means[static_cast<std::size_t>(i)] / largest);
    list.PrimRectUV({x + gap / 2, bar.y + inset}, {x + width - gap / 2, bar.bottom() - inset},
                    white, white, color);
  }
}

}  // namespace hourglass::ui
