#include "core/strokes/stroke_path.h"

#include <algorithm>
#include <cmath>

#include "core/math/random.h"

namespace hourglass {
namespace {

constexpr float kCentre = 0.5f * kStrokesSide;

// How far an unsteady hand (wobble 1) goes, in heights of the digit.
constexpr float kWarp = 0.1f;      // the whole form bends
constexpr float kJitter = 0.075f;  // each knot for itself
constexpr float kEnds = 0.07f;     // where the pen is set down and lifted

constexpr float kGrain = 0.35f;  // unevenness of the stroke's edge, relative to its width

struct Point {
  float x, y;
};

// Bell-shaped around 0 with standard deviation 1 and never beyond 3: the sum of four uniforms
// rather than Box and Muller, whose log and cosine differ between libraries.
float bell(Random& random) {
  const float sum = (random.uniform() + random.uniform()) + (random.uniform() + random.uniform());
  return (sum - 2.0f) * 1.7320508f;
}

// Sine and cosine by their series; |radians| <= 1.1 leaves errors below 1e-6.
float sine(float r) {
  const float s = r * r;
  return r * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72))));
}
float cosine(float r) {
  const float s = r * r;
  return 1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56 * (1 - s / 90))));
}

// Everything that `hand` decides besides the jitter of the knots.
struct Hand {
  float bend[8];        // coefficients of the warp
  float pressure[5];    // relative, at five places along a path
  float taper;          // how much the stroke thins where the pen is lifted
  float down_strength;  // how much heavier downward strokes are
};

Hand make_hand(Random& random, float wobble) {
  Hand hand;
  for (float& value : hand.bend) value = kWarp * wobble * bell(random);
  for (float& value : hand.pressure) value = 0.10f * wobble * bell(random);
  hand.taper = 0.35f * wobble * random.uniform();
  hand.down_strength = 0.15f + 0.10f * wobble * (random.uniform() - 0.5f);
  return hand;
}

// Bends the plane a little: second and third order Legendre polynomials of the place, which leave
// position, size, slant and rotation to their own factors.
Point warp(const Hand& hand, Point p) {
  const float u = 2 * p.x, v = 2 * p.y;
  const float u2 = 1.5f * u * u - 0.5f, v2 = 1.5f * v * v - 0.5f;
  const float v3 = v * (2.5f * v * v - 1.5f);
  const float uv = u * v;
  const float* b = hand.bend;
  return {p.x + 0.5f * (b[0] * v2 + b[1] * v3 + b[2] * uv + b[3] * u2),
          p.y + 0.5f * (b[4] * v2 + b[5] * v3 + b[6] * uv + b[7] * u2)};
}

// Follows a smooth curve through knots [first, last]: centripetal Catmull-Rom (Catmull and Rom
// 1974; Yuksel et al., "On the parameterization of Catmull-Rom curves", 2009), which neither
// overshoots nor forms cusps where knots are close together. The first knot itself must have been
// added.
void follow(const Point* knot, int first, int last, PenPath& way) {
  std::array<float, kMaxStrokeKnots> step{};     // [i]: parameter distance from knot i to i + 1
  std::array<Point, kMaxStrokeKnots> tangent{};  // [i]: derivative at knot i
  const auto at = [](int i) { return static_cast<std::size_t>(i); };
  const auto slope = [&](int i) {
    return Point{(knot[i + 1].x - knot[i].x) / step[at(i)],
                 (knot[i + 1].y - knot[i].y) / step[at(i)]};
  };
  for (int i = first; i < last; ++i) {
    const float dx = knot[i + 1].x - knot[i].x, dy = knot[i + 1].y - knot[i].y;
    step[at(i)] = std::max(0.03f, std::sqrt(std::sqrt(dx * dx + dy * dy)));
  }
  for (int i = first + 1; i < last; ++i) {
    const Point before = slope(i - 1), after = slope(i);
    const float h0 = step[at(i - 1)], h1 = step[at(i)];
    tangent[at(i)] = {(h1 * before.x + h0 * after.x) / (h0 + h1),
                      (h1 * before.y + h0 * after.y) / (h0 + h1)};
  }
  const Point start = slope(first), end = slope(last - 1);
  if (last - first == 1) {
    tangent[at(first)] = tangent[at(last)] = start;
  } else {  // the curvature at an end is that of the knot next to it
    tangent[at(first)] = {1.5f * start.x - 0.5f * tangent[at(first + 1)].x,
                          1.5f * start.y - 0.5f * tangent[at(first + 1)].y};
    tangent[at(last)] = {1.5f * end.x - 0.5f * tangent[at(last - 1)].x,
                         1.5f * end.y - 0.5f * tangent[at(last - 1)].y};
  }
  for (int i = first; i < last; ++i) {
    const Point p = knot[i], q = knot[i + 1];
    const float h = step[at(i)];
    const Point m{h * tangent[at(i)].x, h * tangent[at(i)].y};
    const Point n{h * tangent[at(i + 1)].x, h * tangent[at(i + 1)].y};
    for (int k = 1; k <= kPenPiecesPerSpan; ++k) {
      const float t = static_cast<float>(k) / kPenPiecesPerSpan;
      const float t2 = t * t, t3 = t2 * t;
      const float hp = 2 * t3 - 3 * t2 + 1, hq = 3 * t2 - 2 * t3;
      const float hm = t3 - 2 * t2 + t, hn = t3 - t2;
      way.add(hp * p.x + hq * q.x + hm * m.x + hn * n.x, hp * p.y + hq * q.y + hm * m.y + hn * n.y,
              true);
    }
  }
}

