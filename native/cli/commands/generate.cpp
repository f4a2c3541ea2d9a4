// `hourglass generate`: new images of a model, and what its code means.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/gaussian_mixture.h"
#include "core/analysis/latent_directions.h"
#include "core/analysis/posterior.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/math/random.h"
#include "core/math/thread_pool.h"
#include "core/nn/inference.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"
#include "native/plots/chart.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

constexpr Index kMaxFitCodes = 20000;
constexpr Index kWalks = 10, kWalkSteps = 10, kSliderSteps = 9;

enum class Source { kPrior, kGaussian, kMixture };
constexpr const char* kSourceNames[] = {"prior", "gaussian", "mixture"};

Source source_of(const ApplicationFlags& flags, const LoadedModel& loaded) {
  const bool variational = loaded.model->has_gaussian_code();
  if (!flags.from) return variational ? Source::kPrior : Source::kGaussian;
  const auto* const found =
      std::find(std::begin(kSourceNames), std::end(kSourceNames), *flags.from);
  if (found == std::end(kSourceNames)) {
    throw Error("--from cannot be '" + *flags.from + "'; it is prior, gaussian or mixture.");
  }
  const auto source = static_cast<Source>(found - std::begin(kSourceNames));
  if (source == Source::kPrior && !variational) {
    throw Error("--from prior draws codes from the prior of a variational model, and '" +
                *flags.model +
                "' has none; --from gaussian or --from mixture fit one to its codes.");
  }
  return source;
}

Matrix decoded(const LoadedModel& loaded, const Matrix& codes, ThreadPool& pool) {
  Matrix images(loaded.model->features(), codes.cols());
  Inference(*loaded.model, pool)
      .decode(loaded.parameters.data(), columns(codes, 0, codes.cols()),
              columns(images, 0, images.cols()));
  if (!images.allFinite()) {
    throw Error("What the model makes of these codes is too large to be numbers.");
  }
  return images;
}

void draw_prior(std::uint64_t seed, Matrix& codes) {
  for (Index j = 0; j < codes.cols(); ++j) {
    Random(seed, RandomStream::kPrior, 0, static_cast<std::uint32_t>(j))
        .fill_normal({codes.col(j).data(), static_cast<std::size_t>(codes.rows())});
  }
}

// From each sample to the next in straight steps, a line of the sheet each.
Matrix walks_between(const Matrix& codes) {
  const Index walks = std::min(kWalks, codes.cols() - 1);
  Matrix steps(codes.rows(), walks * kWalkSteps);
  for (Index walk = 0; walk < walks; ++walk) {
    for (Index i = 0; i < kWalkSteps; ++i) {
      const Scalar t = static_cast<Scalar>(i) / static_cast<Scalar>(kWalkSteps - 1);
      steps.col(walk * kWalkSteps + i) = (1 - t) * codes.col(walk) + t * codes.col(walk + 1);
    }
  }
  return steps;
}

// One line a factor: the code of a sample, moved so that the factor goes through its range.
Matrix slider_codes(const LatentDirections& directions, const Dataset& data, const Matrix& codes) {
  const Index factors = std::ssize(data.factors);
  Matrix moved(codes.rows(), factors * kSliderSteps);
  for (Index f = 0; f < factors; ++f) {
    const Factor& factor = data.factors[static_cast<std::size_t>(f)];
    const double now = static_cast<double>(data.test.factors[static_cast<std::size_t>(f)][0]);
    for (Index i = 0; i < kSliderSteps; ++i) {
      const double t = static_cast<double>(i) / static_cast<double>(kSliderSteps - 1);
      const double value =
          static_cast<double>(factor.low) + t * static_cast<double>(factor.high - factor.low);
      moved.col(f * kSliderSteps + i) =
          codes.col(0) + (directions.directions.col(f) * (value - now)).cast<Scalar>();
    }
  }
  return moved;
}

