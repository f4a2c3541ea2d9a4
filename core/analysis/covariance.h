// Mean and covariance of a data set's features, a slice at a time.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/data/dataset.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"

namespace hourglass {

// Products are made of Scalars, a few hundred samples at a time and less about their mean, so that
// no digits are lost by what all samples share; their sums are doubles. The bits of the result are
// the same for any number of threads.
class Covariance {
 public:
  // Of all `samples`, at least one, as gather() gives them. Both must outlive this.
  Covariance(const Samples& samples, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more.
  bool advance();
  double share() const;  // of the work that is done, from 0 to 1

  // When advance() has returned false. The covariance (features x features, symmetric) is divided
  // by the number of samples less one, as in scikit-learn; of one sample it is 0.
  const Eigen::VectorXd& mean() const { return mean_; }
  const Eigen::MatrixXd& matrix() const { return matrix_; }
  // Gives the matrix away.
  Eigen::MatrixXd take_matrix() { return std::move(matrix_); }

 private:
  struct Block {
    Index row, column;  // of its first entry
  };

  Index size_of(Index first) const { return std::min(block_size_, features_ - first); }
  void begin_slab();
  void add_block(const Block& block, int worker);
  void finish_block(const Block& block);

  const Samples& samples_;
  ThreadPool& pool_;
  Index features_;
  Index block_size_;
  std::vector<Block> blocks_;  // on and below the diagonal
  Eigen::VectorXd mean_;
  Eigen::MatrixXd matrix_;
  Vector shift_;                  // about the mean: that of the first slab
  Eigen::VectorXd sums_;          // of the samples less the shift
  Matrix slab_;                   // features x samples: less the shift
  Index slab_first_ = 0;          // sample
  Index slab_count_ = 0;          // 0: it has to be read
  std::size_t next_ = 0;          // block of the slab, or of the end
  bool finishing_ = false;        // all samples are in the sums
  std::vector<Matrix> products_;  // for each worker: of one block
};

}  // namespace hourglass
