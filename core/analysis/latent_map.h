// The codes of many held-out samples as points in a plane, refreshed a little at a time.
#pragma once

#include <memory>
#include <vector>

#include "core/analysis/pca.h"
#include "core/data/dataset.h"
#include "core/nn/inference.h"

namespace hourglass {

class LatentMap {
 public:
  // Maps the first `points` of `samples` (or as many as there are).
  LatentMap(const Model& model, const Samples& samples, Index points, ThreadPool& pool);

  Index size() const { return codes_.cols(); }
  // Starts encoding all points anew.
  void begin() { next_ = 0; }
  // Encodes at most `samples` more; returns whether there are more to do. When the last is done the
  // plane is fitted and points() are new.
  bool advance(const Scalar* parameters, Index samples);
  bool done() const { return next_ >= size(); }

  const Matrix& codes() const { return codes_; }    // code size x size()
  const Matrix& points() const { return points_; }  // 2 x size()
  const CodePlane& plane() const { return plane_; }

 private:
  const Samples& samples_;
  Inference inference_;
  Matrix images_;  // room for one call's samples
  std::vector<std::uint32_t> indices_;
  Matrix codes_;
  Matrix points_;
  CodePlane plane_;
  bool has_plane_ = false;
  Index next_ = 0;
};

}  // namespace hourglass
