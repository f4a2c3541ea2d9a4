#include "core/analysis/compression.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "core/formats/jpeg.h"
#include "core/formats/png.h"

namespace hourglass {
namespace {

constexpr Index kMaxTrainSamples = 10000;
// A sheet has so many images; so has a piece of work, whatever is measured.
constexpr Index kPieceCodes = 100;
constexpr int kSheetColumns = 10;
constexpr int kFloatBits = 32;

bool is_sheet(const std::string& method) { return method.ends_with("-sheet"); }

}  // namespace

CompressionCurve::CompressionCurve(const CompressionInput& input, ThreadPool& pool)
    : input_(input),
      pool_(pool),
      is_image_((input.data.shape.channels == 1 || input.data.shape.channels == 3) &&
                input.data.shape.rows > 1),
      train_count_(std::min(kMaxTrainSamples, input.data.train.count())) {
  if (train_count_ == 0 || input.data.test.count() == 0) {
    throw Error(
        "Compression is measured on held-out samples, with ranges of training samples, and '" +
        input.data.name + "' lacks one of both.");
  }
  for (int i = 0; i < pool.size(); ++i) {
    single_.push_back(std::make_unique<ThreadPool>(1));
    inferences_.push_back(std::make_unique<Inference>(input.model, *single_.back()));
  }
  const Index size = input.model.code_size(), test = input.data.test.count();
  train_codes_.resize(size, train_count_);
  test_codes_.resize(size, test);
  if (input.pca) {
    train_scores_.resize(input.pca->axes.cols(), train_count_);
    test_scores_.resize(input.pca->axes.cols(), test);
  }
  for (const char* method : {"code", "pca"}) {
    if (method == std::string("pca") && !input.pca) continue;
    for (int bits = 1; bits <= 8; ++bits) steps_.push_back({method, bits});
    steps_.push_back({method, kFloatBits});
  }
  if (is_image_) {
    for (const std::string ending : {"", "-sheet"}) {
      steps_.push_back({"png" + ending, 0});
      for (const int quality : kJpegQualities) steps_.push_back({"jpeg" + ending, quality});
    }
  }
}

std::int64_t CompressionCurve::decoder_bytes() const {
  std::int64_t parameters = 0;
  const Plan& plan = input_.model.plan();
  for (std::size_t i = static_cast<std::size_t>(plan.code_layer) + 1; i < plan.layers.size(); ++i) {
    parameters += plan.layers[i].parameters();
  }
  return 4 * parameters;
}

Matrix CompressionCurve::gather(const Samples& samples, Index first, Index count) const {
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
  Matrix gathered(samples.features(), count);
  samples.gather(indices, columns(gathered, 0, count));
  return gathered;
}

void CompressionCurve::project(const ConstMatrixView& samples, MatrixView codes) const {
  const Matrix centred = samples.colwise() - input_.pca->mean;
  codes.noalias() = input_.pca->axes.transpose() * centred;
}

void CompressionCurve::encode_slice(bool training) {
  const Samples& samples = training ? input_.data.train : input_.data.test;
  Matrix& codes = training ? train_codes_ : test_codes_;
  Matrix& scores = training ? train_scores_ : test_scores_;
  const Index before = training ? 0 : train_count_;
  const Index begin = encoded_ - before,
              end = std::min(codes.cols(), begin + kPieceCodes * pool_.limit());
  const auto pieces = static_cast<int>((end - begin + kPieceCodes - 1) / kPieceCodes);
  pool_.run(pieces, [&](int piece, int worker) {
    const Index first = begin + piece * kPieceCodes, count = std::min(kPieceCodes, end - first);
    const Matrix images = gather(samples, first, count);
    inferences_[static_cast<std::size_t>(worker)]->encode(
        input_.parameters, columns(images, 0, count), columns(codes, first, count));
    if (input_.pca) project(columns(images, 0, count), columns(scores, first, count));
  });
  encoded_ = before + end;
}

void CompressionCurve::begin_step() {
  const Step& step = steps_[step_];
  sums_ = {};
  quantizer_ = quantizer_of(step);
  if (quantizer_) sums_.counts = CellCounts(*quantizer_);
}

// Null where nothing is quantised.
std::unique_ptr<Quantizer> CompressionCurve::quantizer_of(const Step& step) const {
  if (!is_code(step.method) || step.setting == kFloatBits) return nullptr;
  const Matrix& seen = step.method == "code" ? train_codes_ : train_scores_;
  auto quantizer = std::make_unique<Quantizer>(seen.rows(), step.setting);
  quantizer->see(columns(seen, 0, seen.cols()));
  return quantizer;
}

bool CompressionCurve::advance() {
  if (encoded_ < train_count_ + input_.data.test.count()) {
    encode_slice(encoded_ < train_count_);
    return true;
  }
  if (step_ == steps_.size()) return false;
  if (next_ == 0) begin_step();
  const Index end = std::min(input_.data.test.count(), next_ + kPieceCodes * pool_.limit());
  const auto count = static_cast<int>((end - next_ + kPieceCodes - 1) / kPieceCodes);
  pieces_.assign(static_cast<std::size_t>(count), Sums{});
  pool_.run(count, [&](int piece, int worker) {
    const Index first = next_ + piece * kPieceCodes;
    visit(first, std::min(kPieceCodes, end - first), *inferences_[static_cast<std::size_t>(worker)],
          pieces_[static_cast<std::size_t>(piece)]);
  });
  for (const Sums& piece : pieces_) {
    sums_.squared_error += piece.squared_error;
    sums_.bytes += piece.bytes;
    if (quantizer_) sums_.counts.add(piece.counts);
  }
  next_ = end;
  if (next_ == input_.data.test.count()) end_step();
  return step_ < steps_.size();
}

double CompressionCurve::progress() const {
  const auto test = static_cast<double>(input_.data.test.count());
  const double all =
      static_cast<double>(train_count_) + test * static_cast<double>(steps_.size() + 1);
  return (static_cast<double>(encoded_) + test * static_cast<double>(step_) +
          static_cast<double>(next_)) /
         all;
}

void CompressionCurve::visit(Index first, Index count, Inference& inference, Sums& sums) {
  if (is_code(steps_[step_].method)) {
    visit_codes(first, count, inference, sums);
  } else {
    visit_files(first, count, sums);
  }
}

// Through the bytes and back, so that what is measured is what would be read.
void CompressionCurve::visit_codes(Index first, Index count, Inference& inference, Sums& sums) {
  const Step& step = steps_[step_];
  Matrix codes = (step.method == "pca" ? test_scores_ : test_codes_).middleCols(first, count);
  const auto size = static_cast<std::size_t>(codes.rows());
  if (quantizer_) {
    sums.counts = CellCounts(*quantizer_);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(quantizer_->packed_bytes()));
    for (Index j = 0; j < count; ++j) {
      const std::span<Scalar> code(codes.col(j).data(), size);
      sums.counts.add(*quantizer_, code);
      quantizer_->pack(code, bytes);
      quantizer_->unpack(bytes, code);
      sums.bytes += static_cast<double>(bytes.size());
    }
  } else {
    sums.bytes = 4.0 * static_cast<double>(size) * static_cast<double>(count);
  }
  sums.squared_error =
      squared_error(gather(input_.data.test, first, count), decode(step, codes, inference));
}

