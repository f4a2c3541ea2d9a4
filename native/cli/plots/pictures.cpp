#include "native/cli/plots/pictures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/analysis/latent_map.h"
#include "core/formats/png.h"
#include "core/math/random.h"
#include "core/nn/inference.h"
#include "native/cli/console/text.h"
#include "native/cli/plots/canvas.h"

namespace hourglass {
namespace {

using session::Settings;
using session::TrainingRun;

// --- reconstructions -----------------------------------------------------------------------------

constexpr int kImagesToALine = 10, kSpacing = 1;
constexpr int kWidestLine = 4096;  // pixels; a vector of many numbers is one long line
constexpr int kSmallSide = 64, kEnlargement = 3;
constexpr std::uint8_t kPaper = 255;

// Each pixel as a square of `factor` x `factor`.
Image enlarged(const Image& image, int factor) {
  Image large{image.width * factor, image.height * factor, image.channels, {}};
  large.pixels.resize(image.pixels.size() * static_cast<std::size_t>(factor) * factor);
  const auto channels = static_cast<std::size_t>(image.channels);
  std::uint8_t* to = large.pixels.data();
  for (int y = 0; y < large.height; ++y) {
    for (int x = 0; x < large.width; ++x) {
      const std::size_t from = static_cast<std::size_t>(y / factor) * image.width + x / factor;
      to = std::copy_n(image.pixels.data() + from * channels, channels, to);
    }
  }
  return large;
}

// As make_grid() can draw it: one or three channels.
ImageShape drawable(const ImageShape& shape) {
  if (shape.channels == 1 || shape.channels == 3) return shape;
  return {1, shape.channels * shape.rows, shape.columns};
}

std::vector<std::uint32_t> shuffled(Index count, std::uint32_t which) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0u);
  if (which > 0) shuffle_indices(0, RandomStream::kViewSamples, which, order);
  return order;
}

// --- the map -------------------------------------------------------------------------------------

constexpr int kPlotWidth = 920;     // of the area that the points are drawn in, in pixels
constexpr double kFlattest = 0.55;  // its height over its width, at least
constexpr int kLeft = 84, kTop = 92, kRight = 190, kBottom = 78;
constexpr Canvas::Rgb kInk = 0x1D2530, kFaint = 0x5B6370, kGrid = 0xE9E7E2, kFrame = 0xB9BDC4;
constexpr Canvas::Rgb kPaperWhite = 0xFFFFFF, kUnlabelled = 0x3F90DA;
constexpr std::size_t kMaxLegendLines = 15, kMaxNames = 60;

// M. A. Petroff's ten-colour sequence ("Accessible Color Sequences for Data Visualization",
// arXiv:2107.02270), which stays distinguishable under the common kinds of colour-blindness. The
// front end uses the same.
constexpr std::array<Canvas::Rgb, 10> kClassColors = {0x3F90DA, 0xFFA90E, 0xBD1F01, 0x94A4A2,
                                                      0x832DB6, 0xA96B59, 0xE76300, 0xB9AC70,
                                                      0x717581, 0x92DADD};

Canvas::Rgb class_color(std::int32_t label) {
  return label < 0 ? kUnlabelled : kClassColors[static_cast<std::size_t>(label) % 10];
}

// From code space's plane to pixels: the same scale along both axes, so that distances are true.
struct View {
  double centre_u = 0, centre_v = 0;
  double span_u = 1, span_v = 1;  // what the plot shows along each axis
  float height = kPlotWidth;      // of the plot, in pixels

  float x(double u) const {
    return static_cast<float>(kLeft + kPlotWidth * ((u - centre_u) / span_u + 0.5));
  }
  float y(double v) const {
    return static_cast<float>(kTop + height * (0.5 - (v - centre_v) / span_v));
  }
};

View view_of(const Matrix& points) {
  View view;
  if (points.cols() == 0 || !points.allFinite()) return view;
  constexpr double kAround = 1.06;
  const double low_u = points.row(0).minCoeff(), high_u = points.row(0).maxCoeff();
  const double low_v = points.row(1).minCoeff(), high_v = points.row(1).maxCoeff();
  const double wide = kAround * (high_u - low_u), high = kAround * (high_v - low_v);
  if (!(std::max(wide, high) > 1e-12)) return view;  // all codes the same
  view.centre_u = (low_u + high_u) / 2;
  view.centre_v = (low_v + high_v) / 2;
  // As high as the points need, but neither a ribbon nor a tower.
  const double ratio = wide > 0 ? std::clamp(high / wide, kFlattest, 1.0) : 1.0;
  view.span_u = std::max(wide, high / ratio);
  view.span_v = view.span_u * ratio;
  view.height = static_cast<float>(std::round(kPlotWidth * ratio));
  return view;
}

