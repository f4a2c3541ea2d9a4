// What `hourglass bench` measures, each as something that can be run for a moment, again and again.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/math/gemm.h"
#include "core/math/thread_pool.h"
#include "core/train/trainer.h"

namespace hourglass {

// Runs for about `seconds` and returns how much was done per second.
using Measurement = std::function<double(double seconds)>;

// Multiplications and additions that one core does per second when nothing else holds it up, in
// GFLOP/s: independent chains of fused multiply-adds in registers, of the width that Eigen uses.
double measure_fma_peak(double seconds);

// One of the three products of a dense layer's training step, on a whole batch.
struct ProductShape {
  Index inputs = 0, outputs = 0, batch = 0;
  enum class Pass { kForward, kBackward, kGradient } pass = Pass::kForward;

  const char* pass_name() const;
  double gflop() const;  // of one product
};

// The product as the layers ask for it: forward y += W' x, backward dx += W dy, gradient dW += x
// dy'.
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
  Transpose transpose_a_ = Transpose::kNo, transpose_b_ = Transpose::kNo;
};

// Training the preset `deep` with Adam on Strokes.
class Training {
 public:
  Training(int threads, DatasetPointer data);

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

// The data that Training is measured on: in memory, drawn here.
DatasetPointer bench_data();

}  // namespace hourglass
