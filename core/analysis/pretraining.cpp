#include "core/analysis/pretraining.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/analysis/slice.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/whole_number.h"
#include "core/nn/initializer.h"
#include "core/train/domain.h"

namespace hourglass {
namespace {

constexpr const char* kPretrainingKey = "hourglass.pretraining";
constexpr const char* kStagePrefix = "stage.";
// How many times the cost of a forward pass a training step is, roughly.
constexpr double kTrainingPasses = 3;

// Far apart for stages and for seeds that follow each other (the golden ratio in 64 bits).
std::uint64_t stage_seed(std::uint64_t seed, int stage) {
  return seed + 0x9E3779B97F4A7C15u * static_cast<std::uint64_t>(stage + 1);
}

TensorEntry parameter_entry(const Parameter& slice, const ParameterBuffer& buffer) {
  TensorEntry entry{slice.name, tensor_type_of<Scalar>(), slice.shape, {}};
  entry.bytes = {reinterpret_cast<const std::uint8_t*>(buffer.data() + slice.offset),
                 static_cast<std::size_t>(slice.size()) * sizeof(Scalar)};
  return entry;
}

[[noreturn]] void throw_damaged() {
  throw Error("The checkpoint's '" + std::string(kPretrainingKey) +
              "' is missing, damaged, or of another model or number of epochs: resume with those "
              "that it was pretrained with.");
}

// The losses of the stages that are over, and of the one under way.
std::vector<std::vector<double>> read_losses(const Json& json, std::size_t stages) {
  if (!json.is_array() || json.size() != stages) throw_damaged();
  std::vector<std::vector<double>> losses;
  for (const Json& list : json) {
    if (!list.is_array()) throw_damaged();
    losses.emplace_back();
    for (const Json& loss : list) {
      if (!loss.is_number()) throw_damaged();
      losses.back().push_back(loss.get<double>());
    }
  }
  return losses;
}

// Where noise is at home: within what the code can be, or what it is where that has no end.
ValueRange code_range(const std::vector<float>& codes) {
  const auto [low, high] = std::minmax_element(codes.begin(), codes.end());
  if (low == codes.end() || !(*low < *high)) return {};
  return {static_cast<Scalar>(*low), static_cast<Scalar>(*high)};
}

}  // namespace

LayerwisePretraining::LayerwisePretraining(std::shared_ptr<const Model> model,
                                           const TrainSpec& spec, std::int64_t epochs,
                                           DatasetPointer data, ThreadPool& pool)
    : model_(std::move(model)),
      spec_(spec),
      epochs_(epochs),
      data_(std::move(data)),
      pool_(pool),
      stages_(pretraining_stages(*model_)),
      losses_(stages_.size()) {
  assert(epochs_ >= 1);
  const std::int64_t samples = data_->train.count();
  for (std::size_t k = 0; k + 1 < stages_.size(); ++k) {
    const std::int64_t most = kMaxCodeNumbers / std::max<std::int64_t>(1, samples);
    if (stages_[k].units <= most) continue;
    throw Error("The codes of " + std::to_string(samples) + " samples by the " +
                std::to_string(stages_[k].units) + " units of " + stages_[k].name +
                " are more numbers than can be kept; with " +
                std::to_string(std::max<std::int64_t>(1, most)) + " units they are not.");
  }
  // A penalty that is for none of these codes is refused now and not when its stage has come.
  for (std::size_t k = 0; k < stages_.size(); ++k) {
    Regularizers(spec_.penalties, *small_model(static_cast<int>(k)));
  }
  initialize(model_->layout(), model_->spec().initializer, spec_.seed, parameters_);
  begin_stage(data_);
}

std::shared_ptr<const Model> LayerwisePretraining::small_model(int stage) const {
  const PretrainingStage& row = stages_[static_cast<std::size_t>(stage)];
  return std::make_shared<const Model>(row.spec, row.input);
}

void LayerwisePretraining::begin_stage(DatasetPointer data) {
  Stage next{small_model(stage_), std::move(data), nullptr};
  check_targets(*next.model, *next.data);
  TrainSpec spec = spec_;
  spec.seed = stage_seed(spec_.seed, stage_);
  next.trainer = std::make_unique<Trainer>(next.model, spec, next.data, pool_);
  training_.emplace(std::move(next));
}

void LayerwisePretraining::end_stage() {
  training_->trainer->check_end();
  const PretrainingStage& row = stages_[static_cast<std::size_t>(stage_)];
  copy_stage_parameters(row, *training_->model, training_->trainer->state().parameters, *model_,
                        parameters_);
  // Before the next one's codes are made: there is room for those of one layer.
  training_.reset();
  ++stage_;
  if (stage_ < static_cast<int>(stages_.size())) begin_encoding();
}

void LayerwisePretraining::begin_encoding() {
  const PretrainingStage& row = stages_[static_cast<std::size_t>(stage_)];
  encoded_ = 0;
  codes_.clear();
  codes_.reserve(static_cast<std::size_t>(row.input.features()) *
                 static_cast<std::size_t>(data_->train.count()));
  if (!inference_) inference_.emplace(*model_, pool_);
}

// Returns whether there are more to encode; then begins the stage that they are for.
bool LayerwisePretraining::encode_some() {
  const PretrainingStage& row = stages_[static_cast<std::size_t>(stage_)];
  const Index some = std::min(pieced_samples_per_slice(*model_, 0, row.first, pool_.limit()),
                              data_->train.count() - encoded_);
  const Index units = row.input.features();
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(some));
  std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(encoded_));
  inputs_.resize(data_->train.features(), some);
  outputs_.resize(units, some);
  data_->train.gather(indices, columns(inputs_, 0, some));
  inference_->run(parameters_.data(), 0, row.first, columns(std::as_const(inputs_), 0, some),
                  columns(outputs_, 0, some));
  for (Index i = 0; i < outputs_.size(); ++i) {
    codes_.push_back(static_cast<float>(outputs_.data()[i]));
  }
  encoded_ += some;
  if (encoded_ < data_->train.count()) return true;
  auto data = std::make_shared<Dataset>();
  data->name = "the codes before " + row.name;
  data->shape = row.input;
  data->range = code_range(codes_);
  data->train = Samples(units, std::move(codes_));
  codes_ = {};
  begin_stage(std::move(data));
  return false;
}

