#include "native/plots/saved_plots.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/formats/png.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/engine/kept_runs.h"
#include "core/session/export/map_svg.h"
#include "native/plots/chart.h"
#include "native/plots/scatter.h"

namespace hourglass {
namespace {

constexpr Canvas::Rgb kHeldOutInk = 0xE07B39;
constexpr double kWideLosses = 30;  // of the largest loss over the smallest

// What the pen can write of it: `name`, or `otherwise` where that is of another script.
std::string ascii_or(const std::string& name, const char* otherwise) {
  const bool is_ascii =
      std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return is_ascii ? name : otherwise;
}

}  // namespace

std::vector<std::uint8_t> curves_png(std::span<const std::uint8_t> checkpoint) {
  const Safetensors file = read_safetensors(checkpoint, "The checkpoint");
  ChartSeries training{.name = "training"};
  ChartSeries held_out{
      .name = "held out", .color = kHeldOutInk, .style = ChartSeries::Style::kLineAndDots};
  double low = HUGE_VAL, high = 0;
  const auto add = [&](ChartSeries& series, double epoch, double loss) {
    series.x.push_back(epoch);
    series.y.push_back(loss);
    if (!std::isfinite(loss)) return;
    low = std::min(low, loss);
    high = std::max(high, loss);
  };
  for (const session::LossPoint& point : session::curve_of(file)) {
    add(training, point.epoch, point.loss);
  }
  for (const EpochMetrics& row : session::read_run_info(file, "The checkpoint").history) {
    add(held_out, row.epoch, row.test_loss);
  }
  if (training.x.empty() && held_out.x.empty()) {
    throw Error("There is no curve to save: nothing has been trained yet.");
  }
  Chart chart{.title = "Loss", .subtitle = {}, .across = "epochs", .up = "loss"};
  chart.log_y = low > 0 && high > kWideLosses * low;
  chart.low_x = 0;
  if (!training.x.empty()) chart.series.push_back(std::move(training));
  if (!held_out.x.empty()) chart.series.push_back(std::move(held_out));
  return write_png(draw_chart(chart));
}

std::vector<std::uint8_t> map_png(const session::DataReady& data, const session::Snapshot& shown,
                                  const std::string& across, const std::string& up) {
  const session::Floats& points = session::points_of_map(&data, &shown);
  const auto count = static_cast<Index>(points.size() / 2);
  Matrix places(2, count);
  for (Index i = 0; i < places.size(); ++i) {
    places.data()[i] = static_cast<Scalar>(points[static_cast<std::size_t>(i)]);
  }
  const bool has_labels = static_cast<Index>(data.map_labels.size()) == count;
  const ScatterPlot plot{
      .points = places,
      .labels = has_labels ? std::span(data.map_labels) : std::span<const std::int32_t>(),
      .class_names = data.class_names,
      .title = "Latent map",
      .subtitle = std::to_string(count) + " held-out samples",
      .across = ascii_or(across, "axis 1"),
      .up = ascii_or(up, "axis 2")};
  return write_png(scatter_plot(plot));
}

}  // namespace hourglass
