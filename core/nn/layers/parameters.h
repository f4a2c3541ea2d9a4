// All parameters of a model in one flat buffer, and what lies where in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/math/types.h"

namespace hourglass {

// Parameters, gradients and an optimizer's moments are buffers of one layout.
using ParameterBuffer = Vector;

// A scale multiplies one feature and begins as 1; a bias is added and begins as 0. Penalties and
// weight decay are for weights alone.
enum class ParameterRole { kWeight, kBias, kScale };

// One slice of the buffer: a column-major matrix with one output unit per column, so that an
// optimizer can update a range of units as one span, and so that the memory reads as PyTorch's
// row-major (outputs, inputs).
struct Parameter {
  std::string name;  // "encoder.0.weight"
  ParameterRole role = ParameterRole::kWeight;
  std::vector<std::int64_t> shape = {};  // as PyTorch sees it, row-major: {outputs, inputs}
  Index offset = 0;                      // of the first element in the buffer
  Index inputs = 0;                      // rows; 1 for a bias or a scale
  Index outputs = 0;                     // columns
  Index fan_in = 0;  // inputs and outputs that one unit is connected to, for the initialisers
  Index fan_out = 0;

  Index size() const { return inputs * outputs; }
};

// A layer's slice "NAME.bias", one number for each of `units`; the fans are those of its weights.
Parameter bias_slice(const std::string& name, Index units, Index fan_in, Index fan_out);

class ParameterLayout {
 public:
  // Adds a slice behind the others and returns its index. Slices begin on 64-byte boundaries; the
  // gaps stay zero.
  int add(Parameter parameter);

  std::span<const Parameter> parameters() const { return parameters_; }
  const Parameter& operator[](int index) const { return parameters_[index]; }
  int count() const { return static_cast<int>(parameters_.size()); }
  Index buffer_size() const { return size_; }
  // How many parameters there are, gaps not counted.
  Index parameter_count() const;

  // Room for `size` numbers in a second buffer, for packed copies of weights; returns where. Begins
  // on a 64-byte boundary.
  Index add_packed(Index size);
  Index packed_size() const { return packed_size_; }

  // Columns [first, first + outputs) of a slice of `buffer`.
  MatrixView view(int index, Scalar* buffer, Index first, Index outputs) const;
  ConstMatrixView view(int index, const Scalar* buffer) const;

 private:
  std::vector<Parameter> parameters_;
  Index size_ = 0, packed_size_ = 0;
};

// Copies into `to` the slices of `from` that both layouts have, by name, and leaves the others as
// they are: an encoder goes into another model that begins with it. Slices of one name have one
// shape.
void copy_parameters(const ParameterLayout& from_layout, const Scalar* from,
                     const ParameterLayout& to_layout, Scalar* to);

}  // namespace hourglass