void LayerwisePretraining::train_step() {
  Trainer& trainer = *training_->trainer;
  try {
    if (!trainer.step().epoch_ended) return;
    losses_[static_cast<std::size_t>(stage_)].push_back(trainer.epoch_metrics().train_loss);
    if (trainer.state().epoch >= epochs_) end_stage();
  } catch (const Diverged& diverged) {
    throw Diverged("While layer " + stages_[static_cast<std::size_t>(stage_)].name +
                   " was pretrained: " + diverged.what());
  }
}

bool LayerwisePretraining::advance() {
  if (stage_ == static_cast<int>(stages_.size())) return false;
  if (training_) {
    train_step();
  } else {
    encode_some();
  }
  return stage_ < static_cast<int>(stages_.size());
}

double LayerwisePretraining::cost(int stage) const {
  const PretrainingStage& row = stages_[static_cast<std::size_t>(stage)];
  return static_cast<double>(row.input.features()) * static_cast<double>(row.units);
}

double LayerwisePretraining::share() const {
  double all = 0, done = 0;
  for (int i = 0; i < static_cast<int>(stages_.size()); ++i) {
    const double part = kTrainingPasses * cost(i) * static_cast<double>(epochs_);
    all += part;
    if (i < stage_) done += part;
    if (i == stage_ && training_) {
      done += part * training_->trainer->epochs_done() / static_cast<double>(epochs_);
    }
  }
  return std::min(1.0, done / all);
}

Safetensors LayerwisePretraining::checkpoint() const {
  Safetensors file;
  if (training_) {
    file = training_->trainer->checkpoint();
    for (TensorEntry& entry : file.tensors) entry.name = kStagePrefix + entry.name;
  }
  for (const Parameter& slice : model_->layout().parameters()) {
    file.tensors.push_back(parameter_entry(slice, parameters_));
  }
  file.metadata[kPretrainingKey] = json_text(Json{{"stage", stage_},
                                                  {"epochs", epochs_},
                                                  {"training", training_.has_value()},
                                                  {"losses", losses_}});
  return file;
}

void LayerwisePretraining::resume(const Safetensors& file) {
  const auto found = file.metadata.find(kPretrainingKey);
  if (found == file.metadata.end()) throw_damaged();
  const Json json = parse_json(found->second);
  const auto stages = static_cast<std::int64_t>(stages_.size());
  std::int64_t stage = 0, epochs = 0;
  if (!json.is_object() || !json.contains("stage") || !json.contains("epochs") ||
      !json.contains("losses") || !json.contains("training") || !json["training"].is_boolean() ||
      !read_whole_number(json["stage"], 0, stages, stage) ||
      !read_whole_number(json["epochs"], 1, kMaxWholeNumber, epochs) || epochs != epochs_) {
    throw_damaged();
  }
  losses_ = read_losses(json["losses"], stages_.size());
  load_parameters(file, model_->layout(), parameters_);
  training_.reset();
  stage_ = static_cast<int>(stage);
  if (stage == stages) return;
  if (stage == 0) {
    begin_stage(data_);
  } else {
    begin_encoding();
    if (!json["training"].get<bool>()) return;
    while (encode_some()) continue;
  }
  Safetensors part;
  part.metadata = file.metadata;
  for (const TensorEntry& entry : file.tensors) {
    if (!entry.name.starts_with(kStagePrefix)) continue;
    part.tensors.push_back(entry);
    part.tensors.back().name = entry.name.substr(std::string_view(kStagePrefix).size());
  }
  training_->trainer->resume(part);
}

}  // namespace hourglass
