// `hourglass tsne`: maps of codes that keep neighbours together.
#include "core/analysis/tsne.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/trustworthiness.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/formats/array_file.h"
#include "core/math/thread_pool.h"
#include "core/session/settings/settings.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/signals.h"
#include "native/cli/console/text.h"
#include "native/plots/scatter.h"

namespace hourglass {
namespace {

using Json = OrderedJson;
using session::Settings;

constexpr Index kTrustNeighbors = 12;
constexpr std::int64_t kMaxPoints = 100000, kUsualPoints = 10000;
// What the Embedding Projector takes for a sprite's side.
constexpr Index kMaxSpriteSide = 8192;

// What is mapped, and what is known of it.
struct Codes {
  Matrix codes;                 // code size x n
  std::optional<Dataset> data;  // whose held-out samples' codes these are
  std::string source;

  std::span<const std::int32_t> labels() const {
    if (!data || data->test.labels.empty()) return {};
    return {data->test.labels.data(), static_cast<std::size_t>(codes.cols())};
  }
  std::string label(Index i) const {
    const auto all = labels();
    const std::int32_t label = all.empty() ? -1 : all[static_cast<std::size_t>(i)];
    return label >= 0 ? data->class_names[static_cast<std::size_t>(label)] : "";
  }
};

// The settings that --set changes: those of the map.
Settings map_settings(const ApplicationFlags& flags) {
  Settings settings;
  for (const std::string& pair : flags.set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error("--set takes key=value, such as tsne.perplexity=30, and '" + pair +
                  "' is not of that form.");
    }
    const session::Setting& setting = session::find_setting(to_utf8(pair.substr(0, equals)));
    if (!setting.key.starts_with("tsne.")) {
      throw Error("The setting '" + std::string(setting.key) +
                  "' is not of a map; --set takes tsne.perplexity, tsne.iterations, "
                  "tsne.learning_rate and tsne.exaggeration here.");
    }
    settings.set(setting.key, to_utf8(pair.substr(equals + 1)));
  }
  return settings;
}

Codes codes_in_file(const std::string& path, Index most) {
  const SampleArray array = read_array(path, {1, 1, 0});
  if (array.samples == 0) throw Error("'" + path + "' holds no codes.");
  const Index count = std::min(most, array.samples);
  Codes codes;
  codes.source = path;
  codes.codes =
      Eigen::Map<const Eigen::MatrixXf>(array.values.data(), array.features, count).cast<Scalar>();
  if (!codes.codes.allFinite()) throw Error("'" + path + "' holds numbers that are not finite.");
  return codes;
}

Codes codes_of_model(const ApplicationFlags& flags, Index most, ThreadPool& pool) {
  const LoadedModel loaded = load_model(*flags.model);
  Codes codes;
  codes.data = data_for_model(flags.data, loaded);
  codes.source = codes.data->name;
  codes.codes = encoded(loaded, codes.data->test, std::min(most, codes.data->test.count()), pool);
  return codes;
}

std::string map_table(const Codes& codes, const Matrix& points, const Vector& kept) {
  const Dataset* const data = codes.data ? &*codes.data : nullptr;
  std::string csv = "x,y";
  if (!codes.labels().empty()) csv += ",label";
  if (kept.size() > 0) csv += ",neighbors_kept";
  if (data) {
    for (const Factor& factor : data->factors) csv += "," + csv_field(factor.name);
  }
  csv += "\n";
  for (Index i = 0; i < points.cols(); ++i) {
    csv += number_text(static_cast<double>(points(0, i))) + "," +
           number_text(static_cast<double>(points(1, i)));
    if (!codes.labels().empty()) csv += "," + csv_field(codes.label(i));
    if (kept.size() > 0) csv += "," + number_text(static_cast<double>(kept[i]));
    if (data) {
      for (const auto& values : data->test.factors) {
        csv += "," + number_text(static_cast<double>(values[static_cast<std::size_t>(i)]));
      }
    }
    csv += "\n";
  }
  return csv;
}

// The Embedding Projector's files (projector.tensorflow.org): the codes, what is known of each, and
// a square of all their images without gaps.
void write_projector(const Codes& codes, OutFolder& out) {
  std::string vectors, metadata = "index\tlabel";
  const Dataset* const data = codes.data ? &*codes.data : nullptr;
  if (data) {
    for (const Factor& factor : data->factors) metadata += "\t" + tsv_field(factor.name);
  }
  metadata += "\n";
  for (Index j = 0; j < codes.codes.cols(); ++j) {
    for (Index i = 0; i < codes.codes.rows(); ++i) {
      vectors += (i > 0 ? "\t" : "") + number_text(static_cast<double>(codes.codes(i, j)));
    }
    vectors += "\n";
    metadata += std::to_string(j) + "\t" + tsv_field(codes.label(j));
    if (data) {
      for (const auto& values : data->test.factors) {
        metadata += "\t" + number_text(static_cast<double>(values[static_cast<std::size_t>(j)]));
      }
    }
    metadata += "\n";
  }
  out.write("vectors.tsv", vectors);
  out.write("metadata.tsv", metadata);
  if (!data) return;
  const Index n = codes.codes.cols();
  const auto side = static_cast<Index>(std::ceil(std::sqrt(static_cast<double>(n))));
  if (side * std::max(data->shape.rows * data->shape.channels, data->shape.columns) >
      kMaxSpriteSide) {
    warn("These are too many images for the Embedding Projector's sprite, which has at most " +
         with_commas(kMaxSpriteSide) + " pixels a side; --points takes fewer.");
    return;
  }
  Matrix images = gathered(data->test, n);
  to_unit_range(data->range, columns(images, 0, n));
  ImageShape shape = data->shape;
  if (shape.channels != 1 && shape.channels != 3)
    shape = {1, shape.channels * shape.rows, shape.columns};
  out.write(
      "sprite.png",
      make_grid(
          columns(std::as_const(images), 0, n), shape,
          {.columns = static_cast<int>(side), .spacing = 0, .border = false, .background = 0}));
}

void write_pictures(const Codes& codes, const Matrix& points, const std::string& words,
                    double distance, OutFolder& out) {
  static const std::vector<std::string> kNoNames;
  const ScatterPlot plot{.points = points,
                         .labels = codes.labels(),
                         .class_names = codes.data ? codes.data->class_names : kNoNames,
                         .title = "t-SNE of the codes of " + printable(codes.source),
                         .subtitle = words,
                         .across = "",
                         .up = "",
                         .has_ticks = false};
  out.write("map.png", scatter_plot(plot));
  if (!codes.data) return;
  const std::vector<std::uint32_t> chosen = spread_out(points, distance);
  Matrix images(codes.data->test.features(), std::ssize(chosen));
  codes.data->test.gather(chosen, columns(images, 0, images.cols()));
  const std::vector<Image> pictures = pictures_of(images, codes.data->shape, codes.data->range);
  out.write("thumbnails.png", thumbnail_plot(plot, chosen, pictures, distance));
}

double distance_of(const ApplicationFlags& flags) {
  double distance = 0.04;
  if (flags.distance &&
      (!parse_number(*flags.distance, distance) || !(distance >= 0.005 && distance <= 1))) {
    throw Error("--thumbnail-distance cannot be '" + *flags.distance +
                "'; it must be a number from 0.005 to 1, in parts of the map's width.");
  }
  return distance;
}

// Until the map is done or somebody asks to stop.
void iterate(Tsne& tsne, int iterations, StageLine& stage) {
  while (tsne.advance() && !StopRequests::came()) {
    const bool begins = tsne.iteration() == 0;
    stage.show(begins ? "Neighbours" : "Map",
               begins ? tsne.progress() : static_cast<double>(tsne.iteration()) / iterations);
  }
}

int run_tsne(const ApplicationFlags& flags) {
  if (flags.in.has_value() == flags.model.has_value()) {
    throw Error(
        "tsne takes codes from --in FILE or makes them with --model FILE: give one of the two.");
  }
  if (flags.in && flags.data)
    throw Error("--data goes with --model, and --in has its codes already.");
  const std::string& folder = needed(flags.out, "tsne", "--out DIR");
  const Settings settings = map_settings(flags);
  const Index most = whole_number(flags.points, "--points", kUsualPoints, 4, kMaxPoints);
  const TsneOptions options{.perplexity = settings.real("tsne.perplexity"),
                            .learning_rate = settings.real("tsne.learning_rate"),
                            .early_exaggeration = settings.real("tsne.exaggeration"),
                            .iterations = static_cast<int>(settings.integer("tsne.iterations")),
                            .seed = flags.seed_or(0)};
  const double distance = distance_of(flags);
  const int threads = flags.thread_count();
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);
  const Codes codes = flags.in ? codes_in_file(*flags.in, most) : codes_of_model(flags, most, pool);
  const Index n = codes.codes.cols();
  Tsne tsne(columns(codes.codes, 0, n), options, pool);
  OutFolder out(folder);

