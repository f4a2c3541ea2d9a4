#include "core/nn/build_layers.h"

#include <algorithm>
#include <cassert>
#include <iterator>

#include "core/nn/layers/code_layers.h"
#include "core/nn/layers/convolution.h"
#include "core/nn/layers/dense.h"
#include "core/nn/layers/pooling.h"

namespace hourglass {

// Of layers that nobody else needs to know, in core/nn/layers/ under their names.
std::unique_ptr<Layer> make_layer_norm(const std::string& name, ImageShape shape,
                                       ParameterLayout& layout);

namespace {

// What a layer is made from.
struct Context {
  const Plan& plan;
  const PlannedLayer& planned;
  int index;  // of the layer in the plan
  BuiltLayers& built;

  // The earlier layer whose weights or maxima are used, of the type that the plan has made sure of.
  template <typename Kind>
  const Kind& source() const {
    return static_cast<const Kind&>(*built.layers[static_cast<std::size_t>(planned.source)]);
  }
  bool is_fused() const { return built.is_fused[static_cast<std::size_t>(index)]; }
  bool next_is_fused() const {
    const auto next = static_cast<std::size_t>(index) + 1;
    return next < built.is_fused.size() && built.is_fused[next];
  }
};

using Made = std::unique_ptr<Layer>;

Index whole(const LayerSpec& spec, std::string_view key) {
  return static_cast<Index>(spec.whole(key));
}

// The patches of a convolution on images of `image`.
ConvGeometry geometry_on(const LayerSpec& spec, ImageShape image) {
  return Convolution::geometry_on(
      image, {whole(spec, "kernel"), whole(spec, "stride"), whole(spec, "padding")});
}

// The convolution that a transposed one leads back by.
ConvGeometry patches_back(const Plan& plan, const PlannedLayer& planned) {
  if (!planned.is_tied()) return geometry_on(planned.spec, planned.output);
  const PlannedLayer& source = plan.layers[static_cast<std::size_t>(planned.source)];
  return geometry_on(source.spec, source.input);
}

Made make_dense(const Context& c) {
  const PlannedLayer& p = c.planned;
  return std::make_unique<Dense>(p.name, p.input.features(), p.output, p.activation,
                                 c.built.layout);
}

Made make_tied_dense(const Context& c) {
  const PlannedLayer& p = c.planned;
  return std::make_unique<TiedDense>(p.name, c.source<Dense>(), p.output, p.activation,
                                     c.built.layout);
}

Made make_convolution(const Context& c) {
  const PlannedLayer& p = c.planned;
  return std::make_unique<Convolution>(p.name, geometry_on(p.spec, p.input), p.output.channels,
                                       p.activation, c.built.layout);
}

Made make_transposed(const Context& c) {
  const PlannedLayer& p = c.planned;
  return std::make_unique<TransposedConvolution>(p.name, patches_back(c.plan, p), p.input.channels,
                                                 p.activation, c.is_fused(), c.built.layout);
}

Made make_tied_transposed(const Context& c) {
  const PlannedLayer& p = c.planned;
  return std::make_unique<TransposedConvolution>(p.name, c.source<Convolution>(), p.activation,
                                                 c.is_fused(), c.built.layout);
}

Windows windows(const PlannedLayer& p) { return {p.input, whole(p.spec, "size")}; }

Made make_max_pool(const Context& c) { return std::make_unique<MaxPool>(windows(c.planned)); }
Made make_average_pool(const Context& c) {
  return std::make_unique<AveragePool>(windows(c.planned));
}
Made make_copy_unpool(const Context& c) {
  const PlannedLayer& p = c.planned;
  return std::make_unique<Upsample>(Windows{p.output, whole(p.spec, "size")}, c.next_is_fused());
}
Made make_remembered_unpool(const Context& c) {
  return std::make_unique<MaxUnpool>(c.source<MaxPool>(), c.planned.source);
}

Made make_dropout(const Context& c) {
  const auto rate = static_cast<Scalar>(c.planned.spec.real("rate"));
  return std::make_unique<Dropout>(c.planned.output, rate, c.index);
}
Made make_gaussian(const Context& c) {
  return std::make_unique<GaussianSample>(c.planned.output.features());
}
Made make_k_sparse(const Context& c) {
  return std::make_unique<KSparse>(c.planned.output, whole(c.planned.spec, "k"));
}

Made make_layer_norm(const Context& c) {
  return hourglass::make_layer_norm(c.planned.name, c.planned.output, c.built.layout);
}

// A layer of each kind that a plan may have.
constexpr struct {
  std::string_view kind;
  Made (*make)(const Context& context);
} kMakers[] = {
    {"dense", make_dense},
    {"tied-dense", make_tied_dense},
    {"convolution", make_convolution},
    {"transposed-convolution", make_transposed},
    {"tied-transposed-convolution", make_tied_transposed},
    {"max-pool", make_max_pool},
    {"average-pool", make_average_pool},
    {"unpool-copy", make_copy_unpool},
    {"unpool-remembered", make_remembered_unpool},
    {"dropout", make_dropout},
    {"gaussian", make_gaussian},
    {"k-sparse", make_k_sparse},
    {"layer-norm", make_layer_norm},
};

// Whether layer `i` can be fused with the upsampling before it. A code may be anything, whatever
// made it: nothing is fused across it.
bool can_fuse(const Plan& plan, int i) {
  if (i == 0 || i - 1 == plan.code_layer) return false;
  const PlannedLayer& layer = plan.layers[static_cast<std::size_t>(i)];
  const PlannedLayer& before = plan.layers[static_cast<std::size_t>(i) - 1];
  return before.kind == "unpool-copy" && before.spec.whole("size") == 2 &&
         layer.spec.is("transposed-convolution") &&
         ConvPlan::can_fuse_upsampling(patches_back(plan, layer));
}

}  // namespace

BuiltLayers build_layers(const Plan& plan) {
  BuiltLayers built;
  const auto count = static_cast<int>(plan.layers.size());
  for (int i = 0; i < count; ++i) built.is_fused.push_back(can_fuse(plan, i));
  for (int i = 0; i < count; ++i) {
    const PlannedLayer& planned = plan.layers[static_cast<std::size_t>(i)];
    const auto* const maker =
        std::find_if(std::begin(kMakers), std::end(kMakers),
                     [&](const auto& each) { return each.kind == planned.kind; });
    assert(maker != std::end(kMakers));
    built.layers.push_back(maker->make({plan, planned, i, built}));
    assert(built.layers.back()->output_shape() == planned.output);
  }
  return built;
}

}  // namespace hourglass
