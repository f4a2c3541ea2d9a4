#include "core/analysis/linear_probe.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string>
#include <utility>

#include "core/data/labels.h"

namespace hourglass {
namespace {

std::vector<std::uint32_t> indices_up_to(Index count) {
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

ConstMatrixView whole_view(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

}  // namespace

LinearProbe::LinearProbe(std::shared_ptr<const Model> model, const Scalar* parameters,
                         DatasetPointer data, std::vector<std::uint32_t> samples,
                         const LogisticRegressionOptions& options, ThreadPool& pool)
    : model_(std::move(model)),
      parameters_(Eigen::Map<const Vector>(parameters, model_->layout().buffer_size())),
      data_(std::move(data)),
      samples_(std::move(samples)),
      options_(options),
      pool_(pool) {
  assert(!samples_.empty());
  const Index room = std::max<Index>(2, SampleCodes::kMaxNumbers / model_->code_size());
  if (std::ssize(samples_) > room) samples_.resize(static_cast<std::size_t>(room));
  encoded_ = samples_;
  if (has_factors()) {
    encoded_ = indices_up_to(std::min(room, data_->train.count()));
    std::erase_if(samples_, [&](std::uint32_t sample) { return sample >= encoded_.size(); });
  }
  train_codes_.emplace(model_, parameters_.data(), data_->train, encoded_, pool_);
}

bool LinearProbe::has_factors() const {
  return !data_->factors.empty() && !data_->train.factors.empty() && !data_->test.factors.empty() &&
         data_->train.count() > 1;
}

Matrix LinearProbe::labelled_codes() const {
  const Matrix& codes = train_codes_->codes();
  if (!has_factors()) return codes;
  Matrix picked(codes.rows(), std::ssize(samples_));
  for (Index j = 0; j < picked.cols(); ++j) {
    picked.col(j) = codes.col(static_cast<Index>(samples_[static_cast<std::size_t>(j)]));
  }
  return picked;
}

bool LinearProbe::advance() {
  if (stage_ == Stage::kDone) return false;
  if (advance_stage()) return true;
  end_stage();
  return stage_ != Stage::kDone;
}

bool LinearProbe::advance_stage() {
  switch (stage_) {
    case Stage::kEncode:
      return train_codes_->advance();
    case Stage::kFit:
      return regression_->advance();
    case Stage::kTest:
      return test_codes_->advance();
    case Stage::kFactors:
      return directions_->advance();
    case Stage::kDone:
      break;
  }
  return false;
}

void LinearProbe::end_stage() {
  const std::vector<std::int32_t> labels = labels_of(data_->train, samples_);
  const auto classes = static_cast<Index>(data_->class_names.size());
  switch (stage_) {
    case Stage::kEncode:
      codes_ = labelled_codes();
      regression_.emplace(whole_view(codes_), labels, classes, options_, pool_);
      stage_ = Stage::kFit;
      return;
    case Stage::kFit:
      train_accuracy_ =
          confusion_of(labels, regression_->predict(whole_view(codes_)), classes).accuracy();
      codes_.resize(0, 0);
      test_codes_.emplace(model_, parameters_.data(), data_->test, data_->test.count(), pool_);
      stage_ = Stage::kTest;
      return;
    case Stage::kTest:
      predicted_ = regression_->predict(whole_view(test_codes_->codes()));
      if (has_factors()) {
        directions_.emplace(whole_view(train_codes_->codes()),
                            factor_matrix(data_->train.factors, encoded_));
        stage_ = Stage::kFactors;
        return;
      }
      break;
    case Stage::kFactors:
      r_squared_ = directions_->result().r_squared_of(
          whole_view(test_codes_->codes()),
          factor_matrix(data_->test.factors, indices_up_to(data_->test.count())));
      directions_.reset();
      break;
    case Stage::kDone:
      break;
  }
  train_codes_.reset();
  test_codes_.reset();
  stage_ = Stage::kDone;
}

double LinearProbe::progress() const {
  switch (stage_) {
    case Stage::kEncode:
      return 0.4 * train_codes_->share();
    case Stage::kFit:
      return 0.4 + 0.5 * regression_->progress();
    case Stage::kTest:
      return 0.9 + 0.05 * test_codes_->share();
    case Stage::kFactors:
      return 0.95;
    case Stage::kDone:
      break;
  }
  return 1;
}

Confusion LinearProbe::confusion() const {
  assert(stage_ == Stage::kDone);
  return confusion_of(data_->test.labels, predicted_,
                      static_cast<Index>(data_->class_names.size()));
}

ParameterBuffer LinearProbe::parameters_of(const Model& classifier) const {
  assert(stage_ == Stage::kDone);
  ParameterBuffer parameters = ParameterBuffer::Zero(classifier.layout().buffer_size());
  copy_parameters(model_->layout(), parameters_.data(), classifier.layout(), parameters.data());
  for (const Parameter& slice : classifier.layout().parameters()) {
    auto values = parameters.segment(slice.offset, slice.size());
    if (slice.name == "head.0.weight") {  // features x classes, column by column
      const Eigen::MatrixXd weights = regression_->weights().transpose();
      values = weights.reshaped().cast<Scalar>();
    } else if (slice.name == "head.0.bias") {
      values = regression_->bias().cast<Scalar>();
    }
  }
  return parameters;
}

}  // namespace hourglass
