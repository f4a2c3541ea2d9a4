#include "core/session/engine/jobs/compare_subject.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "core/analysis/gaussian_mixture.h"
#include "core/analysis/latent_map.h"
#include "core/analysis/pca_exact.h"
#include "core/analysis/reconstruction_errors.h"
#include "core/analysis/sample_codes.h"
#include "core/math/random.h"
#include "core/nn/inference.h"

namespace hourglass::session {
namespace {

// Enough for the Gaussian of a code; while training goes on, it is fitted again and again.
constexpr Index kMaxFittedCodes = 4000;

Random draw_of(std::uint64_t seed, Index number) {
  return {seed, RandomStream::kPrior, 0, static_cast<std::uint32_t>(number)};
}

class NetworkSubject final : public CompareSubject {
 public:
  NetworkSubject(std::shared_ptr<const Model> model, ParameterBuffer parameters,
                 const Dataset& data, Index points, ThreadPool& pool)
      : model_(std::move(model)),
        parameters_(std::move(parameters)),
        data_(data),
        pool_(pool),
        inference_(*model_, pool),
        map_(*model_, data.test, points, pool),
        errors_(*model_, data.test, pool) {
    map_.begin();
  }

  bool advance() override {
    switch (stage_) {
      case Stage::kMap:
        if (map_.advance(parameters_.data())) return true;
        stage_ = Stage::kErrors;
        return true;
      case Stage::kErrors:
        if (errors_.advance(parameters_.data())) return true;
        if (model_->has_gaussian_code()) break;
        begin_codes();
        return true;
      case Stage::kCodes:
        if (codes_->advance()) return true;
        begin_fit();
        return true;
      case Stage::kFit:
        if (fit_->advance()) return true;
        mixture_ = fit_->mixture();
        fit_.reset();
        codes_.reset();
        break;
      case Stage::kReady:
        break;
    }
    stage_ = Stage::kReady;
    return false;
  }
  double share() const override {
    switch (stage_) {
      case Stage::kMap:
        return 0;
      case Stage::kErrors:
        return 0.3 + 0.3 * errors_.progress();
      case Stage::kCodes:
        return 0.6 + 0.2 * codes_->share();
      case Stage::kFit:
        return 0.8 + 0.2 * fit_->progress();
      case Stage::kReady:
        break;
    }
    return 1;
  }
  const char* stage() const override { return kNames[static_cast<std::size_t>(stage_)].first; }
  const char* words() const override { return kNames[static_cast<std::size_t>(stage_)].second; }

  const char* source() const override { return model_->has_gaussian_code() ? "prior" : "gaussian"; }
  Index code_size() const override { return model_->code_size(); }
  double test_mse() const override {
    const std::vector<double>& all = errors_.errors();
    return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  }
  const Matrix& points() const override { return map_.points(); }

  void reconstruct(const ConstMatrixView& images, MatrixView out) override {
    inference_.reconstruct(parameters_.data(), images, out);
  }
  void sample(std::uint64_t seed, MatrixView images) override {
    Matrix codes(model_->code_size(), images.cols());
    if (model_->has_gaussian_code()) {
      for (Index j = 0; j < codes.cols(); ++j) {
        draw_of(seed, j).fill_normal({codes.col(j).data(), static_cast<std::size_t>(codes.rows())});
      }
    } else {
      mixture_.sample(seed, 0, columns(codes, 0, codes.cols()));
    }
    inference_.decode(parameters_.data(), columns(std::as_const(codes), 0, codes.cols()), images);
  }

 private:
  enum class Stage { kMap, kErrors, kCodes, kFit, kReady };
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"map", "Placing held-out samples on the map"},
      {"errors", "Measuring held-out samples"},
      {"codes", "Encoding training samples"},
      {"fit", "Fitting a Gaussian to their codes"},
      {"ready", "Ready"},
  };

