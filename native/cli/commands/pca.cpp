// `hourglass pca`: what no linear autoencoder can beat.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "core/analysis/entropy_floor.h"
#include "core/analysis/pca_exact.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/math/thread_pool.h"
#include "core/session/settings/settings.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

// The mean, then the components, each scaled to its own largest number, with 0 grey.
Image component_sheet(const ExactPca& pca, const Dataset& data) {
  const Index count = pca.components().cols();
  Matrix pictures(data.shape.features(), count + 1);
  Matrix mean = pca.mean();
  to_unit_range(data.range, columns(mean, 0, 1));
  pictures.col(0) = mean;
  for (Index k = 0; k < count; ++k) {
    const auto component = pca.components().col(k);
    const Scalar most = std::max(component.cwiseAbs().maxCoeff(), Scalar(1e-20));
    pictures.col(k + 1) = (component / (2 * most)).array() + Scalar(0.5);
  }
  return sheet_of(std::move(pictures), data.shape, {}, 10);
}

std::string component_table(const ExactPca& pca) {
  std::string csv = "component,variance,share,cumulative_share,test_mse\n";
  double sum = 0;
  const double all = pca.total_variance();
  for (std::size_t k = 0; k < pca.variances().size(); ++k) {
    sum += pca.variances()[k];
    csv += std::to_string(k + 1) + "," + number_text(pca.variances()[k]) + "," +
           number_text(all > 0 ? pca.variances()[k] / all : 0) + "," +
           number_text(all > 0 ? sum / all : 0) + "," + number_text(pca.test_mse()[k + 1]) + "\n";
  }
  return csv;
}

double entropy_floor(const Samples& samples) {
  EntropyFloor floor(samples);
  while (floor.advance()) continue;
  return floor.result();
}

int run_pca(const ApplicationFlags& flags) {
  const std::string& name = needed(flags.data, "pca", "--data NAME|PATH");
  needed(flags.size, "pca", "--size N, how many numbers a code has");
  const Index size = whole_number(flags.size, "--size", 32, 1, ExactPca::kMaxComponents);
  const int threads = flags.thread_count();
  const Dataset data = data_for_command(name, session::Settings());
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);
  const auto began = std::chrono::steady_clock::now();
  ExactPca pca(data, size, pool);
  StageLine stage;
  while (pca.advance()) stage.show("Principal components", pca.share());
  stage.clear();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;

  double explained = 0;
  for (const double variance : pca.variances()) explained += variance;
  // Samples that are all the same are explained by their mean.
  explained = pca.total_variance() > 0 ? std::min(1.0, explained / pca.total_variance()) : 1;
  out.write("components.png", component_sheet(pca, data));
  out.write("pca.csv", component_table(pca));
  const Json json{{"test_mse", json_number(pca.test_mse().back())},
                  {"explained_variance", explained},
                  {"mean_image_mse", json_number(pca.test_mse().front())},
                  // What bce comes to at the least: the entropy of grey targets.
                  {"entropy_floor", json_number(entropy_floor(data.test))},
                  {"size", size},
                  {"samples", data.train.count()},
                  {"test_samples", data.test.count()},
                  {"data", to_utf8(data.name)},
                  {"seconds", seconds.count()}};
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf("%s: %s components of %s numbers, of %s samples, in %.2f s\n",
              one_line(data.name).c_str(), with_commas(size).c_str(),
              with_commas(data.shape.features()).c_str(), with_commas(data.train.count()).c_str(),
              seconds.count());
  std::printf(
      "  test mse            %.5f\n  mean image's mse    %.5f\n  explained variance  %.4f\n",
      pca.test_mse().back(), pca.test_mse().front(), explained);
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_pca_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "pca", "Principal components of a data set: what a linear code can do", run_pca);
  add_data_flag(command, *flags, "mnist, fashion-mnist, strokes, or a file or folder");
  command.option("--size", flags->size, "Numbers of a code: components", "N");
  add_out_flag(command, *flags, "Folder for components.png and pca.csv");
}

}  // namespace hourglass
