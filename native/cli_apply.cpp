// `hourglass eval`, `encode`, `decode` and `reconstruct`: a trained model at work.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/base/safetensors.h"
#include "core/data/array_file.h"
#include "core/data/corruption.h"
#include "core/data/csv.h"
#include "core/math/thread_pool.h"
#include "core/nn/inference.h"
#include "core/session/build.h"
#include "core/train/evaluation.h"
#include "core/train/trainer.h"
#include "native/cli_commands.h"
#include "native/cli_plan.h"
#include "native/cli_text.h"
#include "native/data_files.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct ApplyFlags {
  std::optional<std::string> model, in, out, data, threads, noise, count, seed;
  bool json = false;
};

struct LoadedModel {
  session::RunInfo info;
  std::unique_ptr<Model> model;
  ParameterBuffer parameters;

  ImageShape image_shape() const { return info.input; }
  ImageShape code_shape() const { return {1, 1, model->code_size()}; }
};

const std::string& needed(const std::optional<std::string>& flag, const char* command,
                          const char* what) {
  if (!flag) throw Error(std::string(command) + " needs " + what + ".");
  return *flag;
}

LoadedModel load_model(const std::string& path) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  const Safetensors file = read_safetensors(bytes, "'" + path + "'");
  LoadedModel loaded;
  loaded.info = session::read_run_info(file, "'" + path + "'");
  try {
    loaded.model =
        std::make_unique<Model>(session::model_spec(loaded.info.settings), loaded.info.input);
    load_parameters(file, loaded.model->layout(), loaded.parameters);
  } catch (const Error& error) {
    throw Error("'" + path + "' cannot be used: " + error.what());
  }
  return loaded;
}

int thread_count(const ApplyFlags& flags) {
  if (!flags.threads) return 0;
  session::Settings settings;
  try {
    settings.set("train.threads", *flags.threads);
  } catch (const Error&) {
    throw Error("--threads cannot be '" + *flags.threads +
                "'; it must be a whole number from 0 to 64.");
  }
  return static_cast<int>(settings.integer("train.threads"));
}

bool is_csv(const std::string& path) {
  const fs::path plain =
      fs::path(path).extension() == ".gz" ? fs::path(path).stem() : fs::path(path);
  return plain.extension() == ".csv" || plain.extension() == ".tsv";
}

// All rows of a table, in their order, its column of labels left out as the run left it out.
SampleArray read_table(const std::string& path, const session::Settings& settings) {
  const CsvTable table = read_csv(read_file(path), path, settings.text("data.label"));
  const Samples& samples = table.samples;
  SampleArray array{samples.count(), samples.features(), {}};
  array.values.assign(samples.values().begin(), samples.values().end());
  for (const std::uint8_t byte : samples.bytes()) {
    array.values.push_back(static_cast<float>(byte) / 255);
  }
  return array;
}

SampleArray read_input(const std::string& path, const ImageShape& expected,
                       const session::RunInfo& info) {
  const bool codes = expected != info.input;
  SampleArray array =
      is_csv(path) && !codes ? read_table(path, info.settings) : read_array(path, expected);
  if (array.features != expected.features()) {
    throw Error("'" + path + "' holds samples of " + with_commas(array.features) +
                " numbers, and the model takes " + sample_text(expected) + ".");
  }
  const bool finite = std::all_of(array.values.begin(), array.values.end(),
                                  [](float value) { return value - value == 0.0f; });
  if (!finite) throw Error("'" + path + "' holds numbers that are not finite.");
  return array;
}

// The pixels of images are in [0, 1], however the model wants them; bytes written as floats are a
// common slip.
void warn_of_range(const std::string& path, const SampleArray& array,
                   const session::RunInfo& info) {
  if (info.input.rows == 1 && info.input.channels == 1) return;
  const auto [low, high] = std::minmax_element(array.values.begin(), array.values.end());
  if (low == array.values.end() || (*low >= -0.5f && *high <= 1.5f)) return;
  std::fprintf(stderr,
               "hourglass: '%s' holds values from %g to %g, and the model was trained on 0 to 1.\n",
               one_line(path).c_str(), static_cast<double>(*low), static_cast<double>(*high));
}

// The arrays of files are float, whatever the engine computes in.
Matrix to_matrix(const SampleArray& array) {
  return Eigen::Map<const Eigen::MatrixXf>(array.values.data(), array.features, array.samples)
      .cast<Scalar>();
}

// The held-out samples of the data that --data names, or of the model's own, unscaled.
Samples held_out_samples(const ApplyFlags& flags, const LoadedModel& loaded, std::string& source) {
  source = flags.data.value_or(loaded.info.data);
  if (!flags.data && !is_data_name(source)) {
    throw Error("The model was trained on the data in '" + source +
                "'; say what to measure it on with --in FILE or --data PATH.");
  }
  std::string path;
  Dataset data = load_unscaled_data(source, loaded.info.settings, path);
  if (data.shape.features() != loaded.model->features()) {
    throw Error("The samples of '" + source + "' have " + sample_text(data.shape) +
                ", and the model takes " + sample_text(loaded.image_shape()) + ".");
  }
  return std::move(data.test);
}

