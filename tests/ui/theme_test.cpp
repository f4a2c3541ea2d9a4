#include "ui/kit/theme.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace hourglass::ui {
namespace {

struct Linear {
  double r, g, b;
};

double linear(Rgb channel) {
  const double v = static_cast<double>(channel & 0xFF) / 255;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

// How a dichromat sees a colour: Vienot, Brettel and Mollon, "Digital video colourmaps for checking
// the legibility of displays by dichromats" (1999), equations for protanopia and deuteranopia in
// linear RGB.
Linear seen(Rgb color, int kind) {
  const Linear c{linear(color >> 16), linear(color >> 8), linear(color)};
  if (kind == 1) {
    const double rg = 0.11238 * c.r + 0.88762 * c.g;
    return {rg, rg, 0.00401 * c.r - 0.00401 * c.g + c.b};
  }
  if (kind == 2) {
    const double rg = 0.29275 * c.r + 0.70725 * c.g;
    return {rg, rg, -0.02234 * c.r + 0.02234 * c.g + c.b};
  }
  return c;
}

// Distance in CIE L*a*b* (D65).
double distance(const Linear& a, const Linear& b) {
  const auto lab = [](const Linear& c, double out[3]) {
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = f((0.4124 * c.r + 0.3576 * c.g + 0.1805 * c.b) / 0.95047);
    const double y = f(0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b);
    const double z = f((0.0193 * c.r + 0.1192 * c.g + 0.9505 * c.b) / 1.08883);
    out[0] = 116 * y - 16;
    out[1] = 500 * (x - y);
    out[2] = 200 * (y - z);
  };
  double one[3], other[3];
  lab(a, one);
  lab(b, other);
  return std::sqrt(std::pow(one[0] - other[0], 2) + std::pow(one[1] - other[1], 2) +
                   std::pow(one[2] - other[2], 2));
}

TEST_CASE("theme: contrast as WCAG defines it") {
  CHECK(contrast(0x000000, 0xFFFFFF) == doctest::Approx(21));
  CHECK(contrast(0x777777, 0xFFFFFF) == doctest::Approx(4.48).epsilon(0.01));
  CHECK(contrast(0x123456, 0x123456) == doctest::Approx(1));
}

TEST_CASE("theme: text has a contrast of at least 4.5 on whatever it stands on") {
  for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
    const Palette& c = palette(kind);
    for (const Rgb text : {c.text, c.muted}) {
      for (const Rgb ground : {c.page, c.card, c.field}) CHECK(contrast(text, ground) >= 4.5);
    }
    CHECK(contrast(c.text, c.field_hover) >= 4.5);
    CHECK(contrast(c.text, c.field_on) >= 4.5);
    CHECK(contrast(c.accent, c.card) >= 4.5);  // the waist's number
    CHECK(contrast(c.heat, c.card) >= 4.5);    // the worst error
    CHECK(contrast(c.on_accent, c.accent) >= 4.5);
    CHECK(contrast(c.on_accent, c.accent_hover) >= 4.5);
    CHECK(contrast(c.on_warning, c.warning) >= 4.5);
    CHECK(contrast(c.on_notice, c.notice) >= 4.5);
  }
}

TEST_CASE("theme: controls and curves stand out from the card by 3 to 1, or nearly for the sand") {
  for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
    const Palette& c = palette(kind);
    CHECK(contrast(c.accent, c.card) >= 3);
    CHECK(contrast(c.test, c.card) >= 3);
    CHECK(contrast(c.train, c.card) >= 2.7);
    CHECK(contrast(c.ink, c.tile) >= 12);
    // Signed pictures, whose ends must differ from their middle and, whatever one sees, from each
    // other.
    for (int sight = 0; sight < 3; ++sight) {
      CHECK(distance(seen(c.negative, sight), seen(c.positive, sight)) >= 60);
    }
    CHECK(contrast(c.negative, c.tile) >= 3);
    CHECK(contrast(c.positive, c.tile) >= 3);
  }
}

TEST_CASE("theme: the ten classes differ, also for people who do not tell red from green") {
  for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
    const Palette& c = palette(kind);
    for (int sight = 0; sight < 3; ++sight) {
      double least = 1000;
      for (std::size_t i = 0; i < c.classes.size(); ++i) {
        for (std::size_t j = i + 1; j < c.classes.size(); ++j) {
          least = std::min(least, distance(seen(c.classes[i], sight), seen(c.classes[j], sight)));
        }
      }
      CAPTURE(sight);
      CHECK(least >= (sight == 0 ? 15 : 10));
    }
  }
}

TEST_CASE("theme: classes beyond ten repeat, and no class has a colour of its own") {
  const Palette& c = palette(ThemeKind::kLight);
  CHECK(class_color(c, 3) == class_color(c, 13));
  CHECK(class_color(c, -1) == c.unlabelled);
}

TEST_CASE("theme: everything grows with the text") {
  const Metrics one(1), two(2);
  CHECK(two.text == 2 * one.text);
  CHECK(two.control == 2 * one.control);
  CHECK(Metrics(1, true).control >= 40);
}

}  // namespace
}  // namespace hourglass::ui
