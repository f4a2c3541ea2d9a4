#include "core/session/engine/build.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/data_hash.h"
#include "core/data/document_info.h"
#include "core/formats/safetensors.h"
#include "core/session/settings/settings_json.h"

namespace hourglass::session {
namespace {

constexpr const char* kSettingsKey = "hourglass.settings";
constexpr const char* kDataKey = "hourglass.data";
constexpr const char* kInputKey = "hourglass.input";
constexpr const char* kScalingKey = "hourglass.scaling";
constexpr const char* kHashKey = "hourglass.data_hash";
constexpr const char* kCountsKey = "hourglass.data_counts";
constexpr const char* kHistoryKey = "hourglass.history";
constexpr const char* kReadingKey = "hourglass.reading";

// The largest image that a checkpoint may claim: 64 x 64 in colour, with room to spare.
constexpr Index kMaxSide = 4096;
constexpr Index kMaxFeatures = 1 << 20;

std::string scaling_text(Scaling kind, const ScalingMap& map, const ValueRange& range) {
  return json_text(OrderedJson{{"kind", scaling_name(kind)},
                               {"scale", map.scale},
                               {"offset", map.offset},
                               {"range", {range.low, range.high}}});
}

// Finite numbers out of a list; empty if it is none.
std::vector<double> numbers(const Json& list) {
  std::vector<double> all;
  if (!list.is_array()) return all;
  for (const auto& number : list) {
    if (!number.is_number() || !std::isfinite(number.get<double>())) return {};
    all.push_back(number.get<double>());
  }
  return all;
}

// Returns false if `text` is nothing that scaling_text() writes.
bool parse_scaling(const std::string& text, RunInfo& info) {
  const Json json = parse_json(text);
  if (!json.is_object()) return false;
  const auto list = [&](const char* key) {
    return json.contains(key) ? numbers(json[key]) : std::vector<double>{};
  };
  info.map = {list("scale"), list("offset")};
  const std::vector<double> range = list("range");
  const std::size_t size = info.map.scale.size();
  if (size != 1 && size != static_cast<std::size_t>(info.input.features())) return false;
  for (const double scale : info.map.scale) {
    if (scale == 0) return false;
  }
  if (info.map.offset.size() != size || range.size() != 2 || !(range[0] < range[1])) return false;
  info.range = {static_cast<Scalar>(range[0]), static_cast<Scalar>(range[1])};
  return true;
}

// Leaves what a file of an older version does not say, or not so that it could be used.
void parse_data_identity(const Safetensors& file, RunInfo& info) {
  const auto hash = file.metadata.find(kHashKey);
  if (hash != file.metadata.end()) info.data_hash = hash->second;
  const auto counts = file.metadata.find(kCountsKey);
  if (counts == file.metadata.end()) return;
  const Json json = parse_json(counts->second);
  if (!json.is_array() || json.size() != 2) return;
  if (!json[0].is_number_unsigned() || !json[1].is_number_unsigned()) return;
  info.train_count = json[0].get<std::int64_t>();
  info.test_count = json[1].get<std::int64_t>();
}

// What further files are read by: {"columns": [...], "range": [black, white], "transposed": true}.
void add_reading(const std::vector<std::string>& columns, const FileReading& reading,
                 Safetensors& file) {
  if (columns.empty() && reading == FileReading{}) return;
  OrderedJson json = OrderedJson::object();
  if (!columns.empty()) json["columns"] = columns;
  if (reading.has_range()) json["range"] = {reading.black, reading.white};
  if (reading.is_transposed) json["transposed"] = true;
  file.metadata[kReadingKey] = json_text(json);
}

// Leaves what is not as add_reading() writes it.
void parse_reading(const Safetensors& file, RunInfo& info) {
  const auto found = file.metadata.find(kReadingKey);
  if (found == file.metadata.end()) return;
  const Json json = parse_json(found->second);
  if (!json.is_object()) return;
  const auto features = static_cast<std::size_t>(info.input.features());
  if (json.contains("columns") && json["columns"].is_array() &&
      json["columns"].size() == features) {
    for (const Json& title : json["columns"]) {
      if (title.is_string()) info.columns.push_back(title.get<std::string>());
    }
    if (info.columns.size() != features) info.columns.clear();
  }
  if (json.contains("range")) {
    const std::vector<double> range = numbers(json["range"]);
    if (range.size() == 2) {
      info.reading.black = range[0];
      info.reading.white = range[1];
    }
  }
  info.reading.is_transposed = json.contains("transposed") && json["transposed"] == true;
}

}  // namespace

ModelSpec model_spec(const Settings& settings) {
  return {.encoder = parse_layers(settings.text("model.encoder"), "model.encoder"),
          .decoder = parse_layers(settings.text("model.decoder"), "model.decoder"),
          .loss = loss_from_name(settings.text("model.loss")),
          .initializer = initializer_from_name(settings.text("model.initializer"))};
}

TrainSpec train_spec(const Settings& settings, Index train_samples) {
  const RunSpecs specs = run_specs(settings);
  TrainSpec spec = specs.train;
  const Index batch = std::max<Index>(1, std::min(spec.batch_size, train_samples));
  const std::int64_t batches = (train_samples + batch - 1) / batch;
  spec.schedule = fitted_to_run(spec.schedule, steps_ahead(specs.stopping, batches));
  return spec;
}

void add_run_info(const RunInfo& info, Safetensors& file) {
  file.metadata[kSettingsKey] = settings_to_json(info.settings);
  file.metadata[kDataKey] = info.data;
  file.metadata[kInputKey] =
      json_text(Json{info.input.channels, info.input.rows, info.input.columns});
  const Scaling kind = scaling_from_name(info.settings.text("data.scaling"));
  file.metadata[kScalingKey] = scaling_text(kind, info.map, info.range);
  file.metadata[kHistoryKey] = history_csv(info.history);
  if (!info.vocabulary.empty()) file.metadata[kVocabularyKey] = info.vocabulary;
  add_reading(info.columns, info.reading, file);
}

Safetensors run_file(const Trainer& trainer, const RunInfo& info) {
  return run_file(trainer, trainer.state(), info);
}

Safetensors run_file(const Trainer& trainer, const TrainState& state, const RunInfo& info) {
  Safetensors file = trainer.checkpoint(state);
  add_run_info(info, file);
  const Dataset& data = trainer.data();
  file.metadata[kScalingKey] = scaling_text(data.scaling, data.map, data.range);
  file.metadata[kHashKey] = info.data_hash.empty() ? data_hash(data) : info.data_hash;
  add_reading(data.feature_names, data.reading, file);
  file.metadata[kCountsKey] = json_text(Json{data.train.count(), data.test.count()});
  if (data.documents) {
    const WordInput& input = data.documents->input;
    file.metadata[kVocabularyKey] = word_input_json(input.vocabulary, input.tfidf, input.weighting);
  }
  return file;
}

std::vector<std::uint8_t> save_run(const Trainer& trainer, const RunInfo& info) {
  return write_safetensors(run_file(trainer, info));
}

std::string data_difference(const RunInfo& info, const Dataset& data) {
  const auto train = static_cast<std::int64_t>(data.train.count());
  const auto test = static_cast<std::int64_t>(data.test.count());
  if (info.train_count >= 0 && (info.train_count != train || info.test_count != test)) {
    return "holds " + std::to_string(train) + " samples to train on and " + std::to_string(test) +
           " held out, and the run was trained on " + std::to_string(info.train_count) + " with " +
           std::to_string(info.test_count) + " held out";
  }
  if (info.data_hash.empty() ? info.map == data.map : info.data_hash == data_hash(data)) return "";
  if (info.map != data.map) {
    return "holds values of another range than those that the run was trained on";
  }
  return "holds other values or labels, or the same in another order, than what the run was "
         "trained "
         "on (hash " +
         data_hash(data) + ", not " + info.data_hash + ")";
}

RunInfo read_run_info(const Safetensors& file, const std::string& what) {
  const auto field = [&](const char* key) -> const std::string& {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) {
      throw Error(what + " is not a model that Hourglass saved: its metadata has no '" + key +
                  "'.");
    }
    return found->second;
  };
  RunInfo info;
  apply_settings_json(field(kSettingsKey), what, info.settings);
  info.data = field(kDataKey);
  const Json shape = parse_json(field(kInputKey));
  std::vector<Index> sides;
  if (shape.is_array() && shape.size() == 3) {
    for (const auto& side : shape) {
      if (side.is_number_integer() && side >= 1 && side <= kMaxSide) {
        sides.push_back(side.get<Index>());
      }
    }
  }
  if (sides.size() != 3 || sides[0] * sides[1] * sides[2] > kMaxFeatures) {
    throw Error(what + " has a damaged '" + std::string(kInputKey) + "' in its metadata.");
  }
  info.input = {sides[0], sides[1], sides[2]};
  // A file without it is of a run on values as they are.
  const auto scaling = file.metadata.find(kScalingKey);
  if (scaling != file.metadata.end() && !parse_scaling(scaling->second, info)) {
    throw Error(what + " has a damaged '" + std::string(kScalingKey) + "' in its metadata.");
  }
  parse_data_identity(file, info);
  parse_reading(file, info);
  info.is_imported =
      !file.metadata.contains("hourglass.state") && !file.metadata.contains("hourglass.classifier");
  const auto vocabulary = file.metadata.find(kVocabularyKey);
  if (vocabulary != file.metadata.end()) info.vocabulary = vocabulary->second;
  try {
    info.history = parse_history_csv(field(kHistoryKey));
  } catch (const Error& error) {
    throw Error(what + " has a damaged '" + std::string(kHistoryKey) +
                "' in its metadata: " + error.what());
  }
  return info;
}

}  // namespace hourglass::session