// What one of encode, decode and reconstruct is applied to, in the model's scale.
Matrix apply_input(const ApplyFlags& flags, const LoadedModel& loaded, bool decodes) {
  if (!flags.in) {
    std::string source;
    Samples samples = held_out_samples(flags, loaded, source);
    samples.scale(loaded.info.map);
    std::vector<std::uint32_t> order(static_cast<std::size_t>(samples.count()));
    std::iota(order.begin(), order.end(), 0u);
    Matrix input(samples.features(), samples.count());
    samples.gather(order, columns(input, 0, input.cols()));
    return input;
  }
  const SampleArray array =
      read_input(*flags.in, decodes ? loaded.code_shape() : loaded.image_shape(), loaded.info);
  Matrix input = to_matrix(array);
  if (!decodes) {
    warn_of_range(*flags.in, array, loaded.info);
    to_model_scale(loaded.info.map, columns(input, 0, input.cols()));
  }
  return input;
}

// One of encode, decode and reconstruct.
int apply(const ApplyFlags& flags, const char* command) {
  const std::string name = command;
  const bool decodes = name == "decode", encodes = name == "encode";
  const LoadedModel loaded = load_model(needed(flags.model, command, "--model FILE"));
  if (flags.in && flags.data) {
    throw Error(name + " takes --in FILE or --data NAME, not both.");
  }
  if (!flags.data) needed(flags.in, command, decodes ? "--in FILE" : "--in FILE or --data NAME");
  const std::string& out = needed(flags.out, command, "--out FILE");
  const ImageShape to = encodes ? loaded.code_shape() : loaded.image_shape();
  const int threads = thread_count(flags);
  check_array_path(out, to);

  const Matrix input = apply_input(flags, loaded, decodes);
  Matrix output(to.features(), input.cols());
  ThreadPool pool(threads);
  Inference inference(*loaded.model, pool);
  const int code = loaded.model->code_layer() + 1, last = loaded.model->layer_count();
  inference.run(loaded.parameters.data(), decodes ? code : 0, encodes ? code : last,
                columns(input, 0, input.cols()), columns(output, 0, input.cols()));
  if (!encodes) to_own_units(loaded.info.map, columns(output, 0, output.cols()));
  write_array(out, columns(std::as_const(output), 0, output.cols()), to);
  const bool images = to.rows > 1 || to.channels > 1;
  std::printf("Wrote %s %s of %s to %s\n", with_commas(output.cols()).c_str(),
              encodes  ? "codes"
              : images ? "images"
                       : "samples",
              sample_text(to).c_str(), out.c_str());
  return kDone;
}

// A flag that is a whole number; `initial` if it was not given.
std::int64_t whole(const std::optional<std::string>& flag, const char* name, std::int64_t initial,
                   std::int64_t low, std::int64_t high) {
  std::int64_t value = initial;
  if (flag && (!parse_number(*flag, value) || value < low || value > high)) {
    throw Error(std::string(name) + " cannot be '" + *flag + "'; it must be a whole number from " +
                std::to_string(low) + " to " + std::to_string(high) + ".");
  }
  return value;
}

// `hourglass sample`: images of codes drawn from N(0, 1).
int sample(const ApplyFlags& flags) {
  const std::string& path = needed(flags.model, "sample", "--model FILE");
  const LoadedModel loaded = load_model(path);
  if (!loaded.model->has_gaussian_code()) {
    throw Error("sample draws codes from the prior of a variational model, and '" + path +
                "' has none: its encoder does not end in a gaussian layer.");
  }
  const std::string& out = needed(flags.out, "sample", "--out FILE");
  const Index count = whole(flags.count, "--count", 100, 1, 100000);
  const std::int64_t seed = whole(flags.seed, "--seed", 1, 0, 9007199254740991);
  const int threads = thread_count(flags);
  const ImageShape to = loaded.image_shape();
  check_array_path(out, to);
  Matrix codes(loaded.model->code_size(), count), images(to.features(), count);
  for (Index j = 0; j < count; ++j) {
    Random(static_cast<std::uint64_t>(seed), RandomStream::kPrior, 0, static_cast<std::uint32_t>(j))
        .fill_normal({codes.col(j).data(), static_cast<std::size_t>(codes.rows())});
  }
  ThreadPool pool(threads);
  Inference(*loaded.model, pool)
      .decode(loaded.parameters.data(), columns(std::as_const(codes), 0, count),
              columns(images, 0, count));
  to_own_units(loaded.info.map, columns(images, 0, count));
  write_array(out, columns(std::as_const(images), 0, count), to);
  std::printf("Wrote %s samples of %s to %s\n", with_commas(count).c_str(),
              sample_text(to).c_str(), out.c_str());
  return kDone;
}

