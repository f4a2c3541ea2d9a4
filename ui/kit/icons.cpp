#include "ui/kit/icons.h"

#include <cmath>
#include <initializer_list>
#include <utility>

namespace hourglass::ui {
namespace {

constexpr float kPi = 3.14159265f;

// The unit square around a centre: coordinates from -0.5 to 0.5.
struct Pen {
  ImDrawList& list;
  ImVec2 center;
  float size;
  ImU32 color;

  ImVec2 at(float x, float y) const { return {center.x + x * size, center.y + y * size}; }
  float stroke() const { return std::fmax(1.2f, size * 0.115f); }
  void line(float x0, float y0, float x1, float y1) const {
    list.AddLine(at(x0, y0), at(x1, y1), color, stroke());
  }
  void bar(float x0, float y0, float x1, float y1) const {
    list.AddRectFilled(at(x0, y0), at(x1, y1), color, size * 0.05f);
  }
  void triangle(float left, float right, float half) const {
    fill_triangle(list, at(left, -half), at(left, half), at(right, 0), color);
  }
};

void draw_reset(const Pen& pen) {
  pen.list.PathArcTo(pen.center, pen.size * 0.36f, -0.35f * kPi, 1.25f * kPi, 24);
  pen.list.PathStroke(pen.color, 0, pen.stroke());
  const float a = -0.35f * kPi;
  const ImVec2 tip{pen.center.x + std::cos(a) * pen.size * 0.36f,
                   pen.center.y + std::sin(a) * pen.size * 0.36f};
  const float r = pen.size * 0.2f;
  fill_triangle(pen.list, {tip.x - r * 1.15f, tip.y - r * 0.15f},
                {tip.x + r * 0.35f, tip.y - r * 0.95f}, {tip.x + r * 0.45f, tip.y + r * 0.8f},
                pen.color);
}

void draw_dice(const Pen& pen) {
  pen.list.AddRect(pen.at(-0.4f, -0.4f), pen.at(0.4f, 0.4f), pen.color, pen.size * 0.14f, 0,
                   pen.stroke() * 0.85f);
  for (const auto [x, y] : {ImVec2{-0.17f, -0.17f}, {0.17f, 0.17f}, {0, 0}}) {
    pen.list.AddCircleFilled(pen.at(x, y), pen.size * 0.075f, pen.color, 12);
  }
}

void draw_sun(const Pen& pen) {
  pen.list.AddCircleFilled(pen.center, pen.size * 0.2f, pen.color, 24);
  for (int i = 0; i < 8; ++i) {
    const float a = static_cast<float>(i) * kPi / 4, c = std::cos(a), s = std::sin(a);
    pen.line(0.32f * c, 0.32f * s, 0.45f * c, 0.45f * s);
  }
}

void draw_moon(const Pen& pen) {
  // The outer arc and, back along it, the inner one of a circle that is moved aside.
  pen.list.PathArcTo(pen.center, pen.size * 0.4f, 0.05f * kPi, 1.45f * kPi, 28);
  pen.list.PathArcTo(pen.at(0.2f, -0.17f), pen.size * 0.33f, 1.22f * kPi, 0.29f * kPi, 24);
  pen.list.PathFillConcave(pen.color);
}

void draw_shuffle(const Pen& pen) {
  for (const float sign : {-1.0f, 1.0f}) {
    pen.line(-0.42f, sign * 0.24f, -0.2f, sign * 0.24f);
    pen.line(-0.2f, sign * 0.24f, 0.14f, -sign * 0.24f);
    pen.line(0.14f, -sign * 0.24f, 0.26f, -sign * 0.24f);
    fill_triangle(pen.list, pen.at(0.24f, -sign * 0.24f - 0.15f),
                  pen.at(0.24f, -sign * 0.24f + 0.15f), pen.at(0.47f, -sign * 0.24f), pen.color);
  }
}

void draw_fit(const Pen& pen) {
  for (const float x : {-0.4f, 0.4f}) {
    for (const float y : {-0.4f, 0.4f}) {
      pen.line(x, y, x * 0.4f, y);
      pen.line(x, y, x, y * 0.4f);
    }
  }
}

// Two overlapping squares, of which one is only half there.
void draw_difference(const Pen& pen) {
  pen.list.AddRect(pen.at(-0.44f, -0.44f), pen.at(0.18f, 0.18f), pen.color, pen.size * 0.1f, 0,
                   pen.stroke() * 0.85f);
  pen.list.AddRect(pen.at(-0.18f, -0.18f), pen.at(0.44f, 0.44f), pen.color, pen.size * 0.1f, 0,
                   pen.stroke() * 0.85f);
  pen.bar(-0.12f, -0.12f, 0.12f, 0.12f);
}

// Bars from high to low: the largest errors come first.
void draw_worst(const Pen& pen) {
  pen.bar(-0.44f, -0.42f, -0.24f, 0.42f);
  pen.bar(-0.1f, -0.14f, 0.1f, 0.42f);
  pen.bar(0.24f, 0.12f, 0.44f, 0.42f);
}

// Two frames beside each other.
void draw_side_by_side(const Pen& pen) {
  for (const float left : {-0.46f, 0.08f}) {
    pen.list.AddRect(pen.at(left, -0.36f), pen.at(left + 0.38f, 0.36f), pen.color, pen.size * 0.08f,
                     0, pen.stroke() * 0.9f);
  }
}

void draw_bookmark(const Pen& pen) {
  pen.line(-0.26f, -0.42f, 0.26f, -0.42f);
  for (const float side : {-1.0f, 1.0f}) {
    pen.line(side * 0.26f, -0.42f, side * 0.26f, 0.42f);
    pen.line(side * 0.26f, 0.42f, 0, 0.16f);
  }
}

// An arrow that turns back to the left.
void draw_take_back(const Pen& pen) {
  pen.line(-0.3f, -0.18f, 0.16f, -0.18f);
  pen.list.PathArcTo(pen.at(0.16f, 0.09f), pen.size * 0.27f, -0.5f * kPi, 0.5f * kPi, 16);
  pen.list.PathStroke(pen.color, 0, pen.stroke());
  pen.line(0.16f, 0.36f, -0.16f, 0.36f);
  fill_triangle(pen.list, pen.at(-0.24f, -0.38f), pen.at(-0.24f, 0.02f), pen.at(-0.48f, -0.18f),
                pen.color);
}

void draw_pencil(const Pen& pen) {
  pen.line(-0.26f, 0.06f, 0.2f, -0.4f);
  pen.line(-0.06f, 0.26f, 0.4f, -0.2f);
  pen.line(0.2f, -0.4f, 0.4f, -0.2f);
  pen.line(-0.26f, 0.06f, -0.4f, 0.4f);
  pen.line(-0.06f, 0.26f, -0.4f, 0.4f);
}

void draw_link(const Pen& pen) {
  for (const float side : {-1.0f, 1.0f}) {
    const float near = side * 0.06f, far = side * 0.46f;
    pen.list.AddRect(pen.at(std::fmin(near, far), -0.19f), pen.at(std::fmax(near, far), 0.19f),
                     pen.color, pen.size * 0.19f, 0, pen.stroke() * 0.9f);
  }
  pen.line(-0.2f, 0, 0.2f, 0);
}

void draw_hourglass(const Pen& pen) {
  pen.bar(-0.36f, -0.5f, 0.36f, -0.4f);
  pen.bar(-0.36f, 0.4f, 0.36f, 0.5f);
  const ImVec2 upper[] = {pen.at(-0.3f, -0.34f), pen.at(0.3f, -0.34f), pen.at(0.05f, 0),
                          pen.at(-0.05f, 0)};
  const ImVec2 lower[] = {pen.at(-0.05f, 0), pen.at(0.05f, 0), pen.at(0.3f, 0.34f),
                          pen.at(-0.3f, 0.34f)};
  pen.list.AddConvexPolyFilled(upper, 4, pen.color);
  pen.list.AddConvexPolyFilled(lower, 4, pen.color);
}

// Two places and the way between them.
void draw_path(const Pen& pen) {
  pen.line(-0.2f, 0.2f, 0.2f, -0.2f);
  pen.list.AddCircle(pen.at(-0.3f, 0.3f), pen.size * 0.13f, pen.color, 16, pen.stroke());
  pen.list.AddCircle(pen.at(0.3f, -0.3f), pen.size * 0.13f, pen.color, 16, pen.stroke());
}

// What can be moved every way.
void draw_hand(const Pen& pen) {
  pen.line(-0.3f, 0, 0.3f, 0);
  pen.line(0, -0.3f, 0, 0.3f);
  const float tip = 0.48f, back = 0.3f, half = 0.15f;
  fill_triangle(pen.list, pen.at(tip, 0), pen.at(back, -half), pen.at(back, half), pen.color);
  fill_triangle(pen.list, pen.at(-tip, 0), pen.at(-back, -half), pen.at(-back, half), pen.color);
  fill_triangle(pen.list, pen.at(0, tip), pen.at(-half, back), pen.at(half, back), pen.color);
  fill_triangle(pen.list, pen.at(0, -tip), pen.at(-half, -back), pen.at(half, -back), pen.color);
}

// A dashed square.
void draw_box(const Pen& pen) {
  for (const float side : {-0.38f, 0.38f}) {
    for (const float from : {-0.44f, -0.12f, 0.2f}) {
      pen.line(from, side, from + 0.24f, side);
      pen.line(side, from, side, from + 0.24f);
    }
  }
}

void draw_lasso(const Pen& pen) {
  pen.list.AddEllipse(pen.at(0.03f, -0.12f), {pen.size * 0.42f, pen.size * 0.28f}, pen.color, 0, 28,
                      pen.stroke());
  pen.list.AddCircle(pen.at(-0.24f, 0.16f), pen.size * 0.1f, pen.color, 12, pen.stroke());
  pen.line(-0.24f, 0.26f, -0.3f, 0.46f);
}

void draw_grid(const Pen& pen) {
  for (const float x : {-0.42f, -0.1f, 0.22f}) {
    for (const float y : {-0.42f, -0.1f, 0.22f}) pen.bar(x, y, x + 0.2f, y + 0.2f);
  }
}

// A picture among points.
void draw_thumbnails(const Pen& pen) {
  pen.list.AddRect(pen.at(-0.2f, -0.42f), pen.at(0.42f, 0.2f), pen.color, pen.size * 0.08f, 0,
                   pen.stroke());
  pen.list.AddCircleFilled(pen.at(0.11f, -0.11f), pen.size * 0.12f, pen.color, 14);
  for (const auto [x, y] : {ImVec2{-0.4f, -0.2f}, {-0.36f, 0.3f}, {0.1f, 0.42f}}) {
    pen.list.AddCircleFilled(pen.at(x, y), pen.size * 0.075f, pen.color, 12);
  }
}

void draw_zoom(const Pen& pen, bool in) {
  pen.line(-0.34f, 0, 0.34f, 0);
  if (in) pen.line(0, -0.34f, 0, 0.34f);
}

void draw_play(const Pen& pen) { pen.triangle(-0.28f, 0.42f, 0.42f); }

void draw_pause(const Pen& pen) {
  pen.bar(-0.3f, -0.38f, -0.08f, 0.38f);
  pen.bar(0.08f, -0.38f, 0.3f, 0.38f);
}

void draw_step(const Pen& pen) {
  pen.triangle(-0.34f, 0.22f, 0.36f);
  pen.bar(0.24f, -0.36f, 0.38f, 0.36f);
}

void draw_epoch(const Pen& pen) {
  pen.triangle(-0.48f, -0.06f, 0.34f);
  pen.triangle(-0.08f, 0.34f, 0.34f);
  pen.bar(0.35f, -0.34f, 0.48f, 0.34f);
}

void draw_close(const Pen& pen) {
  pen.line(-0.3f, -0.3f, 0.3f, 0.3f);
  pen.line(-0.3f, 0.3f, 0.3f, -0.3f);
}

void draw_chevron(const Pen& pen) {
  pen.list.PathLineTo(pen.at(-0.3f, -0.15f));
  pen.list.PathLineTo(pen.at(0, 0.17f));
  pen.list.PathLineTo(pen.at(0.3f, -0.15f));
  pen.list.PathStroke(pen.color, 0, pen.stroke());
}

// An angle whose tip points left (-1) or right (1).
void draw_angle(const Pen& pen, float side) {
  pen.list.PathLineTo(pen.at(-0.15f * side, -0.3f));
  pen.list.PathLineTo(pen.at(0.17f * side, 0));
  pen.list.PathLineTo(pen.at(-0.15f * side, 0.3f));
  pen.list.PathStroke(pen.color, 0, pen.stroke());
}

void draw_previous(const Pen& pen) { draw_angle(pen, -1); }

void draw_next(const Pen& pen) { draw_angle(pen, 1); }

void draw_question(const Pen& pen) {
  pen.list.AddCircle(pen.center, pen.size * 0.5f, pen.color, 32, pen.stroke() * 0.85f);
  pen.list.PathArcTo(pen.at(0, -0.1f), pen.size * 0.15f, kPi, 2.25f * kPi, 16);
  pen.list.PathLineTo(pen.at(0, 0.1f));
  pen.list.PathStroke(pen.color, 0, pen.stroke());
  pen.list.AddCircleFilled(pen.at(0, 0.25f), pen.size * 0.075f, pen.color, 12);
}

void draw_zoom_in(const Pen& pen) { draw_zoom(pen, true); }
void draw_zoom_out(const Pen& pen) { draw_zoom(pen, false); }

// A cloud's principal axes: a long one and a short one across it.
void draw_axes(const Pen& pen) {
  pen.list.AddLine(pen.at(-0.42f, 0.28f), pen.at(0.42f, -0.28f), pen.color, pen.stroke());
  pen.list.AddLine(pen.at(-0.16f, -0.24f), pen.at(0.16f, 0.24f), pen.color, pen.stroke());
  for (const auto& [x, y] :
       {std::pair{-0.34f, -0.02f}, {0.02f, -0.36f}, {0.34f, 0.02f}, {-0.02f, 0.36f}}) {
    pen.list.AddCircleFilled(pen.at(x, y), pen.size * 0.06f, pen.color, 12);
  }
}

struct Sign {
  Icon icon;
  void (*draw)(const Pen& pen);
};
constexpr Sign kSigns[] = {{Icon::kPlay, draw_play},
                           {Icon::kPause, draw_pause},
                           {Icon::kStep, draw_step},
                           {Icon::kEpoch, draw_epoch},
                           {Icon::kReset, draw_reset},
                           {Icon::kDice, draw_dice},
                           {Icon::kSun, draw_sun},
                           {Icon::kMoon, draw_moon},
                           {Icon::kClose, draw_close},
                           {Icon::kChevron, draw_chevron},
                           {Icon::kPrevious, draw_previous},
                           {Icon::kNext, draw_next},
                           {Icon::kShuffle, draw_shuffle},
                           {Icon::kFit, draw_fit},
                           {Icon::kHourglass, draw_hourglass},
                           {Icon::kHelp, draw_question},
                           {Icon::kPath, draw_path},
                           {Icon::kHand, draw_hand},
                           {Icon::kBox, draw_box},
                           {Icon::kLasso, draw_lasso},
                           {Icon::kGrid, draw_grid},
                           {Icon::kThumbnails, draw_thumbnails},
                           {Icon::kZoomIn, draw_zoom_in},
                           {Icon::kZoomOut, draw_zoom_out},
                           {Icon::kDifference, draw_difference},
                           {Icon::kWorst, draw_worst},
                           {Icon::kLink, draw_link},
                           {Icon::kAxes, draw_axes},
                           {Icon::kSideBySide, draw_side_by_side},
                           {Icon::kBookmark, draw_bookmark},
                           {Icon::kTakeBack, draw_take_back},
                           {Icon::kPencil, draw_pencil}};

}  // namespace

void fill_triangle(ImDrawList& list, ImVec2 a, ImVec2 b, ImVec2 c, ImU32 color) {
  if ((b.x - a.x) * (c.y - a.y) < (b.y - a.y) * (c.x - a.x)) std::swap(b, c);
  list.AddTriangleFilled(a, b, c, color);
}

void draw_icon(ImDrawList& list, Icon icon, ImVec2 center, float size, ImU32 color) {
  for (const Sign& sign : kSigns) {
    if (sign.icon == icon) sign.draw(Pen{list, center, size, color});
  }
}

}  // namespace hourglass::ui
