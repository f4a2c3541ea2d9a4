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
  // Maps the first `points` of `samples` (or as many as there are). Codes of more than 838 numbers
  // get fewer than the 20,000 points that can be asked for: all codes together have at most
  // kMaxNumbers (64 MB, where a page may have 256 for everything), or are 1.
  LatentMap(const Model& model, const Samples& samples, Index points, ThreadPool& pool);

  static constexpr Index kMaxNumbers = 1 << 24;

  Index size() const { return codes_.cols(); }
  // Starts encoding all points anew.
  void begin();
  // Does the next slice, of a few milliseconds, by the current parameters: encodes some samples, or
  // goes on with the plane or with the points in it. Returns whether there is more to do; when
  // there is not, points(), plane() and ranges() are new. Their bits are the same for any number of
  // threads. The point of a code that is not finite is not finite.
  bool advance(const Scalar* parameters);
  bool done() const { return stage_ == Stage::kDone; }

  // The plane's axes: two units of the code (indices beyond the code are held to its last unit), or
  // without a value the plane in which the codes are widest, as at first. Where the codes have been
  // encoded once, the points of two units are new when this returns true; for the widest plane
  // advance() has more to do, and the points and the plane stay as they are until it is done.
  bool set_units(std::optional<std::pair<Index, Index>> units);

  const Matrix& points() const { return points_; }  // 2 x size()
  const CodePlane& plane() const { return plane_; }
  // Lowest, highest and mean value of every code unit over all points where it is finite, 0 where
  // it never is: 3 x code size. Empty before the first are done.
  const Matrix& ranges() const { return ranges_; }
  // The sum of the squares of all codes' distances from their mean. 0 where the axes are two units.
  double spread() const { return spread_; }

 private:
  enum class Stage { kDone, kEncode, kFit, kProject };

  void encode(const Scalar* parameters);
  void note_ranges(Index first, Index count);
  void finish_ranges();
  void begin_plane();
  void project();
  void take_units();

  const Model& model_;
  const Samples& samples_;
  ThreadPool& pool_;
  Inference inference_;
  Stage stage_ = Stage::kDone;
  Index next_ = 0;  // sample
  Matrix images_;   // room for one slice's samples
  std::vector<std::uint32_t> indices_;
  Matrix codes_;               // code size x size()
  Matrix lowest_and_highest_;  // code size x 2, of the samples so far
  Eigen::Matrix<double, Eigen::Dynamic, 2> sums_and_counts_;
  Matrix ranges_;

  CodePlane plane_;
  std::optional<std::pair<Index, Index>> units_;
  PrincipalPlane fit_;
  CentredCodes slice_;
  std::optional<CodePlane> principal_;  // the last one
  Matrix points_, next_points_;
  double spread_ = 0, next_spread_ = 0;
};

}  // namespace hourglass
