#include "core/analysis/neighbors.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <functional>

#include "core/math/gemm/gemm.h"
#include "core/math/lanes.h"
#include "core/math/scratch.h"

namespace hourglass {
namespace {

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();
// Queries and codes whose products are made at once: these stay in a cache.
constexpr Index kQueries = 32, kCodes = 512;
// Codes by which it is guessed how near the nearest are, if there are four times as many.
constexpr Index kSample = 1024;
// Of a slice of the graph, and the fewest blocks of queries in it, so that threads share them.
constexpr Index kDistanceProducts = 1 << 26, kMinBlocks = 4;

// Whether any of 4 * kLanes numbers is at least `least`.
bool any_from(const Scalar* values, Lanes least) {
  const auto above = (load_lanes(values) >= least) | (load_lanes(values + kLanes) >= least) |
                     (load_lanes(values + 2 * kLanes) >= least) |
                     (load_lanes(values + 3 * kLanes) >= least);
  std::uint64_t halves[2];
  static_assert(sizeof halves == sizeof above);
  std::memcpy(halves, &above, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

// What may be among the nearest k of one query. A candidate's value v = ab - |b|^2 / 2 is the
// larger the nearer it is: |a - b|^2 = |a|^2 - 2 v.
class Candidates {
 public:
  // Of interest are values from `least` on, a guess: see finish().
  void begin(const ConstMatrixView& codes, const Scalar* query, Scalar square, Index k,
             Scalar least) {
    codes_ = codes.data();
    stride_ = codes.outerStride();
    size_ = codes.rows();
    query_ = query;
    square_ = square;
    k_ = k;
    least_ = guess_ = std::isfinite(square) ? least : kInfinity;
    count_ = 0;
    found_.resize(static_cast<std::size_t>(room() + kStep));
  }

  // Takes those of codes [first, first + count) whose values are large enough.
  void take(const Scalar* values, Index first, Index count) {
    Lanes least = splat_lanes(least_);
    for (Index i = 0; i < count; i += kStep) {
      const Index end = std::min(count, i + kStep);
      if (end - i == kStep && !any_from(values + i, least)) continue;
      // Without a branch, which nobody could foretell.
      for (Index j = i; j < end; ++j) {
        found_[count_] = {values[j], static_cast<std::int32_t>(first + j)};
        count_ += values[j] >= least_;
      }
      if (count_ < room()) continue;
      thin_out();
      least = splat_lanes(least_);
    }
  }

  // Returns false if the guess was too high to be sure.
  bool finish(std::int32_t* indices, Scalar* distances) {
    keep_nearest();
    const bool guessed = guess_ > kNone && std::isfinite(square_);
    if (guessed && (count_ < k_ || least_for(found_[k_ - 1].value) < guess_)) return false;
    for (Index i = 0; i < k_; ++i) {
      indices[i] = i < count_ ? found_[i].index : -1;
      distances[i] = i < count_ ? std::sqrt(found_[i].value) : kInfinity;
    }
    return true;
  }

  static constexpr Scalar kNone = std::numeric_limits<Scalar>::lowest();

 private:
  static constexpr Index kStep = 4 * kLanes;
  struct Candidate {
    Scalar value;
    std::int32_t index;
  };

  Index room() const { return 2 * k_ + 64; }

  // The values that rounding may take for less than that of squared distance `farthest`: twice what
  // sums of size_ products may be wrong by, of codes no longer than |a| and that distance.
  Scalar least_for(Scalar farthest) const {
    const Scalar length = std::sqrt(square_) + std::sqrt(farthest);
    const Scalar rounding = std::numeric_limits<Scalar>::epsilon() * static_cast<Scalar>(size_ + 8);
    return (square_ - farthest) / 2 - 2 * rounding * length * length;
  }

  void thin_out() {
    const auto begin = found_.begin(), end = begin + count_, kth = begin + k_ - 1;
    std::nth_element(begin, kth, end,
                     [](const Candidate& a, const Candidate& b) { return a.value > b.value; });
    least_ = std::max(least_, least_for(std::max(Scalar(0), square_ - 2 * kth->value)));
    count_ =
        std::remove_if(begin, end, [this](const Candidate& c) { return c.value < least_; }) - begin;
    if (count_ < k_ + (room() - k_) / 2) return;
    // Too many that differ by less than rounding: only their distances tell.
    keep_nearest();
    const Scalar farthest = found_[k_ - 1].value;
    least_ = std::max(least_, least_for(farthest));
    // Those that follow have larger numbers.
    if (farthest == 0) least_ = kInfinity;
    // From here on these compare by values again, none of which is below least_.
    for (Index i = 0; i < k_; ++i) found_[i].value = (square_ - found_[i].value) / 2;
  }

  // Replaces the values by squared distances, and keeps the k least in order.
  void keep_nearest() {
    const auto begin = found_.begin(), end = begin + count_;
    for (auto c = begin; c != end; ++c) {
      c->value = squared_distance(query_, codes_ + c->index * stride_, size_);
    }
    std::sort(begin, end, [](const Candidate& a, const Candidate& b) {
      return a.value < b.value || (a.value == b.value && a.index < b.index);
    });
    count_ = std::min(count_, k_);
  }

  const Scalar *codes_ = nullptr, *query_ = nullptr;
  Index stride_ = 0, size_ = 0, k_ = 0;
  Scalar square_ = 0;             // |a|^2
  Scalar least_ = 0, guess_ = 0;  // values below are of no interest
  std::vector<Candidate> found_;  // count_ of them, and room for a step more
  Index count_ = 0;
};

}  // namespace

Scalar squared_distance(const Scalar* a, const Scalar* b, Index size) {
  Lanes sum = {};
  Index i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    const Lanes difference = load_lanes(a + i) - load_lanes(b + i);
    sum += difference * difference;
  }
  Scalar rest = 0;
  for (; i < size; ++i) rest += (a[i] - b[i]) * (a[i] - b[i]);
  return sum_of_lanes(sum) + rest;
}

NeighborSearch::NeighborSearch(const ConstMatrixView& codes) : codes_(codes) {
  const Index size = codes.rows(), n = codes.cols();
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(size);
  double count = 0;
  for (Index j = 0; j < n; ++j) {
    if (!has_distances(codes.col(j))) continue;
    sum += codes.col(j).cast<double>();
    ++count;
  }
  mean_ = (sum / std::max(1.0, count)).cast<Scalar>();
  packed_.resize(packed_size(n, size));
  bias_.resize(n);
  pack(1, n, packed_, bias_);
  if (n < 4 * kSample) return;
  sample_.resize(packed_size(kSample, size));
  sample_bias_.resize(kSample);
  pack(n / kSample, kSample, sample_, sample_bias_);
}

// Every step-th code, `count` of them.
void NeighborSearch::pack(Index step, Index count, Vector& packed, Vector& bias) const {
  const Index size = codes_.rows();
  Matrix part(size, kCodes);
  for (Index first = 0; first < count; first += kCodes) {
    const Index width = std::min(kCodes, count - first);
    for (Index j = 0; j < width; ++j) {
      const auto code = codes_.col((first + j) * step);
      part.col(j) = code - mean_;
      const bool finite = has_distances(code) && has_distances(part.col(j));
      bias[first + j] = finite ? -part.col(j).squaredNorm() / 2 : -kInfinity;
      if (!finite) part.col(j).setZero();
    }
    pack_rows(columns(std::as_const(part), 0, width), Transpose::kYes, 0, width,
              packed.data() + first * size);
  }
}

Neighbors NeighborSearch::find(const ConstMatrixView& queries, Index k) const {
  Neighbors found;
  found.k = k;
  found.indices.resize(static_cast<std::size_t>(k * queries.cols()));
  found.distances.resize(k, queries.cols());
  for (Index first = 0; first < queries.cols(); first += kQueries) {
    const ConstMatrixView block(queries.data() + first * queries.outerStride(), queries.rows(),
                                std::min(kQueries, queries.cols() - first),
                                Eigen::OuterStride<>(queries.outerStride()));
    find_block(block, -1, k, found.indices.data() + first * k, found.distances.data() + first * k);
  }
  return found;
}

void NeighborSearch::find_for_codes(Index first, Index count, Index k, std::int32_t* indices,
                                    Scalar* distances) const {
  for (Index begin = first; begin < first + count; begin += kQueries) {
    const ConstMatrixView block(codes_.data() + begin * codes_.outerStride(), codes_.rows(),
                                std::min(kQueries, first + count - begin),
                                Eigen::OuterStride<>(codes_.outerStride()));
    find_block(block, begin, k, indices + (begin - first) * k, distances + (begin - first) * k);
  }
}

void NeighborSearch::find_block(const ConstMatrixView& queries, Index own, Index k,
                                std::int32_t* indices, Scalar* distances) const {
  static thread_local std::vector<Candidates> candidates(kQueries);
  const Index size = codes_.rows(), n = codes_.cols(), width = queries.cols();
  assert(queries.rows() == size && width <= kQueries && k >= 1);
  Scalar* const room = scratch((size + kSample) * kQueries);
  MatrixView centred(room, size, width, Eigen::OuterStride<>(size));
  Scalar* const values = room + size * kQueries;
  std::array<Scalar, kQueries> squares, guesses;
  for (Index j = 0; j < width; ++j) {
    centred.col(j) = queries.col(j) - mean_;
    const bool finite = has_distances(queries.col(j)) && has_distances(centred.col(j));
    squares[j] = finite ? centred.col(j).squaredNorm() : kInfinity;
    if (!finite) centred.col(j).setZero();
    guesses[j] = Candidates::kNone;
  }
  const auto multiply = [&](const Vector& packed, const Vector& bias, Index first, Index count) {
    gemm({packed.data() + first * size, count, size}, as_const(centred), Transpose::kNo,
         bias.data() + first, {values, count, width, Eigen::OuterStride<>(count)});
  };
  // So many of the sample are nearer than the k-th, or four standard deviations more.
  const double share = static_cast<double>(k) * kSample / static_cast<double>(n);
  const Index rank = static_cast<Index>(share + 4 * std::sqrt(share)) + 4;
  if (sample_.size() > 0 && rank < kSample) {
    multiply(sample_, sample_bias_, 0, kSample);
    for (Index j = 0; j < width; ++j) {
      Scalar* const sample = values + j * kSample;
      std::nth_element(sample, sample + rank, sample + kSample, std::greater<>());
      guesses[j] = std::max(sample[rank], Candidates::kNone);
    }
  }
  for (bool sure = false; !sure; guesses.fill(Candidates::kNone)) {
    for (Index j = 0; j < width; ++j) {
      candidates[j].begin(codes_, queries.data() + j * queries.outerStride(), squares[j], k,
                          guesses[j]);
    }
    for (Index first = 0; first < n; first += kCodes) {
      const Index count = std::min(kCodes, n - first);
      multiply(packed_, bias_, first, count);
      for (Index j = 0; j < width; ++j) {
        Scalar* const found = values + j * count;
        if (own >= 0 && own + j >= first && own + j < first + count) {
          found[own + j - first] = -kInfinity;
        }
        candidates[j].take(found, first, count);
      }
    }
    sure = true;
    for (Index j = 0; j < width; ++j) {
      sure &= candidates[j].finish(indices + j * k, distances + j * k);
    }
  }
}

NeighborGraph::NeighborGraph(const ConstMatrixView& codes, Index k, ThreadPool& pool)
    : search_(codes), pool_(pool) {
  neighbors_.k = k;
  neighbors_.indices.resize(static_cast<std::size_t>(k * codes.cols()));
  neighbors_.distances.resize(k, codes.cols());
}

bool NeighborGraph::advance() {
  const Index n = search_.size(), k = neighbors_.k;
  const Index products = std::max<Index>(1, search_.code_size() * n / 1024) * kQueries;
  const Index blocks = std::max(kMinBlocks, (kDistanceProducts / 1024) / products);
  const Index count = std::min(n - next_, blocks * kQueries);
  pool_.run(static_cast<int>((count + kQueries - 1) / kQueries), [&](int block, int) {
    const Index begin = block * kQueries, first = next_ + begin;
    search_.find_for_codes(first, std::min(kQueries, count - begin), k,
                           neighbors_.indices.data() + first * k,
                           neighbors_.distances.data() + first * k);
  });
  next_ += count;
  return next_ < n;
}

double NeighborGraph::progress() const {
  return static_cast<double>(next_) / static_cast<double>(std::max<Index>(1, search_.size()));
}

}  // namespace hourglass
