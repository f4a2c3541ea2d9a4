// Strokes: the built-in data set. Handwritten-looking digits, drawn by a pen that moves along
// smooth curves, endless and seeded, with every factor of variation known.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/math/thread_pool.h"

namespace hourglass {

inline constexpr int kStrokesSide = 28;  // pixels
inline constexpr int kStrokesPixels = kStrokesSide * kStrokesSide;
inline constexpr int kStrokesClasses = 10;

// Everything that decides how a digit looks. Drawing is a pure function of (label, factors).
struct StrokeFactors {
  float slant = 0;         // degrees; positive leans to the right, as in fast handwriting
  float thickness = 2.6f;  // pixels, the mean width of the stroke
  float size = 20;         // pixels, the longer side of the box around the ink
  float width = 1;         // width of the letter form over its usual width
  float x = 0;         // pixels from the image's centre to the ink's centre of mass, to the right
  float y = 0;         // the same, downwards
  float rotation = 0;  // degrees, clockwise as seen on screen
  float wobble = 0;    // 0 is the plain form, 1 an unsteady hand; scales everything `hand` decides
  float shape = 0;     // 0 to 1: from one extreme of the way of writing to the other
  int variant = 0;     // way of writing: 0 to stroke_variants(label) - 1 (crossed 7, open 4, ...)
  std::uint32_t hand =
      0;  // which random unsteadiness and pressure of the pen; no factor of its own
};

inline constexpr int kStrokeFactorCount = 10;

// The factors in the order of StrokeFactors (`hand` left out), with the ranges that samples are
// drawn from. All but `variant` are continuous.
std::vector<Factor> stroke_factor_table();
// The values of `factors` in that order.
std::array<float, kStrokeFactorCount> stroke_factor_values(const StrokeFactors& factors);

// How many ways of writing `label` (0 to 9) there are.
int stroke_variants(int label);

// Draws digit `label` (0 to 9) into 28 rows of 28 pixels: 0 is paper, 255 is ink. Factors outside
// the ranges of the table are clamped to twice their distance from the middle, `variant` to those
// there are; ink that leaves the image is cut off. Thread-safe, allocates nothing. The result is
// the same to the bit on every machine: only IEEE additions, products, quotients and square roots
// are used.
void draw_stroke_digit(int label, const StrokeFactors& factors,
                       std::span<std::uint8_t, kStrokesPixels> out);

// Chooses label (returned) and factors of sample `index` of the endless data set `seed`.
int sample_stroke_factors(std::uint64_t seed, std::uint32_t index, StrokeFactors& factors);

// Draws sample `index` of the endless data set `seed`; returns its label, and its factors in
// `factors`. Depends on (seed, index) only.
int draw_stroke_digit(std::uint64_t seed, std::uint32_t index,
                      std::span<std::uint8_t, kStrokesPixels> out, StrokeFactors& factors);

// The seed of the built-in set: the same for everybody, whatever the run's seed.
inline constexpr std::uint64_t kStrokesSeed = 1;

// Test samples start at this index, so that they never meet the training samples of any size.
inline constexpr std::uint32_t kStrokesTestStart = 0x80000000u;

// The data set "strokes": training samples 0 to train_count - 1, test samples kStrokesTestStart
// onwards, labels and factors attached; drawn by the threads of `pool`, if one is given. Throws
// Error if a count is negative or above 1,000,000.
Dataset make_strokes(std::uint64_t seed, Index train_count, Index test_count,
                     ThreadPool* pool = nullptr);

}  // namespace hourglass