  void begin_codes() {
    const Index most = std::max<Index>(2, SampleCodes::kMaxNumbers / model_->code_size());
    codes_.emplace(model_, parameters_.data(), data_.train,
                   std::min({kMaxFittedCodes, data_.train.count(), most}), pool_);
    stage_ = Stage::kCodes;
  }
  void begin_fit() {
    const Matrix& codes = codes_->codes();
    MixtureOptions options;
    if (codes.rows() > kMaxFullCovarianceUnits) options.kind = CovarianceKind::kDiagonal;
    fit_.emplace(columns(codes, 0, codes.cols()), options, pool_);
    stage_ = Stage::kFit;
  }

  std::shared_ptr<const Model> model_;
  ParameterBuffer parameters_;
  const Dataset& data_;
  ThreadPool& pool_;
  Inference inference_;
  LatentMap map_;
  ReconstructionErrors errors_;
  std::optional<SampleCodes> codes_;  // of training samples
  std::optional<GaussianMixtureFit> fit_;
  GaussianMixture mixture_;  // of one
  Stage stage_ = Stage::kMap;
};

class PcaSubject final : public CompareSubject {
 public:
  PcaSubject(const Dataset& data, Index components, Index points, ThreadPool& pool)
      : data_(data), pca_(data, components, pool) {
    points_.setZero(2, std::min(points, data.test.count()));
  }

  bool advance() override {
    if (pca_.advance()) return true;
    return project();
  }
  double share() const override {
    const double placed = static_cast<double>(next_) / static_cast<double>(points_.cols());
    return 0.9 * pca_.share() + 0.1 * placed;
  }
  const char* stage() const override {
    return kNames[static_cast<std::size_t>(pca_.stage())].first;
  }
  const char* words() const override {
    return kNames[static_cast<std::size_t>(pca_.stage())].second;
  }

  const char* source() const override { return "pca"; }
  Index code_size() const override { return pca_.components().cols(); }
  double test_mse() const override { return pca_.test_mse().back(); }
  const Matrix& points() const override { return points_; }

  void reconstruct(const ConstMatrixView& images, MatrixView out) override {
    pca_.reconstruct(images, out);
  }
  void sample(std::uint64_t seed, MatrixView images) override {
    const Matrix& components = pca_.components();
    Vector code(components.cols());
    for (Index j = 0; j < images.cols(); ++j) {
      draw_of(seed, j).fill_normal({code.data(), static_cast<std::size_t>(code.size())});
      for (Index i = 0; i < code.size(); ++i) {
        const double variance = pca_.variances()[static_cast<std::size_t>(i)];
        code[i] *= static_cast<Scalar>(std::sqrt(std::max(0.0, variance)));
      }
      images.col(j) = pca_.mean();
      images.col(j).noalias() += components * code;
    }
  }

 private:
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"covariance", "Adding up the covariance of the features"},
      {"components", "Finding the directions of largest variance"},
      {"errors", "Measuring held-out samples"},
      {"map", "Placing held-out samples on the map"},
  };
  static constexpr Index kSliceSamples = 500;

  // The next samples on the map; returns whether there are more.
  bool project() {
    const Index count = std::min(kSliceSamples, points_.cols() - next_);
    if (count <= 0) return false;
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(next_));
    Matrix images(data_.test.features(), count);
    data_.test.gather(indices, columns(images, 0, count));
    images.colwise() -= pca_.mean();
    const Index axes = std::min<Index>(2, pca_.components().cols());
    points_.block(0, next_, axes, count).noalias() =
        pca_.components().leftCols(axes).transpose() * images;
    next_ += count;
    return next_ < points_.cols();
  }

  const Dataset& data_;
  ExactPca pca_;
  Matrix points_;
  Index next_ = 0;  // held-out sample that is not on the map yet
};

}  // namespace

std::unique_ptr<CompareSubject> network_subject(std::shared_ptr<const Model> model,
                                                ParameterBuffer parameters, const Dataset& data,
                                                Index points, ThreadPool& pool) {
  return std::make_unique<NetworkSubject>(std::move(model), std::move(parameters), data, points,
                                          pool);
}

std::unique_ptr<CompareSubject> pca_subject(const Dataset& data, Index components, Index points,
                                            ThreadPool& pool) {
  return std::make_unique<PcaSubject>(data, components, points, pool);
}

}  // namespace hourglass::session
