// Latent semantic analysis: documents as codes of few numbers, by the words that come together.
#pragma once

#include <Eigen/Core>
#include <optional>

#include "core/analysis/leading_eigenvectors.h"
#include "core/math/thread_pool.h"
#include "core/math/types.h"
#include "core/text/bag_of_words.h"

namespace hourglass {

// The truncated singular value decomposition of a matrix X of documents x words (Deerwester et al.
// 1990, "Indexing by latent semantic analysis"):  X = U S V'  with the largest singular values,
// and a document x, of X or another, has the code  V' x.  What scikit-learn's TruncatedSVD of
// TfidfTransformer's weights gives, but for signs: here the largest entry of each direction is
// positive. They come from the leading eigenvectors of X'X or, where there are fewer documents than
// words, of XX', which is computed whole: so many squared doubles. The singular values are exact to
// some 1e-8 of the largest one.
//
// A slice at a time; the bits of the result are the same for any number of threads.
class Lsa {
 public:
  static constexpr Index kMaxWords = 5000;  // 200 MB
  static constexpr Index kMaxSize = 512;    // numbers of a code

  // `weights` must outlive this, with `pool`. Throws Error if there are more than kMaxWords words,
  // or fewer than `size` (1 to kMaxSize) words or documents.
  Lsa(const WordWeights& weights, Index size, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more.
  bool advance();
  double share() const;  // of the work, roughly, from 0 to 1; never falls

  // When advance() has returned false: largest first, and words x size, orthonormal columns (of 0
  // where the singular value is).
  const Eigen::VectorXd& singular_values() const { return singular_values_; }
  const Eigen::MatrixXd& directions() const { return directions_; }
  // size x documents, of documents counted by the same vocabulary.
  Matrix codes(const WordWeights& documents) const;

 private:
  const WordWeights& rows() const { return turned_ ? *turned_ : weights_; }
  void add_rows();
  void finish();

  const WordWeights& weights_;
  Index size_;
  ThreadPool& pool_;
  std::optional<WordWeights> turned_;  // words x documents, if there are fewer documents
  Index next_ = 0;                     // of rows()
  Eigen::MatrixXd gram_;               // the product of rows() with themselves
  std::optional<LeadingEigenvectors> eigenvectors_;
  Eigen::VectorXd singular_values_;
  Eigen::MatrixXd directions_;
};

}  // namespace hourglass
