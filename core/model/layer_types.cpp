// The rows of the table of layer types, and how each plans itself.
#include <algorithm>
#include <iterator>

#include "core/model/layer_type.h"
#include "core/model/plan.h"

namespace hourglass {
namespace {

using Kind = LayerField::Kind;

// The window of a pooling layer, and the factor of an unpooling one.
constexpr LayerField kSize{.key = "size", .low = 2, .high = kMaxKernel, .otherwise = 2};
constexpr LayerField kActivation{.key = "activation", .kind = Kind::kActivation};
constexpr LayerField kTied{.key = "tied", .kind = Kind::kLayer};

bool is_untied(const LayerSpec& layer) { return layer.tied().empty(); }

std::string square(std::int64_t side) {
  return std::to_string(side) + " x " + std::to_string(side) + " pixels";
}

[[noreturn]] void throw_bad_tied(const PlanBuilder& plan, const std::string& tied,
                                 ImageShape output) {
  plan.refuse("is tied to " + tied + ", whose output is " + shape_text(output) + ", and gets " +
              shape_text(plan.shape()) + " from " + plan.origin() + "; these must be equal");
}

// Beyond these a browser's memory goes for a picture of nothing.
constexpr double kOfferedUnits = 2048, kOfferedChannels = 256, kOfferedGaussians = 512;
constexpr std::int64_t kOfferedKernels[] = {1, 3, 5, 7};

// --- dense ---------------------------------------------------------------------------------------

constexpr LayerField kDenseFields[] = {
    kTied,
    {.key = "units",
     .kind = Kind::kUnits,
     .applies = is_untied,
     .offered_high = kOfferedUnits,
     .missing = "does not say how many \"units\" it has."},
    kActivation,
};

void plan_dense(PlanBuilder& plan, const LayerSpec& layer) {
  const std::int64_t inputs = plan.shape().features();
  if (is_untied(layer)) {
    const Units& units = layer.units();
    const ImageShape output = units.is_input() ? plan.model_input() : units.shape;
    const std::int64_t weights = inputs * output.features();
    plan.push("dense", output.channels, output.rows, output.columns,
              {weights, output.features(), weights});
    return;
  }
  const int source = plan.find(layer.tied(), "dense");
  const ImageShape output = plan.layer(source).input;
  if (plan.layer(source).output.features() != inputs) {
    throw_bad_tied(plan, layer.tied(), plan.layer(source).output);
  }
  const std::int64_t weights = inputs * output.features();
  plan.push("tied-dense", output.channels, output.rows, output.columns,
            {weights, output.features(), weights}, source);
}

// --- convolution and its transpose ---------------------------------------------------------------

std::int64_t same_padding(const LayerSpec& layer) { return (layer.whole("kernel") - 1) / 2; }
std::int64_t below_kernel(const LayerSpec& layer) { return layer.whole("kernel") - 1; }
std::int64_t below_stride(const LayerSpec& layer) { return layer.whole("stride") - 1; }

constexpr LayerField kConvolutionFields[] = {
    {.key = "channels", .low = 1, .high = kMaxChannels, .offered_high = kOfferedChannels},
    {.key = "kernel", .low = 1, .high = kMaxKernel, .otherwise = 3, .offered = kOfferedKernels},
    {.key = "stride", .low = 1, .high = kMaxKernel, .otherwise = 1},
    {.key = "padding", .otherwise_of = same_padding, .high_of = below_kernel},
    kActivation,
};
constexpr LayerField kTransposedFields[] = {
    kTied,
    {.key = "channels",
     .low = 1,
     .high = kMaxChannels,
     .applies = is_untied,
     .offered_high = kOfferedChannels},
    {.key = "kernel",
     .low = 1,
     .high = kMaxKernel,
     .otherwise = 3,
     .applies = is_untied,
     .offered = kOfferedKernels},
    {.key = "stride", .low = 1, .high = kMaxKernel, .otherwise = 1, .applies = is_untied},
    {.key = "padding", .otherwise_of = same_padding, .high_of = below_kernel, .applies = is_untied},
    {.key = "output_padding", .otherwise = 0, .high_of = below_stride, .applies = is_untied},
    kActivation,
};

// The square kernel of a layer, the same in all channels.
struct Kernel {
  explicit Kernel(const LayerSpec& layer)
      : size(layer.whole("kernel")),
        stride(layer.whole("stride")),
        padding(layer.whole("padding")) {}

  // At how many places it stands along a side of n pixels: (n + 2 padding - size) / stride + 1,
  // rounded down; 0 where it does not fit.
  std::int64_t positions(std::int64_t n) const {
    const std::int64_t room = n + 2 * padding - size;
    return room < 0 ? 0 : room / stride + 1;
  }

