#include "native/cli_measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>

#include "core/data/strokes.h"
#include "core/session/build.h"
#include "core/session/presets.h"

namespace hourglass {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Index kBenchImages = 10240;  // 40 whole mini-batches

// Calls work() until about `seconds` have passed; returns calls per second. The clock is looked at
// only every so often, for work() may take less than a microsecond.
template <typename Work>
double calls_per_second(double seconds, Work work) {
  const auto began = Clock::now();
  double passed = 0;
  double calls = 0;
  long together = 1;
  while (passed < seconds) {
    for (long i = 0; i < together; ++i) work();
    calls += static_cast<double>(together);
    passed = std::chrono::duration<double>(Clock::now() - began).count();
    const double target = std::min(seconds / 20, seconds - passed);
    together = std::max(1L, static_cast<long>(calls / passed * target));
  }
  return calls / passed;
}

Matrix random_matrix(Index rows, Index columns, std::uint32_t which) {
  Matrix matrix(rows, columns);
  Random random(1, RandomStream::kViewNoise, 0, which);
  for (Scalar& value : matrix.reshaped()) value = Scalar(random.uniform() - 0.5f);
  return matrix;
}

session::Settings deep_with_adam() {
  session::Settings settings;
  session::apply_preset(session::find_preset("deep"), settings);
  settings.set("train.optimizer", std::string("adam"));
  settings.set("train.learning_rate", 0.001);
  settings.set("train.batch_size", std::int64_t{256});
  return settings;
}

}  // namespace

double measure_fma_peak(double seconds) {
  using Packet = Eigen::internal::packet_traits<Scalar>::type;
  constexpr int kLanes = Eigen::internal::packet_traits<Scalar>::size;
  // An FMA takes 4 cycles and two can begin in each: 8 chains keep the units busy, 12 leave room
  // and still fit into 16 registers.
  constexpr int kChains = 12, kRounds = 1000;
  Packet sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = Eigen::internal::pset1<Packet>(Scalar(i + 1));
  const Packet factor = Eigen::internal::pset1<Packet>(Scalar(0.999));
  const Packet addend = Eigen::internal::pset1<Packet>(Scalar(0.001));
  const double calls = calls_per_second(seconds, [&] {
    for (int round = 0; round < kRounds; ++round) {
      for (int i = 0; i < kChains; ++i) sums[i] = Eigen::internal::pmadd(sums[i], factor, addend);
    }
  });
  Scalar total = 0;
  for (const Packet& sum : sums) total += Eigen::internal::predux(sum);
  volatile Scalar kept = total;  // or the loop would be left out
  static_cast<void>(kept);
  return calls * kRounds * kChains * kLanes * 2 / 1e9;
}

const char* ProductShape::pass_name() const {
  switch (pass) {
    case Pass::kForward:
      return "forward";
    case Pass::kBackward:
      return "backward";
    case Pass::kGradient:
      return "gradient";
  }
  return "";
}

double ProductShape::gflop() const {
  return 2e-9 * static_cast<double>(inputs) * static_cast<double>(outputs) *
         static_cast<double>(batch);
}

Product::Product(const ProductShape& shape) : shape_(shape) {
  const Matrix weights = random_matrix(shape.inputs, shape.outputs, 1);
  const Matrix x = random_matrix(shape.inputs, shape.batch, 2);
  const Matrix delta = random_matrix(shape.outputs, shape.batch, 3);
  switch (shape.pass) {
    case ProductShape::Pass::kForward:
      a_ = weights, b_ = x, transpose_a_ = Transpose::kYes;
      c_.setZero(shape.outputs, shape.batch);
      break;
    case ProductShape::Pass::kBackward:
      a_ = weights, b_ = delta;
      c_.setZero(shape.inputs, shape.batch);
      break;
    case ProductShape::Pass::kGradient:
      a_ = x, b_ = delta, transpose_b_ = Transpose::kYes;
      c_.setZero(shape.inputs, shape.outputs);
      break;
  }
}

void Product::run() {
  add_product(columns(std::as_const(a_), 0, a_.cols()), transpose_a_,
              columns(std::as_const(b_), 0, b_.cols()), transpose_b_, columns(c_, 0, c_.cols()));
}

double Product::measure(double seconds) {
  c_.setZero();
  return calls_per_second(seconds, [this] { run(); }) * shape_.gflop();
}

double Product::error_against_plain_loops() {
  c_.setZero();
  run();
  const bool ta = transpose_a_ == Transpose::kYes, tb = transpose_b_ == Transpose::kYes;
  const Index depth = ta ? a_.rows() : a_.cols();
  double largest = 0;
  for (Index j = 0; j < c_.cols(); ++j) {
    for (Index i = 0; i < c_.rows(); ++i) {
      double sum = 0;
      for (Index k = 0; k < depth; ++k) {
        sum += static_cast<double>(ta ? a_(k, i) : a_(i, k)) * (tb ? b_(j, k) : b_(k, j));
      }
      // Written so that a NaN counts as wrong.
      const double error = std::abs(sum - static_cast<double>(c_(i, j)));
      if (!(error <= largest)) largest = error;
    }
  }
  return largest / std::sqrt(static_cast<double>(depth));
}

Training::Training(int threads, DatasetPointer data)
    : pool_(threads),
      trainer_(std::make_shared<const Model>(session::model_spec(deep_with_adam()), data->shape),
               session::train_spec(deep_with_adam()), data, pool_) {}

void Training::steps(int count) {
  for (int i = 0; i < count; ++i) trainer_.step();
}

double Training::measure(double seconds) {
  const auto batch = static_cast<double>(trainer_.spec().batch_size);
  return calls_per_second(seconds, [this] { trainer_.step(); }) * batch;
}

double Training::flop_per_image() const {
  const Model& model = trainer_.model();
  // Forward, by the inputs, by the weights; nobody needs the gradient by the network's input.
  const auto all = static_cast<double>(model.multiply_adds());
  const auto first = static_cast<double>(model.layer(0).multiply_adds());
  return 2 * (3 * all - first);
}

DatasetPointer bench_data() {
  return std::make_shared<const Dataset>(make_strokes(kStrokesSeed, kBenchImages, 1));
}

}  // namespace hourglass
