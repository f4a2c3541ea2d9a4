// Either side of a comparison: a trained network or the components of the data, by the same calls.
#pragma once

#include <memory>
#include <string>

#include "core/data/dataset.h"
#include "core/math/thread_pool.h"
#include "core/nn/model.h"

namespace hourglass::session {

class CompareSubject {
 public:
  virtual ~CompareSubject() = default;

  // The next slice of what is to be found before it can be asked; returns whether there is more.
  // The bits of all that follows are the same for any number of threads. Throws Error where it
  // cannot go on.
  virtual bool advance() = 0;
  virtual double share() const = 0;  // of that, from 0 to 1
  virtual const char* stage() const = 0;
  virtual const char* words() const = 0;  // the same in English

  // What follows is there when advance() has returned false.
  virtual const char* source() const = 0;    // of the codes of samples
  virtual Index code_size() const = 0;       // or how many components
  virtual double test_mse() const = 0;       // of all held-out samples
  virtual const Matrix& points() const = 0;  // 2 x n: the map of held-out samples
  // `out` becomes what is made again of `images` (features x n, as gather() gives them).
  virtual void reconstruct(const ConstMatrixView& images, MatrixView out) = 0;
  // Fills `images` with those of draws 0, 1, ... of `seed`.
  virtual void sample(std::uint64_t seed, MatrixView images) = 0;
};

// `parameters` are copied; `data` and `pool` must outlive it.
std::unique_ptr<CompareSubject> network_subject(std::shared_ptr<const Model> model,
                                                ParameterBuffer parameters, const Dataset& data,
                                                Index points, ThreadPool& pool);
// Throws Error as ExactPca does.
std::unique_ptr<CompareSubject> pca_subject(const Dataset& data, Index components, Index points,
                                            ThreadPool& pool);

}  // namespace hourglass::session