  std::int64_t size, stride, padding;
};

void plan_convolution(PlanBuilder& plan, const LayerSpec& layer) {
  const Kernel kernel(layer);
  const ImageShape input = plan.shape();
  const std::int64_t rows = kernel.positions(input.rows), columns = kernel.positions(input.columns);
  if (rows * columns == 0) {
    plan.check_image("has a kernel of " + square(kernel.size));
    plan.refuse("has a kernel of " + square(kernel.size) + ", which does not fit on the " +
                shape_text(input) + " from " + plan.origin());
  }
  const std::int64_t channels = layer.whole("channels");
  const std::int64_t patch = input.channels * kernel.size * kernel.size;
  plan.push("convolution", channels, rows, columns,
            {patch * channels, channels, patch * channels * rows * columns});
  plan.check_patches(kernel.size, rows * columns, patch);
}

void plan_transposed(PlanBuilder& plan, const LayerSpec& layer) {
  const ImageShape input = plan.shape();
  if (!is_untied(layer)) {
    const int source = plan.find(layer.tied(), "convolution");
    const PlannedLayer& convolution = plan.layer(source);
    if (convolution.output != input) throw_bad_tied(plan, layer.tied(), convolution.output);
    const ImageShape output = convolution.input;
    plan.push("tied-transposed-convolution", output.channels, output.rows, output.columns,
              {convolution.weights, output.channels, convolution.multiply_adds}, source);
    return;
  }
  const Kernel kernel(layer);
  const auto side = [&](std::int64_t n) {
    return (n - 1) * kernel.stride - 2 * kernel.padding + kernel.size +
           layer.whole("output_padding");
  };
  const std::int64_t channels = layer.whole("channels");
  const std::int64_t rows = side(input.rows), columns = side(input.columns);
  if (rows < 1 || columns < 1) {
    plan.refuse("would make an image of " + std::to_string(rows) + " x " + std::to_string(columns) +
                " pixels of the " + shape_text(input) + " from " + plan.origin() +
                "; lower its padding");
  }
  const std::int64_t patch = channels * kernel.size * kernel.size;
  plan.push("transposed-convolution", channels, rows, columns,
            {patch * input.channels, channels, patch * input.features()});
  plan.check_patches(kernel.size, std::int64_t{input.rows} * input.columns, patch);
}

// --- pooling -------------------------------------------------------------------------------------

constexpr LayerField kPoolFields[] = {kSize};

void plan_pool(PlanBuilder& plan, const LayerSpec& layer) {
  const std::int64_t size = layer.whole("size");
  const ImageShape input = plan.shape();
  if (input.rows < size || input.columns < size) {
    plan.check_image("pools windows of " + square(size));
    plan.refuse("pools windows of " + square(size) + ", larger than the " + shape_text(input) +
                " from " + plan.origin());
  }
  const bool is_average = layer.is("average-pool");
  plan.push(layer.type_name(), input.channels, input.rows / size, input.columns / size,
            {.multiply_adds = is_average ? std::int64_t{input.features()} : 0});
}

constexpr std::string_view kUnpoolModes[] = {"copy", "remembered"};

constexpr LayerField kUnpoolFields[] = {
    {.key = "mode", .kind = Kind::kChoice, .choices = kUnpoolModes},
    {.key = "pool",
     .kind = Kind::kLayer,
     .applies = [](const LayerSpec& layer) { return layer.text("mode") == "remembered"; },
     .missing = "unpools to remembered places and does not say which \"pool\" remembers them, such "
                "as \"encoder.1\"."},
    {.key = "size",
     .low = 2,
     .high = kMaxKernel,
     .otherwise = 2,
     .applies = [](const LayerSpec& layer) { return layer.text("mode") == "copy"; }},
};

void plan_unpool(PlanBuilder& plan, const LayerSpec& layer) {
  const ImageShape input = plan.shape();
  if (layer.text("mode") == "copy") {
    const std::int64_t size = layer.whole("size");
    plan.push("unpool-copy", input.channels, input.rows * size, input.columns * size);
    return;
  }
  const std::string& pool = layer.text("pool");
  const int source = plan.find(pool, "max-pool");
  const ImageShape pooled = plan.layer(source).output, output = plan.layer(source).input;
  if (pooled != input) {
    plan.refuse("unpools to where " + pool + " found its maxima, whose output is " +
                shape_text(pooled) + ", and gets " + shape_text(input) + " from " + plan.origin() +
                "; these must be equal");
  }
  plan.push("unpool-remembered", output.channels, output.rows, output.columns, {}, source);
}

// --- what changes a code -------------------------------------------------------------------------

constexpr LayerField kDropoutFields[] = {
    {.key = "rate", .kind = Kind::kReal, .high = 0.99, .offered_high = 0.9}};
constexpr std::int64_t kMaxGaussians = kMaxUnits / 2;
constexpr LayerField kGaussianFields[] = {
    {.key = "units", .low = 1, .high = kMaxGaussians, .offered_high = kOfferedGaussians}};
constexpr LayerField kKSparseFields[] = {
    {.key = "k", .low = 1, .high = kMaxUnits, .offered_high = kMaxUnits}};

void push_same_shape(PlanBuilder& plan, const LayerSpec& layer) {
  const ImageShape shape = plan.shape();
  plan.push(layer.type_name(), shape.channels, shape.rows, shape.columns);
}

void plan_layer_norm(PlanBuilder& plan, const LayerSpec& layer) {
  const ImageShape shape = plan.shape();
  const std::int64_t features = shape.features();
  plan.push(layer.type_name(), shape.channels, shape.rows, shape.columns,
            {features, features, 2 * features});
}

void plan_gaussian(PlanBuilder& plan, const LayerSpec& layer) {
  if (!plan.is_last_of_encoder()) {
    plan.refuse("is a gaussian code, which must be the last layer of the encoder");
  }
  const std::int64_t units = layer.whole("units");
  const std::int64_t weights = plan.shape().features() * 2 * units;
  plan.push("dense", 1, 1, 2 * units, {weights, 2 * units, weights});
  plan.push("gaussian", 1, 1, units, {.multiply_adds = units}, -1, ".sample");
}

void plan_k_sparse(PlanBuilder& plan, const LayerSpec& layer) {
  const std::int64_t k = layer.whole("k");
  if (k > plan.shape().features()) {
    plan.refuse("keeps the " + std::to_string(k) + " largest of the " + shape_text(plan.shape()) +
                " from " + plan.origin() + "; k must be at most that many");
  }
  push_same_shape(plan, layer);
}

constexpr LayerType kTypes[] = {
    {.name = "dense",
     .fields = kDenseFields,
     .has_weights = true,
     .plan = plan_dense,
     .size = "units",
     .is_affine = true},
    {.name = "convolution",
     .fields = kConvolutionFields,
     .has_weights = true,
     .plan = plan_convolution,
     .size = "channels",
     .on_images = true,
     .is_affine = true},
    {.name = "transposed-convolution",
     .fields = kTransposedFields,
     .has_weights = true,
     .plan = plan_transposed,
     .size = "channels",
     .on_images = true,
     .is_affine = true},
    {.name = "max-pool", .fields = kPoolFields, .plan = plan_pool, .on_images = true},
    {.name = "average-pool",
     .fields = kPoolFields,
     .plan = plan_pool,
     .on_images = true,
     .is_affine = true},
    // One that remembers places follows a max-pool, which is not affine.
    {.name = "unpool",
     .fields = kUnpoolFields,
     .plan = plan_unpool,
     .on_images = true,
     .is_affine = true},
    {.name = "dropout",
     .fields = kDropoutFields,
     .plan = push_same_shape,
     .is_mask = true,
     .is_affine = true},
    {.name = "gaussian",
     .fields = kGaussianFields,
     .has_weights = true,
     .plan = plan_gaussian,
     .size = "units",
     .is_sampled = true},
    {.name = "k-sparse",
     .fields = kKSparseFields,
     .plan = plan_k_sparse,
     .size = "k",
     .is_mask = true},
    {.name = "layer-norm", .fields = {}, .plan = plan_layer_norm, .is_mask = true},
};

}  // namespace

const LayerField* LayerType::find(std::string_view key) const {
  for (const LayerField& field : fields) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::span<const LayerType> layer_types() { return kTypes; }

const LayerType* find_layer_type(std::string_view name) {
  const auto found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [name](const LayerType& type) { return type.name == name; });
  return found == std::end(kTypes) ? nullptr : found;
}

bool is_affine(std::string_view kind, std::string_view activation) {
  if (activation != activation_name(Activation::kLinear)) return false;
  constexpr std::string_view kPrefix = "tied-";
  if (kind.starts_with(kPrefix)) kind.remove_prefix(kPrefix.size());
  return std::any_of(std::begin(kTypes), std::end(kTypes), [kind](const LayerType& type) {
    return type.is_affine && kind.starts_with(type.name) &&
           (kind.size() == type.name.size() || kind[type.name.size()] == '-');
  });
}

}  // namespace hourglass
