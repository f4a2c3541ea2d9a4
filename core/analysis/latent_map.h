// The codes of many held-out samples as points in a plane, refreshed a little at a time.
#pragma once

#include <memory>
#include <optional>
#include <utility>
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

  // The plane's axes: two units of the code (indices beyond the code are held to its last unit), or
  // without a value the plane in which the codes are widest, as at first. Where the codes have been
  // encoded once, points() are new when this returns true.
  bool set_units(std::optional<std::pair<Index, Index>> units);

  const Matrix& codes() const { return codes_; }    // code size x size()
  const Matrix& points() const { return points_; }  // 2 x size()
  const CodePlane& plane() const { return plane_; }
  // Lowest, highest and mean value of every code unit over all points, when the last was done: 3 x
  // code size. Empty before.
  const Matrix& ranges() const { return ranges_; }

 private:
  void fit_plane();

  const Samples& samples_;
  Inference inference_;
  Matrix images_;  // room for one call's samples
  std::vector<std::uint32_t> indices_;
  Matrix codes_;
  Matrix points_;
  Matrix ranges_;
  CodePlane plane_;
  std::optional<std::pair<Index, Index>> units_;
  bool has_plane_ = false;
  Index next_ = 0;
};

}  // namespace hourglass
