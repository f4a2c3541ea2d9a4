#include "core/nn/layers/parameters.h"

#include <algorithm>
#include <cassert>

namespace hourglass {
namespace {

Index aligned(Index size) {
  constexpr Index kAlignment = 64 / sizeof(Scalar);
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

Parameter bias_slice(const std::string& name, Index units, Index fan_in, Index fan_out) {
  return {.name = name + ".bias",
          .role = ParameterRole::kBias,
          .shape = {units},
          .inputs = 1,
          .outputs = units,
          .fan_in = fan_in,
          .fan_out = fan_out};
}

int ParameterLayout::add(Parameter parameter) {
  parameter.offset = size_;
  size_ += aligned(parameter.size());
  parameters_.push_back(std::move(parameter));
  return count() - 1;
}

Index ParameterLayout::add_packed(Index size) {
  const Index offset = packed_size_;
  packed_size_ += aligned(size);
  return offset;
}

Index ParameterLayout::parameter_count() const {
  Index sum = 0;
  for (const Parameter& parameter : parameters_) sum += parameter.size();
  return sum;
}

MatrixView ParameterLayout::view(int index, Scalar* buffer, Index first, Index outputs) const {
  const Parameter& parameter = parameters_[index];
  return {buffer + parameter.offset + first * parameter.inputs, parameter.inputs, outputs,
          Eigen::OuterStride<>(parameter.inputs)};
}

ConstMatrixView ParameterLayout::view(int index, const Scalar* buffer) const {
  const Parameter& parameter = parameters_[index];
  return {buffer + parameter.offset, parameter.inputs, parameter.outputs,
          Eigen::OuterStride<>(parameter.inputs)};
}

void copy_parameters(const ParameterLayout& from_layout, const Scalar* from,
                     const ParameterLayout& to_layout, Scalar* to) {
  for (const Parameter& target : to_layout.parameters()) {
    const auto slices = from_layout.parameters();
    const auto found = std::find_if(slices.begin(), slices.end(), [&](const Parameter& slice) {
      return slice.name == target.name;
    });
    if (found == slices.end()) continue;
    assert(found->shape == target.shape);
    std::copy_n(from + found->offset, found->size(), to + target.offset);
  }
}

}  // namespace hourglass