  const StopRequests requests;
  const auto began = std::chrono::steady_clock::now();
  StageLine stage;
  iterate(tsne, options.iterations, stage);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
  const bool interrupted = tsne.phase() != TsnePhase::kDone;
  if (interrupted && tsne.iteration() == 0) {
    stage.clear();
    warn("Stopped before there was a map; nothing was written.");
    return kInterrupted;
  }
  const double divergence = tsne.kl_divergence();
  const Matrix& points = tsne.points();
  std::optional<Trustworthiness> trust;
  if (n > 2 * kTrustNeighbors) {
    trust.emplace(columns(codes.codes, 0, n), columns(points, 0, n), kTrustNeighbors, pool);
    while (trust->advance()) stage.show("Trustworthiness", trust->progress());
  }
  stage.clear();

  out.write("map.csv", map_table(codes, points, trust ? trust->kept() : Vector()));
  write_pictures(codes, points,
                 with_commas(n) + " samples, perplexity " + number_text(options.perplexity) + ", " +
                     std::to_string(tsne.iteration()) + " iterations, divergence " +
                     fixed(divergence, 3),
                 distance, out);
  write_projector(codes, out);
  const Json json{{"kl_divergence", json_number(divergence)},
                  {"iterations", tsne.iteration()},
                  {"seconds", seconds.count()},
                  {"trustworthiness", trust ? json_number(trust->trustworthiness()) : Json()},
                  {"nearest_kept", trust ? json_number(trust->nearest_kept()) : Json()},
                  {"points", n},
                  {"code_size", codes.codes.rows()},
                  {"perplexity", options.perplexity},
                  {"seed", options.seed},
                  {"source", to_utf8(codes.source)},
                  {"out", to_utf8(folder)}};
  if (interrupted) {
    warn("Stopped after " + std::to_string(tsne.iteration()) + " of " +
         std::to_string(options.iterations) + " iterations; what was written is the map so far.");
  }
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
  } else {
    std::printf("%s codes of %s numbers in %.1f s\n", with_commas(n).c_str(),
                with_commas(codes.codes.rows()).c_str(), seconds.count());
    std::printf("  KL divergence    %.4f after %d iterations\n", divergence, tsne.iteration());
    if (trust) std::printf("  trustworthiness  %.4f (12 neighbours)\n", trust->trustworthiness());
    std::printf("%s\n", out.sentence().c_str());
  }
  return interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_tsne_command(CommandLine& line) {
  const auto [command, flags] =
      add_application(line, "tsne", "Map codes so that neighbours stay together", run_tsne);
  command.option("--in", flags->in, "Codes, as encode writes them: .npy, .idx, .npy.gz or .idx.gz",
                 "FILE");
  add_model_flag(command, *flags, "Instead of --in: the codes that this model.safetensors makes");
  add_data_flag(command, *flags,
                "of the held-out samples of this data; the model's own if left out");
  add_out_flag(command, *flags,
               "Folder for map.csv, map.png, thumbnails.png, and the Embedding Projector's "
               "vectors.tsv, metadata.tsv and sprite.png");
  command.options(
      "--set", flags->set,
      "tsne.perplexity=30, tsne.iterations=1000, tsne.learning_rate=0 (by the number of "
      "codes), tsne.exaggeration=12",
      "KEY=VALUE ...");
  command.option("--points", flags->points, "At most so many codes (10000)", "N");
  command.option("--thumbnail-distance", flags->distance,
                 "How far apart images lie at least, in parts of the map's width (0.04)", "X");
  add_seed_flag(command, *flags, "Where points begin whose codes do not tell (0)");
}

}  // namespace hourglass