// 1, 2 or 5 times a power of ten, so that about six fit into `span`.
double tick_step(double span) {
  const double power = std::pow(10.0, std::floor(std::log10(span / 6)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (span / (power * factor) <= 8) return power * factor;
  }
  return power * 10;
}

std::string tick_text(double value, double step) {
  const int digits = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  return fixed(std::abs(value) < step / 2 ? 0.0 : value, digits);
}

void draw_axes(Canvas& canvas, const View& view) {
  constexpr float kRightEdge = kLeft + kPlotWidth, kTickSize = 11;
  const float bottom = kTop + view.height;
  const double step = tick_step(view.span_u);
  for (double u = std::ceil((view.centre_u - view.span_u / 2) / step) * step;
       u <= view.centre_u + view.span_u / 2; u += step) {
    const float x = view.x(u);
    const std::string text = tick_text(u, step);
    canvas.line(x, kTop, x, bottom, 1, kGrid);
    canvas.text(text, x - Canvas::text_width(text, kTickSize) / 2, bottom + 22, kTickSize, 1.3f,
                kFaint);
  }
  for (double v = std::ceil((view.centre_v - view.span_v / 2) / step) * step;
       v <= view.centre_v + view.span_v / 2; v += step) {
    const float y = view.y(v);
    const std::string text = tick_text(v, step);
    canvas.line(kLeft, y, kRightEdge, y, 1, kGrid);
    canvas.text(text, kLeft - 10 - Canvas::text_width(text, kTickSize), y + kTickSize / 2,
                kTickSize, 1.3f, kFaint);
  }
  canvas.line(kLeft, kTop, kRightEdge, kTop, 1, kFrame);
  canvas.line(kLeft, bottom, kRightEdge, bottom, 1, kFrame);
  canvas.line(kLeft, kTop, kLeft, bottom, 1, kFrame);
  canvas.line(kRightEdge, kTop, kRightEdge, bottom, 1, kFrame);
}

// "first principal axis (24% of the variance)", or the unit's number where the plane is the code's
// own.
std::string axis_name(const LatentMap& map, int axis) {
  const Index size = map.plane().axes.rows();  // of the code
  if (size <= 2) return axis < size ? "code unit " + std::to_string(axis + 1) : "";
  const double all = map.spread();
  const auto row = map.points().row(axis).cast<double>();
  const double own = (row.array() - row.mean()).square().sum();
  const char* const name = axis == 0 ? "first principal axis" : "second principal axis";
  if (!(all > 0)) return name;
  return std::string(name) + " (" + fixed(100 * own / all, 0) + "% of the variance)";
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A class's name and the middle of where it stands.
struct ClassName {
  std::string text;
  float size, x, y;

  float width() const { return Canvas::text_width(text, size); }
};

// Moves names that cover each other apart, a little at a time.
void spread(std::vector<ClassName>& names) {
  constexpr int kRounds = 200;
  constexpr float kGap = 14;
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        ClassName &a = names[i], &b = names[j];
        const float wide = (a.width() + b.width()) / 2 + kGap - std::abs(a.x - b.x);
        const float high = (a.size + b.size) / 2 + kGap - std::abs(a.y - b.y);
        if (wide <= 0 || high <= 0) continue;
        // The shorter way out.
        if (wide < high) {
          const float move = (a.x < b.x ? -wide : wide) / 4;
          a.x += move, b.x -= move;
        } else {
          const float move = (a.y < b.y ? -high : high) / 4;
          a.y += move, b.y -= move;
        }
      }
    }
  }
}

// The name of each class where its points are, readable on top of them.
void draw_class_names(Canvas& canvas, const View& view, const Dataset& data, const Matrix& points) {
  // More would cover the map, and moving them apart costs the square of their number.
  if (data.class_names.size() > kMaxNames) return;
  std::vector<ClassName> names;
  for (std::size_t label = 0; label < data.class_names.size(); ++label) {
    std::vector<double> u, v;
    for (Index i = 0; i < points.cols(); ++i) {
      if (data.test.labels[static_cast<std::size_t>(i)] != static_cast<std::int32_t>(label))
        continue;
      u.push_back(points(0, i));
      v.push_back(points(1, i));
    }
    const std::string& text = data.class_names[label];
    if (!u.empty()) {
      names.push_back(
          {text, text.size() <= 2 ? 26.0f : 15.0f, view.x(median(u)), view.y(median(v))});
    }
  }
  spread(names);
  for (const ClassName& name : names) {
    const float x = name.x - name.width() / 2, y = name.y + name.size / 2;
    canvas.text(name.text, x, y, name.size, name.size / 7 + 6, kPaperWhite);
    canvas.text(name.text, x, y, name.size, name.size / 7, kInk);
  }
}

