#include "core/analysis/few_labels.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/data/labels.h"
#include "core/model/layer_type.h"
#include "core/nn/initializer.h"

namespace hourglass {
namespace {

constexpr std::string_view kStartNames[] = {"pretrained", "scaled", "small", "linear"};

// A classifier with the samples themselves for a code.
ModelSpec linear_spec(ModelSpec spec) {
  // A model has an encoder, and a dropout of nothing is one that changes nothing.
  spec.encoder = {LayerSpec(*find_layer_type("dropout"))};
  spec.encoder.front().set("rate", 0.0);
  return spec;
}

std::int64_t epochs_of_steps(std::int64_t steps, std::int64_t samples, Index batch_size) {
  const std::int64_t batches = (samples + batch_size - 1) / batch_size;
  return (steps + batches - 1) / batches;
}

}  // namespace

std::string_view label_start_name(LabelStart start) {
  return kStartNames[static_cast<std::size_t>(start)];
}

std::vector<FewLabelsSummary> summaries(const std::vector<FewLabelsPoint>& points) {
  std::vector<FewLabelsSummary> all;
  const auto is_of = [](const FewLabelsSummary& summary, const FewLabelsPoint& point) {
    return summary.start == point.start && summary.labels == point.labels;
  };
  for (const FewLabelsPoint& point : points) {
    if (!std::isfinite(point.accuracy)) continue;
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const auto& summary) { return is_of(summary, point); });
    if (found == all.end()) {
      found = all.insert(all.end(), {.start = point.start,
                                     .labels = point.labels,
                                     .low = point.accuracy,
                                     .high = point.accuracy});
    }
    ++found->seeds;
    found->mean += point.accuracy;
    found->low = std::min(found->low, point.accuracy);
    found->high = std::max(found->high, point.accuracy);
  }
  for (FewLabelsSummary& summary : all) {
    summary.mean /= summary.seeds;
    double squares = 0;
    for (const FewLabelsPoint& point : points) {
      if (!is_of(summary, point) || !std::isfinite(point.accuracy)) continue;
      squares += (point.accuracy - summary.mean) * (point.accuracy - summary.mean);
    }
    if (summary.seeds > 1) summary.deviation = std::sqrt(squares / (summary.seeds - 1));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.start != b.start ? a.start < b.start : a.labels < b.labels;
  });
  return all;
}

FewLabels::FewLabels(const ModelSpec& model, DatasetPointer data, const FewLabelsSpec& spec,
                     ThreadPool& pool)
    : model_(std::make_shared<const Model>(model, data->shape)),
      data_(std::move(data)),
      spec_(spec),
      pool_(pool),
      stages_(pretraining_stages(*model_)) {
  assert(!spec_.labels.empty() && !spec_.seeds.empty() && spec_.steps > 0);
  // What cannot be asked is refused before the first layer is trained.
  check_labels(*data_);
  for (const std::int64_t labels : spec_.labels) {
    if (labels < 1)
      throw Error("There is nothing to learn from " + std::to_string(labels) + " labels.");
    choose_labelled(*data_, labels, spec_.seeds.front());
  }
  if (data_->test.count() == 0) {
    throw Error("The data set '" + data_->name + "' holds no samples back to test on.");
  }
  // Labels are told apart by the network alone, without the noise and penalties of its layers.
  spec_.fine_tuning.corruption = {};
  spec_.fine_tuning.penalties = {.kl = 0};
  const auto classes = std::ssize(data_->class_names);
  const ModelSpec head = classifier_spec(model, classes);
  classifier_ = std::make_shared<const Model>(head, data_->shape);
  linear_ = std::make_shared<const Model>(linear_spec(head), data_->shape);
  begin_pretraining();
}

TrainSpec FewLabels::with_seed(TrainSpec spec) const {
  spec.seed = spec_.seeds[seed_];
  return spec;
}

void FewLabels::begin_pretraining() {
  pretrained_.reset();
  pretraining_ = std::make_unique<LayerwisePretraining>(model_, with_seed(spec_.pretraining),
                                                        spec_.pretraining_epochs, data_, pool_);
  losses_ = pretraining_->losses();
}

void FewLabels::begin_classifier() {
  const LabelStart where = start();
  const std::shared_ptr<const Model>& model = where == LabelStart::kLinear ? linear_ : classifier_;
  const std::uint64_t drawn = spec_.seeds[seed_];
  ParameterBuffer first;
  if (where == LabelStart::kPretrained) {
    first = with_encoder(*model, *model_, pretrained_->data(), drawn);
  } else if (where == LabelStart::kSmall) {
    initialize_normal(model->layout(), kSmallDeviation, drawn, first);
  } else {
    initialize(model->layout(), model->spec().initializer, drawn, first);
  }
  ClassifierTraining::Options options{.train = with_seed(spec_.fine_tuning)};
  const Index batch = std::min<Index>(options.train.batch_size, static_cast<Index>(labels()));
  options.train.batch_size = batch;
  options.epochs = epochs_of_steps(spec_.steps, labels(), batch);
  training_ = std::make_unique<ClassifierTraining>(
      model, first, data_, choose_labelled(*data_, labels(), drawn), options, pool_);
}

void FewLabels::end_classifier(double accuracy) {
  points_.push_back({start(), labels(), spec_.seeds[seed_], accuracy});
  training_.reset();
  ++next_;
  if (next_ < spec_.labels.size() * std::size(kLabelStarts)) return;
  next_ = 0;
  ++seed_;
  if (!is_done()) begin_pretraining();
}

bool FewLabels::advance() {
  if (is_done()) return false;
  if (!pretrained_) {
    const bool more = pretraining_->advance();
    losses_ = pretraining_->losses();
    if (more) return true;
    pretrained_ = pretraining_->parameters();
    pretraining_.reset();
    return true;
  }
  if (!training_) begin_classifier();
  try {
    if (training_->advance()) return true;
    end_classifier(training_->accuracy());
  } catch (const Diverged&) {
    end_classifier(std::numeric_limits<double>::quiet_NaN());
  }
  return !is_done();
}

// In multiplications and additions of forward passes, roughly.
double FewLabels::pretraining_cost() const {
  double products = 0;
  for (const PretrainingStage& stage : stages_) {
    products += 2 * static_cast<double>(stage.input.features()) * static_cast<double>(stage.units);
  }
  return 3 * products * static_cast<double>(spec_.pretraining_epochs) *
         static_cast<double>(data_->train.count());
}

double FewLabels::classifier_cost(LabelStart start) const {
  const Model& model = start == LabelStart::kLinear ? *linear_ : *classifier_;
  const double trained =
      3 * static_cast<double>(spec_.steps) * static_cast<double>(spec_.fine_tuning.batch_size);
  return static_cast<double>(model.multiply_adds()) *
         (trained + static_cast<double>(data_->test.count()));
}

double FewLabels::share() const {
  double classifiers = 0, done = 0;
  for (const LabelStart start : kLabelStarts) {
    classifiers += classifier_cost(start) * static_cast<double>(spec_.labels.size());
  }
  const double a_seed = pretraining_cost() + classifiers;
  done = a_seed * static_cast<double>(seed_);
  if (pretraining_) done += pretraining_cost() * pretraining_->share();
  if (pretrained_) done += pretraining_cost();
  for (std::size_t i = 0; i < next_; ++i) {
    done += classifier_cost(kLabelStarts[i % std::size(kLabelStarts)]);
  }
  if (training_) done += classifier_cost(start()) * training_->progress();
  return std::min(1.0, done / (a_seed * static_cast<double>(spec_.seeds.size())));
}

}  // namespace hourglass