Matrix CompressionCurve::decode(const Step& step, const Matrix& codes, Inference& inference) const {
  Matrix restored(input_.data.test.features(), codes.cols());
  if (step.method == "pca") {
    restored.noalias() = input_.pca->axes * codes;
    restored.colwise() += input_.pca->mean;
  } else {
    inference.decode(input_.parameters, columns(codes, 0, codes.cols()),
                     columns(restored, 0, restored.cols()));
  }
  return restored;
}

double CompressionCurve::squared_error(Matrix original, Matrix restored) const {
  to_own_units(input_.data.map, columns(original, 0, original.cols()));
  to_own_units(input_.data.map, columns(restored, 0, restored.cols()));
  if (is_image_) restored = restored.cwiseMax(Scalar(0)).cwiseMin(Scalar(1));
  double sum = 0;
  for (Index j = 0; j < original.cols(); ++j) {
    sum += static_cast<double>((original.col(j) - restored.col(j)).squaredNorm());
  }
  return sum;
}

std::vector<float> CompressionCurve::through_file(const Step& step, const ConstMatrixView& images,
                                                  double& bytes) const {
  const GridLayout layout{
      .columns = static_cast<int>(std::min<Index>(images.cols(), kSheetColumns)),
      .spacing = 0,
      .border = false,
      .background = 0};
  const Image image = make_grid(images, input_.data.shape, layout);
  const bool png = step.method.starts_with("png");
  const std::vector<std::uint8_t> file = png ? write_png(image) : write_jpeg(image, step.setting);
  bytes += static_cast<double>(file.size());
  const Image decoded = png ? image : read_jpeg(file, "an image", image.channels);
  return split_grid(decoded, input_.data.shape, "an image");
}

