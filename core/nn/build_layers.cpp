#include "core/nn/build_layers.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/nn/code_layers.h"
#include "core/nn/convolution.h"
#include "core/nn/dense.h"
#include "core/nn/pooling.h"

namespace hourglass {
namespace {

std::string text(ImageShape shape) {
  if (shape.channels == 1 && shape.rows == 1) {
    return std::to_string(shape.columns) + (shape.columns == 1 ? " number" : " numbers");
  }
  return std::to_string(shape.channels) + " x " + std::to_string(shape.rows) + " x " +
         std::to_string(shape.columns);
}

class Builder {
 public:
  Builder(ImageShape input) : input_(input), shape_(input) {}

  void add(const LayerSpec& spec, const std::string& name, bool last_of_encoder);
  ImageShape shape() const { return shape_; }
  const std::string& last_name() const { return built_.names.back(); }
  BuiltLayers& built() { return built_; }

 private:
  // Where what comes in is from, for messages.
  std::string origin() const {
    return built_.names.empty() ? "the input" : "layer " + built_.names.back();
  }
  [[noreturn]] void refuse(const std::string& name, const std::string& what) const {
    throw Error("Layer " + name + " " + what + ".");
  }

  // The layer that what comes in is doubled by, if any. A code may be anything, whatever made it.
  CopyUnpool* doubling() const {
    const int last = static_cast<int>(built_.layers.size()) - 1;
    if (last < 0 || last == built_.code_layer) return nullptr;
    auto* const unpool = dynamic_cast<CopyUnpool*>(built_.layers[last].get());
    return unpool && unpool->windows().size == 2 ? unpool : nullptr;
  }
  void push_transposed(const std::string& name, std::unique_ptr<TransposedConvolution> layer) {
    if (layer->takes_halves()) doubling()->expect_sums();
    push(name, std::move(layer));
  }

  void push(const std::string& name, std::unique_ptr<Layer> layer) {
    shape_ = layer->output_shape();
    built_.names.push_back(name);
    built_.layers.push_back(std::move(layer));
  }

  // Sizes are products of what a file says: held in 64 bits before anything is made of them.
  void check(const std::string& name, ImageShape output, std::int64_t parameters) {
    const std::int64_t features =
        std::int64_t{output.channels} * output.rows * std::int64_t{output.columns};
    parameters_ += parameters;
    if (features > kMostFeatures) {
      refuse(name, "would give " + std::to_string(features) + " numbers for each sample; the most is " +
                       std::to_string(kMostFeatures));
    }
    if (parameters_ > kMostParameters) {
      refuse(name, "brings the model to " + std::to_string(parameters_) +
                       " parameters; the most is " + std::to_string(kMostParameters));
    }
  }

  // The patches of one image of a convolution, or of the one that a transposed convolution undoes.
  void check_patches(const std::string& name, const Patches& patches) {
    const std::int64_t numbers = std::int64_t{patches.positions()} * patches.patch();
    if (numbers > kMostPatchNumbers) {
      refuse(name, "has a kernel of " + std::to_string(patches.kernel) + " x " +
                       std::to_string(patches.kernel) + " pixels, which sees " +
                       std::to_string(numbers) + " numbers in each sample; the most is " +
                       std::to_string(kMostPatchNumbers));
    }
  }

  static std::string square(Index side) {
    return std::to_string(side) + " x " + std::to_string(side) + " pixels";
  }
  // Where windows do not fit: whether that is because what comes in is no image at all, but the row of
  // a table or the output of a dense layer. `does` is what the layer would do with pixels.
  void check_image(const std::string& name, const std::string& does) const {
    if (shape_.rows > 1 || shape_.channels > 1) return;
    refuse(name, does + ", but what comes from " + origin() + " is no image: it is " +
                     text(shape_) +
                     (built_.names.empty() ? "; data that are no images need dense layers"
                                           : "; a dense layer's \"units\": [channels, rows, "
                                             "columns] make an image"));
  }

  // The earlier layer that `wanted` names, if it is of the kind that is needed there.
  template <typename Kind>
  const Kind& find(const std::string& name, const std::string& wanted, const char* what, int* index);

  void add_dense(const LayerSpec& spec, const std::string& name);
  void add_tied_dense(const LayerSpec& spec, const std::string& name);
  void add_convolution(const LayerSpec& spec, const std::string& name);
  void add_transposed(const LayerSpec& spec, const std::string& name);
  void add_tied_transposed(const LayerSpec& spec, const std::string& name);
  void add_unpool(const LayerSpec& spec, const std::string& name);
  void add_gaussian(const LayerSpec& spec, const std::string& name, bool last_of_encoder);
  Windows windows(const LayerSpec& spec, const std::string& name) const;

