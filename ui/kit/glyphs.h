// All text that this front end draws or measures goes through here: ImGui's own calls would blur
// it.
//
// Dear ImGui 1.92 rasterises a font for the screen's pixel density only while that font is the
// current one; any other font that is handed to ImDrawList::AddText() is rasterised for one pixel
// per point and magnified. Sizes that are no whole number of points are rounded and magnified, too,
// and text is placed at whole points, which are no whole pixels at a ratio of 1.5. Here every font
// has the density of the window that is drawn, every size is a whole one, and every baseline is at
// a whole pixel.
#pragma once

#include <imgui.h>

#include <cstddef>
#include <string_view>

namespace hourglass::ui {

// The size in which text that is asked for in `size` points is drawn: the nearest whole one, at
// least 1.
float glyph_size(float size);

// The width of one line in points.
float glyphs_width(ImFont& font, float size, std::string_view text);

// How many bytes of `text` fit into `width` points, in whole characters.
std::size_t glyphs_fitting(ImFont& font, float size, float width, std::string_view text);

// How far one character moves the pen, in points.
float glyph_advance(ImFont& font, float size, char32_t character);

// Draws one line whose top left corner is at `at`, moved to whole points, and by less than a pixel
// up or down so that its baseline is at a whole pixel.
void draw_glyphs(ImDrawList& list, ImFont& font, float size, ImVec2 at, ImU32 color,
                 std::string_view text);

// The same move for what ImGui itself has drawn in the current font, such as a field that is typed
// in: of all glyphs behind the first `vertices` vertices of `list`, whose line begins at height
// `y`.
void align_glyphs(ImDrawList& list, int vertices, float y);

// Sets what ImGui has by the pixel: soft edges of lines and shapes are one pixel wide, not one
// point. To be called after ImGui::NewFrame().
void set_pixel_ratio(float ratio);

}  // namespace hourglass::ui
