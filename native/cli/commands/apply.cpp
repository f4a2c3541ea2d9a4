// `hourglass encode`, `decode`, `reconstruct` and `sample`: a trained model at work.
#include <cstdio>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/formats/array_file.h"
#include "core/math/random.h"
#include "core/math/thread_pool.h"
#include "core/nn/inference.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/model.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"

namespace hourglass {
namespace {

// The arrays of files are float, whatever the engine computes in.
Matrix to_matrix(const SampleArray& array) {
  return Eigen::Map<const Eigen::MatrixXf>(array.values.data(), array.features, array.samples)
      .cast<Scalar>();
}

// What one of encode, decode and reconstruct is applied to, in the model's scale.
Matrix apply_input(const ApplyFlags& flags, const LoadedModel& loaded, bool decodes) {
  if (decodes) return to_matrix(read_codes(*flags.in, loaded));
  const ModelInput given = model_input(flags, loaded);
  warn_of_rows(given, loaded);
  const Samples& samples = given.samples;
  std::vector<std::uint32_t> order(static_cast<std::size_t>(samples.count()));
  std::iota(order.begin(), order.end(), 0u);
  Matrix input(samples.features(), samples.count());
  samples.gather(order, columns(input, 0, input.cols()));
  return input;
}

// Writes what a model has made of `source`. Throws Error where that is too large to be numbers.
void write_output(const std::string& out, const Matrix& output, const ImageShape& shape,
                  const std::string& source) {
  if (!output.allFinite()) {
    throw Error("What the model makes of '" + source +
                "' is too large to be written as numbers: look at the values in it.");
  }
  write_array(out, columns(output, 0, output.cols()), shape);
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
  warn_of_fewer_threads(pool, threads);
  Inference inference(*loaded.model, pool);
  const int code = loaded.model->code_layer() + 1, last = loaded.model->layer_count();
  inference.run(loaded.parameters.data(), decodes ? code : 0, encodes ? code : last,
                columns(input, 0, input.cols()), columns(output, 0, input.cols()));
  if (!encodes) to_own_units(loaded.info.map, columns(output, 0, output.cols()));
  write_output(out, output, to, flags.in ? *flags.in : flags.data.value_or(loaded.info.data));
  const bool images = to.rows > 1 || to.channels > 1;
  std::printf("Wrote %s %s of %s to %s\n", with_commas(output.cols()).c_str(),
              encodes  ? "codes"
              : images ? "images"
                       : "samples",
              sample_text(to).c_str(), one_line(out).c_str());
  return kDone;
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
  const Index count = whole_number(flags.count, "--count", 100, 1, 100000);
  const std::int64_t seed = whole_number(flags.seed, "--seed", 1, 0, 9007199254740991);
  const int threads = thread_count(flags);
  const ImageShape to = loaded.image_shape();
  check_array_path(out, to);
  Matrix codes(loaded.model->code_size(), count), images(to.features(), count);
  for (Index j = 0; j < count; ++j) {
    Random(static_cast<std::uint64_t>(seed), RandomStream::kPrior, 0, static_cast<std::uint32_t>(j))
        .fill_normal({codes.col(j).data(), static_cast<std::size_t>(codes.rows())});
  }
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);
  Inference(*loaded.model, pool)
      .decode(loaded.parameters.data(), columns(std::as_const(codes), 0, count),
              columns(images, 0, count));
  to_own_units(loaded.info.map, columns(images, 0, count));
  write_output(out, images, to, path);
  std::printf("Wrote %s samples of %s to %s\n", with_commas(count).c_str(), sample_text(to).c_str(),
              one_line(out).c_str());
  return kDone;
}

}  // namespace

void add_apply_commands(CommandLine& line) {
  Command& drawn = line.add("sample", "Images of codes drawn from a variational prior");
  const auto wanted = std::make_shared<ApplyFlags>();
  drawn.option("--model", wanted->model, "A model.safetensors of a VAE", "FILE");
  drawn.option("--out", wanted->out, "The images: .npy, .idx or .png (a sheet)", "FILE");
  drawn.option("--count", wanted->count, "How many (100)", "N");
  drawn.option("--seed", wanted->seed, "Of the draws (1)", "N");
  drawn.option("--threads", wanted->threads, "0 for all cores", "N");
  drawn.runs([wanted] { return sample(*wanted); });

  struct About {
    const char *name, *about, *in, *out;
  };
  static constexpr const char* kImages =
      "Samples, read as those that the model was trained on: a file, folder or zip of images (also "
      "a sheet of them), an array (.npy, .npz, .idx, .mat), a table, or documents";
  static constexpr const char* kCodes = "Codes, as encode writes them";
  static constexpr const char* kCodesOut =
      ".npy (samples x code, float32), .idx, .npy.gz or .idx.gz";
  static constexpr const char* kImagesOut =
      ".npy (samples x features, float32), .idx, .npy.gz, .idx.gz or .png (a sheet)";
  for (const About& about :
       {About{"encode", "Images to their codes", kImages, kCodesOut},
        About{"decode", "Codes to the images that they stand for", kCodes, kImagesOut},
        About{"reconstruct", "Images to codes and back to images", kImages, kImagesOut}}) {
    Command& added = line.add(about.name, about.about);
    const auto given = add_flags(added, about.in, about.out);
    if (std::string_view(about.name) != "decode") {
      added.option("--data", given->data,
                   "Instead of --in, the held-out samples of a data set, as eval takes it",
                   "NAME|PATH");
      add_reading_flag(added, *given);
    }
    added.runs([given, name = about.name] { return apply(*given, name); });
  }
}

}  // namespace hourglass
