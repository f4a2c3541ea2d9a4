#include "core/analysis/tsne.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/write_number.h"
#include "core/math/lanes.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

constexpr Index kMinCodes = 4;
constexpr int kEarlyIterations = 250;
constexpr double kStartDeviation = 1e-4;
// An axis along which the start is narrower than that share of the first is none.
constexpr double kMinDeviation = 1e-6;
constexpr double kMinRate = 50, kMaxNumber = 1e6;
constexpr Scalar kMoreGain = Scalar(0.2), kLessGain = Scalar(0.8), kMinGain = Scalar(0.01);
constexpr Index kChunk = 256;  // points of a task

template <typename Task>
void in_chunks(Index n, ThreadPool& pool, const Task& task) {
  pool.run(static_cast<int>((n + kChunk - 1) / kChunk),
           [&](int chunk, int) { task(chunk, chunk * kChunk, std::min(n, (chunk + 1) * kChunk)); });
}

// Of `points`, those that vectors of entries name.
struct Gathered {
  Lanes x, y;

  Gathered(const Scalar* points, const std::uint32_t* columns)
      : x(make_lanes([=](int l) { return points[2 * columns[l]]; })),
        y(make_lanes([=](int l) { return points[2 * columns[l] + 1]; })) {}
};

}  // namespace

void check_tsne(const TsneOptions& options, Index n) {
  if (n < kMinCodes) {
    throw Error("t-SNE needs at least " + std::to_string(kMinCodes) + " finite codes, not " +
                std::to_string(n) + ".");
  }
  const double most = static_cast<double>(n - 1) / 3;
  // Written so that what is no number fails.
  if (!(options.perplexity >= 1 && options.perplexity <= most)) {
    throw Error("With " + std::to_string(n) + " codes, t-SNE's perplexity must be from 1 to " +
                shortest_text(std::floor(most * 10) / 10) + ", a third of the other codes, not " +
                shortest_text(options.perplexity) + ".");
  }
  if (!(options.learning_rate >= 0 && options.learning_rate <= kMaxNumber)) {
    throw Error("t-SNE's learning rate must be from 0, which chooses one, to 1000000, not " +
                shortest_text(options.learning_rate) + ".");
  }
  for (const double factor : {options.early_exaggeration, options.exaggeration}) {
    if (factor >= 1 && factor <= 1000) continue;
    throw Error("t-SNE's exaggeration must be from 1 to 1000, not " + shortest_text(factor) + ".");
  }
  if (options.iterations < 1) {
    throw Error("t-SNE's iterations must be at least 1, not " + std::to_string(options.iterations) +
                ".");
  }
}

Tsne::Tsne(const ConstMatrixView& codes, const TsneOptions& options, ThreadPool& pool)
    : options_(options), pool_(pool) {
  for (Index j = 0; j < codes.cols(); ++j) {
    if (has_distances(codes.col(j))) finite_.push_back(j);
  }
  const auto n = static_cast<Index>(finite_.size());
  check_tsne(options_, n);
  if (options_.learning_rate == 0) {
    options_.learning_rate =
        std::max(static_cast<double>(n) / options_.early_exaggeration / 4, kMinRate);
  }
  codes_.resize(codes.rows(), n);
  for (Index j = 0; j < n; ++j) codes_.col(j) = codes.col(finite_[j]);
  points_ = Matrix::Zero(2, n);
  next_points_.resize(2, n);
  if (n == codes.cols()) {
    finite_.clear();
  } else {
    shown_.setConstant(2, codes.cols(), std::numeric_limits<Scalar>::quiet_NaN());
    show();
  }
  plane_.emplace();
  const Vector mean =
      (codes_.cast<double>().rowwise().sum() / static_cast<double>(n)).cast<Scalar>();
  plane_->begin(columns(std::as_const(codes_), 0, n), mean, nullptr);
}

bool Tsne::advance() {
  const Index n = size();
  switch (phase_) {
    case TsnePhase::kStart:
      if (plane_->advance(pool_)) break;
      place_points();
      plane_.reset();
      graph_.emplace(columns(std::as_const(codes_), 0, n),
                     std::min(n - 1, static_cast<Index>(3 * options_.perplexity + 1)), pool_);
      phase_ = TsnePhase::kNeighbors;
      break;
    case TsnePhase::kNeighbors:
      if (graph_->advance()) break;
      affinities_.emplace(graph_->take(), options_.perplexity, pool_);
      graph_.reset();
      codes_.resize(0, 0);
      phase_ = TsnePhase::kAffinities;
      break;
    case TsnePhase::kAffinities:
      if (affinities_->advance()) break;
      joint_ = affinities_->take();
      affinities_.reset();
      phase_ = TsnePhase::kEarlyExaggeration;
      break;
    case TsnePhase::kEarlyExaggeration:
    case TsnePhase::kLayout:
      iterate();
      if (iteration_ >= kEarlyIterations) phase_ = TsnePhase::kLayout;
      if (iteration_ == options_.iterations) phase_ = TsnePhase::kDone;
      break;
    case TsnePhase::kDone:
      break;
  }
  return phase_ != TsnePhase::kDone;
}

