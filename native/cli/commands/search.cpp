// `hourglass search`: similar images, by their codes and by their pixels.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/neighbors.h"
#include "core/analysis/search_quality.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/corruption.h"
#include "core/math/thread_pool.h"
#include "core/nn/inference.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"
#include "native/plots/axes.h"
#include "native/plots/canvas.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

constexpr Index kNearest = 10;
constexpr Index kExamples = 8;  // queries of the sheet, if none is given

// The held-out samples in one of the spaces that are searched.
struct Space {
  const char* name;
  Matrix points;    // as they are found
  Matrix queries;   // as they are asked for: the same, but for noise or another image
  Neighbors clean;  // of each point, itself left out
  Neighbors found;  // of each query
};

// The nearest of queries, which are points themselves: without the point that each query is.
Neighbors nearest_of_others(const Matrix& points, const Matrix& queries, ThreadPool& pool) {
  constexpr Index kAtOnce = 64;
  const Index n = points.cols();
  const NeighborSearch search(columns(points, 0, n));
  Neighbors all;
  all.k = kNearest;
  all.indices.resize(static_cast<std::size_t>(kNearest * n));
  all.distances.resize(kNearest, n);
  pool.run(static_cast<int>((n + kAtOnce - 1) / kAtOnce), [&](int task, int) {
    const Index first = task * kAtOnce, count = std::min(kAtOnce, n - first);
    const Neighbors some = search.find(columns(queries, first, count), kNearest + 1);
    for (Index j = 0; j < count; ++j) {
      Index at = 0;
      for (Index i = 0; i <= kNearest && at < kNearest; ++i) {
        if (some.of(j)[i] == first + j) continue;
        all.indices[static_cast<std::size_t>((first + j) * kNearest + at)] = some.of(j)[i];
        all.distances(at++, first + j) = some.distances(i, j);
      }
    }
  });
  return all;
}

Neighbors neighbors_of(const Matrix& points, ThreadPool& pool, StageLine& stage, const char* what) {
  NeighborGraph graph(columns(points, 0, points.cols()), kNearest, pool);
  while (graph.advance()) stage.show(what, graph.progress());
  return graph.take();
}

// Which part of the nearest stay when the queries are damaged.
double kept(const Neighbors& before, const Neighbors& after) {
  Index same = 0;
  const Index n = before.distances.cols();
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < kNearest; ++i) {
      same += std::count(after.of(j), after.of(j) + kNearest, before.of(j)[i]);
    }
  }
  return static_cast<double>(same) / static_cast<double>(n * kNearest);
}

Json both(double code, double pixel) {
  return {{"code", json_number(code)}, {"pixel", json_number(pixel)}};
}

std::string class_of(const Dataset& data, std::int32_t sample) {
  if (sample < 0 || data.test.labels.empty()) return "";
  const std::int32_t label = data.test.labels[static_cast<std::size_t>(sample)];
  return label >= 0 ? data.class_names[static_cast<std::size_t>(label)] : "";
}

Json list_of(const Dataset& data, const Neighbors& found, Index query) {
  Json list = Json::array();
  for (Index i = 0; i < found.k; ++i) {
    const std::int32_t sample = found.of(query)[i];
    if (sample < 0) continue;
    const std::string name = class_of(data, sample);
    list.push_back({{"index", sample},
                    {"distance", json_number(static_cast<double>(found.distances(i, query)))},
                    {"class", data.test.labels.empty() ? Json() : Json(to_utf8(name))}});
  }
  return list;
}

// Queries at the left; to the right of each the nearest by code, and below them those by pixels.
Image search_sheet(const Dataset& data, const Matrix& asked, const Space& code, const Space& pixel,
                   std::span<const Index> queries) {
  constexpr float kSide = 84, kGap = 10, kLeft = 20, kTop = 76, kWords = 96;
  const Index count = std::ssize(queries);
  const float row = kSide + kGap;
  Canvas canvas(static_cast<int>(kLeft + row + kWords + row * kNearest + 20),
                static_cast<int>(kTop + static_cast<float>(count) * (2 * row + 18)));
  canvas.text("similar images: nearest by code, and by pixels", kLeft, 38, 18, 2.1f, kInk);
  for (Index q = 0; q < count; ++q) {
    const float top = kTop + static_cast<float>(q) * (2 * row + 18);
    canvas.picture(
        pictures_of(asked.col(queries[static_cast<std::size_t>(q)]), data.shape, data.range)[0],
        kLeft, top + row / 2, kSide, kSide);
    float y = top;
    for (const Space* space : {&code, &pixel}) {
      canvas.text(space->name, kLeft + row + 8, y + kSide / 2 + 6, 13, 1.6f, kFaint);
      const std::int32_t* nearest = space->found.of(queries[static_cast<std::size_t>(q)]);
      for (Index i = 0; i < kNearest; ++i) {
        if (nearest[i] < 0) continue;
        const float x = kLeft + row + kWords + static_cast<float>(i) * row;
        const auto at = static_cast<std::uint32_t>(nearest[i]);
        Matrix image(data.test.features(), 1);
        data.test.gather({&at, 1}, columns(image, 0, 1));
        canvas.picture(pictures_of(image, data.shape, data.range)[0], x, y, kSide, kSide);
        if (!data.test.labels.empty()) {
          canvas.frame(x, y, kSide, kSide, 3, class_color(data.test.labels[at]));
        }
      }
      y += row;
    }
  }
  return canvas.image();
}

