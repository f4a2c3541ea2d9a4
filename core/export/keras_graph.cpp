#include "core/export/keras_graph.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/error.h"
#include "core/export/keras_weights.h"
#include "core/export/model_part.h"

namespace hourglass {
namespace {

OrderedJson pair_of(std::int64_t value) { return {value, value}; }

// Goes through the layers and adds what each becomes. `x_` is the name of the layer whose output is
// the value that is there.
class KerasLowering {
 public:
  KerasLowering(const TrainedModel& model, ExportTarget target, const ExportOptions& options,
                std::vector<std::string>& remarks)
      : model_(model),
        target_(target),
        options_(options),
        part_(model_part(model, options)),
        remarks_(remarks) {}

  KerasGraph run() {
    shape_ = part_.input;
    add_input(options_.part == ExportPart::kDecoder ? "code" : "input");
    const std::string input = x_;
    for (int i = part_.first; i < part_.end; ++i) add_layer(i);
    make_flat("output");
    if (x_ == input) add("Activation", "output", {{"activation", "linear"}});
    graph_.output = x_;
    return std::move(graph_);
  }

 private:
  void add_input(const char* name) {
    graph_.inputs.push_back(name);
    graph_.layers.push_back({"InputLayer", name, {{"shape", {shape_.features()}}}, {}, {}});
    x_ = name;
  }

  KerasLayer& add(const char* type, const std::string& name, OrderedJson options) {
    graph_.layers.push_back({type, name, std::move(options), {x_}, {}});
    x_ = name;
    return graph_.layers.back();
  }

  [[noreturn]] void refuse(const PlannedLayer& layer, const std::string& what) const {
    throw Error("Layer " + layer.name + " " + what + "; ONNX and PyTorch have it.");
  }

  void make_flat(const std::string& name) {
    if (!std::exchange(is_image_, false)) return;
    const bool is_single = shape_.channels == 1 || shape_.rows * shape_.columns == 1;
    if (!is_single) add("Permute", name + "_planes", {{"dims", {3, 1, 2}}});
    add("Reshape", name + "_flat", {{"target_shape", {shape_.features()}}});
  }

  void make_image(const std::string& name) {
    if (std::exchange(is_image_, true)) return;
    const bool is_single = shape_.channels == 1 || shape_.rows * shape_.columns == 1;
    if (is_single) {
      add("Reshape", name + "_image",
          {{"target_shape", {shape_.rows, shape_.columns, shape_.channels}}});
      return;
    }
    add("Reshape", name + "_planes",
        {{"target_shape", {shape_.channels, shape_.rows, shape_.columns}}});
    add("Permute", name + "_image", {{"dims", {2, 3, 1}}});
  }

  // The activation as the option of a layer; what Keras has as a layer of its own comes after.
  std::string inner_activation(const PlannedLayer& layer) const {
    const bool is_own = layer.activation == Activation::kLeakyRelu;
    return is_own ? "linear" : std::string(activation_name(layer.activation));
  }
  void add_leaky_relu(const PlannedLayer& layer, const std::string& name) {
    if (layer.activation != Activation::kLeakyRelu) return;
    // Keras 2 and 3 call LeakyReLU's slope differently, and ReLU's alike.
    if (target_ == ExportTarget::kTfjs) {
      add("LeakyReLU", name + "_activation", {{"alpha", 0.01}});
    } else {
      add("ReLU", name + "_activation", {{"negative_slope", 0.01}});
    }
  }

