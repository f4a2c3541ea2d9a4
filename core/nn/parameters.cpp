#include "core/nn/parameters.h"

namespace hourglass {

int ParameterLayout::add(Parameter parameter) {
  constexpr Index kAlignment = 64 / sizeof(Scalar);
  parameter.offset = size_;
  size_ += (parameter.size() + kAlignment - 1) / kAlignment * kAlignment;
  parameters_.push_back(std::move(parameter));
  return count() - 1;
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
