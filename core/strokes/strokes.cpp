#include "core/strokes/strokes.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/base/error.h"
#include "core/math/random.h"
#include "core/strokes/stroke_path.h"
#include "core/strokes/stroke_raster.h"
#include "core/strokes/stroke_shapes.h"

namespace hourglass {
namespace {

constexpr float kSoftness = 1.15f;  // pixels; what MNIST's reduction from bilevel scans amounts to

struct Range {
  float low, high;
};
constexpr Range kSlant{-24, 40}, kThickness{1.4f, 3.6f}, kSize{17.5f, 21}, kWidth{0.8f, 1.5f},
    kShift{-1.5f, 1.5f}, kRotation{-14, 14}, kWobble{0.2f, 1}, kShape{0, 1};

// [low, high) drawn evenly, or heaped up in the middle as most properties of a hand are.
float even(Random& random, Range range) {
  return range.low + (range.high - range.low) * random.uniform();
}
float heaped(Random& random, Range range) {
  const float sum = random.uniform() + random.uniform();
  return range.low + (range.high - range.low) * (0.5f * sum);
}

float clamped(float value, Range range) {
  const float middle = 0.5f * (range.low + range.high);
  const float reach = range.high - range.low;
  if (!(value > middle - reach)) return value == value ? middle - reach : middle;
  return value < middle + reach ? value : middle + reach;
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

// Images that one thread draws at a time.
constexpr std::size_t kPieceImages = 250;

Samples make_split(std::uint64_t seed, std::uint32_t first, Index count, ThreadPool* pool) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count) * kStrokesPixels);
  std::vector<std::int32_t> labels(static_cast<std::size_t>(count));
  std::vector<std::vector<float>> columns(kStrokeFactorCount,
                                          std::vector<float>(static_cast<std::size_t>(count)));
  const auto draw_piece = [&](int piece, int) {
    const std::size_t begin = static_cast<std::size_t>(piece) * kPieceImages;
    const std::size_t end = std::min(begin + kPieceImages, labels.size());
    for (std::size_t i = begin; i < end; ++i) {
      const std::span<std::uint8_t, kStrokesPixels> image(bytes.data() + i * kStrokesPixels,
                                                          kStrokesPixels);
      StrokeFactors factors;
      labels[i] = draw_stroke_digit(seed, first + static_cast<std::uint32_t>(i), image, factors);
      const auto values = stroke_factor_values(factors);
      for (std::size_t f = 0; f < values.size(); ++f) columns[f][i] = values[f];
    }
  };
  const auto pieces = static_cast<int>((labels.size() + kPieceImages - 1) / kPieceImages);
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
  PenPath way;
  trace_path(stroke_variants_of(label)[static_cast<std::size_t>(factors.variant)], factors, way);
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

// Not to be taken into the loop over all images: browsers compile a function anew, and better, only
// when it is called again.
[[gnu::noinline]] int draw_stroke_digit(std::uint64_t seed, std::uint32_t index,
                                        std::span<std::uint8_t, kStrokesPixels> out,
                                        StrokeFactors& factors) {
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
  dataset.labels_from = "the digit drawn";
  dataset.split_by = "drawn apart";
  dataset.factors = stroke_factor_table();
  dataset.train = make_split(seed, 0, train_count, pool);
  dataset.test = make_split(seed, kStrokesTestStart, test_count, pool);
  return dataset;
}

}  // namespace hourglass
