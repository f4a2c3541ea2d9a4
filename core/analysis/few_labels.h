// What pretraining is for: classifiers from few labels, with layers that were pretrained on samples
// without labels and with layers that were not.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/analysis/classifier_training.h"
#include "core/analysis/pretraining.h"

namespace hourglass {

// Where a classifier begins.
enum class LabelStart {
  kPretrained,  // layers that were pretrained one by one
  kScaled,      // weights by the model's initializer, scaled by the fans (Glorot, He)
  kSmall,       // N(0, 0.01^2), as it was before those
  kLinear       // no layers: a linear classifier on the samples as they are
};
inline constexpr LabelStart kLabelStarts[] = {LabelStart::kPretrained, LabelStart::kScaled,
                                              LabelStart::kSmall, LabelStart::kLinear};
inline constexpr Scalar kSmallDeviation = Scalar(0.01);

std::string_view label_start_name(LabelStart start);  // "pretrained", "scaled", "small", "linear"

struct FewLabelsSpec {
  std::vector<std::int64_t> labels = {10, 30, 100, 300, 1000};  // how many; rising
  std::vector<std::uint64_t> seeds = {1, 2, 3, 4, 5};
  TrainSpec pretraining;  // of each layer; the seed is replaced by each of the seeds
  std::int64_t pretraining_epochs = 5;
  TrainSpec fine_tuning;     // likewise, with all labels in a mini-batch where they are fewer
  std::int64_t steps = 300;  // mini-batches of each classifier, at least: whole epochs
};

struct FewLabelsPoint {
  LabelStart start = LabelStart::kPretrained;
  std::int64_t labels = 0;
  std::uint64_t seed = 0;
  double accuracy = 0;  // on the held-out samples; NaN where training diverged
};

// Of the points of one start and number of labels, over the seeds that are done.
struct FewLabelsSummary {
  LabelStart start = LabelStart::kPretrained;
  std::int64_t labels = 0;
  int seeds = 0;  // at least 1
  double mean = 0, low = 0, high = 0;
  double deviation = 0;  // of the sample; 0 of one
};

// Those that there are points of, by start and then by labels, rising.
std::vector<FewLabelsSummary> summaries(const std::vector<FewLabelsPoint>& points);

// For each seed: pretrains the encoder on all training samples, then trains a softmax classifier on
// its code, all layers with it, from each number of labels and from each start. The labels are the
// same for all starts of a seed, and so are optimizer, steps and order.
//
// A mini-batch at a time, with the same bits for any number of threads.
class FewLabels {
 public:
  // `model` is an autoencoder's. Throws Error as LayerwisePretraining does, and where there are too
  // few labels, none at all, or too many asked for: see choose_labelled(). `pool` must outlive
  // this.
  FewLabels(const ModelSpec& model, DatasetPointer data, const FewLabelsSpec& spec,
            ThreadPool& pool);

  // Returns whether there is more to do. Throws Diverged if a layer's pretraining does; a
  // classifier that diverges is a point without a figure.
  bool advance();
  double share() const;  // of the work, from 0 to 1; never falls

  const std::vector<FewLabelsPoint>& points() const { return points_; }
  // What is under way: a seed, and of its pretraining the stage, else a classifier.
  std::uint64_t seed() const { return spec_.seeds[seed_]; }
  bool is_done() const { return seed_ == spec_.seeds.size(); }
  bool is_pretraining() const { return !is_done() && !pretrained_; }
  int stage() const { return pretraining_ ? pretraining_->stage() : 0; }
  std::int64_t labels() const { return spec_.labels[next_ / std::size(kLabelStarts)]; }
  LabelStart start() const { return kLabelStarts[next_ % std::size(kLabelStarts)]; }
  const std::vector<PretrainingStage>& stages() const { return stages_; }
  // Mean training loss of each epoch of each layer, of the seed under way or the last one.
  const std::vector<std::vector<double>>& losses() const { return losses_; }
  std::vector<std::string> notes() const { return copying_notes(stages_, spec_.pretraining); }

 private:
  void begin_pretraining();
  void begin_classifier();
  void end_classifier(double accuracy);
  TrainSpec with_seed(TrainSpec spec) const;
  double pretraining_cost() const;
  double classifier_cost(LabelStart start) const;

  std::shared_ptr<const Model> model_, classifier_, linear_;
  DatasetPointer data_;
  FewLabelsSpec spec_;
  ThreadPool& pool_;
  std::vector<PretrainingStage> stages_;
  std::size_t seed_ = 0, next_ = 0;  // of spec_.seeds; of its classifiers
  std::unique_ptr<LayerwisePretraining> pretraining_;
  std::optional<ParameterBuffer> pretrained_;
  std::unique_ptr<ClassifierTraining> training_;
  std::vector<std::vector<double>> losses_;
  std::vector<FewLabelsPoint> points_;
};

}  // namespace hourglass
