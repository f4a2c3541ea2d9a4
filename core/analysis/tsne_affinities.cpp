#include "core/analysis/tsne_affinities.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "core/math/lanes.h"

namespace hourglass {
namespace {

// Numbers that a slice goes through, and of a task.
constexpr Index kSliceAffinities = 1 << 17, kTaskPoints = 64;
constexpr int kMaxSteps = 100;
constexpr double kEntropyTolerance = 1e-6;  // of the entropy, in units of e
// What it comes to where no beta gives the perplexity: then the nearest have everything.
constexpr double kMaxBeta = 1e12;

Index whole_lanes(Index count) { return (count + kLanes - 1) / kLanes * kLanes; }

}  // namespace

// Newton's method for the entropy as a function of log beta, of which the derivative is -beta^2
// times the variance of d^2, held between the betas that are known to be too small and too large.
void conditional_affinities(const Scalar* distances, Index k, double perplexity, Scalar* p) {
  using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
  static thread_local Array squares, weights;
  const Scalar farthest = distances[k - 1];
  squares = (Eigen::Map<const Array>(distances, k) / (farthest > 0 ? farthest : 1)).square();
  // Less that of the nearest, which changes nothing, and by their mean, so that beta is about 1.
  squares -= Scalar(squares[0]);
  const Scalar mean = squares.mean();
  if (!(mean > 0)) {
    std::fill_n(p, k, 1 / static_cast<Scalar>(k));
    return;
  }
  squares /= mean;
  const double wanted = std::log(perplexity);
  double beta = 1, low = 0, high = std::numeric_limits<double>::infinity(), sum = 0;
  for (int step = 0; step < kMaxSteps; ++step) {
    weights = (squares * static_cast<Scalar>(-beta)).exp();
    sum = static_cast<double>(weights.sum());
    const double first = static_cast<double>((weights * squares).sum()) / sum;
    const double second = static_cast<double>((weights * squares.square()).sum()) / sum;
    const double excess = std::log(sum) + beta * first - wanted;
    if (std::abs(excess) < kEntropyTolerance || beta > kMaxBeta) break;
    (excess > 0 ? low : high) = beta;
    const double slope = beta * beta * std::max(0.0, second - first * first);
    const double next = beta * std::exp(std::clamp(excess / slope, -2.0, 2.0));
    const bool inside = next > low && next < high;  // false for what is no number
    beta = inside ? next : std::isinf(high) ? 4 * beta : (low + high) / 2;
  }
  Eigen::Map<Array>(p, k) = weights / static_cast<Scalar>(sum);
}

Affinities::Affinities(Neighbors neighbors, double perplexity, ThreadPool& pool)
    : neighbors_(std::move(neighbors)), perplexity_(perplexity), pool_(pool) {
  more_.assign(static_cast<std::size_t>(size()), 0);
}

bool Affinities::advance() {
  const Index count = std::max<Index>(1, kSliceAffinities / neighbors_.k);
  const Index end = std::min(size(), next_ + count);
  if (step_ == Step::kConditional) {
    find_conditionals(next_, end);
  } else if (step_ == Step::kPair) {
    pair(next_, end);
  } else if (step_ == Step::kFill) {
    fill(next_, end);
  }
  next_ = end;
  if (next_ < size()) return true;
  next_ = 0;
  if (step_ == Step::kPair) begin_fill();
  step_ = static_cast<Step>(static_cast<int>(step_) + 1);
  if (step_ != Step::kDone) return true;
  neighbors_ = {};
  return false;
}

double Affinities::progress() const {
  const double steps = static_cast<double>(Step::kDone);
  return (static_cast<double>(step_) + static_cast<double>(next_) / static_cast<double>(size())) /
         steps;
}

void Affinities::find_conditionals(Index begin, Index end) {
  const Index k = neighbors_.k;
  const Index tasks = (end - begin + kTaskPoints - 1) / kTaskPoints;
  pool_.run(static_cast<int>(tasks), [&](int task, int) {
    std::vector<std::pair<std::int32_t, Scalar>> row(static_cast<std::size_t>(k));
    const Index first = begin + task * kTaskPoints, last = std::min(end, first + kTaskPoints);
    for (Index i = first; i < last; ++i) {
      std::int32_t* const indices = neighbors_.indices.data() + i * k;
      Scalar* const p = neighbors_.distances.data() + i * k;
      conditional_affinities(neighbors_.distances.data() + i * k, k, perplexity_, p);
      for (Index a = 0; a < k; ++a) row[a] = {indices[a], p[a]};
      std::sort(row.begin(), row.end());
      for (Index a = 0; a < k; ++a) std::tie(indices[a], p[a]) = row[a];
    }
  });
}

// The rows before `begin` already have the sums with theirs.
void Affinities::pair(Index begin, Index end) {
  const Index k = neighbors_.k;
  for (Index i = begin; i < end; ++i) {
    for (Index a = 0; a < k; ++a) {
      const std::int32_t j = neighbors_.indices[i * k + a];
      const std::int32_t* const theirs = neighbors_.indices.data() + j * k;
      const std::int32_t* const found =
          std::lower_bound(theirs, theirs + k, static_cast<std::int32_t>(i));
      Scalar& p = neighbors_.distances(a, i);
      if (found == theirs + k || *found != i) {
        p = -p;
        ++more_[j];
      } else if (j > i) {
        Scalar& other = neighbors_.distances(found - theirs, j);
        p = other = p + other;
      }
    }
  }
}

void Affinities::begin_fill() {
  const Index n = size();
  joint_.first.resize(static_cast<std::size_t>(n + 1));
  std::uint32_t place = 0;
  for (Index i = 0; i < n; ++i) {
    joint_.first[i] = place;
    place += static_cast<std::uint32_t>(whole_lanes(neighbors_.k + more_[i]));
    more_[i] = joint_.first[i] + static_cast<std::uint32_t>(neighbors_.k);  // the next place
  }
  joint_.first[n] = place;
  joint_.columns.resize(place);
  joint_.values.resize(place);
}

void Affinities::fill(Index begin, Index end) {
  const Index k = neighbors_.k;
  const Scalar scale = static_cast<Scalar>(0.5 / static_cast<double>(size()));
  for (Index i = begin; i < end; ++i) {
    const std::uint32_t first = joint_.first[i];
    for (Index a = 0; a < k; ++a) {
      const std::int32_t j = neighbors_.indices[i * k + a];
      const Scalar both = neighbors_.distances(a, i), p = std::abs(both) * scale;
      joint_.columns[first + a] = static_cast<std::uint32_t>(j);
      joint_.values[first + a] = p;
      if (!std::signbit(both)) continue;
      joint_.columns[more_[j]] = static_cast<std::uint32_t>(i);
      joint_.values[more_[j]++] = p;
    }
  }
}

}  // namespace hourglass