void CompressionCurve::visit_files(Index first, Index count, Sums& sums) const {
  const Step& step = steps_[step_];
  Matrix images = gather(input_.data.test, first, count);
  to_own_units(input_.data.map, columns(images, 0, count));
  const Index each = is_sheet(step.method) ? count : 1;
  for (Index at = 0; at < count; at += each) {
    const std::vector<float> restored =
        through_file(step, columns(std::as_const(images), at, each), sums.bytes);
    const Scalar* original = images.col(at).data();
    for (Index i = 0; i < each * images.rows(); ++i) {
      const double error = static_cast<double>(original[i]) -
                           static_cast<double>(restored[static_cast<std::size_t>(i)]);
      sums.squared_error += error * error;
    }
  }
}

Matrix CompressionCurve::restored(const std::string& method, int setting,
                                  std::span<const std::uint32_t> indices) const {
  const auto step = std::find_if(steps_.begin(), steps_.end(), [&](const Step& each) {
    return each.method == method && each.setting == setting;
  });
  if (step == steps_.end()) {
    throw Error("The curve has no point '" + method + "' of the setting " +
                std::to_string(setting) + ".");
  }
  const Index test = input_.data.test.count();
  const std::unique_ptr<Quantizer> quantizer = quantizer_of(*step);
  Matrix all(input_.data.test.features(), std::ssize(indices));
  for (Index j = 0; j < all.cols(); ++j) {
    const Index index = indices[static_cast<std::size_t>(j)];
    if (index >= test) throw Error("There is no held-out sample " + std::to_string(index) + ".");
    if (is_code(method)) {
      Matrix code = (method == "pca" ? test_scores_ : test_codes_).col(index);
      if (quantizer) {
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(quantizer->packed_bytes()));
        const std::span<Scalar> units(code.data(), static_cast<std::size_t>(code.rows()));
        quantizer->pack(units, bytes);
        quantizer->unpack(bytes, units);
      }
      all.col(j) = decode(*step, code, *inferences_.front());
      continue;
    }
    const Index first = is_sheet(method) ? index / kPieceCodes * kPieceCodes : index;
    const Index count = is_sheet(method) ? std::min(kPieceCodes, test - first) : 1;
    Matrix images = gather(input_.data.test, first, count);
    to_own_units(input_.data.map, columns(images, 0, count));
    double bytes = 0;
    const std::vector<float> restored =
        through_file(*step, columns(std::as_const(images), 0, count), bytes);
    const float* const values = restored.data() + (index - first) * all.rows();
    for (Index i = 0; i < all.rows(); ++i) all(i, j) = static_cast<Scalar>(values[i]);
    to_model_scale(input_.data.map, columns(all, j, 1));
  }
  return all;
}

void CompressionCurve::end_step() {
  const Step& step = steps_[step_];
  const auto images = static_cast<double>(input_.data.test.count());
  const auto features = static_cast<double>(input_.data.test.features());
  RatePoint point{.method = step.method,
                  .setting = step.setting,
                  .bytes = sums_.bytes / images,
                  .mse = sums_.squared_error / images / features};
  if (quantizer_) point.ideal_bytes = sums_.counts.bits_per_code() / 8;
  points_.push_back(std::move(point));
  ++step_;
  next_ = 0;
}

}  // namespace hourglass