  ImageShape input_, shape_;
  std::int64_t parameters_ = 0;
  BuiltLayers built_;
};

template <typename Kind>
const Kind& Builder::find(const std::string& name, const std::string& wanted, const char* what,
                          int* index) {
  const auto found = std::find(built_.names.begin(), built_.names.end(), wanted);
  if (found == built_.names.end()) {
    refuse(name, "names '" + wanted.substr(0, 50) + "', and there is no such layer before it");
  }
  const auto at = static_cast<int>(found - built_.names.begin());
  const auto* const layer = dynamic_cast<const Kind*>(built_.layers[at].get());
  if (!layer) {
    refuse(name, "names '" + wanted + "', which is a " + std::string(built_.layers[at]->kind()) +
                     " layer; it must be a " + what + " layer");
  }
  if (index) *index = at;
  return *layer;
}

void Builder::add_dense(const LayerSpec& spec, const std::string& name) {
  const ImageShape output = spec.units == 0                      ? input_
                            : spec.units_shape.features() > 0 ? spec.units_shape
                                                                 : ImageShape{1, 1, spec.units};
  check(name, output, (std::int64_t{shape_.features()} + 1) * output.features());
  push(name, std::make_unique<Dense>(name, shape_.features(), output, spec.activation,
                                     built_.layout));
}

void Builder::add_tied_dense(const LayerSpec& spec, const std::string& name) {
  int index = 0;
  const Dense& source = find<Dense>(name, spec.tied, "dense", &index);
  if (source.output_shape().features() != shape_.features()) {
    refuse(name, "is tied to " + spec.tied + ", whose output is " + text(source.output_shape()) +
                     ", and gets " + text(shape_) + " from " + origin() +
                     "; these must be equal");
  }
  const ImageShape output = index == 0 ? input_ : built_.layers[index - 1]->output_shape();
  check(name, output, output.features());
  push(name, std::make_unique<TiedDense>(name, source, output, spec.activation, built_.layout));
}

void Builder::add_convolution(const LayerSpec& spec, const std::string& name) {
  const Patches patches = Convolution::patches_of(shape_, {spec.kernel, spec.stride, spec.padding});
  if (patches.positions() == 0) {
    check_image(name, "has a kernel of " + square(spec.kernel));
    refuse(name, "has a kernel of " + square(spec.kernel) + ", which does not fit on the " +
                     text(shape_) + " from " + origin());
  }
  check(name, {spec.channels, patches.rows, patches.columns},
        (std::int64_t{patches.patch()} + 1) * spec.channels);
  check_patches(name, patches);
  push(name, std::make_unique<Convolution>(name, patches, spec.channels, spec.activation,
                                           built_.layout));
}

void Builder::add_transposed(const LayerSpec& spec, const std::string& name) {
  const auto side = [&](Index n) {
    return (n - 1) * spec.stride - 2 * spec.padding + spec.kernel + spec.output_padding;
  };
  const ImageShape output{spec.channels, side(shape_.rows), side(shape_.columns)};
  if (output.rows < 1 || output.columns < 1) {
    refuse(name, "would make an image of " + std::to_string(output.rows) + " x " +
                     std::to_string(output.columns) + " pixels of the " + text(shape_) + " from " +
                     origin() + "; lower its padding");
  }
  check(name, output,
        std::int64_t{shape_.channels} * spec.channels * spec.kernel * spec.kernel + spec.channels);
  const Patches back = Convolution::patches_of(output, {spec.kernel, spec.stride, spec.padding});
  if (back.rows != shape_.rows || back.columns != shape_.columns) {
    refuse(name, "has an output_padding of " + std::to_string(spec.output_padding) +
                     ", which must be smaller than its stride");
  }
  check_patches(name, back);
  push_transposed(name, std::make_unique<TransposedConvolution>(
                            name, back, shape_.channels, spec.activation, doubling() != nullptr,
                            built_.layout));
}

void Builder::add_tied_transposed(const LayerSpec& spec, const std::string& name) {
  const Convolution& source = find<Convolution>(name, spec.tied, "convolution", nullptr);
  if (source.output_shape() != shape_) {
    refuse(name, "is tied to " + spec.tied + ", whose output is " + text(source.output_shape()) +
                     ", and gets " + text(shape_) + " from " + origin() +
                     "; these must be equal");
  }
  push_transposed(name, std::make_unique<TransposedConvolution>(
                            name, source, spec.activation, doubling() != nullptr, built_.layout));
}

Windows Builder::windows(const LayerSpec& spec, const std::string& name) const {
  if (shape_.rows < spec.size || shape_.columns < spec.size) {
    check_image(name, "pools windows of " + square(spec.size));
    refuse(name, "pools windows of " + square(spec.size) + ", larger than the " + text(shape_) +
                     " from " + origin());
  }
  return {shape_, spec.size};
}

void Builder::add_unpool(const LayerSpec& spec, const std::string& name) {
  if (!spec.remembered) {
    const ImageShape output{shape_.channels, shape_.rows * spec.size, shape_.columns * spec.size};
    check(name, output, 0);
    push(name, std::make_unique<CopyUnpool>(Windows{output, spec.size}));
    return;
  }
  int index = 0;
  const MaxPool& pool = find<MaxPool>(name, spec.pool, "max-pool", &index);
  if (pool.output_shape() != shape_) {
    refuse(name, "unpools to where " + spec.pool + " found its maxima, whose output is " +
                     text(pool.output_shape()) + ", and gets " + text(shape_) + " from " +
                     origin() + "; these must be equal");
  }
  push(name, std::make_unique<RememberedUnpool>(pool, index));
}

void Builder::add_gaussian(const LayerSpec& spec, const std::string& name, bool last_of_encoder) {
  if (!last_of_encoder) {
    refuse(name, "is a gaussian code, which must be the last layer of the encoder");
  }
  check(name, {1, 1, 2 * spec.units}, (std::int64_t{shape_.features()} + 1) * 2 * spec.units);
  push(name, std::make_unique<Dense>(name, shape_.features(), ImageShape{1, 1, 2 * spec.units},
                                     Activation::kLinear, built_.layout));
  push(name + ".sample", std::make_unique<GaussianSample>(spec.units));
}

void Builder::add(const LayerSpec& spec, const std::string& name, bool last_of_encoder) {
  switch (spec.type) {
    case LayerType::kDense:
      spec.tied.empty() ? add_dense(spec, name) : add_tied_dense(spec, name);
      break;
    case LayerType::kConvolution: add_convolution(spec, name); break;
    case LayerType::kTransposedConvolution:
      spec.tied.empty() ? add_transposed(spec, name) : add_tied_transposed(spec, name);
      break;
    case LayerType::kMaxPool: push(name, std::make_unique<MaxPool>(windows(spec, name))); break;
    case LayerType::kAveragePool:
      push(name, std::make_unique<AveragePool>(windows(spec, name)));
      break;
    case LayerType::kUnpool: add_unpool(spec, name); break;
    case LayerType::kDropout:
      push(name, std::make_unique<Dropout>(shape_, static_cast<Scalar>(spec.rate),
                                           static_cast<int>(built_.layers.size())));
      break;
    case LayerType::kGaussian: add_gaussian(spec, name, last_of_encoder); break;
    case LayerType::kKSparse:
      if (spec.k > shape_.features()) {
        refuse(name, "keeps the " + std::to_string(spec.k) + " largest of the " + text(shape_) +
                         " from " + origin() + "; k must be at most that many");
      }
      push(name, std::make_unique<KSparse>(shape_, spec.k));
      break;
  }
}

}  // namespace

BuiltLayers build_layers(const ModelSpec& spec, ImageShape input) {
  if (spec.encoder.empty() || spec.decoder.empty()) {
    throw Error("A model needs at least one layer in its encoder and one in its decoder.");
  }
  Builder builder(input);
  for (std::size_t i = 0; i < spec.encoder.size(); ++i) {
    builder.add(spec.encoder[i], "encoder." + std::to_string(i), i + 1 == spec.encoder.size());
  }
  BuiltLayers& built = builder.built();
  built.code_layer = static_cast<int>(built.layers.size()) - 1;
  for (std::size_t i = 0; i < spec.decoder.size(); ++i) {
    builder.add(spec.decoder[i], "decoder." + std::to_string(i), false);
  }
  // Images of another arrangement but the same size are no autoencoder either; a plain vector is
  // taken for the image it is flattened from.
  const ImageShape output = builder.shape();
  const bool is_flat = output.channels == 1 && output.rows == 1;
  if (output.features() != input.features() || (!is_flat && output != input)) {
    throw Error("The output layer " + builder.last_name() + " gives " + text(output) +
                " and the input is " + text(input) +
                "; they must be equal (\"units\": \"input\" for a dense layer).");
  }
  return std::move(built);
}

}  // namespace hourglass
