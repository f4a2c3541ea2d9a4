#include "core/export/onnx_export.h"

#include <map>
#include <utility>

#include "core/base/error.h"
#include "core/export/model_part.h"

namespace hourglass {
namespace {

using Sides = OnnxGraph::Sides;

// Goes through the layers and adds to the graph what each becomes. Values are flat, [batch,
// features], between layers, but for images, which stay [batch, channels, rows, columns] until
// somebody wants them flat.
class OnnxLowering {
 public:
  OnnxLowering(const TrainedModel& model, const ExportOptions& options, OnnxGraph& graph,
               std::vector<std::string>& remarks)
      : model_(model),
        options_(options),
        part_(model_part(model, options)),
        graph_(graph),
        remarks_(remarks) {}

  void run(const std::string& about) {
    const bool is_decoder = options_.part == ExportPart::kDecoder;
    x_ = is_decoder ? "code" : "input";
    shape_ = part_.input;
    graph_.add_input(x_, {shape_.features()}, is_decoder ? "Codes" : about);
    for (int i = part_.first; i < part_.end; ++i) {
      add_layer(i);
      if (i == part_.code) end_part("code", "The code");
    }
    if (!part_.ends_in_code()) {
      const bool is_classifier = !model_.classes().empty();
      end_part("output", is_classifier ? "The share of each class" : "What the model makes of it");
    }
  }

 private:
  // The value `x_` becomes what node `type` makes of `inputs`; it is called `name`.
  void apply(std::string_view type, const std::string& name, std::vector<std::string> inputs,
             OnnxGraph::Attributes attributes = {}) {
    graph_.add_node(type, name, std::move(inputs), {name}, std::move(attributes));
    graph_.add_value(name, sides());
    x_ = name;
  }

  Sides sides() const {
    if (!is_image_) return {shape_.features()};
    return {shape_.channels, shape_.rows, shape_.columns};
  }

  std::string constant(const std::string& name, const ParameterView& parameter) {
    graph_.add_constant(name, parameter.shape, parameter.values);
    return name;
  }
  std::string weight(const PlannedLayer& layer) {
    const PlannedLayer& own = layer.is_tied() ? model_.layer(layer.source) : layer;
    return constant(own.name + ".weight", model_.weight(layer));
  }
  std::string bias(const PlannedLayer& layer) {
    return constant(layer.name + ".bias", model_.bias(layer));
  }
  std::string indices(const std::string& name, std::vector<std::int64_t> values) {
    graph_.add_index_constant(name, std::move(values));
    return name;
  }

  void reshape(const std::string& name) {
    std::vector<std::int64_t> shape = sides();
    shape.insert(shape.begin(), 0);  // 0 keeps the batch
    apply("Reshape", name, {x_, indices(name + ".shape", shape)});
  }
  void make_flat(const PlannedLayer& layer) {
    if (!std::exchange(is_image_, false)) return;
    reshape(layer.name + ".flat");
  }
  void make_image(const PlannedLayer& layer) {
    if (std::exchange(is_image_, true)) return;
    reshape(layer.name + ".image");
  }

  // The value that is there becomes an output of the graph.
  void end_part(const std::string& name, const std::string& about) {
    const bool is_last = name == "output" || part_.ends_in_code();
    if (is_image_) {
      // What follows the code goes on with the image, if it is one.
      is_image_ = false;
      const std::string image = x_;
      reshape(x_ + ".flat");
      graph_.rename(x_, name);
      if (!is_last) is_image_ = true;
      x_ = is_last ? name : image;
    } else if (x_ == "input" || x_ == "code") {
      graph_.add_node("Identity", name + ".copy", {x_}, {name});
      x_ = name;
    } else {
      graph_.rename(x_, name);
      x_ = name;
    }
    graph_.add_output(name, {shape_.features()}, about);
  }

  void add_layer(int index) {
    const PlannedLayer& layer = model_.layer(index);
    const std::string_view kind = layer.kind;
    if (kind == "dropout") return;  // of training alone
    if (is_gaussian_dense(model_, index)) return add_gaussian(layer);
    if (kind == "gaussian") return;  // its dense layer has done it
    const bool has_activation = layer.activation != Activation::kLinear;
    const std::string name = layer.name + (has_activation ? ".linear" : "");
    if (kind == "dense" || kind == "tied-dense") {
      add_dense(layer, name);
    } else if (kind == "convolution") {
      add_convolution(layer, name);
    } else if (kind == "transposed-convolution" || kind == "tied-transposed-convolution") {
      add_transposed(layer, name);
    } else if (kind == "max-pool" || kind == "average-pool") {
      add_pool(layer, index);
    } else if (kind == "unpool-copy") {
      make_image(layer);
      add_resize(layer, name, layer.spec.whole("size"), layer.output);
    } else if (kind == "unpool-remembered") {
      add_unpool(layer);
    } else if (kind == "k-sparse") {
      add_k_sparse(layer);
    } else if (kind == "layer-norm") {
      make_flat(layer);
      apply("LayerNormalization", name, {x_, weight(layer), bias(layer)},
            {{"axis", std::int64_t{-1}}, {"epsilon", 1e-5f}});
    } else {
      throw Error("Layer " + layer.name + " is a " + std::string(kind) +
                  " layer, which cannot be exported to ONNX.");
    }
    add_activation(layer);
  }