// The image that --query names: a number of a held-out one, or a file. `number` is -1 for a file.
Matrix query_image(const std::string& query, const LoadedModel& loaded, const Dataset& data,
                   Index& number) {
  number = -1;
  if (parse_number(query, number)) {
    if (number < 0 || number >= data.test.count()) {
      throw Error("--query cannot be '" + query + "'; the held-out samples have the numbers 0 to " +
                  std::to_string(data.test.count() - 1) + ".");
    }
    Matrix image(data.test.features(), 1);
    const auto at = static_cast<std::uint32_t>(number);
    data.test.gather({&at, 1}, columns(image, 0, 1));
    return image;
  }
  ApplyFlags flags;
  flags.in = query;
  const ModelInput input = model_input(flags, loaded, /*cuts_sheets=*/false);
  if (input.samples.count() != 1) {
    throw Error("'" + query + "' holds " + std::to_string(input.samples.count()) +
                " samples, and a query is one.");
  }
  return gathered(input.samples, 1);
}

void damage(const Corruption& noise, const ValueRange& range, Matrix& images) {
  for (Index j = 0; j < images.cols(); ++j) {
    const std::span<Scalar> image(images.col(j).data(), static_cast<std::size_t>(images.rows()));
    corrupt(noise, Random(0, RandomStream::kViewNoise, 0, static_cast<std::uint32_t>(j)), image,
            image, range);
  }
}

Matrix codes_of(const LoadedModel& loaded, const Matrix& images, ThreadPool& pool) {
  Matrix codes(loaded.model->code_size(), images.cols());
  Inference(*loaded.model, pool)
      .encode(loaded.parameters.data(), columns(images, 0, images.cols()),
              columns(codes, 0, codes.cols()));
  return codes;
}

void find_query(Space& space, const Matrix& query, Index number) {
  const NeighborSearch search(columns(std::as_const(space.points), 0, space.points.cols()));
  Neighbors found = search.find(columns(query, 0, 1), kNearest + 1);
  // A held-out sample is not its own answer.
  std::vector<std::int32_t> indices;
  Matrix distances = Matrix::Zero(kNearest, 1);
  for (Index i = 0; i <= kNearest && std::ssize(indices) < kNearest; ++i) {
    if (number >= 0 && found.of(0)[i] == number) continue;
    distances(std::ssize(indices), 0) = found.distances(i, 0);
    indices.push_back(found.of(0)[i]);
  }
  space.found = {kNearest, std::move(indices), std::move(distances)};
}

// `name` is that of the one query, "" where queries are held-out samples.
std::string neighbor_table(const Dataset& data, const Space& code, const Space& pixel,
                           std::span<const Index> queries, const std::string& name) {
  std::string csv = "query,space,rank,index,distance,class\n";
  for (const Index query : queries) {
    for (const Space* space : {&code, &pixel}) {
      for (Index i = 0; i < kNearest; ++i) {
        const std::int32_t sample = space->found.of(query)[i];
        if (sample < 0) continue;
        csv += (name.empty() ? std::to_string(query) : csv_field(name)) + "," + space->name + "," +
               std::to_string(i + 1) + "," + std::to_string(sample) + "," +
               number_text(static_cast<double>(space->found.distances(i, query))) + "," +
               csv_field(class_of(data, sample)) + "\n";
      }
    }
  }
  return csv;
}

void print_list(const char* title, const Json& list) {
  std::printf("%s\n", title);
  for (const Json& row : list) {
    std::printf("  %6d  %9s  %s\n", row["index"].get<int>(),
                row["distance"].is_null() ? "-" : fixed(row["distance"].get<double>(), 4).c_str(),
                row["class"].is_null() ? "" : one_line(row["class"].get<std::string>()).c_str());
  }
}

