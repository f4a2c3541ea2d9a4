#include "core/nn/initializer.h"

#include <cmath>

#include "core/math/random.h"

namespace hourglass {
void initialize(const ParameterLayout& layout, Initializer initializer, std::uint64_t seed,
                ParameterBuffer& buffer) {
  buffer.setZero(layout.buffer_size());
  for (int i = 0; i < layout.count(); ++i) {
    const Parameter& parameter = layout[i];
    if (parameter.role == ParameterRole::kBias) continue;
    if (parameter.role == ParameterRole::kScale) {
      buffer.segment(parameter.offset, parameter.size()).setOnes();
      continue;
    }
    const bool glorot =
        initializer == Initializer::kGlorotUniform || initializer == Initializer::kGlorotNormal;
    const Scalar deviation = std::sqrt(
        Scalar(2) / static_cast<Scalar>(parameter.fan_in + (glorot ? parameter.fan_out : 0)));
    Random random(seed, RandomStream::kInitialise, static_cast<std::uint32_t>(i), 0);
    auto values = buffer.segment(parameter.offset, parameter.size());
    const std::span<Scalar> span(values.data(), static_cast<std::size_t>(values.size()));
    if (initializer == Initializer::kNormal) {
      random.fill_normal(span);
    } else if (initializer == Initializer::kGlorotNormal || initializer == Initializer::kHeNormal) {
      random.fill_normal(span);
      values *= deviation;
    } else {
      random.fill_uniform(span);
      values.array() =
          (values.array() * Scalar(2) - Scalar(1)) * (deviation * std::sqrt(Scalar(3)));
    }
  }
}

void initialize_normal(const ParameterLayout& layout, Scalar deviation, std::uint64_t seed,
                       ParameterBuffer& buffer) {
  initialize(layout, Initializer::kNormal, seed, buffer);
  for (const Parameter& parameter : layout.parameters()) {
    if (parameter.role == ParameterRole::kWeight) {
      buffer.segment(parameter.offset, parameter.size()) *= deviation;
    }
  }
}

}  // namespace hourglass
