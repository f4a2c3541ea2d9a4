// What `hourglass bench` measures, each as something that can be run for a moment, again and again.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/math/gemm/gemm.h"
#include "core/math/thread_pool.h"
#include "core/session/settings/settings.h"
#include "core/train/trainer.h"

namespace hourglass {

// Runs for about `seconds` and returns how much was done per second.
using Measurement = std::function<double(double seconds)>;

// Calls work() until about `seconds` have passed; returns calls per second. The clock is looked at
// only every so often, for work() may take less than a microsecond.
template <typename Work>
double calls_per_second(double seconds, Work work) {
  using Clock = std::chrono::steady_clock;
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

// One of the three products of a dense layer's training step, on a whole batch.
struct ProductShape {
  Index inputs = 0, outputs = 0, batch = 0;
  enum class Pass { kForward, kBackward, kGradient } pass = Pass::kForward;

  const char* pass_name() const;
  double gflop() const;  // of one product
};

// The product as a dense layer asks for it in training: forward y = W' x, with the weights packed
// as the optimizer's step leaves them; backward dx = W dy; gradient dW = x dy'.
class Product {
 public:
  explicit Product(const ProductShape& shape);

  const ProductShape& shape() const { return shape_; }
  void run();
  double measure(double seconds);  // GFLOP/s
  // The largest difference from plain loops in double precision, relative to the length of the
  // sums.
  double error_against_plain_loops();

 private:
  ProductShape shape_;
  Matrix a_, b_, c_;
  Vector packed_;  // op(a), in the forward pass
  Transpose transpose_a_ = Transpose::kNo, transpose_b_ = Transpose::kNo;
};

// What is trained: a preset, by its settings, or a dense network of one's own.
struct TrainingPlan {
  std::string name;  // "deep", "784-32-784"
  session::Settings settings;
};

// The preset as it is, but `deep` with Adam (learning rate 0.001, batch 256), which is the
// network that peers are compared on. Throws Error that lists the names there are.
TrainingPlan preset_plan(const std::string& name);

// "784,32,784": a dense network of these widths, input first, relu and a sigmoid at the end, with
// binary cross-entropy, Adam and mini-batches of 256. The narrowest layer is the code. Throws
// Error unless the widths are at least three whole numbers of which first and last are the pixels
// of Strokes.
TrainingPlan layers_plan(const std::string& widths);

// Training by a plan, in memory.
class Training {
 public:
  // Throws Error if the plan's model does not fit the data.
  Training(const TrainingPlan& plan, int threads, DatasetPointer data);

  int threads() const { return pool_.size(); }
  double measure(double seconds);  // images/s
  // Floating-point operations that a training step spends on one image.
  double flop_per_image() const;
  const Trainer& trainer() const { return trainer_; }
  void steps(int count);

 private:
  ThreadPool pool_;
  Trainer trainer_;
};

// Strokes, drawn here: whole mini-batches only, so that steps can be counted as images.
DatasetPointer bench_data(Index batch);

}  // namespace hourglass
