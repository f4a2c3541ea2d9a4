// `hourglass compress`: bytes an image at a given error.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/compression.h"
#include "core/analysis/pca_exact.h"
#include "core/base/text.h"
#include "core/math/thread_pool.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"
#include "native/plots/chart.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

std::string curve_table(const std::vector<RatePoint>& points) {
  std::string csv = "method,setting,bytes,ideal_bytes,mse\n";
  for (const RatePoint& point : points) {
    csv += point.method + "," + std::to_string(point.setting) + "," + number_text(point.bytes) +
           "," + number_text(point.ideal_bytes) + "," + number_text(point.mse) + "\n";
  }
  return csv;
}

Json curve_json(const std::vector<RatePoint>& points) {
  Json list = Json::array();
  for (const RatePoint& point : points) {
    list.push_back({{"method", point.method},
                    {"setting", point.setting},
                    {"bytes", point.bytes},
                    {"ideal_bytes", json_number(point.ideal_bytes)},
                    {"mse", point.mse}});
  }
  return list;
}

// What loses nothing has no place on a logarithmic axis, and is a mark.
Image curve_chart(const std::vector<RatePoint>& points, const std::string& name) {
  struct Line {
    const char *method, *text;
    Canvas::Rgb color;
  };
  Chart chart{.title = "bytes an image, and what is lost: " + name,
              .subtitle = "codes of 1 to 8 bits a unit as packed bytes; files by stb_image_write",
              .across = "bytes an image",
              .up = "mean squared error",
              .log_x = true,
              .log_y = true,
              .series = {},
              .marks = {}};
  for (const Line& line :
       {Line{"code", "autoencoder's code", 0x3F90DA}, Line{"pca", "principal components", 0xFFA90E},
        Line{"jpeg", "JPEG, one file each", 0xBD1F01},
        Line{"jpeg-sheet", "JPEG, 100 a file", 0x832DB6}}) {
    ChartSeries series{line.text, {}, {}, line.color, ChartSeries::Style::kLineAndDots};
    for (const RatePoint& point : points) {
      if (point.method != line.method || point.setting == 32) continue;
      series.x.push_back(point.bytes);
      series.y.push_back(point.mse);
    }
    if (!series.x.empty()) chart.series.push_back(std::move(series));
  }
  for (const RatePoint& point : points) {
    if (point.method == "png") chart.marks.push_back({point.bytes, "PNG"});
    if (point.method == "png-sheet") chart.marks.push_back({point.bytes, "PNG, 100 a file"});
  }
  // Marks count for the axis as well.
  for (const auto& [at, word] : chart.marks) {
    ChartSeries place{
        "", {at}, {std::numeric_limits<double>::quiet_NaN()}, 0, ChartSeries::Style::kDots};
    chart.series.push_back(std::move(place));
  }
  return draw_chart(chart);
}

int run_compress(const ApplicationFlags& flags) {
  const LoadedModel loaded = load_model(needed(flags.model, "compress", "--model FILE"));
  const int threads = flags.thread_count();
  const Dataset data = data_for_model(flags.data, loaded);
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);
  StageLine stage;
  LinearCode linear;
  const Index size = loaded.model->code_size();
  const bool with_pca = size <= ExactPca::kMaxComponents && size <= data.shape.features() &&
                        data.shape.features() <= ExactPca::kMaxFeatures;
  if (with_pca) {
    ExactPca pca(data, size, pool);
    while (pca.advance()) stage.show("Principal components", pca.share());
    linear = {pca.mean(), pca.components()};
  }
  CompressionCurve curve(
      {*loaded.model, loaded.parameters.data(), data, with_pca ? &linear : nullptr}, pool);
  while (curve.advance()) stage.show("Compressing", curve.progress());
  stage.clear();

  out.write("compression.csv", curve_table(curve.points()));
  out.write("compression.png", curve_chart(curve.points(), printable(data.name)));
  const Json json{{"curve", curve_json(curve.points())},    {"code_size", size},
                  {"decoder_bytes", curve.decoder_bytes()}, {"raw_bytes", data.shape.features()},
                  {"samples", data.test.count()},           {"data", to_utf8(data.name)},
                  {"model", to_utf8(*flags.model)}};
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf("%s held-out samples of %s, %s bytes each as they are\n",
              with_commas(data.test.count()).c_str(), one_line(data.name).c_str(),
              with_commas(data.shape.features()).c_str());
  std::printf("  %-12s %7s %10s %10s %10s\n", "method", "setting", "bytes", "ideal", "mse");
  for (const RatePoint& point : curve.points()) {
    std::printf(
        "  %-12s %7d %10.1f %10s %10.5f\n", point.method.c_str(), point.setting, point.bytes,
        std::isfinite(point.ideal_bytes) ? fixed(point.ideal_bytes, 1).c_str() : "", point.mse);
  }
  std::printf("Whoever reads codes needs the decoder once: %s bytes.\n",
              with_commas(curve.decoder_bytes()).c_str());
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_compress_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "compress", "Bytes an image at a given error: codes against PCA, PNG and JPEG",
      run_compress);
  add_model_flag(command, *flags, "A model.safetensors");
  add_data_flag(command, *flags,
                "Whose held-out samples are compressed; the model's own if left out");
  add_out_flag(command, *flags, "Folder for compression.csv and compression.png");
}

}  // namespace hourglass