// What eval measures on, in the model's scale: an array, or the held-out samples of a data set.
Samples eval_samples(const ApplyFlags& flags, const LoadedModel& loaded, std::string& source) {
  if (flags.in && flags.data) throw Error("eval takes --in FILE or --data NAME, not both.");
  Samples samples;
  if (flags.in) {
    source = *flags.in;
    SampleArray array = read_input(source, loaded.image_shape(), loaded.info);
    warn_of_range(source, array, loaded.info);
    samples = Samples(array.features, std::move(array.values));
  } else {
    samples = held_out_samples(flags, loaded, source);
  }
  samples.scale(loaded.info.map);
  return samples;
}

Corruption noise_of(const std::string& flag) {
  const std::size_t colon = flag.find(':');
  Corruption noise;
  double level = 0;
  if (colon == std::string::npos || !parse_number(flag.substr(colon + 1), level) ||
      !(level >= 0 && level <= 1)) {
    throw Error("--noise takes a kind and a level from 0 to 1, such as gaussian:0.5, and '" + flag +
                "' is not of that form.");
  }
  noise.kind = corruption_from_name(flag.substr(0, colon));
  noise.level = static_cast<Scalar>(level);
  return noise;
}

struct Restoring {
  double corrupted_mse = 0, restored_mse = 0;
};

// How far damaged samples are from the clean ones, before and after the model, per feature. The damage
// is the same each time.
Restoring measure_restoring(const LoadedModel& loaded, const Corruption& noise,
                            const Samples& samples, ThreadPool& pool) {
  Inference inference(*loaded.model, pool);
  const Index features = samples.features(), most = 1024;
  Matrix clean(features, most), damaged(features, most), restored(features, most);
  Restoring sums;
  for (Index first = 0; first < samples.count(); first += most) {
    const Index count = std::min(most, samples.count() - first);
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    samples.gather(indices, columns(clean, 0, count));
    for (Index j = 0; j < count; ++j) {
      corrupt(noise, Random(0, RandomStream::kViewNoise, 0, indices[static_cast<std::size_t>(j)]),
              {clean.col(j).data(), static_cast<std::size_t>(features)},
              {damaged.col(j).data(), static_cast<std::size_t>(features)}, loaded.info.range);
    }
    inference.reconstruct(loaded.parameters.data(), columns(std::as_const(damaged), 0, count),
                          columns(restored, 0, count));
    for (Index j = 0; j < count; ++j) {
      sums.corrupted_mse += static_cast<double>((damaged.col(j) - clean.col(j)).squaredNorm());
      sums.restored_mse += static_cast<double>((restored.col(j) - clean.col(j)).squaredNorm());
    }
  }
  const auto pixels = static_cast<double>(samples.count()) * static_cast<double>(features);
  return {sums.corrupted_mse / pixels, sums.restored_mse / pixels};
}

int evaluate(const ApplyFlags& flags) {
  std::optional<Corruption> noise;
  if (flags.noise) noise = noise_of(*flags.noise);
  const LoadedModel loaded = load_model(needed(flags.model, "eval", "--model FILE"));
  const int threads = thread_count(flags);
  const std::string ending = flags.out ? fs::path(*flags.out).extension().string() : ".json";
  if (ending != ".json" && ending != ".csv") {
    throw Error("eval cannot write '" + *flags.out + "': its name must end in .json or .csv.");
  }
  std::string source;
  const Samples samples = eval_samples(flags, loaded, source);
  ThreadPool pool(threads);
  Evaluation evaluation(*loaded.model, samples, pool, loaded.info.range.middle());
  evaluation.begin(session::train_spec(loaded.info.settings).penalties);
  while (evaluation.advance(loaded.parameters.data(), samples.count())) continue;
  EpochMetrics metrics;
  evaluation.result(metrics);

  Json json{{"test_loss", metrics.test_loss}, {"test_penalty", metrics.test_penalty},
            {"test_mse", metrics.test_mse},   {"rounded_accuracy", metrics.rounded_accuracy},
            {"code_mean", metrics.code_mean}, {"code_zero", metrics.code_zero},
            {"samples", samples.count()}};
  if (noise) {
    const Restoring restoring = measure_restoring(loaded, *noise, samples, pool);
    json["corrupted_mse"] = restoring.corrupted_mse;
    json["restored_mse"] = restoring.restored_mse;
  }
  json["source"] = source;
  json["model"] = *flags.model;
  if (flags.out) {
    std::string titles, values;
    for (const auto& [key, value] : json.items()) {
      if (!value.is_number()) continue;
      titles += (titles.empty() ? "" : ",") + key;
      values += (values.empty() ? "" : ",") + value.dump();
    }
    const std::string text =
        ending == ".json" ? json.dump(2) + "\n" : titles + "\n" + values + "\n";
    write_file(*flags.out, bytes_of(text));
  }
  if (flags.json) {
    std::printf("%s\n", json.dump().c_str());
    return kDone;
  }
  std::printf("%s samples of %s\n", with_commas(samples.count()).c_str(), source.c_str());
  std::printf("  test loss         %.4f\n", metrics.test_loss);
  if (metrics.test_penalty != 0) std::printf("  test penalty      %.4f\n", metrics.test_penalty);
  std::printf("  test mse          %.5f\n", metrics.test_mse);
  std::printf("  rounded accuracy  %.4f\n  code mean         %.3f\n  code zero         %.3f\n",
              metrics.rounded_accuracy, metrics.code_mean, metrics.code_zero);
  if (noise) {
    std::printf("  mse of the damaged images %.5f, and of what the model makes of them %.5f\n",
                json["corrupted_mse"].get<double>(), json["restored_mse"].get<double>());
  }
  return kDone;
}

