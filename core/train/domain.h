// Which values a loss has a meaning for and a last layer can come to, and how many of a data set's
// lie elsewhere. Whatever is to be learned or measured is held against this before the first step.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/nn/loss.h"
#include "core/nn/model.h"

namespace hourglass {

// The targets for which `loss` measures how far an output is from them: [0, 1] for bce, which takes
// each for a probability and falls without end outside; from 0 on for cce, which takes them for
// shares; any number for the others.
ValueRange target_range(Loss loss);

// What `activation` can come arbitrarily close to: [0, 1] for sigmoid and softmax, [-1, 1] for
// tanh, from 0 on for relu, from -1 on for elu, any number for linear and leaky-relu.
ValueRange output_range(Activation activation);

// What was found of samples outside a range.
struct Outside {
  Index samples = 0;              // that have at least one value outside
  Index sample = 0, feature = 0;  // where the value is that lies furthest outside
  double value = 0;               // that value, scaled as Samples::gather() gives it
};

// Looks at all values of `samples`, as they are scaled, with an allowance for rounding. Bytes,
// which lie in a known range, are looked at only if that is not within `range`.
Outside outside(const Samples& samples, const ValueRange& range);

// What a sentence needs to say where samples come from.
struct SampleSource {
  std::string name;  // "held-out rows of 'x.csv'"
  const Samples& samples;
  const ScalingMap& map;                          // from the file's own units
  const std::vector<std::string>& feature_names;  // may be empty
};

// "12 of 40 held-out rows of 'x.csv' have values outside 0 to 1 (the furthest is 31, scaled 3.1, in
// column 'w' of row 17)".
std::string outside_text(const Outside& found, const ValueRange& range, const SampleSource& source);

// What check_targets() throws.
class TargetsOutside : public Error {
 public:
  TargetsOutside(const std::string& message, const Outside& where, Index samples)
      : Error(message), found(where), of(samples) {}

  Outside found;
  Index of;  // samples of the split in which it was found
};

// Throws TargetsOutside, with counts and ways out, if a sample of either split is none that the
// model's loss has a meaning for.
void check_targets(const Model& model, const Dataset& data);

// What of the training samples the last layer cannot come to, whatever it learns.
struct Unreachable {
  Index samples = 0, of = 0;         // that have such values, of all
  double furthest = 0, nearest = 0;  // the value furthest outside, and the end that is next to it
  double mse = 0;                    // that remains at least: mean over all values, scaled
  double variance = 0;               // of all values together
};

// `samples` is 0 where nothing lies outside; of cce, to which values are shares, always.
Unreachable unreachable(const Model& model, const Dataset& data);

// A sentence if the last layer cannot come close to some of the data's values, which is allowed
// (and worth seeing); else "". Of cce, to which values are shares whatever their sum, none.
std::string unreachable_note(const Model& model, const Dataset& data);

}  // namespace hourglass
