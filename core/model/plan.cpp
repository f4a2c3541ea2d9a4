#include "core/model/plan.h"

#include <utility>

#include "core/base/error.h"
#include "core/model/layer_type.h"

namespace hourglass {

int Plan::find(std::string_view name) const {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

void PlanBuilder::add(const LayerSpec& spec, const std::string& name, bool is_last_of_encoder) {
  spec_ = &spec;
  name_ = name;
  is_last_of_encoder_ = is_last_of_encoder;
  spec.type().plan(*this, spec);
}

std::string PlanBuilder::origin() const {
  return plan_.layers.empty() ? "the input" : "layer " + plan_.layers.back().name;
}

void PlanBuilder::refuse(const std::string& what) const {
  throw Error("Layer " + name_ + " " + what + ".");
}

int PlanBuilder::find(const std::string& wanted, std::string_view kind) const {
  const int index = plan_.find(wanted);
  if (index < 0) {
    refuse("names '" + wanted.substr(0, 50) + "', and there is no such layer before it");
  }
  if (layer(index).kind != kind) {
    refuse("names '" + wanted + "', which is a " + std::string(layer(index).kind) +
           " layer; it must be a " + std::string(kind) + " layer");
  }
  return index;
}

void PlanBuilder::check_image(const std::string& does) const {
  if (!shape_.is_vector()) return;
  refuse(does + ", but what comes from " + origin() + " is no image: it is " + shape_text(shape_) +
         (plan_.layers.empty() ? "; data that are no images need dense layers"
                               : "; a dense layer's \"units\": [channels, rows, columns] make an "
                                 "image"));
}

void PlanBuilder::check_patches(std::int64_t kernel, std::int64_t positions,
                                std::int64_t patch) const {
  const std::int64_t numbers = positions * patch;
  if (numbers <= kMaxPatchNumbers) return;
  const std::string side = std::to_string(kernel);
  refuse("has a kernel of " + side + " x " + side + " pixels, which sees " +
         std::to_string(numbers) + " numbers in each sample; the most is " +
         std::to_string(kMaxPatchNumbers));
}

void PlanBuilder::push(std::string_view kind, std::int64_t channels, std::int64_t rows,
                       std::int64_t columns, const LayerCost& cost, int source,
                       const char* name_ending) {
  const std::int64_t features = channels * rows * columns;
  if (features > kMaxLayerFeatures) {
    refuse("would give " + std::to_string(features) + " numbers for each sample; the most is " +
           std::to_string(kMaxLayerFeatures));
  }
  PlannedLayer layer{.name = name_ + name_ending, .kind = kind, .spec = *spec_};
  layer.input = shape_;
  layer.output = {static_cast<Index>(channels), static_cast<Index>(rows),
                  static_cast<Index>(columns)};
  layer.source = source;
  layer.weights = cost.weights;
  layer.biases = cost.biases;
  layer.multiply_adds = cost.multiply_adds;
  layer.activation = spec_->activation();
  plan_.parameters += layer.own_parameters();
  plan_.multiply_adds += layer.multiply_adds;
  if (plan_.parameters > kMaxParameters) {
    refuse("brings the model to " + std::to_string(plan_.parameters) + " parameters; the most is " +
           std::to_string(kMaxParameters));
  }
  shape_ = layer.output;
  plan_.layers.push_back(std::move(layer));
}

Plan PlanBuilder::finish(std::int64_t classes) {
  if (classes > 0) {
    if (shape_.features() != classes) {
      throw Error("The output layer " + plan_.layers.back().name + " gives " + shape_text(shape_) +
                  ", and there are " + std::to_string(classes) + " classes; it must give as many.");
    }
    return std::move(plan_);
  }
  // Images of another arrangement but the same size are no autoencoder either; a plain vector is
  // taken for the image it is flattened from.
  const ImageShape input = plan_.input;
  if (shape_.features() != input.features() || (!shape_.is_vector() && shape_ != input)) {
    throw Error("The output layer " + plan_.layers.back().name + " gives " + shape_text(shape_) +
                " and the input is " + shape_text(input) +
                "; they must be equal (\"units\": \"input\" for a dense layer).");
  }
  return std::move(plan_);
}

namespace {

// Softmax makes shares of a whole, and cce measures such: neither has a meaning without the other.
void check_softmax(const ModelSpec& spec, const Plan& plan) {
  const PlannedLayer& last = plan.layers.back();
  for (const PlannedLayer& layer : plan.layers) {
    if (layer.activation != Activation::kSoftmax) continue;
    if (&layer != &last) {
      throw Error("Layer " + layer.name +
                  " has the activation softmax, which is for the last layer of the decoder alone.");
    }
    if (!layer.spec.is("dense")) {
      throw Error("Layer " + layer.name + " is a " + std::string(layer.kind) +
                  " layer; the activation softmax is for dense layers.");
    }
    if (spec.loss != Loss::kCategoricalCrossEntropy) {
      throw Error("Layer " + layer.name +
                  " has the activation softmax, which needs model.loss=cce" + " and not " +
                  std::string(loss_name(spec.loss)) + ".");
    }
  }
  if (spec.loss == Loss::kCategoricalCrossEntropy && last.activation != Activation::kSoftmax) {
    throw Error(
        "model.loss=cce measures shares of a whole and needs the activation softmax in the "
        "last layer, " +
        last.name + ", which has " + std::string(activation_name(last.activation)) + ".");
  }
}

}  // namespace

Plan make_plan(const ModelSpec& spec, ImageShape input) {
  if (spec.encoder.empty() || spec.decoder.empty()) {
    throw Error("A model needs at least one layer in its encoder and one in its decoder.");
  }
  PlanBuilder builder(input);
  for (std::size_t i = 0; i < spec.encoder.size(); ++i) {
    builder.add(spec.encoder[i], "encoder." + std::to_string(i), i + 1 == spec.encoder.size());
  }
  builder.end_encoder();
  for (std::size_t i = 0; i < spec.decoder.size(); ++i) {
    builder.add(spec.decoder[i], (spec.classes > 0 ? "head." : "decoder.") + std::to_string(i),
                false);
  }
  Plan plan = builder.finish(spec.classes);
  check_softmax(spec, plan);
  return plan;
}

}  // namespace hourglass
