// Supervised training of an encoder: a softmax classifier on its code, and all layers learn from
// labels.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/predictions.h"
#include "core/train/trainer.h"

namespace hourglass {

// The parameters of `classifier` with the encoder of `model` (whose specification it was made of by
// classifier_spec()) and a head drawn by the specification's initializer from `seed`.
ParameterBuffer with_encoder(const Model& classifier, const Model& model, const Scalar* parameters,
                             std::uint64_t seed);

// Trains a classifier, then asks it for the classes of all held-out samples: a little at a time, so
// that a job may run it. Where the encoder is to stay as it is, the head alone is a convex problem:
// see LinearProbe.
class ClassifierTraining {
 public:
  struct Options {
    // Batch size, optimizer, schedule, seed and so on; its penalties are added to cross-entropy.
    // The divergence of a Gaussian code has no part in it unless asked for.
    TrainSpec train = default_train();
    std::int64_t epochs = 20;

    static TrainSpec default_train();  // Adam, 0.001, mini-batches of 100
  };

  // `model` comes of a classifier_spec() with data->class_names.size() classes, and `start` holds
  // its parameters: drawn ones (initialize()), or see with_encoder(). `samples` are those of the
  // training samples whose labels may be seen: see choose_labelled(). `pool` must outlive this.
  // Throws Error if the model does not take such samples.
  ClassifierTraining(std::shared_ptr<const Model> model, const ParameterBuffer& start,
                     DatasetPointer data, std::vector<std::uint32_t> samples,
                     const Options& options, ThreadPool& pool);

  // Trains a mini-batch or, when the epochs are over, does the next slice of the held-out samples;
  // returns whether there is more to do. The bits are the same for any number of threads. Throws
  // Diverged.
  bool advance();
  double progress() const;                                     // from 0 to 1
  bool is_trained() const { return evaluation_.has_value(); }  // all epochs are over

  const Model& model() const { return trainer_->model(); }
  const std::shared_ptr<const Model>& shared_model() const { return model_; }
  // For checkpoint() and resume(): with the state of one, training goes on as if it had never
  // stopped, bit for bit.
  Trainer& trainer() { return *trainer_; }
  const Trainer& trainer() const { return *trainer_; }
  const ParameterBuffer& parameters() const { return trainer_->state().parameters; }
  // Mean cross-entropy of each epoch that is over, in nats, as its samples went through training.
  const std::vector<double>& losses() const { return losses_; }

  // Of all held-out samples; when advance() has returned false.
  const Predictions& predictions() const { return *evaluation_; }
  Confusion confusion() const;
  double accuracy() const { return confusion().accuracy(); }

 private:
  std::shared_ptr<const Model> model_;
  DatasetPointer data_;
  ThreadPool& pool_;
  std::int64_t epochs_;
  std::unique_ptr<Trainer> trainer_;
  std::vector<double> losses_;
  std::optional<Predictions> evaluation_;
};

// The same from a head that was fitted to the codes (LinearProbe). Where codes hardly differ such a
// head has large weights, and a usual step of the encoder throws its outputs far off: a training
// that diverges begins again at a tenth of the rate.
class FineTuning {
 public:
  FineTuning(std::shared_ptr<const Model> model, ParameterBuffer start, DatasetPointer data,
             std::vector<std::uint32_t> samples, const ClassifierTraining::Options& options,
             ThreadPool& pool);

  // As ClassifierTraining's. Throws Diverged where a rate below 1e-6 would be needed.
  bool advance();
  // Of the training that is under way.
  double learning_rate() const { return options_.train.optimizer.learning_rate; }
  const ClassifierTraining& training() const { return *training_; }

 private:
  void begin();

  std::shared_ptr<const Model> model_;
  ParameterBuffer start_;
  DatasetPointer data_;
  std::vector<std::uint32_t> samples_;
  ClassifierTraining::Options options_;
  ThreadPool& pool_;
  std::unique_ptr<ClassifierTraining> training_;
};

}  // namespace hourglass
