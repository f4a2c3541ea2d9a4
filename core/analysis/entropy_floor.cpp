#include "core/analysis/entropy_floor.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace hourglass {
namespace {

// See core/model/loss.h; as they are when rounded as outputs are.
constexpr auto kLeastOutput = Scalar(1e-7), kMostOutput = Scalar(1) - kLeastOutput;
constexpr Index kFloorNumbers = 1 << 17;

double entropy(double x) {
  if (!(x >= 0 && x <= 1)) return std::numeric_limits<double>::quiet_NaN();
  const double rest = 1 - x;
  return (x > 0 ? -x * std::log(x) : 0.0) + (rest > 0 ? -rest * std::log(rest) : 0.0);
}

}  // namespace

bool EntropyFloor::advance() {
  const Index features = samples_.features();
  const Index most = std::max<Index>(1, kFloorNumbers / std::max<Index>(1, features));
  const Index count = std::min(most, samples_.count() - next_);
  if (count > 0) {
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(next_));
    Matrix values(features, count);
    samples_.gather(indices, columns(values, 0, count));
    double sum = 0;
    for (Index i = 0; i < values.size(); ++i) sum += entropy(static_cast<double>(values.data()[i]));
    sum_ += sum;
    sums_ += values.cast<double>().rowwise().sum();
    next_ += count;
  }
  return next_ < samples_.count();
}

double EntropyFloor::result() const {
  const double numbers =
      static_cast<double>(samples_.count()) * static_cast<double>(samples_.features());
  return numbers > 0 ? sum_ / numbers : std::numeric_limits<double>::quiet_NaN();
}

double EntropyFloor::of_constant(const Vector& y) const {
  // What has no floor has no cross-entropy either.
  const double floor = result();
  if (!std::isfinite(floor)) return floor;
  double sum = 0;
  for (Index i = 0; i < y.size(); ++i) {
    const double target = sums_[i] / static_cast<double>(samples_.count());
    const auto output = static_cast<double>(std::clamp(y[i], kLeastOutput, kMostOutput));
    sum -= target * std::log(output) + (1 - target) * std::log(1 - output);
  }
  return sum / static_cast<double>(y.size());
}

}  // namespace hourglass
