// The part of Trainer that saves and resumes.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/whole_number.h"
#include "core/train/trainer.h"

namespace hourglass {
namespace {

constexpr const char* kStateKey = "hourglass.state";
constexpr TensorType kScalarType = tensor_type_of<Scalar>();

// Row-major (outputs, inputs), which is how a column-major inputs x outputs slice lies in memory:
// the shape that PyTorch gives it.
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

[[noreturn]] void throw_bad_state(const Json& json, const char* key, const std::string& wanted) {
  const bool there = json.is_object() && json.contains(key);
  throw Error("The checkpoint's '" + std::string(kStateKey) + "' is damaged: its \"" + key +
              "\" must be " + wanted + ", and it " +
              (there ? "is " + json_text(json[key]).substr(0, 60) : std::string("is not there")) +
              ".");
}

// A count of steps, epochs or batches.
std::int64_t state_count(const Json& json, const char* key) {
  std::int64_t count = 0;
  if (!json.is_object() || !json.contains(key) ||
      !read_whole_number(json[key], 0, kMaxWholeNumber, count)) {
    throw_bad_state(json, key, "a whole number from 0 to " + std::to_string(kMaxWholeNumber));
  }
  return count;
}

double state_number(const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key) || !json[key].is_number() ||
      !std::isfinite(json[key].get<double>())) {
    throw_bad_state(json, key, "a finite number");
  }
  return json[key].get<double>();
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

std::vector<TensorEntry> parameter_entries(const ParameterLayout& layout,
                                           const ParameterBuffer& buffer) {
  std::vector<TensorEntry> entries;
  for (const Parameter& slice : layout.parameters()) {
    entries.push_back(entry(slice.name, slice, buffer.data()));
  }
  return entries;
}

Safetensors Trainer::checkpoint(const TrainState& state) const {
  Safetensors file;
  file.tensors = parameter_entries(model_->layout(), state.parameters);
  const auto moments = moment_names(spec_.optimizer.kind);
  for (std::size_t m = 0; m < moments.size(); ++m) {
    for (const Parameter& slice : model_->layout().parameters()) {
      file.tensors.push_back(
          entry(moment_entry_name(moments[m], slice.name), slice, state.moments[m].data()));
    }
  }
  file.metadata[kStateKey] = json_text(Json{{"step", state.step},
                                            {"epoch", state.epoch},
                                            {"batch", state.batch},
                                            {"epoch_loss", state.epoch_loss},
                                            {"epoch_penalty", state.epoch_penalty},
                                            {"seconds", state.seconds},
                                            {"epoch_seconds", state.epoch_seconds}});
  return file;
}

bool Trainer::resume(const Safetensors& file, bool other_data) {
  const auto found = file.metadata.find(kStateKey);
  if (found == file.metadata.end()) {
    throw Error("The file is not a checkpoint of Hourglass: it has no '" + std::string(kStateKey) +
                "' in its metadata.");
  }
  // Everything is read before anything of this run is replaced, so that a bad file changes nothing.
  TrainState state;
  const Json json = parse_json(found->second);
  state.step = state_count(json, "step");
  state.epoch = state_count(json, "epoch");
  state.batch = state_count(json, "batch");
  state.epoch_loss = state_number(json, "epoch_loss");
  state.epoch_penalty = state_number(json, "epoch_penalty");
  state.seconds = state_number(json, "seconds");
  state.epoch_seconds = state_number(json, "epoch_seconds");
  if (other_data) {
    state.batch = 0;
    state.epoch_loss = state.epoch_penalty = state.epoch_seconds = 0;
  }
  const std::int64_t batches = other_data ? 1 : batches_per_epoch();  // that an epoch has at least
  const bool fits = state.batch < batches;
  if (fits && state.epoch > state.step / batches) {
    throw Error("The checkpoint was trained for " + std::to_string(state.epoch) + " epochs in " +
                std::to_string(state.step) +
                " mini-batches, and an epoch of this data set and "
                "batch size has " +
                std::to_string(batches) + ": resume with those it was trained with.");
  }
  if (!fits) {
    throw Error("The checkpoint was " + std::to_string(state.batch) +
                " mini-batches into an epoch, and this data set and batch size have " +
                std::to_string(batches_per_epoch()) + ": resume with those it was trained with.");
  }
  const ParameterLayout& layout = model_->layout();
  load_parameters(file, layout, state.parameters);
  for (const std::string_view moment : moment_names(spec_.optimizer.kind)) {
    ParameterBuffer& buffer =
        state.moments.emplace_back(ParameterBuffer::Zero(layout.buffer_size()));
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