double Tsne::progress() const {
  const int early = std::min(kEarlyIterations, options_.iterations);
  switch (phase_) {
    case TsnePhase::kStart:
      return 0;
    case TsnePhase::kNeighbors:
      return graph_->progress();
    case TsnePhase::kAffinities:
      return affinities_->progress();
    case TsnePhase::kEarlyExaggeration:
      return static_cast<double>(iteration_) / early;
    case TsnePhase::kLayout:
      return static_cast<double>(iteration_ - early) / (options_.iterations - early);
    case TsnePhase::kDone:
      break;
  }
  return 1;
}

// Along an axis that the codes do not have, such as the second of codes of one unit, points would
// never leave it: there they begin at random.
void Tsne::place_points() {
  const Index n = size();
  plane_->plane().project(columns(std::as_const(codes_), 0, n), columns(points_, 0, n));
  const auto deviation = [&](Index axis) {
    const Eigen::RowVectorXd u = points_.row(axis).cast<double>();
    return std::sqrt((u.array() - u.mean()).square().mean());
  };
  const double widest = deviation(0);
  for (Index axis = 0; axis < 2; ++axis) {
    if (!options_.random_start && widest > 0 && deviation(axis) > kMinDeviation * widest) {
      const double mean = points_.row(axis).cast<double>().mean();
      for (Index i = 0; i < n; ++i) {
        points_(axis, i) = static_cast<Scalar>((static_cast<double>(points_(axis, i)) - mean) *
                                               (kStartDeviation / widest));
      }
    } else {
      Random random(options_.seed, RandomStream::kTsne, static_cast<std::uint32_t>(axis), 0);
      for (Index i = 0; i < n; ++i) {
        points_(axis, i) = static_cast<Scalar>(kStartDeviation) * Scalar(random.normal());
      }
    }
  }
  show();
}

void Tsne::iterate() {
  const bool early = iteration_ < kEarlyIterations;
  if (iteration_ == 0 || iteration_ == kEarlyIterations) {
    updates_.setZero(2, size());
    gains_.setOnes(2, size());
  }
  repulsion_.compute(points_, pool_);
  // Equation 5, of which the repulsion is divided by Z.
  const double z = repulsion_.normalisation();
  const double exaggeration = early ? options_.early_exaggeration : options_.exaggeration;
  const double rate = options_.learning_rate;
  in_chunks(size(), pool_, [&](Index, Index begin, Index end) {
    move(begin, end, Scalar(early ? 0.5 : 0.8), static_cast<Scalar>(4 * exaggeration * rate),
         static_cast<Scalar>(4 * rate / z));
  });
  points_.swap(next_points_);
  ++iteration_;
  show();
}

// Points [begin, end) by one step of gradient descent with momentum and gains (Jacobs 1988); the
// factors of the two parts of the gradient contain the learning rate.
void Tsne::move(Index begin, Index end, Scalar momentum, Scalar attraction, Scalar repulsion) {
  const Scalar* const points = points_.data();
  for (Index i = begin; i < end; ++i) {
    const Scalar x = points[2 * i], y = points[2 * i + 1];
    Lanes sum_x = {}, sum_y = {};
    for (std::uint32_t e = joint_.first[i]; e < joint_.first[i + 1]; e += kLanes) {
      const Gathered other(points, joint_.columns.data() + e);
      const Lanes dx = x - other.x, dy = y - other.y;
      const Lanes weight = load_lanes(joint_.values.data() + e) / (1 + (dx * dx + dy * dy));
      sum_x += weight * dx;
      sum_y += weight * dy;
    }
    const Scalar sums[2] = {sum_of_lanes(sum_x), sum_of_lanes(sum_y)};
    for (Index axis = 0; axis < 2; ++axis) {
      const Scalar step = attraction * sums[axis] - repulsion * repulsion_.forces()(axis, i);
      Scalar& update = updates_(axis, i);
      Scalar& gain = gains_(axis, i);
      gain = std::max(kMinGain, update * step < 0 ? gain + kMoreGain : gain * kLessGain);
      update = momentum * update - gain * step;
      next_points_(axis, i) = points[2 * i + axis] + update;
    }
  }
}

double Tsne::kl_divergence() {
  repulsion_.compute(points_, pool_);
  std::vector<double> parts(static_cast<std::size_t>((size() + kChunk - 1) / kChunk));
  in_chunks(size(), pool_, [&](Index chunk, Index begin, Index end) {
    double sum = 0;
    for (Index i = begin; i < end; ++i) {
      for (std::uint32_t e = joint_.first[i]; e < joint_.first[i + 1]; ++e) {
        const auto p = static_cast<double>(joint_.values[e]);
        if (!(p > 0)) continue;
        const Scalar square = (points_.col(i) - points_.col(joint_.columns[e])).squaredNorm();
        sum += p * std::log(p * (1 + static_cast<double>(square)));
      }
    }
    parts[chunk] = sum;
  });
  double sum = std::log(repulsion_.normalisation());
  for (const double part : parts) sum += part;
  return std::max(0.0, sum);
}

const Matrix& Tsne::points() const { return finite_.empty() ? points_ : shown_; }

void Tsne::show() {
  for (std::size_t i = 0; i < finite_.size(); ++i) {
    shown_.col(finite_[i]) = points_.col(static_cast<Index>(i));
  }
}

}  // namespace hourglass
