// See stroke_raster.cpp: without this the last bit would differ between machines.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

#include "core/data/strokes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/data/stroke_raster.h"
#include "core/data/stroke_shapes.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

constexpr float kSoftness = 1.15f;  // pixels; what MNIST's reduction from bilevel scans amounts to
constexpr int kPiecesPerSpan = 4;   // straight pieces between two knots
constexpr int kMaxPoints = kMaxStrokePaths * ((kMaxStrokeKnots - 1) * kPiecesPerSpan + 1);
constexpr float kCentre = 0.5f * kStrokesSide;

struct Range {
  float low, high;
};
constexpr Range kSlant{-24, 40}, kThickness{1.4f, 3.6f}, kSize{17.5f, 21}, kWidth{0.8f, 1.5f},
    kShift{-1.5f, 1.5f}, kRotation{-14, 14}, kWobble{0.2f, 1}, kShape{0, 1};

// How far an unsteady hand (wobble 1) goes, in heights of the digit.
constexpr float kWarp = 0.1f;      // the whole form bends
constexpr float kJitter = 0.075f;  // each knot for itself
constexpr float kEnds = 0.07f;     // where the pen is set down and lifted

constexpr float kGrain = 0.35f;  // unevenness of the stroke's edge, relative to its width

struct Point {
  float x, y;
};

// [low, high) drawn evenly, or heaped up in the middle as most properties of a hand are.
float even(Random& random, Range range) {
  return range.low + (range.high - range.low) * random.uniform();
}
float heaped(Random& random, Range range) {
  const float sum = random.uniform() + random.uniform();
  return range.low + (range.high - range.low) * (0.5f * sum);
}
// Bell-shaped around 0 with standard deviation 1 and never beyond 3: the sum of four uniforms
// rather than Box and Muller, whose logarithm and cosine differ between libraries.
float bell(Random& random) {
  const float sum = (random.uniform() + random.uniform()) + (random.uniform() + random.uniform());
  return (sum - 2.0f) * 1.7320508f;
}

float clamped(float value, Range range) {
  const float middle = 0.5f * (range.low + range.high);
  const float reach = range.high - range.low;
  if (!(value > middle - reach)) return value == value ? middle - reach : middle;
  return value < middle + reach ? value : middle + reach;
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

StrokeFactors tamed(const StrokeFactors& given, int label) {
  StrokeFactors f = given;
  f.slant = clamped(f.slant, kSlant);
  f.thickness = std::max(0.5f, clamped(f.thickness, kThickness));
  f.size = clamped(f.size, kSize);
  f.width = std::max(0.4f, clamped(f.width, kWidth));
  f.x = clamped(f.x, kShift);
  f.y = clamped(f.y, kShift);
  f.rotation = clamped(f.rotation, kRotation);
  f.wobble = std::max(0.0f, clamped(f.wobble, kWobble));
  f.shape = clamped(f.shape, kShape);
  f.variant = std::clamp(f.variant, 0, stroke_variants(label) - 1);
  return f;
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

// The pen's way as points, in whatever frame the knots are; radius is the relative pressure.
struct Way {
  std::array<InkPoint, kMaxPoints> points;
  int count = 0;

  void add(float x, float y, bool pen_down) {
    assert(count < kMaxPoints);
    points[static_cast<std::size_t>(count++)] = {x, y, 1.0f, pen_down};
  }
};

// Follows a smooth curve through knots [first, last]: centripetal Catmull-Rom (Catmull and Rom
// 1974; Yuksel et al., "On the parameterization of Catmull-Rom curves", 2009), which neither
// overshoots nor forms cusps where knots are close together. The first knot itself must have been
// added.
void follow(const Point* knot, int first, int last, Way& way) {
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
    for (int k = 1; k <= kPiecesPerSpan; ++k) {
      const float t = static_cast<float>(k) / kPiecesPerSpan;
      const float t2 = t * t, t3 = t2 * t;
      const float hp = 2 * t3 - 3 * t2 + 1, hq = 3 * t2 - 2 * t3;
      const float hm = t3 - 2 * t2 + t, hn = t3 - t2;
      way.add(hp * p.x + hq * q.x + hm * m.x + hn * n.x, hp * p.y + hq * q.y + hm * m.y + hn * n.y,
              true);
    }
  }
}

// Sets the pressure of the points [begin, way.count) of one path, already in pixels.
void press(const Hand& hand, float grain, int begin, Random& random, Way& way) {
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
           Way& way) {
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
void place(const StrokeFactors& f, Way& way) {
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

// Images that one thread draws at a time.
constexpr std::size_t kPiece = 250;

Samples make_split(std::uint64_t seed, std::uint32_t first, Index count, ThreadPool* pool) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count) * kStrokesPixels);
  std::vector<std::int32_t> labels(static_cast<std::size_t>(count));
  std::vector<std::vector<float>> columns(kStrokeFactorCount,
                                          std::vector<float>(static_cast<std::size_t>(count)));
  const auto draw_piece = [&](int piece, int) {
    const std::size_t begin = static_cast<std::size_t>(piece) * kPiece;
    const std::size_t end = std::min(begin + kPiece, labels.size());
    for (std::size_t i = begin; i < end; ++i) {
      const std::span<std::uint8_t, kStrokesPixels> image(bytes.data() + i * kStrokesPixels,
                                                          kStrokesPixels);
      StrokeFactors factors;
      labels[i] = draw_stroke_digit(seed, first + static_cast<std::uint32_t>(i), image, factors);
      const auto values = stroke_factor_values(factors);
      for (std::size_t f = 0; f < values.size(); ++f) columns[f][i] = values[f];
    }
  };
  const auto pieces = static_cast<int>((labels.size() + kPiece - 1) / kPiece);
  if (pool) {
    pool->run(pieces, draw_piece);
  } else {
    for (int piece = 0; piece < pieces; ++piece) draw_piece(piece, 0);
  }
  Samples samples(kStrokesPixels, std::move(bytes));
  samples.labels = std::move(labels);
  samples.factors = std::move(columns);
  return samples;
}

}  // namespace