  void add_activation(const PlannedLayer& layer) {
    const std::string& name = layer.name;
    switch (layer.activation) {
      case Activation::kLinear:
        return;
      case Activation::kRelu:
        return apply("Relu", name, {x_});
      case Activation::kLeakyRelu:
        return apply("LeakyRelu", name, {x_}, {{"alpha", 0.01f}});
      case Activation::kElu:
        return apply("Elu", name, {x_}, {{"alpha", 1.0f}});
      case Activation::kTanh:
        return apply("Tanh", name, {x_});
      case Activation::kSigmoid:
        return apply("Sigmoid", name, {x_});
      case Activation::kSoftmax:
        make_flat(layer);
        return apply("Softmax", name, {x_}, {{"axis", std::int64_t{-1}}});
    }
  }

  void add_dense(const PlannedLayer& layer, const std::string& name) {
    make_flat(layer);
    shape_ = layer.output;
    // The tied one reads the other's [outputs, inputs] the other way round.
    const std::int64_t transposed = layer.is_tied() ? 0 : 1;
    apply("Gemm", name, {x_, weight(layer), bias(layer)}, {{"transB", transposed}});
  }

  void add_gaussian(const PlannedLayer& layer) {
    make_flat(layer);
    const std::string input = x_;
    const ParameterView w = model_.weight(layer), b = model_.bias(layer);
    shape_ = {1, 1, static_cast<Index>(b.values.size() / 2)};
    const auto half = [&](const std::string& name, bool log_variances) {
      apply("Gemm", name,
            {input, constant(name + ".weight", gaussian_half(w, log_variances)),
             constant(name + ".bias", gaussian_half(b, log_variances))},
            {{"transB", std::int64_t{1}}});
      return name;
    };
    const std::string mean = half(layer.name + ".mean", false);
    if (!options_.sample) return;
    const std::string log_variance = half(layer.name + ".log_variance", true);
    graph_.add_input("noise", {shape_.features()}, "Independent numbers from N(0, 1)");
    graph_.add_own_constant(layer.name + ".half", {1}, {0.5f});
    apply("Mul", layer.name + ".log_deviation", {log_variance, layer.name + ".half"});
    apply("Exp", layer.name + ".deviation", {x_});
    apply("Mul", layer.name + ".noise", {x_, "noise"});
    apply("Add", layer.name + ".sample", {mean, x_});
  }

  void add_convolution(const PlannedLayer& layer, const std::string& name) {
    make_image(layer);
    shape_ = layer.output;
    const std::int64_t k = layer.spec.whole("kernel"), s = layer.spec.whole("stride"),
                       p = layer.spec.whole("padding");
    apply("Conv", name, {x_, weight(layer), bias(layer)},
          {{"kernel_shape", Sides{k, k}}, {"strides", Sides{s, s}}, {"pads", Sides{p, p, p, p}}});
  }

  void add_transposed(const PlannedLayer& layer, const std::string& name) {
    make_image(layer);
    const LayerSpec& spec = layer.is_tied() ? model_.layer(layer.source).spec : layer.spec;
    const std::int64_t k = spec.whole("kernel"), s = spec.whole("stride"),
                       p = spec.whole("padding");
    const auto extra = [&](std::int64_t from, std::int64_t to) {
      return to - ((from - 1) * s - 2 * p + k);
    };
    const Sides added = {extra(layer.input.rows, layer.output.rows),
                         extra(layer.input.columns, layer.output.columns)};
    shape_ = layer.output;
    apply("ConvTranspose", name, {x_, weight(layer), bias(layer)},
          {{"kernel_shape", Sides{k, k}},
           {"strides", Sides{s, s}},
           {"pads", Sides{p, p, p, p}},
           {"output_padding", added}});
  }

  // Whether a layer of the part unpools to where pool `index` has found its maxima.
  bool is_remembered(int index) const {
    for (int i = part_.first; i < part_.end; ++i) {
      if (model_.layer(i).kind == "unpool-remembered" && model_.layer(i).source == index) {
        return true;
      }
    }
    return false;
  }

