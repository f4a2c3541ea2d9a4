#include "ui/kit/glyphs.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace hourglass::ui {
namespace {

// What ImGui::PushFont() would do for it, without making it the current font.
ImFont& at_density(ImFont& font) {
  font.CurrentRasterizerDensity = ImGui::GetFontRasterizerDensity();
  return font;
}

// How far glyphs whose line begins at the whole point `y` have to move, in points.
float to_whole_pixel(ImFont& font, float size, float y) {
  const ImFontBaked& baked = *font.GetFontBaked(size);
  const float pixels = (y + std::round(baked.Ascent)) * baked.RasterizerDensity;
  return (std::floor(pixels + 0.5f) - pixels) / baked.RasterizerDensity;
}

void move_glyphs(ImDrawList& list, int vertices, float distance) {
  if (distance == 0) return;
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  for (int i = vertices; i < list.VtxBuffer.Size; ++i) {
    ImDrawVert& vertex = list.VtxBuffer[i];
    // Frames, selections and cursors are no glyphs.
    if (vertex.uv.x != white.x || vertex.uv.y != white.y) vertex.pos.y += distance;
  }
}

}  // namespace

float glyph_size(float size) { return std::max(1.0f, std::round(size)); }

float glyphs_width(ImFont& font, float size, std::string_view text) {
  if (text.empty()) return 0;  // it may be no string at all, which ImGui would measure by its end
  return at_density(font)
      .CalcTextSizeA(glyph_size(size), 1e9f, 0, text.data(), text.data() + text.size())
      .x;
}

std::size_t glyphs_fitting(ImFont& font, float size, float width, std::string_view text) {
  if (text.empty()) return 0;
  const char* remaining = nullptr;
  at_density(font).CalcTextSizeA(glyph_size(size), width, 0, text.data(), text.data() + text.size(),
                                 &remaining);
  return static_cast<std::size_t>(remaining - text.data());
}

float glyph_advance(ImFont& font, float size, char32_t character) {
  return at_density(font)
      .GetFontBaked(glyph_size(size))
      ->GetCharAdvance(static_cast<ImWchar>(character));
}

void draw_glyphs(ImDrawList& list, ImFont& font, float size, ImVec2 at, ImU32 color,
                 std::string_view text) {
  if (text.empty()) return;
  const float whole = glyph_size(size);
  const ImVec2 place{std::floor(at.x + 0.5f), std::floor(at.y + 0.5f)};
  const int before = list.VtxBuffer.Size;
  list.AddText(&at_density(font), whole, place, color, text.data(), text.data() + text.size());
  move_glyphs(list, before, to_whole_pixel(font, whole, place.y));
}

void align_glyphs(ImDrawList& list, int vertices, float y) {
  move_glyphs(list, vertices,
              to_whole_pixel(*ImGui::GetFont(), ImGui::GetFontSize(), std::trunc(y)));
}

void set_pixel_ratio(float ratio) {
  ImGui::GetCurrentContext()->DrawListSharedData.InitialFringeScale =
      1 / std::clamp(ratio, 0.25f, 16.0f);
}

}  // namespace hourglass::ui