// The fit of a distribution to the codes of training samples.
GaussianMixture fitted(Source source, const ApplicationFlags& flags, const Matrix& codes,
                       std::uint64_t seed, ThreadPool& pool, StageLine& stage) {
  MixtureOptions options{.components = 1, .seed = seed};
  if (source == Source::kMixture) {
    options.components =
        whole_number(flags.components, "--components", 10, 1, kMaxMixtureComponents);
  }
  if (codes.rows() > kMaxFullCovarianceUnits) options.kind = CovarianceKind::kDiagonal;
  GaussianMixtureFit fit(columns(codes, 0, codes.cols()), options, pool);
  while (fit.advance()) stage.show("Fitting", fit.progress());
  return fit.mixture();
}

Json factors_json(const Dataset& data, const Eigen::VectorXd& values) {
  Json json = Json::object();
  for (Index f = 0; f < values.size(); ++f) {
    json[data.factors[static_cast<std::size_t>(f)].name] = json_number(values[f]);
  }
  return json;
}

std::string direction_table(const Dataset& data, const LatentDirections& directions,
                            const Eigen::VectorXd& held_out) {
  std::string csv = "factor,unit,r_squared,held_out_r_squared";
  for (Index i = 0; i < directions.directions.rows(); ++i) csv += ",code_" + std::to_string(i);
  csv += "\n";
  for (Index f = 0; f < held_out.size(); ++f) {
    const Factor& factor = data.factors[static_cast<std::size_t>(f)];
    csv += csv_field(factor.name) + "," + csv_field(factor.unit) + "," +
           number_text(directions.r_squared[f]) + "," + number_text(held_out[f]);
    for (Index i = 0; i < directions.directions.rows(); ++i) {
      csv += "," + number_text(directions.directions(i, f));
    }
    csv += "\n";
  }
  return csv;
}

// What each factor of the samples is in the code: fitted on training samples, judged on others.
void add_directions(const LoadedModel& loaded, const Dataset& data, const Matrix& codes,
                    ThreadPool& pool, OutFolder& out, Json& json) {
  if (data.factors.empty() || data.train.factors.empty()) return;
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(codes.cols()));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::uint32_t>(i);
  LatentDirectionsFit fit(columns(codes, 0, codes.cols()),
                          factor_matrix(data.train.factors, indices));
  while (fit.advance()) continue;
  const Index count = std::min(kMaxFitCodes, data.test.count());
  const Matrix held_out = encoded(loaded, data.test, count, pool);
  indices.resize(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::uint32_t>(i);
  const Eigen::VectorXd r_squared = fit.result().r_squared_of(
      columns(held_out, 0, count), factor_matrix(data.test.factors, indices));
  json["r_squared"] = factors_json(data, r_squared);
  out.write("directions.csv", direction_table(data, fit.result(), r_squared));
  out.write("sliders.png",
            sheet_of(decoded(loaded, slider_codes(fit.result(), data, held_out), pool), data.shape,
                     data.range, static_cast<int>(kSliderSteps)));
}

void add_posterior(const LoadedModel& loaded, const Dataset& data, ThreadPool& pool, OutFolder& out,
                   Json& json) {
  if (!loaded.model->has_gaussian_code()) return;
  PosteriorFigures figures(*loaded.model, data.test, pool);
  while (figures.advance(loaded.parameters.data())) continue;
  std::string csv = "unit,kl\n";
  ChartSeries bars{"", {}, {}, 0x3F90DA, ChartSeries::Style::kSteps};
  Json all = Json::array();
  for (Index unit = 0; unit < figures.kl().size(); ++unit) {
    const double kl = figures.kl()[unit];
    all.push_back(json_number(kl));
    csv += std::to_string(unit) + "," + number_text(kl) + "\n";
    bars.x.push_back(static_cast<double>(unit));
    bars.y.push_back(kl);
  }
  bars.x.push_back(static_cast<double>(figures.kl().size()));
  json["kl_per_unit"] = all;
  json["active_units"] = figures.active_units();
  out.write("kl.csv", csv);
  out.write("kl.png",
            draw_chart({.title = "what each unit of the code says",
                        .subtitle = std::to_string(figures.active_units()) + " of " +
                                    std::to_string(figures.kl().size()) + " units are active",
                        .across = "unit",
                        .up = "divergence from the prior, nats",
                        .series = {bars},
                        .marks = {}}));
}