  void add_pool(const PlannedLayer& layer, int index) {
    make_image(layer);
    const std::string pooled = x_;
    const std::int64_t size = layer.spec.whole("size");
    const OnnxGraph::Attributes window = {{"kernel_shape", Sides{size, size}},
                                          {"strides", Sides{size, size}}};
    shape_ = layer.output;
    if (layer.kind == "average-pool") return apply("AveragePool", layer.name, {x_}, window);
    if (!is_remembered(index)) return apply("MaxPool", layer.name, {x_}, window);
    const std::string places = layer.name + ".indices";
    graph_.add_node("MaxPool", layer.name, {x_}, {layer.name, places}, window);
    graph_.add_value(layer.name, sides());
    graph_.add_index_value(places, sides());
    x_ = layer.name;
    graph_.add_node("Shape", layer.name + ".size", {pooled}, {layer.name + ".size"});
    graph_.add_index_value(layer.name + ".size", {4}, true);
  }

  void add_resize(const PlannedLayer& layer, const std::string& name, std::int64_t size,
                  ImageShape output) {
    shape_ = output;
    const auto factor = static_cast<float>(size);
    const std::string scales = layer.name + ".scales";
    graph_.add_own_constant(scales, {4}, {1, 1, factor, factor});
    apply("Resize", name, {x_, "", scales},
          {{"mode", "nearest"},
           {"coordinate_transformation_mode", "asymmetric"},
           {"nearest_mode", "floor"}});
  }

  void add_unpool(const PlannedLayer& layer) {
    make_image(layer);
    const PlannedLayer& pool = model_.layer(layer.source);
    const std::int64_t size = pool.spec.whole("size");
    if (part_.contains(layer.source)) {
      shape_ = layer.output;
      // With the size of what was pooled, whose rows and columns may be left over.
      return apply("MaxUnpool", layer.name, {x_, pool.name + ".indices", pool.name + ".size"},
                   {{"kernel_shape", Sides{size, size}}, {"strides", Sides{size, size}}});
    }
    remarks_.push_back(lost_places_remark(layer, pool));
    const ImageShape covered{layer.input.channels, layer.input.rows * static_cast<Index>(size),
                             layer.input.columns * static_cast<Index>(size)};
    add_resize(layer, layer.name + ".copies", size, covered);
    if (covered != layer.output) {
      shape_ = layer.output;
      apply("Pad", layer.name + ".padded",
            {x_, indices(layer.name + ".pads", {0, 0, 0, 0, 0, 0, shape_.rows - covered.rows,
                                                shape_.columns - covered.columns})});
    }
    std::vector<float> mask;
    for (Index row = 0; row < shape_.rows; ++row) {
      for (Index column = 0; column < shape_.columns; ++column) {
        mask.push_back(row % size == 0 && column % size == 0 ? 1.0f : 0.0f);
      }
    }
    graph_.add_own_constant(layer.name + ".first", {1, 1, shape_.rows, shape_.columns},
                            std::move(mask));
    apply("Mul", layer.name, {x_, layer.name + ".first"});
  }

  // TopK takes the lower index of equal values, as the layer does.
  void add_k_sparse(const PlannedLayer& layer) {
    make_flat(layer);
    const std::string input = x_, name = layer.name;
    const std::int64_t k = layer.spec.whole("k");
    graph_.add_node("TopK", name + ".largest", {input, indices(name + ".k", {k})},
                    {name + ".values", name + ".places"}, {{"axis", std::int64_t{1}}});
    graph_.add_value(name + ".values", {k});
    graph_.add_index_value(name + ".places", {k});
    graph_.add_node("Shape", name + ".size", {input}, {name + ".size"});
    graph_.add_index_value(name + ".size", {2}, true);
    apply("ConstantOfShape", name + ".zeros", {name + ".size"});
    apply("ScatterElements", name, {x_, name + ".places", name + ".values"},
          {{"axis", std::int64_t{1}}});
  }

  const TrainedModel& model_;
  const ExportOptions& options_;
  const ModelPart part_;
  OnnxGraph& graph_;
  std::vector<std::string>& remarks_;

  std::string x_;
  ImageShape shape_;
  bool is_image_ = false;
};

}  // namespace

OnnxGraph onnx_graph(const TrainedModel& model, const ExportOptions& options,
                     const std::string& about, std::vector<std::string>& remarks) {
  OnnxGraph graph;
  OnnxLowering(model, options, graph, remarks).run(about);
  graph.set_about(about);
  return graph;
}

}  // namespace hourglass
