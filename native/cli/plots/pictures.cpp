#include "native/cli/plots/pictures.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/analysis/latent_map.h"
#include "core/formats/png.h"
#include "core/math/random.h"
#include "core/nn/inference.h"
#include "native/cli/console/text.h"
#include "native/plots/scatter.h"

namespace hourglass {
namespace {

using session::Settings;
using session::TrainingRun;

// --- reconstructions -----------------------------------------------------------------------------

constexpr int kImagesToALine = 10, kSpacing = 1;
constexpr int kWidestLine = 4096;  // pixels; a vector of many numbers is one long line
constexpr int kSmallSide = 64, kEnlargement = 3;
constexpr std::uint8_t kPaper = 255;

std::vector<std::uint32_t> shuffled(Index count, std::uint32_t which) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0u);
  if (which > 0) shuffle_indices(0, RandomStream::kViewSamples, which, order);
  return order;
}

// --- the map -------------------------------------------------------------------------------------

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

}  // namespace

ImageShape drawable(const ImageShape& shape) {
  if (shape.channels == 1 || shape.channels == 3) return shape;
  return {1, shape.channels * shape.rows, shape.columns};
}

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

  return write_png(scatter_plot(
      {.points = map.points(),
       .labels = data.test.labels,
       .class_names = data.class_names,
       .title = title,
       .subtitle = "codes of " + with_commas(map.size()) + " held-out samples, one dot each",
       .across = axis_name(map, 0),
       .up = axis_name(map, 1)}));
}

}  // namespace hourglass
