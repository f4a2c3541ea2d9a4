// Colours, sizes and typefaces: everything that decides how it looks, in one place.
#pragma once

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace hourglass::ui {

enum class ThemeKind { kLight, kDark };

// 0xRRGGBB, the way colours are written everywhere else.
using Rgb = std::uint32_t;

// ImGui's packed colour of `rgb` at opacity `alpha` in [0, 1].
ImU32 packed(Rgb rgb, float alpha = 1);

// WCAG 2.1 contrast ratio of two opaque colours, 1 to 21 ("relative luminance" of sRGB).
double contrast(Rgb a, Rgb b);

struct Palette {
  Rgb page, card, card_edge;         // surfaces
  Rgb field, field_hover, field_on;  // of buttons and inputs at rest, under the pointer, pressed
  Rgb text, muted;                   // on page, card and field
  Rgb accent, accent_hover, on_accent;
  Rgb warning, on_warning;  // message bars
  Rgb notice, on_notice;
  Rgb train, part, test;   // the curves, on card
  Rgb tile, ink;           // pictures: 0 and 1
  Rgb negative, positive;  // the ends of signed pictures, whose 0 is tile
  Rgb heat;                // how wrong: 1 of a difference, on tile, and as text on card
  Rgb unlabelled;          // points of the map without a class
  std::array<Rgb, 10> classes;
};

const Palette& palette(ThemeKind kind);

// Colour of class `label`; colours repeat after ten.
Rgb class_color(const Palette& palette, std::int32_t label);

// Lengths in points, grown by the text scale.
struct Metrics {
  explicit Metrics(float scale = 1, bool touch = false);

  float scale;
  bool touch;                         // controls are large enough for a finger
  float text, small, heading, brand;  // font sizes
  float control;                      // height of buttons and inputs
  float gap;                          // between controls
  float gutter;                       // between cards, and around them
  float padding;                      // inside a card
  float radius, card_radius;
  float header;  // height of a card's heading
  float label;   // height of a line of text above a control
  float px(float points) const { return points * scale; }
  // Height of a slider.
  float slider() const { return std::max(px(24), control * 0.75f); }
};

struct Fonts {
  ImFont* regular = nullptr;
  ImFont* bold = nullptr;
  bool chinese = false;  // Chinese glyphs are there
};

// Loads the embedded typefaces into the current ImGui context.
Fonts load_fonts();
// Adds a typeface for the characters that those before it lack. The bytes are copied. Returns false
// if they are no font.
bool add_fallback_font(const Fonts& fonts, std::span<const std::uint8_t> bytes);

struct Theme {
  Palette colors;
  Metrics metrics;
  Fonts fonts;

  ImU32 color(Rgb rgb, float alpha = 1) const { return packed(rgb, alpha); }
};

// Sets ImGui's own style (popups, scrollbars, text fields) to match.
void apply_theme(const Theme& theme);

}  // namespace hourglass::ui