int run_search(const ApplicationFlags& flags) {
  const LoadedModel loaded = load_model(needed(flags.model, "search", "--model FILE"));
  const int threads = flags.thread_count();
  std::optional<Corruption> noise;
  if (flags.noise) noise = noise_of(*flags.noise);
  const Dataset data = data_for_model(flags.data, loaded);
  const Index n = data.test.count();
  if (n <= kNearest) {
    throw Error("'" + data.name + "' holds " + std::to_string(n) +
                " samples back, and the 10 nearest of each are searched; it takes at least 11.");
  }
  Index number = -1;
  std::optional<Matrix> query;
  if (flags.query) query = query_image(*flags.query, loaded, data, number);
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);

  StageLine stage;
  Space pixel{"pixels", gathered(data.test, n), {}, {}, {}};
  Space code{"code", encoded(loaded, data.test, n, pool), {}, {}, {}};
  code.clean = neighbors_of(code.points, pool, stage, "Neighbours by code");
  pixel.clean = neighbors_of(pixel.points, pool, stage, "Neighbours by pixels");
  const auto precision = [&](const Neighbors& found) {
    return data.test.labels.empty()
               ? std::numeric_limits<double>::quiet_NaN()
               : precision_at(found, kNearest, data.test.labels, data.test.labels);
  };
  Json json{{"precision_at_10", both(precision(code.clean), precision(pixel.clean))},
            {"samples", n},
            {"code_size", loaded.model->code_size()},
            {"data", to_utf8(data.name)},
            {"model", to_utf8(*flags.model)}};
  pixel.found = pixel.clean, code.found = code.clean;
  pixel.queries = pixel.points;
  if (noise) {
    damage(*noise, data.range, pixel.queries);
    code.queries = codes_of(loaded, pixel.queries, pool);
    code.found = nearest_of_others(code.points, code.queries, pool);
    pixel.found = nearest_of_others(pixel.points, pixel.queries, pool);
    json["noise"] = to_utf8(*flags.noise);
    json["noisy_precision_at_10"] = both(precision(code.found), precision(pixel.found));
    json["kept_at_10"] = both(kept(code.clean, code.found), kept(pixel.clean, pixel.found));
  }
  std::vector<Index> shown;
  for (Index i = 0; i < std::min(kExamples, n); ++i) shown.push_back(i);
  if (query) {
    if (noise) damage(*noise, data.range, *query);
    find_query(code, codes_of(loaded, *query, pool), number);
    find_query(pixel, *query, number);
    json["query"] = number >= 0 ? Json(number) : Json(to_utf8(*flags.query));
    json["query_class"] = number >= 0 && !data.test.labels.empty()
                              ? Json(to_utf8(class_of(data, static_cast<std::int32_t>(number))))
                              : Json();
    json["nearest"] = {{"code", list_of(data, code.found, 0)},
                       {"pixel", list_of(data, pixel.found, 0)}};
    shown = {0};
  }
  stage.clear();
  out.write("neighbors.png",
            search_sheet(data, query ? *query : pixel.queries, code, pixel, shown));
  out.write("neighbors.csv", neighbor_table(data, code, pixel, shown, flags.query.value_or("")));
  if (flags.json) {
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf("%s held-out samples of %s\n", with_commas(n).c_str(), one_line(data.name).c_str());
  for (const char* key : {"precision_at_10", "noisy_precision_at_10", "kept_at_10"}) {
    if (!json.contains(key) || json[key]["code"].is_null()) continue;
    std::printf("  %-22s by code %.4f, by pixels %.4f\n", key, json[key]["code"].get<double>(),
                json[key]["pixel"].get<double>());
  }
  if (query) {
    print_list("Nearest by code:", json["nearest"]["code"]);
    print_list("Nearest by pixels:", json["nearest"]["pixel"]);
  }
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_search_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "search",
      "Find similar images by code and by pixels, and how often they are of a class", run_search);
  add_model_flag(command, *flags, "A model.safetensors");
  add_data_flag(command, *flags,
                "Whose held-out samples are searched; the model's own if left out");
  command.option("--query", flags->query,
                 "Also list the 10 nearest of this image: the number of a held-out one, or a file",
                 "N|FILE");
  command.option("--noise", flags->noise,
                 "Also damage the queries (gaussian, masking, salt-and-pepper or dropout, with its "
                 "level), and see whose neighbours stay",
                 "KIND:LEVEL");
  add_out_flag(command, *flags, "Folder for neighbors.png and neighbors.csv");
}

}  // namespace hourglass