void draw_legend(Canvas& canvas, const Dataset& data) {
  constexpr float kStep = 32, kX = kLeft + kPlotWidth + 34;
  const std::size_t lines = std::min(data.class_names.size(), kMaxLegendLines);
  for (std::size_t label = 0; label < lines; ++label) {
    const float y = kTop + 16 + kStep * static_cast<float>(label);
    canvas.dot(kX, y, 8, class_color(static_cast<std::int32_t>(label)));
    canvas.text(data.class_names[label], kX + 20, y + 7, 14, 1.7f, kInk);
  }
  if (lines < data.class_names.size()) {
    const float y = kTop + 16 + kStep * static_cast<float>(lines);
    canvas.text("and " + std::to_string(data.class_names.size() - lines) + " more", kX, y + 6, 12,
                1.4f, kFaint);
  }
}

}  // namespace

std::vector<std::uint8_t> reconstructions_png(const TrainingRun& run, const Settings& settings,
                                              ThreadPool& pool) {
  const Samples& samples = run.data()->test;
  auto order =
      shuffled(samples.count(), static_cast<std::uint32_t>(settings.integer("view.image_set")));
  const Index count = std::min<Index>(settings.integer("view.images"), samples.count());
  order.resize(static_cast<std::size_t>(count));
  Matrix originals(samples.features(), count), reconstructions(samples.features(), count);
  samples.gather(order, columns(originals, 0, count));
  Inference inference(run.model(), pool);
  inference.reconstruct(run.parameters(), columns(std::as_const(originals), 0, count),
                        columns(reconstructions, 0, count));
  // Black at the low end of the data's range, white at its high end.
  to_unit_range(run.data()->range, columns(originals, 0, count));
  to_unit_range(run.data()->range, columns(reconstructions, 0, count));
  const ConstMatrixView sets[] = {columns(std::as_const(originals), 0, count),
                                  columns(std::as_const(reconstructions), 0, count)};
  const ImageShape shape = drawable(run.data()->shape);
  const GridLayout layout{
      .columns =
          std::clamp(kWidestLine / static_cast<int>(shape.columns + kSpacing), 1, kImagesToALine),
      .spacing = kSpacing,
      .border = true,
      .background = kPaper};
  const Image sheet = make_grid(sets, shape, layout);
  const bool small = shape.rows <= kSmallSide && shape.columns <= kSmallSide;
  return write_png(small ? enlarged(sheet, kEnlargement) : sheet);
}

std::vector<std::uint8_t> latent_png(const TrainingRun& run, const Settings& settings,
                                     ThreadPool& pool, const std::string& title) {
  const Dataset& data = *run.data();
  LatentMap map(run.model(), data.test, settings.integer("view.map_points"), pool);
  map.begin();
  while (map.advance(run.parameters())) continue;

  const View view = view_of(map.points());
  Canvas canvas(kLeft + kPlotWidth + kRight, kTop + static_cast<int>(view.height) + kBottom);
  draw_axes(canvas, view);
  const float radius = map.size() > 4000 ? 2.4f : map.size() > 1000 ? 3.2f : 4.5f;
  // In random order, so that no class covers the others for coming last in the file.
  const bool finite = map.points().allFinite();
  const bool has_labels = !data.test.labels.empty();
  for (const std::uint32_t i : shuffled(map.size(), 1)) {
    if (!finite) break;
    canvas.dot(view.x(map.points()(0, i)), view.y(map.points()(1, i)), radius,
               class_color(has_labels ? data.test.labels[i] : -1), 0.75f);
  }
  if (has_labels) {
    if (finite) draw_class_names(canvas, view, data, map.points());
    draw_legend(canvas, data);
  }
  canvas.text(title, kLeft, 40, 19, 2.2f, kInk);
  canvas.text("codes of " + with_commas(map.size()) + " held-out samples, one dot each", kLeft, 70,
              13, 1.5f, kFaint);
  const std::string across = axis_name(map, 0), up = axis_name(map, 1);
  canvas.text(across, kLeft + (kPlotWidth - Canvas::text_width(across, 13)) / 2,
              kTop + view.height + 56, 13, 1.5f, kInk);
  canvas.text_upwards(up, 26, kTop + (view.height + Canvas::text_width(up, 13)) / 2, 13, 1.5f,
                      kInk);
  return write_png(canvas.image());
}

}  // namespace hourglass
