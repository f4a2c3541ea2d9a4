// `hourglass eval`, `encode`, `decode` and `reconstruct`: a trained model at work.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/data/array_file.h"
#include "core/math/thread_pool.h"
#include "core/nn/inference.h"
#include "core/session/build.h"
#include "core/train/evaluation.h"
#include "core/train/trainer.h"
#include "native/cli_commands.h"
#include "native/cli_plan.h"
#include "native/cli_text.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct ApplyFlags {
  std::optional<std::string> model, in, out, data, threads;
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

std::string shape_text(const ImageShape& shape) {
  return shape.rows == 1 && shape.channels == 1
             ? with_commas(shape.features()) + " numbers"
             : std::to_string(shape.rows) + " x " + std::to_string(shape.columns) + " pixels";
}

SampleArray read_input(const std::string& path, const ImageShape& expected) {
  SampleArray array = read_array(path, expected);
  const bool finite = std::all_of(array.values.begin(), array.values.end(),
                                  [](float value) { return value - value == 0.0f; });
  if (!finite) throw Error("'" + path + "' holds numbers that are not finite.");
  return array;
}

// Networks of the sets at hand have seen values in [0, 1]; bytes written as floats are a common
// slip.
void warn_of_range(const std::string& path, const SampleArray& array,
                   const session::RunInfo& info) {
  if (!is_data_name(info.data)) return;
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

// One of encode, decode and reconstruct.
int apply(const ApplyFlags& flags, const char* command) {
  const std::string name = command;
  const LoadedModel loaded = load_model(needed(flags.model, command, "--model FILE"));
  const std::string& in = needed(flags.in, command, "--in FILE");
  const std::string& out = needed(flags.out, command, "--out FILE");
  const bool decodes = name == "decode";
  const ImageShape from = decodes ? loaded.code_shape() : loaded.image_shape();
  const ImageShape to = name == "encode" ? loaded.code_shape() : loaded.image_shape();
  const int threads = thread_count(flags);
  check_array_path(out, to);
  const SampleArray array = read_input(in, from);
  if (!decodes) warn_of_range(in, array, loaded.info);

  const Matrix input = to_matrix(array);
  Matrix output(to.features(), input.cols());
  ThreadPool pool(threads);
  Inference inference(*loaded.model, pool);
  const int code = loaded.model->code_layer() + 1, last = loaded.model->layer_count();
  inference.run(loaded.parameters.data(), decodes ? code : 0, name == "encode" ? code : last,
                columns(input, 0, input.cols()), columns(output, 0, input.cols()));
  write_array(out, columns(std::as_const(output), 0, output.cols()), to);
  std::printf("Wrote %s %s of %s to %s\n", with_commas(output.cols()).c_str(),
              name == "encode" ? "codes" : "images", shape_text(to).c_str(), out.c_str());
  return kDone;
}

// What eval measures on: an array, or the held-out images of a data set.
Samples eval_samples(const ApplyFlags& flags, const LoadedModel& loaded, std::string& source) {
  if (flags.in && flags.data) throw Error("eval takes --in FILE or --data NAME, not both.");
  if (flags.in) {
    source = *flags.in;
    SampleArray array = read_input(source, loaded.image_shape());
    warn_of_range(source, array, loaded.info);
    return Samples(array.features, std::move(array.values));
  }
  source = flags.data.value_or(loaded.info.data);
  if (!flags.data && !is_data_name(source)) {
    throw Error("The model was trained on the data in a folder '" + source +
                "'; say what to measure it on with --in FILE or --data DIR.");
  }
  std::string folder;
  DatasetPointer data = load_named_data(source, loaded.info.settings, folder);
  if (data->shape.features() != loaded.model->features()) {
    throw Error("The images of '" + source + "' have " + shape_text(data->shape) +
                ", and the model takes " + shape_text(loaded.image_shape()) + ".");
  }
  return data->test;
}

int evaluate(const ApplyFlags& flags) {
  const LoadedModel loaded = load_model(needed(flags.model, "eval", "--model FILE"));
  const int threads = thread_count(flags);
  const std::string ending = flags.out ? fs::path(*flags.out).extension().string() : ".json";
  if (ending != ".json" && ending != ".csv") {
    throw Error("eval cannot write '" + *flags.out + "': its name must end in .json or .csv.");
  }
  std::string source;
  const Samples samples = eval_samples(flags, loaded, source);
  ThreadPool pool(threads);
  Evaluation evaluation(*loaded.model, samples, pool);
  evaluation.begin();
  while (evaluation.advance(loaded.parameters.data(), samples.count())) continue;
  EpochMetrics metrics;
  evaluation.result(metrics);

  const Json json{{"test_loss", metrics.test_loss},
                  {"test_mse", metrics.test_mse},
                  {"rounded_accuracy", metrics.rounded_accuracy},
                  {"code_mean", metrics.code_mean},
                  {"code_zero", metrics.code_zero},
                  {"samples", samples.count()},
                  {"source", source},
                  {"model", *flags.model}};
  if (flags.out) {
    std::string titles, values;
    for (const char* key :
         {"test_loss", "test_mse", "rounded_accuracy", "code_mean", "code_zero", "samples"}) {
      titles += (titles.empty() ? "" : ",") + std::string(key);
      values += (values.empty() ? "" : ",") + json[key].dump();
    }
    const std::string text =
        ending == ".json" ? json.dump(2) + "\n" : titles + "\n" + values + "\n";
    write_file(*flags.out, bytes_of(text));
  }
  if (flags.json) {
    std::printf("%s\n", json.dump().c_str());
    return kDone;
  }
  std::printf("%s images of %s\n", with_commas(samples.count()).c_str(), source.c_str());
  std::printf("  test loss         %.4f\n  test mse          %.5f\n", metrics.test_loss,
              metrics.test_mse);
  std::printf("  rounded accuracy  %.4f\n  code mean         %.3f\n  code zero         %.3f\n",
              metrics.rounded_accuracy, metrics.code_mean, metrics.code_zero);
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
      add_flags(*eval, "Images: .npy (samples x features), .idx, .npy.gz, .idx.gz or .png",
                "The figures as .json or .csv, besides printing them");
  eval->add_option("--data", flags->data,
                   "Instead of --in, the held-out images of mnist, fashion-mnist, strokes or a "
                   "folder in MNIST's layout; the model's own if both are left out")
      ->type_name("NAME|DIR");
  eval->add_flag("--json", flags->json, "Print one JSON object");
  eval->callback([&chosen, flags] { chosen = [flags] { return evaluate(*flags); }; });

  struct Command {
    const char *name, *about, *in, *out;
  };
  static constexpr const char* kImages =
      "Images: .npy (samples x features), .idx, .npy.gz, .idx.gz or .png (one, or a sheet)";
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
    added->callback([&chosen, given, name = command.name] {
      chosen = [given, name] { return apply(*given, name); };
    });
  }
}

}  // namespace hourglass
