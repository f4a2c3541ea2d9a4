// `hourglass pca`: what no linear autoencoder can beat.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "core/analysis/entropy_floor.h"
#include "core/analysis/linear_decoder.h"
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

// What is analysed, and the linear network that it is held against, if one was named.
struct PcaInput {
  std::optional<LoadedModel> loaded;
  Dataset data;
  Index size = 0;
};

PcaInput pca_input(const ApplicationFlags& flags) {
  PcaInput input;
  if (!flags.model) {
    const std::string& name = needed(flags.data, "pca", "--data NAME|PATH");
    needed(flags.size, "pca", "--size N, how many numbers a code has");
    input.size = whole_number(flags.size, "--size", 32, 1, ExactPca::kMaxComponents);
    input.data = data_for_command(name, session::Settings());
    return input;
  }
  const LoadedModel& loaded = input.loaded.emplace(load_model(*flags.model));
  input.size = whole_number(flags.size, "--size",
                            std::min(loaded.model->code_size(), ExactPca::kMaxComponents), 1,
                            ExactPca::kMaxComponents);
  check_comparable_with_pca(loaded.model->plan(), input.size);
  input.data = data_for_model(flags.data, loaded);
  return input;
}

int run_pca(const ApplicationFlags& flags) {
  const int threads = flags.thread_count();
  const auto [loaded, data, size] = pca_input(flags);
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
  std::optional<PcaAngles> angles;
  if (loaded) {
    angles = angles_to_pca(*loaded->model, loaded->parameters.data(), pca.components(), pool);
  }
  Json json{{"test_mse", json_number(pca.test_mse().back())},
            {"explained_variance", explained},
            {"mean_image_mse", json_number(pca.test_mse().front())},
            // What bce comes to at the least: the entropy of grey targets.
            {"entropy_floor", json_number(entropy_floor(data.test))},
            {"size", size},
            {"samples", data.train.count()},
            {"test_samples", data.test.count()},
            {"data", to_utf8(data.name)},
            {"seconds", seconds.count()}};
  if (angles) {
    json["angle_degrees"] = angles->largest;
    json["mean_angle_degrees"] = angles->mean;
    json["dimensions"] = angles->dimensions;
    json["model"] = to_utf8(*flags.model);
  }
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
  if (angles) {
    std::printf("  angle to the model  %.3f degrees at most, %.3f on average of %s\n",
                angles->largest, angles->mean, with_commas(angles->dimensions).c_str());
  }
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_pca_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "pca", "Principal components of a data set: what a linear code can do", run_pca);
  add_data_flag(
      command, *flags,
      "mnist, fashion-mnist, strokes, or a file or folder; of a model its own if left out");
  add_model_flag(command, *flags,
                 "A linear network's model.safetensors: the angle between its subspace and PCA's");
  command.option("--size", flags->size, "Numbers of a code: components; of a model its code size",
                 "N");
  add_out_flag(command, *flags, "Folder for components.png and pca.csv");
}

}  // namespace hourglass
