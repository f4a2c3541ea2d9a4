// The types of layers: one row says all that is known of a type without running it. The reader and
// the writer of models, the plan, the editor's limits and the messages are made from the rows.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "core/model/layer_spec.h"

namespace hourglass {

class PlanBuilder;

// One entry of a layer in JSON.
struct LayerField {
  enum class Kind {
    kWhole,       // a whole number from `low` to `high`
    kReal,        // a number from `low` to `high`
    kUnits,       // see Units
    kChoice,      // one of `choices`; the first is the default
    kActivation,  // one of activation_names(); linear is the default
    kLayer,       // the name of an earlier layer, "encoder.0"; "" where it names none
  };

  std::string_view key;
  Kind kind = Kind::kWhole;
  double low = 0, high = 0;
  // What it is where it is left out; without one it must be given. For kWhole and kReal.
  double otherwise = std::numeric_limits<double>::quiet_NaN();
  std::span<const std::string_view> choices = {};
  // Where default or bound depend on the fields before, null elsewhere.
  std::int64_t (*otherwise_of)(const LayerSpec& layer) = nullptr;
  std::int64_t (*high_of)(const LayerSpec& layer) = nullptr;
  // Whether the field says anything beside the fields before it; null: always.
  bool (*applies)(const LayerSpec& layer) = nullptr;
  // What an editor offers of it: up to so much, or one of these. Neither: it is not changed by
  // hand.
  double offered_high = 0;
  std::span<const std::int64_t> offered = {};
  // The sentence for a field that must be given and is not, after the layer's name; "" for the
  // usual one.
  std::string_view missing = {};
};

struct LayerType {
  std::string_view name;  // as in JSON: "max-pool"
  std::span<const LayerField> fields;
  bool has_weights = false;
  // Adds to the plan what comes of such a layer: its output's shape, parameters and multiply-adds.
  // Throws Error where it does not fit what comes in.
  void (*plan)(PlanBuilder& plan, const LayerSpec& layer) = nullptr;
  // Key of the field that a person means by the layer's size; "" where it follows from others.
  std::string_view size = {};
  bool on_images = false;   // it works on images and gives images
  bool is_mask = false;     // every number stays in its place: passed on, scaled, or 0
  bool is_sampled = false;  // its output is drawn from a normal distribution
  // Outside of training and but for its activation, its output is a linear function of its input
  // and a bias.
  bool is_affine = false;

  const LayerField* find(std::string_view key) const;
};

// All of them, dense first.
std::span<const LayerType> layer_types();
// The one of that name, or null.
const LayerType* find_layer_type(std::string_view name);
// Whether a layer is affine with its activation. `kind` is as in a plan: "tied-dense".
bool is_affine(std::string_view kind, std::string_view activation);

// The most that a layer may have: a slip of the finger must not ask for all the machine's memory.
inline constexpr std::int64_t kMaxUnits = 65536;
inline constexpr std::int64_t kMaxChannels = 1024;
inline constexpr std::int64_t kMaxKernel = 31;

}  // namespace hourglass