int run_generate(const ApplicationFlags& flags) {
  const LoadedModel loaded = load_model(needed(flags.model, "generate", "--model FILE"));
  const std::string& folder = needed(flags.out, "generate", "--out DIR");
  const Source source = source_of(flags, loaded);
  if (flags.components && source != Source::kMixture) {
    throw Error("--components goes with --from mixture.");
  }
  const Index count = whole_number(flags.count, "--count", 100, 2, 10000);
  const std::uint64_t seed = flags.seed_or(1);
  const int threads = flags.thread_count();
  const Dataset data = data_for_model(flags.data, loaded);
  OutFolder out(folder);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);

  StageLine stage;
  const Matrix seen = encoded(loaded, data.train, std::min(kMaxFitCodes, data.train.count()), pool);
  Matrix codes(loaded.model->code_size(), count);
  Json json{{"from", kSourceNames[static_cast<int>(source)]},
            {"count", count},
            {"seed", seed},
            {"code_size", codes.rows()}};
  if (source == Source::kPrior) {
    draw_prior(seed, codes);
  } else {
    const GaussianMixture mixture = fitted(source, flags, seen, seed, pool, stage);
    mixture.sample(seed, 0, columns(codes, 0, count));
    const Matrix held_out =
        encoded(loaded, data.test, std::min(kMaxFitCodes, data.test.count()), pool);
    json["components"] = mixture.components();
    json["log_likelihood"] =
        json_number(mixture.log_likelihood(columns(held_out, 0, held_out.cols())).mean());
  }
  stage.clear();
  out.write("samples.png", sheet_of(decoded(loaded, codes, pool), data.shape, data.range, 10));
  out.write("walks.png", sheet_of(decoded(loaded, walks_between(codes), pool), data.shape,
                                  data.range, static_cast<int>(kWalkSteps)));
  std::string csv;
  for (Index j = 0; j < count; ++j) {
    for (Index i = 0; i < codes.rows(); ++i) {
      csv += (i > 0 ? "," : "") + number_text(static_cast<double>(codes(i, j)));
    }
    csv += "\n";
  }
  out.write("codes.csv", csv);
  add_posterior(loaded, data, pool, out, json);
  add_directions(loaded, data, seen, pool, out, json);
  json["data"] = to_utf8(data.name);
  json["model"] = to_utf8(*flags.model);
  json["out"] = to_utf8(folder);
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf("%s samples of codes from %s\n", with_commas(count).c_str(),
              source == Source::kPrior      ? "the prior"
              : source == Source::kGaussian ? "a Gaussian fitted to the codes"
                                            : "a mixture fitted to the codes");
  if (json.contains("active_units")) {
    std::printf("  active units  %d of %d\n", json["active_units"].get<int>(),
                static_cast<int>(codes.rows()));
  }
  if (json.contains("r_squared")) {
    for (const auto& [name, value] : json["r_squared"].items()) {
      if (!value.is_null()) {
        std::printf("  R squared of %-12s %.3f\n", name.c_str(), value.get<double>());
      }
    }
  }
  std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_generate_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "generate", "New images: of a prior, or of a distribution fitted to the codes",
      run_generate);
  add_model_flag(command, *flags, "A model.safetensors");
  add_data_flag(command, *flags, "What the codes are fitted to; the model's own data if left out");
  command.option("--from", flags->from,
                 "prior (of a VAE, the default there), gaussian (fitted to the codes, the default "
                 "elsewhere) or mixture",
                 "NAME");
  command.option("--components", flags->components, "Gaussians of a mixture (10)", "K");
  command.option("--count", flags->count, "How many (100)", "N");
  add_seed_flag(command, *flags, "Of the draws and of where the fit begins (1)");
  add_out_flag(command, *flags,
               "Folder for samples.png, walks.png and codes.csv; kl.csv and kl.png of a VAE; "
               "directions.csv and sliders.png where factors are known, as in Strokes");
}

}  // namespace hourglass
