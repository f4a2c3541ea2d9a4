#include "ui/kit/text.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/glyphs.h"
#include "ui/kit/line_break.h"

namespace hourglass::ui {
namespace {

ImFont& font_of(const Kit& kit, const TextStyle& style) {
  return style.bold ? *kit.theme.fonts.bold : *kit.theme.fonts.regular;
}

float size_of(const Kit& kit, const TextStyle& style) {
  return glyph_size(style.size > 0 ? style.size : kit.theme.metrics.text);
}

}  // namespace

float text_width(const Kit& kit, std::string_view text, const TextStyle& style) {
  return std::ceil(glyphs_width(font_of(kit, style), size_of(kit, style), text));
}

float draw_text(const Kit& kit, const Rect& area, std::string_view text, ImU32 color,
                const TextStyle& style) {
  if (text.empty()) return 0;
  if (kit.mirror) kit.mirror->add_text(area, text);
  ImFont& font = font_of(kit, style);
  const float size = size_of(kit, style);
  float width = text_width(kit, text, style);
  std::string shortened;
  if (width > area.w + 0.5f) {
    const float dots = text_width(kit, "…", style);
    shortened = std::string(text.substr(0, glyphs_fitting(font, size, area.w - dots, text)));
    while (!shortened.empty() && shortened.back() == ' ') shortened.pop_back();
    shortened += "…";
    text = shortened;
    width = text_width(kit, text, style);
  }
  float x = area.x;
  if (style.align == Align::kCenter) x += (area.w - width) / 2;
  if (style.align == Align::kRight) x += area.w - width;
  draw_glyphs(*ImGui::GetWindowDrawList(), font, size, {x, area.y + (area.h - size) / 2}, color,
              text);
  return width;
}

float fitting_size(const Kit& kit, std::string_view text, float width, float size) {
  const float wide = text_width(kit, text, {size});
  if (wide <= width) return size;
  const float least = std::min(size, std::max(10.0f, size * 0.66f));
  return std::max(least, std::floor(size * width / wide));
}

float draw_paragraph(const Kit& kit, float x, float y, float width, std::string_view text,
                     ImU32 color, float size, bool draw) {
  ImFont& font = *kit.theme.fonts.regular;
  size = glyph_size(size);
  const char* at = text.data();
  const char* end = at + text.size();
  const float line_height = size * 1.35f;
  float height = 0;
  const auto char_width = [&](char32_t c) { return glyph_advance(font, size, c); };
  while (at < end) {
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    const char* line_end = at + first_line(rest, width, char_width);
    if (draw) {
      draw_glyphs(*ImGui::GetWindowDrawList(), font, size,
                  {x, std::floor(y + height + (line_height - size) / 2)}, color,
                  {at, static_cast<std::size_t>(line_end - at)});
    }
    height += line_height;
    at = line_end;
    while (at < end && *at == ' ') ++at;
    if (at < end && *at == '\n') ++at;
  }
  if (draw && kit.mirror) kit.mirror->add_text({x, y, width, height}, text);
  return height;
}

void draw_middle_paragraph(const Kit& kit, const Rect& area, std::string_view text) {
  const Metrics& m = kit.theme.metrics;
  const float width = std::min(area.w - m.px(24), m.px(440));
  const float height = draw_paragraph(kit, 0, 0, width, text, 0, m.text, false);
  draw_paragraph(kit, area.x + (area.w - width) / 2, area.y + std::max(0.0f, (area.h - height) / 2),
                 width, text, kit.theme.color(kit.theme.colors.muted), m.text);
}

}  // namespace hourglass::ui