  void add_layer(int index) {
    const PlannedLayer& layer = model_.layer(index);
    const std::string_view kind = layer.kind;
    std::string name = layer.name;
    std::replace(name.begin(), name.end(), '.', '_');
    if (kind == "dropout" || kind == "gaussian") return;
    if (is_gaussian_dense(model_, index)) return add_gaussian(layer, name);
    if (kind == "dense" || kind == "tied-dense") return add_dense(layer, name);
    if (kind == "convolution") return add_convolution(layer, name);
    if (kind == "transposed-convolution" || kind == "tied-transposed-convolution") {
      return add_transposed(layer, name);
    }
    if (kind == "max-pool" || kind == "average-pool") {
      make_image(name);
      pooled_[index] = x_;
      const std::int64_t size = layer.spec.whole("size");
      shape_ = layer.output;
      add(kind == "max-pool" ? "MaxPooling2D" : "AveragePooling2D", name,
          {{"pool_size", pair_of(size)}, {"strides", pair_of(size)}, {"padding", "valid"}});
      return;
    }
    if (kind == "unpool-copy") {
      make_image(name);
      shape_ = layer.output;
      add("UpSampling2D", name, {{"size", pair_of(layer.spec.whole("size"))}});
      return;
    }
    if (kind == "unpool-remembered") return add_unpool(layer, name);
    if (kind == "k-sparse") {
      if (target_ == ExportTarget::kTfjs) {
        refuse(layer, "keeps the " + std::to_string(layer.spec.whole("k")) +
                          " largest units, and TensorFlow.js has no such layer");
      }
      make_flat(name);
      add("KeepLargest", name, {{"k", layer.spec.whole("k")}});
      return;
    }
    if (kind == "layer-norm") {
      make_flat(name);
      add("LayerNormalization", name, {{"axis", -1}, {"epsilon", 1e-5}}).weights = {
          keras_vector("gamma", model_.weight(layer)), keras_vector("beta", model_.bias(layer))};
      return;
    }
    refuse(layer, "is a " + std::string(kind) + " layer, for which Keras has nothing");
  }

  void add_dense(const PlannedLayer& layer, const std::string& name) {
    make_flat(name);
    shape_ = layer.output;
    add("Dense", name, {{"units", shape_.features()}, {"activation", inner_activation(layer)}})
        .weights = {keras_dense_kernel(model_.weight(layer), layer.is_tied()),
                    keras_vector("bias", model_.bias(layer))};
    add_leaky_relu(layer, name);
  }

  void add_gaussian(const PlannedLayer& layer, const std::string& name) {
    if (options_.sample && target_ == ExportTarget::kTfjs) {
      refuse(layer,
             "is drawn with 'sample', for which TensorFlow.js lacks the exponential function "
             "as a layer: leave 'sample' out");
    }
    make_flat(name);
    const std::string input = x_;
    const ParameterView w = model_.weight(layer), b = model_.bias(layer);
    shape_ = {1, 1, static_cast<Index>(b.values.size() / 2)};
    const auto half = [&](const std::string& called, bool log_variances, const char* activation) {
      x_ = input;
      KerasLayer& made =
          add("Dense", called, {{"units", shape_.features()}, {"activation", activation}});
      made.weights = {keras_dense_kernel(gaussian_half(w, log_variances), false),
                      keras_vector("bias", gaussian_half(b, log_variances))};
      return &made;
    };
    half(name + "_mean", false, "linear");
    if (!options_.sample) return;
    // exp(log variance / 2), with the half in the weights.
    for (KerasWeight& weight : half(name + "_deviation", true, "exponential")->weights) {
      for (float& value : weight.values) value /= 2;
    }
    add_input("noise");
    add("Multiply", name + "_noise", OrderedJson::object()).inputs = {name + "_deviation", "noise"};
    add("Add", name + "_sample", OrderedJson::object()).inputs = {name + "_mean", name + "_noise"};
  }

  void add_convolution(const PlannedLayer& layer, const std::string& name) {
    make_image(name);
    const std::int64_t k = layer.spec.whole("kernel"), s = layer.spec.whole("stride"),
                       p = layer.spec.whole("padding");
    // Keras's "same" pads alike at both ends only then.
    const bool is_same = s == 1 && k % 2 == 1 && p == (k - 1) / 2;
    if (p > 0 && !is_same) {
      add("ZeroPadding2D", name + "_padded", {{"padding", {pair_of(p), pair_of(p)}}});
    }
    shape_ = layer.output;
    add("Conv2D", name,
        {{"filters", shape_.channels},
         {"kernel_size", pair_of(k)},
         {"strides", pair_of(s)},
         {"padding", is_same ? "same" : "valid"},
         {"activation", inner_activation(layer)}})
        .weights = {keras_image_kernel(model_.weight(layer), k),
                    keras_vector("bias", model_.bias(layer))};
    add_leaky_relu(layer, name);
  }