std::vector<Factor> stroke_factor_table() {
  const auto factor = [](const char* name, const char* unit, Range range) {
    return Factor{name, unit, range.low, range.high};
  };
  return {factor("slant", "degrees", kSlant),
          factor("thickness", "pixels", kThickness),
          factor("size", "pixels", kSize),
          factor("width", "", kWidth),
          factor("x", "pixels", kShift),
          factor("y", "pixels", kShift),
          factor("rotation", "degrees", kRotation),
          factor("wobble", "", kWobble),
          factor("shape", "", kShape),
          factor("variant", "", {0, 2})};
}

std::array<float, kStrokeFactorCount> stroke_factor_values(const StrokeFactors& f) {
  return {f.slant, f.thickness, f.size,   f.width, f.x,
          f.y,     f.rotation,  f.wobble, f.shape, static_cast<float>(f.variant)};
}

int stroke_variants(int label) { return static_cast<int>(stroke_variants_of(label).size()); }

void draw_stroke_digit(int label, const StrokeFactors& given,
                       std::span<std::uint8_t, kStrokesPixels> out) {
  assert(label >= 0 && label < kStrokesClasses);
  const StrokeFactors factors = tamed(given, label);
  Random random(factors.hand, RandomStream::kStrokes, 1, 0);
  const Hand hand = make_hand(random, factors.wobble);
  Way way;
  trace(stroke_variants_of(label)[static_cast<std::size_t>(factors.variant)], factors, hand, random,
        way);
  place(factors, way);
  draw_ink({way.points.data(), static_cast<std::size_t>(way.count)}, kStrokesSide, kSoftness,
           out.data());
}

int sample_stroke_factors(std::uint64_t seed, std::uint32_t index, StrokeFactors& f) {
  Random random(seed, RandomStream::kStrokes, 0, index);
  const int label = static_cast<int>(random.below(kStrokesClasses));
  f.hand = random.bits();
  const auto variants = stroke_variants_of(label);
  float total = 0;
  for (const StrokeVariant& variant : variants) total += variant.frequency;
  float left = total * random.uniform();
  f.variant = 0;
  for (const StrokeVariant& variant : variants) {
    left -= variant.frequency;
    if (left < 0) break;
    if (f.variant + 1 < static_cast<int>(variants.size())) ++f.variant;
  }
  f.slant = heaped(random, kSlant);
  f.thickness = even(random, kThickness);
  f.size = heaped(random, kSize);
  f.width = heaped(random, kWidth);
  f.x = heaped(random, kShift);
  f.y = heaped(random, kShift);
  f.rotation = heaped(random, kRotation);
  f.wobble = even(random, kWobble);
  f.shape = even(random, kShape);
  return label;
}

// Not to be taken into the loop over all images: browsers compile a function anew, and better, only when it is called
// again.
[[gnu::noinline]] int draw_stroke_digit(std::uint64_t seed, std::uint32_t index,
                      std::span<std::uint8_t, kStrokesPixels> out, StrokeFactors& factors) {
  const int label = sample_stroke_factors(seed, index, factors);
  draw_stroke_digit(label, factors, out);
  return label;
}

Dataset make_strokes(std::uint64_t seed, Index train_count, Index test_count, ThreadPool* pool) {
  constexpr Index kLimit = 1'000'000;
  if (train_count < 0 || test_count < 0 || train_count > kLimit || test_count > kLimit) {
    throw Error("The number of Strokes samples must be between 0 and " + std::to_string(kLimit) +
                ", not " + std::to_string(train_count) + " for training and " +
                std::to_string(test_count) + " for testing.");
  }
  Dataset dataset;
  dataset.name = "strokes";
  dataset.shape = {1, kStrokesSide, kStrokesSide};
  for (int label = 0; label < kStrokesClasses; ++label) {
    dataset.class_names.push_back(std::to_string(label));
  }
  dataset.factors = stroke_factor_table();
  dataset.train = make_split(seed, 0, train_count, pool);
  dataset.test = make_split(seed, kStrokesTestStart, test_count, pool);
  return dataset;
}

}  // namespace hourglass
