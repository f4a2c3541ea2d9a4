#include "core/nn/layers/parameters.h"

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

}  // namespace hourglass
