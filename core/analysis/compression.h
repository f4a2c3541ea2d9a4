// Codes as a way to store images, beside what images are stored in.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/quantizer.h"
#include "core/data/dataset.h"
#include "core/nn/inference.h"

namespace hourglass {

// One way to store an image, at one of its settings.
struct RatePoint {
  // "code": the autoencoder's; "pca": as many principal components; "png" and "jpeg": one file an
  // image; "png-sheet" and "jpeg-sheet": one file for 100 images, so that a file's headers, most of
  // it where images are small, are shared.
  std::string method;
  int setting = 0;   // bits a unit (32: floats as they are), or JPEG's quality; 0 for PNG
  double bytes = 0;  // an image, on average: what is really written
  // What an ideal coder would make of it: see CellCounts. NaN for files, which are coded already.
  double ideal_bytes = std::numeric_limits<double>::quiet_NaN();
  // Of what comes back, the mean over pixels and images of the squared error, in the data's own
  // units: [0, 1] for images, held to that as a viewer would.
  double mse = 0;
};

// A code that is a projection: mean + axes * code, axes orthonormal.
struct LinearCode {
  Vector mean;  // features
  Matrix axes;  // features x code size
};

struct CompressionInput {
  // All must outlive the curve. Both splits are in the model's scale.
  const Model& model;
  const Scalar* parameters;
  const Dataset& data;
  const LinearCode* pca = nullptr;  // of the training samples; null: without it
};

// The qualities of JPEG that are tried.
inline constexpr int kJpegQualities[] = {5, 10, 20, 30, 50, 70, 85, 95};

// Measures all of these on the held-out samples, a slice at a time. Ranges of quantised units are
// those of up to 10,000 training samples. Files are measured where samples are images of 1 or 3
// channels. PNG and JPEG are written by stb_image_write: libpng's or mozjpeg's files are some
// percents smaller.
class CompressionCurve {
 public:
  // Throws Error if there are no samples in a split.
  CompressionCurve(const CompressionInput& input, ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads.
  bool advance();
  double progress() const;  // from 0 to 1
  // Complete when advance() has returned false: method by method, sizes rising.
  const std::vector<RatePoint>& points() const { return points_; }
  // Of the decoder's parameters as floats: whoever reads codes needs them once.
  std::int64_t decoder_bytes() const;
  // Held-out samples by their index as they come back from one of points(), in the model's scale:
  // features x indices. An image of a sheet comes out of the sheet that it was measured in. Throws
  // Error for a method or setting that is none of them, and for an index that there is not. When
  // advance() has returned false.
  Matrix restored(const std::string& method, int setting,
                  std::span<const std::uint32_t> indices) const;

 private:
  struct Step {
    std::string method;
    int setting;
  };
  struct Sums {
    double squared_error = 0, bytes = 0;
    CellCounts counts;
  };

  bool is_code(const std::string& method) const { return method == "code" || method == "pca"; }
  void encode_slice(bool training);
  void begin_step();
  std::unique_ptr<Quantizer> quantizer_of(const Step& step) const;
  void visit(Index first, Index count, Inference& inference, Sums& sums);
  void visit_codes(Index first, Index count, Inference& inference, Sums& sums);
  void visit_files(Index first, Index count, Sums& sums) const;
  void end_step();
  Matrix gather(const Samples& samples, Index first, Index count) const;
  Matrix decode(const Step& step, const Matrix& codes, Inference& inference) const;
  // `images`, in their own units, written as one file and read again; adds the file's size to
  // `bytes`.
  std::vector<float> through_file(const Step& step, const ConstMatrixView& images,
                                  double& bytes) const;
  void project(const ConstMatrixView& samples, MatrixView codes) const;
  double squared_error(Matrix original, Matrix restored) const;

  CompressionInput input_;
  ThreadPool& pool_;
  bool is_image_;
  Index train_count_;
  std::vector<std::unique_ptr<ThreadPool>> single_;  // one a worker: its Inference's own
  std::vector<std::unique_ptr<Inference>> inferences_;
  Matrix train_codes_, test_codes_, train_scores_, test_scores_;
  Index encoded_ = 0;  // of the training samples, then of the held-out ones
  std::vector<Step> steps_;
  std::size_t step_ = 0;
  Index next_ = 0;
  std::unique_ptr<Quantizer> quantizer_;
  std::vector<Sums> pieces_;
  Sums sums_;
  std::vector<RatePoint> points_;
};

}  // namespace hourglass
