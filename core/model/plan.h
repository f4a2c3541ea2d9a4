// What comes of a specification for a given input: every layer's shapes, parameters and cost, or
// the sentence that says why it makes no model. The engine builds from it, and the screen previews
// edits by it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/shape.h"
#include "core/model/spec.h"

namespace hourglass {

// One layer that runs. A Gaussian entry of the specification becomes two: the dense layer of its
// means and log-variances, and the draw.
struct PlannedLayer {
  std::string name;            // "encoder.0", "encoder.2.sample"
  std::string_view kind = {};  // what is built: "dense", "tied-dense", "unpool-copy", ...
  LayerSpec spec;              // of the entry that it comes of
  ImageShape input = {}, output = {};
  // Index of the earlier layer whose weights or maxima are used; -1 for none.
  int source = -1;
  std::int64_t weights = 0, biases = 0;
  // Multiplications and additions, counted as one, for one sample's forward pass.
  std::int64_t multiply_adds = 0;
  Activation activation = Activation::kLinear;

  // What it reads; and what it adds to the model, where tied weights are counted once.
  std::int64_t parameters() const { return weights + biases; }
  std::int64_t own_parameters() const { return biases + (is_tied() ? 0 : weights); }
  bool is_tied() const { return source >= 0 && weights > 0; }
};

struct Plan {
  ImageShape input;
  std::vector<PlannedLayer> layers;
  int code_layer = 0;  // index of the layer whose output is the code
  std::int64_t parameters = 0, multiply_adds = 0;

  std::int64_t code_size() const {
    return layers[static_cast<std::size_t>(code_layer)].output.features();
  }
  // Index of the layer of that name, or -1.
  int find(std::string_view name) const;
};

// The most parameters of a model, and features of one layer's output.
inline constexpr std::int64_t kMaxParameters = std::int64_t{1} << 27;
inline constexpr std::int64_t kMaxLayerFeatures = std::int64_t{1} << 17;
// The most numbers in the patches of one image, which a convolution may have to lay side by side:
// half a gigabyte, which 32 bits can still count.
inline constexpr std::int64_t kMaxPatchNumbers = std::int64_t{1} << 27;

// `input` has at least one feature. Throws Error, with the names and shapes of both layers, if one
// does not fit another, if the output is not of the input's size (or has not one number for each of
// the spec's classes), or if softmax and the loss cce do not come together, at a dense last layer.
Plan make_plan(const ModelSpec& spec, ImageShape input);

// Numbers to learn, and the work for one sample.
struct LayerCost {
  std::int64_t weights = 0, biases = 0, multiply_adds = 0;
};

// What a LayerType sees of the plan so far, and adds to.
class PlanBuilder {
 public:
  explicit PlanBuilder(ImageShape input) : shape_(input) { plan_.input = input; }

  // Adds the layer that `spec` describes, which is called `name`.
  void add(const LayerSpec& spec, const std::string& name, bool is_last_of_encoder);
  // Marks the last layer's output as the code.
  void end_encoder() { plan_.code_layer = static_cast<int>(plan_.layers.size()) - 1; }
  Plan finish(std::int64_t classes);

  // For LayerType::plan: of the model, of what comes in, and where that is from ("layer
  // encoder.0").
  ImageShape model_input() const { return plan_.input; }
  ImageShape shape() const { return shape_; }
  std::string origin() const;
  bool is_last_of_encoder() const { return is_last_of_encoder_; }
  // The earlier layer that `wanted` names. Throws Error if there is none, or none of that kind.
  int find(const std::string& wanted, std::string_view kind) const;
  const PlannedLayer& layer(int index) const {
    return plan_.layers[static_cast<std::size_t>(index)];
  }
  [[noreturn]] void refuse(const std::string& what) const;
  // Where windows do not fit: throws Error if that is because what comes in is no image at all, but
  // the row of a table or the output of a dense layer. `does` is what the layer would do with
  // pixels.
  void check_image(const std::string& does) const;
  // Throws Error if that many numbers are too many to lay a convolution's patches side by side.
  void check_patches(std::int64_t kernel, std::int64_t positions, std::int64_t patch) const;

  // The layer's output; in 64 bits, for it may be too much.
  void push(std::string_view kind, std::int64_t channels, std::int64_t rows, std::int64_t columns,
            const LayerCost& cost = {}, int source = -1, const char* name_ending = "");

 private:
  Plan plan_;
  ImageShape shape_;
  const LayerSpec* spec_ = nullptr;
  std::string name_;
  bool is_last_of_encoder_ = false;
};

}  // namespace hourglass