  // Of n pixels Keras makes (n - 1) stride + max(kernel, stride), of which the model keeps what is
  // left when `padding` is cut off at the start. Where it needs more at the end than there is, the
  // kernel gets zeros behind it.
  void add_transposed(const PlannedLayer& layer, const std::string& name) {
    make_image(name);
    const LayerSpec& spec = layer.is_tied() ? model_.layer(layer.source).spec : layer.spec;
    const std::int64_t k = spec.whole("kernel"), s = spec.whole("stride"),
                       p = spec.whole("padding");
    const std::int64_t needed[] = {p + layer.output.rows - (layer.input.rows - 1) * s,
                                   p + layer.output.columns - (layer.input.columns - 1) * s};
    std::int64_t side = k;
    if (const std::int64_t most = std::max(needed[0], needed[1]); most > std::max(k, s)) {
      side = most;
    }
    const std::int64_t there = std::max(side, s);
    shape_ = layer.output;
    const bool is_cropped = p > 0 || there != needed[0] || there != needed[1];
    add("Conv2DTranspose", name,
        {{"filters", shape_.channels},
         {"kernel_size", pair_of(side)},
         {"strides", pair_of(s)},
         {"padding", "valid"},
         {"activation", inner_activation(layer)}})
        .weights = {keras_image_kernel(model_.weight(layer), side),
                    keras_vector("bias", model_.bias(layer))};
    if (is_cropped) {
      add("Cropping2D", name + "_cropped",
          {{"cropping", {{p, there - needed[0]}, {p, there - needed[1]}}}});
    }
    add_leaky_relu(layer, name);
  }

  void add_unpool(const PlannedLayer& layer, const std::string& name) {
    make_image(name);
    const PlannedLayer& pool = model_.layer(layer.source);
    const std::int64_t size = pool.spec.whole("size");
    if (part_.contains(layer.source)) {
      if (target_ == ExportTarget::kTfjs) {
        refuse(layer, "unpools to where " + pool.name +
                          " found its maxima, and TensorFlow.js has no such layer");
      }
      const std::string image = pooled_.at(layer.source);
      shape_ = layer.output;
      add("UnpoolToPlaces", name, {{"size", size}}).inputs.push_back(image);
      return;
    }
    remarks_.push_back(lost_places_remark(layer, pool));
    const Index rows = shape_.rows * static_cast<Index>(size),
                columns = shape_.columns * static_cast<Index>(size);
    KerasLayer& made = add("Conv2DTranspose", name,
                           {{"filters", shape_.channels},
                            {"kernel_size", pair_of(size)},
                            {"strides", pair_of(size)},
                            {"padding", "valid"},
                            {"use_bias", false}});
    made.weights = {keras_first_place_kernel(size, shape_.channels)};
    shape_ = layer.output;
    if (rows == shape_.rows && columns == shape_.columns) return;
    add("ZeroPadding2D", name + "_padded",
        {{"padding", {{0, shape_.rows - rows}, {0, shape_.columns - columns}}}});
  }

  const TrainedModel& model_;
  const ExportTarget target_;
  const ExportOptions& options_;
  const ModelPart part_;
  std::vector<std::string>& remarks_;

  KerasGraph graph_;
  std::string x_;
  ImageShape shape_;
  bool is_image_ = false;
  std::map<int, std::string> pooled_;  // the images that a pooling layer has seen
};

}  // namespace

KerasGraph keras_graph(const TrainedModel& model, ExportTarget target, const ExportOptions& options,
                       std::vector<std::string>& remarks) {
  return KerasLowering(model, target, options, remarks).run();
}

}  // namespace hourglass
