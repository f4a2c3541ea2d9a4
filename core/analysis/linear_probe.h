// What a code knows, as far as a linear reader can tell: classes and known factors.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/latent_directions.h"
#include "core/analysis/logistic_regression.h"
#include "core/analysis/predictions.h"
#include "core/analysis/sample_codes.h"

namespace hourglass {

// A linear classifier probe (Alain and Bengio 2016, "Understanding intermediate layers using linear
// classifier probes"): logistic regression on the codes of training samples, by parameters that
// stay as they are, measured on all held-out samples. Of data whose factors are known, the least
// squares of each factor on the codes, too. A little at a time.
class LinearProbe {
 public:
  enum class Stage { kEncode, kFit, kTest, kFactors, kDone };

  // `samples` are those of the training samples whose labels may be seen, see choose_labelled();
  // factors are read from as many training samples as there is room for: SampleCodes::kMaxNumbers,
  // which holds for the labelled ones, too. Copies the parameters; `pool` must outlive this.
  LinearProbe(std::shared_ptr<const Model> model, const Scalar* parameters, DatasetPointer data,
              std::vector<std::uint32_t> samples, const LogisticRegressionOptions& options,
              ThreadPool& pool);

  // Does the next slice, of a few milliseconds; returns whether there are more. The bits of the
  // result are the same for any number of threads. Throws Error where a code is not finite.
  bool advance();
  double progress() const;  // from 0 to 1
  Stage stage() const { return stage_; }

  // When the stage is kDone. How many labelled samples it has learned from:
  Index train_count() const { return static_cast<Index>(samples_.size()); }
  const LogisticRegression& regression() const { return *regression_; }
  const std::vector<std::int32_t>& predicted() const { return predicted_; }  // held-out samples
  Confusion confusion() const;
  double accuracy() const { return confusion().accuracy(); }
  double train_accuracy() const { return train_accuracy_; }
  // Of the held-out samples' factors, in the order of the data set's: 1 where the code says all, 0
  // where it says no more than their mean, NaN for one that never changes. Without rows where none
  // are known.
  const Eigen::VectorXd& r_squared() const { return r_squared_; }

  // The parameters of a classifier_spec() model: the encoder as it was, and what was found as its
  // head. Fine-tuning may begin there, where it has nothing to unlearn (Kumar et al. 2022,
  // "Fine-tuning can distort pretrained features and underperform out-of-distribution").
  ParameterBuffer parameters_of(const Model& classifier) const;

 private:
  bool has_factors() const;
  bool advance_stage();
  void end_stage();
  Matrix labelled_codes() const;

  std::shared_ptr<const Model> model_;
  ParameterBuffer parameters_;
  DatasetPointer data_;
  std::vector<std::uint32_t> samples_;
  LogisticRegressionOptions options_;
  ThreadPool& pool_;

  Stage stage_ = Stage::kEncode;
  std::vector<std::uint32_t> encoded_;  // training samples whose codes are wanted
  std::optional<SampleCodes> train_codes_, test_codes_;
  Matrix codes_;  // of samples_
  std::optional<LogisticRegression> regression_;
  std::optional<LatentDirectionsFit> directions_;
  std::vector<std::int32_t> predicted_;
  double train_accuracy_ = 0;
  Eigen::VectorXd r_squared_;
};

}  // namespace hourglass
