#include "core/analysis/classifier_training.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/data/labels.h"
#include "core/data/split.h"
#include "core/nn/initializer.h"

namespace hourglass {
namespace {

// What evaluation counts for in progress(), in epochs.
constexpr double kEvaluationEpochs = 0.5;

// No training is begun again below it.
constexpr double kSmallestRate = 1e-5;

// The training samples alone, of `data` or a few of them.
DatasetPointer labelled_part(const DatasetPointer& data,
                             const std::vector<std::uint32_t>& samples) {
  if (std::ssize(samples) == data->train.count() &&
      std::is_sorted(samples.begin(), samples.end())) {
    return data;
  }
  auto part = std::make_shared<Dataset>();
  part->name = data->name;
  part->shape = data->shape;
  part->class_names = data->class_names;
  part->train = permuted(data->train, samples);
  part->scaling = data->scaling;
  part->map = data->map;
  part->range = data->range;
  part->is_sparse = data->is_sparse;
  return part;
}

}  // namespace

ParameterBuffer with_encoder(const Model& classifier, const Model& model, const Scalar* parameters,
                             std::uint64_t seed) {
  ParameterBuffer buffer;
  initialize(classifier.layout(), classifier.spec().initializer, seed, buffer);
  copy_parameters(model.layout(), parameters, classifier.layout(), buffer.data());
  return buffer;
}

TrainSpec ClassifierTraining::Options::default_train() {
  TrainSpec spec;
  spec.batch_size = 100;
  spec.penalties.kl = 0;
  return spec;
}

ClassifierTraining::ClassifierTraining(std::shared_ptr<const Model> model,
                                       const ParameterBuffer& start, DatasetPointer data,
                                       std::vector<std::uint32_t> samples, const Options& options,
                                       ThreadPool& pool)
    : model_(std::move(model)), data_(std::move(data)), pool_(pool), epochs_(options.epochs) {
  assert(model_->spec().classes == std::ssize(data_->class_names));
  DatasetPointer part = labelled_part(data_, samples);
  auto targets =
      std::make_shared<const Samples>(one_hot(labels_of(data_->train, samples), model_->outputs()));
  trainer_ = std::make_unique<Trainer>(model_, options.train, std::move(part), pool_, nullptr,
                                       std::move(targets));
  trainer_->set_parameters(start);
}

bool ClassifierTraining::advance() {
  if (!evaluation_ && trainer_->state().epoch < epochs_) {
    if (trainer_->step().epoch_ended) losses_.push_back(trainer_->epoch_metrics().train_loss);
    return true;
  }
  if (!evaluation_) {
    trainer_->check_end();
    evaluation_.emplace(*model_, data_->test, pool_);
  }
  return evaluation_->advance(trainer_->parameters());
}

double ClassifierTraining::progress() const {
  const double done =
      trainer_->epochs_done() + (evaluation_ ? kEvaluationEpochs * evaluation_->progress() : 0);
  return std::min(1.0, done / (static_cast<double>(epochs_) + kEvaluationEpochs));
}

Confusion ClassifierTraining::confusion() const {
  assert(evaluation_);
  return confusion_of(data_->test.labels, evaluation_->predicted(), model_->outputs());
}

FineTuning::FineTuning(std::shared_ptr<const Model> model, ParameterBuffer start,
                       DatasetPointer data, std::vector<std::uint32_t> samples,
                       const ClassifierTraining::Options& options, ThreadPool& pool)
    : model_(std::move(model)),
      start_(std::move(start)),
      data_(std::move(data)),
      samples_(std::move(samples)),
      options_(options),
      pool_(pool) {
  begin();
}

void FineTuning::begin() {
  training_ =
      std::make_unique<ClassifierTraining>(model_, start_, data_, samples_, options_, pool_);
}

bool FineTuning::advance() {
  try {
    return training_->advance();
  } catch (const Diverged&) {
    double& rate = options_.train.optimizer.learning_rate;
    if (rate < kSmallestRate) throw;
    rate /= 10;
    begin();
    return true;
  }
}

}  // namespace hourglass