std::shared_ptr<ApplyFlags> add_flags(CLI::App& command, const char* in, const char* out) {
  const auto flags = std::make_shared<ApplyFlags>();
  command.add_option("--model", flags->model, "A model.safetensors")->type_name("FILE");
  command.add_option("--in", flags->in, in)->type_name("FILE");
  command.add_option("--out", flags->out, out)->type_name("FILE");
  command.add_option("--threads", flags->threads, "0 for all cores")->type_name("N");
  return flags;
}

}  // namespace

void add_apply_commands(CLI::App& app, Chosen& chosen) {
  CLI::App* eval = app.add_subcommand("eval", "Measure a model on images");
  const auto flags =
      add_flags(*eval, "Images: .npy (samples x features), .idx, .npy.gz, .idx.gz, .csv or .png",
                "The figures as .json or .csv, besides printing them");
  eval->add_option("--data", flags->data,
                   std::string("Instead of --in, the held-out samples of mnist, fashion-mnist, "
                               "strokes, ") +
                       kDataPathKinds + "; the model's own if both are left out")
      ->type_name("NAME|PATH");
  eval->add_option("--noise", flags->noise,
                   "Also damage the images and measure how well they are restored: gaussian, "
                   "masking, salt-and-pepper or dropout, with its level")
      ->type_name("KIND:LEVEL");
  eval->add_flag("--json", flags->json, "Print one JSON object");
  eval->callback([&chosen, flags] { chosen = [flags] { return evaluate(*flags); }; });

  CLI::App* drawn = app.add_subcommand("sample", "Images of codes drawn from a variational prior");
  const auto wanted = std::make_shared<ApplyFlags>();
  drawn->add_option("--model", wanted->model, "A model.safetensors of a VAE")->type_name("FILE");
  drawn->add_option("--out", wanted->out, "The images: .npy, .idx or .png (a sheet)")
      ->type_name("FILE");
  drawn->add_option("--count", wanted->count, "How many (100)")->type_name("N");
  drawn->add_option("--seed", wanted->seed, "Of the draws (1)")->type_name("N");
  drawn->add_option("--threads", wanted->threads, "0 for all cores")->type_name("N");
  drawn->callback([&chosen, wanted] { chosen = [wanted] { return sample(*wanted); }; });

  struct Command {
    const char *name, *about, *in, *out;
  };
  static constexpr const char* kImages =
      "Images: .npy (samples x features), .idx, .npy.gz, .idx.gz, .csv or .png (one, or a sheet)";
  static constexpr const char* kCodes = "Codes, as encode writes them";
  static constexpr const char* kCodesOut =
      ".npy (samples x code, float32), .idx, .npy.gz or .idx.gz";
  static constexpr const char* kImagesOut =
      ".npy (samples x features, float32), .idx, .npy.gz, .idx.gz or .png (a sheet)";
  for (const Command& command :
       {Command{"encode", "Images to their codes", kImages, kCodesOut},
        Command{"decode", "Codes to the images that they stand for", kCodes, kImagesOut},
        Command{"reconstruct", "Images to codes and back to images", kImages, kImagesOut}}) {
    CLI::App* added = app.add_subcommand(command.name, command.about);
    const auto given = add_flags(*added, command.in, command.out);
    if (std::string_view(command.name) != "decode") {
      added
          ->add_option("--data", given->data,
                       "Instead of --in, the held-out samples of a data set, as eval takes it")
          ->type_name("NAME|PATH");
    }
    added->callback([&chosen, given, name = command.name] {
      chosen = [given, name] { return apply(*given, name); };
    });
  }
}

}  // namespace hourglass