// Sets the pressure of the points [begin, way.count) of one path, already in pixels.
void press(const Hand& hand, float grain, int begin, Random& random, PenPath& way) {
  const int count = way.count - begin;
  InkPoint* const p = way.points.data() + begin;
  for (int i = 0; i < count; ++i) {
    const int from = i > 0 ? i - 1 : 0, to = i + 1 < count ? i + 1 : i;
    const float dx = p[to].x - p[from].x, dy = p[to].y - p[from].y;
    const float length = std::sqrt(dx * dx + dy * dy);
    const float down = length > 1e-6f ? dy / length : 0.0f;
    const float s = count > 1 ? static_cast<float>(i) / static_cast<float>(count - 1) : 0.0f;
    const float place = 4 * s;
    const int k = std::min(3, static_cast<int>(place));
    const float t = place - static_cast<float>(k);
    const float smooth = t * t * (3 - 2 * t);
    float pressure = 1 + hand.pressure[k] + (hand.pressure[k + 1] - hand.pressure[k]) * smooth;
    pressure += hand.down_strength * down + grain * (random.uniform() - 0.5f);
    if (s > 0.75f) pressure *= 1 - hand.taper * (s - 0.75f) * (s - 0.75f) * 16;
    p[i].radius = std::max(0.35f, pressure);
  }
}

// The middle of a form's width, so that bending and slanting happen around its centre.
float middle_of(const StrokeVariant& variant) {
  float left = 1, right = -1;
  for (const StrokePath path : variant.paths) {
    for (const StrokeKnot& knot : path) {
      left = std::min(left, knot.ax);
      right = std::max(right, knot.ax);
    }
  }
  return 0.5f * (left + right);
}

// Moves the pen along all paths of `variant`: shape, unsteadiness, width, slant and rotation, in
// the letter form's frame; `way` must be empty.
void trace(const StrokeVariant& variant, const StrokeFactors& f, const Hand& hand, Random& random,
           PenPath& way) {
  constexpr float kRadians = 0.017453292f;
  const float shear = sine(f.slant * kRadians) / cosine(f.slant * kRadians);
  const float c = cosine(f.rotation * kRadians), s = sine(f.rotation * kRadians);
  const float middle = middle_of(variant);
  for (const StrokePath path : variant.paths) {
    const int count = static_cast<int>(path.size());
    assert(count >= 2 && count <= kMaxStrokeKnots);
    const StrokeKnot* const knot = path.data();
    Point jitter[kMaxStrokeKnots];
    for (int i = 0; i < count; ++i) {
      const bool end = i == 0 || i + 1 == count;
      const float amount = f.wobble * (end ? kEnds : kJitter);
      jitter[i].x = amount * bell(random);
      jitter[i].y = amount * bell(random);
    }
    Point knots[kMaxStrokeKnots] = {};
    for (int i = 0; i < count; ++i) {
      // Averaged with the neighbours, for a hand errs smoothly: alone, each knot would be a bend.
      const Point before = jitter[i > 0 ? i - 1 : i], after = jitter[i + 1 < count ? i + 1 : i];
      Point p{knot[i].ax + f.shape * (knot[i].bx - knot[i].ax) - middle,
              knot[i].ay + f.shape * (knot[i].by - knot[i].ay) - 0.5f};
      p.x += 0.3f * before.x + 0.4f * jitter[i].x + 0.3f * after.x;
      p.y += 0.3f * before.y + 0.4f * jitter[i].y + 0.3f * after.y;
      p = warp(hand, p);
      p.x = p.x * f.width - shear * p.y;
      knots[i] = {c * p.x - s * p.y, s * p.x + c * p.y};
    }
    const int begin = way.count;
    way.add(knots[0].x, knots[0].y, false);
    int from = 0;
    for (int i = 1; i < count; ++i) {
      if (knot[i].corner || i + 1 == count) {
        follow(knots, from, i, way);
        from = i;
      }
    }
    press(hand, kGrain * f.wobble, begin, random, way);
  }
}

// Scales and shifts the way into the image: the box around the ink has its longer side as asked,
// the ink's centre of mass is at the image's centre plus the shift, the mean width of the stroke is
// the thickness. MNIST is made that way (LeCun et al. 1998, section III.A), with size 20 and no
// shift.
void place(const StrokeFactors& f, PenPath& way) {
  InkPoint* const points = way.points.data();
  float left = points[0].x, right = left, top = points[0].y, bottom = top;
  float mass = 0, mass_x = 0, mass_y = 0, total_length = 0;
  for (int i = 0; i < way.count; ++i) {
    left = std::min(left, points[i].x);
    right = std::max(right, points[i].x);
    top = std::min(top, points[i].y);
    bottom = std::max(bottom, points[i].y);
    if (!points[i].pen_down) continue;
    const float dx = points[i].x - points[i - 1].x, dy = points[i].y - points[i - 1].y;
    const float length = std::sqrt(dx * dx + dy * dy);
    const float weight = length * (points[i].radius + points[i - 1].radius);
    mass += weight;
    mass_x += weight * 0.5f * (points[i].x + points[i - 1].x);
    mass_y += weight * 0.5f * (points[i].y + points[i - 1].y);
    total_length += length;
  }
  const float scale = (f.size - f.thickness) / std::max(right - left, bottom - top);
  const float radius = f.thickness * total_length / mass;
  for (int i = 0; i < way.count; ++i) {
    points[i].x = (points[i].x - mass_x / mass) * scale + kCentre + f.x;
    points[i].y = (points[i].y - mass_y / mass) * scale + kCentre + f.y;
    points[i].radius *= radius;
  }
}

}  // namespace

void trace_path(const StrokeVariant& variant, const StrokeFactors& factors, PenPath& way) {
  Random random(factors.hand, RandomStream::kStrokes, 1, 0);
  const Hand hand = make_hand(random, factors.wobble);
  trace(variant, factors, hand, random, way);
  place(factors, way);
}

}  // namespace hourglass
