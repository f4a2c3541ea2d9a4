// The part of Trainer that saves and resumes.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/train/trainer.h"

namespace hourglass {
namespace {

constexpr const char* kStateKey = "hourglass.state";
constexpr TensorType kScalarType =
    std::is_same_v<Scalar, double> ? TensorType::kF64 : TensorType::kF32;

// Row-major (outputs, inputs), which is how a column-major inputs x outputs slice lies in memory: the
// shape that PyTorch gives it.
TensorEntry entry(const std::string& name, const Parameter& slice, const Scalar* buffer) {
  TensorEntry tensor{name, kScalarType, slice.shape, {}};
  tensor.bytes = {reinterpret_cast<const std::uint8_t*>(buffer + slice.offset),
                  static_cast<std::size_t>(slice.size()) * sizeof(Scalar)};
  return tensor;
}

std::string moment_entry_name(std::string_view moment, const std::string& parameter) {
  return "optimizer." + std::string(moment) + "." + parameter;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t side : shape) text += (text.empty() ? "" : " x ") + std::to_string(side);
  return text;
}

void load_entry(const Safetensors& file, const std::string& name, const Parameter& slice,
                Scalar* buffer) {
  const TensorEntry expected = entry(name, slice, buffer);
  const TensorEntry* const found = file.find(name);
  if (!found) throw Error("The checkpoint has no '" + name + "', which this model needs.");
  if (found->type != expected.type || found->shape != expected.shape) {
    throw Error("In the checkpoint '" + name + "' is " + shape_text(found->shape) +
                ", and this model needs " + shape_text(expected.shape) + ".");
  }
  std::memcpy(buffer + slice.offset, found->bytes.data(), found->bytes.size());
}

}  // namespace

void load_parameters(const Safetensors& file, const ParameterLayout& layout,
                     ParameterBuffer& buffer) {
  ParameterBuffer loaded = ParameterBuffer::Zero(layout.buffer_size());
  for (const Parameter& slice : layout.parameters()) {
    load_entry(file, slice.name, slice, loaded.data());
  }
  if (!loaded.allFinite()) throw Error("The checkpoint holds numbers that are not finite.");
  buffer = std::move(loaded);
}

Safetensors Trainer::checkpoint() const {
  Safetensors file;
  for (const Parameter& slice : model_->layout().parameters()) {
    file.tensors.push_back(entry(slice.name, slice, state_.parameters.data()));
  }
  const auto moments = moment_names(spec_.optimizer.kind);
  for (std::size_t m = 0; m < moments.size(); ++m) {
    for (const Parameter& slice : model_->layout().parameters()) {
      file.tensors.push_back(entry(moment_entry_name(moments[m], slice.name), slice,
                                   state_.moments[m].data()));
    }
  }
  file.metadata[kStateKey] = Json{{"step", state_.step},
                                  {"epoch", state_.epoch},
                                  {"batch", state_.batch},
                                  {"epoch_loss", state_.epoch_loss},
                                  {"epoch_penalty", state_.epoch_penalty},
                                  {"seconds", state_.seconds},
                                  {"epoch_seconds", state_.epoch_seconds}}
                                 .dump();
  return file;
}

bool Trainer::resume(const Safetensors& file) {
  const auto found = file.metadata.find(kStateKey);
  if (found == file.metadata.end()) {
    throw Error("The file is not a checkpoint of Hourglass: it has no '" + std::string(kStateKey) +
                "' in its metadata.");
  }
  // Everything is read before anything of this run is replaced, so that a bad file changes nothing.
  TrainState state;
  try {
    const Json json = parse_json(found->second);
    state.step = json.at("step").get<std::int64_t>();
    state.epoch = json.at("epoch").get<std::int64_t>();
    state.batch = json.at("batch").get<std::int64_t>();
    state.epoch_loss = json.at("epoch_loss").get<double>();
    state.epoch_penalty = json.at("epoch_penalty").get<double>();
    state.seconds = json.at("seconds").get<double>();
    state.epoch_seconds = json.at("epoch_seconds").get<double>();
  } catch (const Json::exception&) {
    throw Error("The checkpoint's '" + std::string(kStateKey) + "' is damaged.");
  }
  for (const double value :
       {state.epoch_loss, state.epoch_penalty, state.seconds, state.epoch_seconds}) {
    if (!std::isfinite(value)) {
      throw Error("The checkpoint's '" + std::string(kStateKey) + "' is damaged.");
    }
  }
  if (state.step < 0 || state.epoch < 0 || state.batch < 0 ||
      state.batch >= batches_per_epoch() ||
      state.epoch > state.step / batches_per_epoch()) {
    throw Error("The checkpoint was " + std::to_string(state.batch) +
                " mini-batches into an epoch, and this data set and batch size have " +
                std::to_string(batches_per_epoch()) + ": resume with those it was trained with.");
  }
  const ParameterLayout& layout = model_->layout();
  load_parameters(file, layout, state.parameters);
  for (const std::string_view moment : moment_names(spec_.optimizer.kind)) {
    ParameterBuffer& buffer = state.moments.emplace_back(ParameterBuffer::Zero(layout.buffer_size()));
    for (const Parameter& slice : layout.parameters()) {
      load_entry(file, moment_entry_name(moment, slice.name), slice, buffer.data());
    }
  }
  const bool moments_finite = std::all_of(state.moments.begin(), state.moments.end(),
                                          [](const auto& moment) { return moment.allFinite(); });
  if (!moments_finite) {
    for (ParameterBuffer& moment : state.moments) moment.setZero();
  }
  state_ = std::move(state);
  pack_all();
  start_epoch();
  put_aside();
  return !moments_finite;
}

}  // namespace hourglass
