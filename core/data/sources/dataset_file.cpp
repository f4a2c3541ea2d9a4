#include "core/data/sources/dataset_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/data_hash.h"
#include "core/data/document_info.h"
#include "core/data/sources/document_dataset.h"
#include "core/formats/safetensors.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMaxDataSide = 1'000'000, kMaxDataFeatures = 16'777'216;
constexpr std::size_t kMaxNames = 100'000;

// The two splits, by the names that their arrays begin with.
constexpr const char* kSplitNames[] = {"train", "test"};

// The counts of a split's documents, with their offsets as they are in a file.
struct SplitCounts {
  const WordCounts* counts = nullptr;
  std::vector<std::uint32_t> offsets;
};

void add_counts(const std::string& split, SplitCounts& of, Safetensors& file) {
  of.offsets.assign(of.counts->offsets.begin(), of.counts->offsets.end());
  const auto add = [&](const char* name, const std::vector<std::uint32_t>& numbers) {
    file.tensors.push_back({split + name,
                            TensorType::kU32,
                            {static_cast<std::int64_t>(numbers.size())},
                            bytes_of(numbers)});
  };
  add(".offsets", of.offsets);
  add(".words", of.counts->indices);
  add(".counts", of.counts->values);
}

void add_features(const std::string& split, const Samples& samples, Safetensors& file) {
  const std::int64_t count = samples.count();
  const bool is_bytes = samples.values().empty();
  file.tensors.push_back({split + ".features",
                          is_bytes ? TensorType::kU8 : TensorType::kF32,
                          {count, samples.features()},
                          is_bytes ? samples.bytes() : bytes_of(samples.values())});
}

void add_known(const std::string& split, const Samples& samples, std::vector<float>& factors,
               Safetensors& file) {
  const std::int64_t count = samples.count();
  if (!samples.labels.empty()) {
    file.tensors.push_back(
        {split + ".labels", TensorType::kI32, {count}, bytes_of(samples.labels)});
  }
  if (!samples.rows.empty()) {
    file.tensors.push_back({split + ".rows", TensorType::kU32, {count}, bytes_of(samples.rows)});
  }
  if (samples.factors.empty()) return;
  for (const std::vector<float>& factor : samples.factors) {
    factors.insert(factors.end(), factor.begin(), factor.end());
  }
  file.tensors.push_back({split + ".factors",
                          TensorType::kF32,
                          {static_cast<std::int64_t>(samples.factors.size()), count},
                          bytes_of(factors)});
}

// Takes the parts of a file and refuses those that do not fit.
class PartReader {
 public:
  PartReader(const Safetensors& file, const std::string& what) : file_(file), what_(what) {}

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(what_ + " is no data set that can be read: " + why + ".");
  }

  std::string text(const char* name) const {
    const auto found = file_.metadata.find(name);
    return found == file_.metadata.end() ? std::string() : found->second;
  }

  static std::string text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  }

  std::vector<std::string> names(const Json& json, const char* name) const {
    std::vector<std::string> all;
    const auto found = json.find(name);
    if (found == json.end()) return all;
    if (!found->is_array() || found->size() > kMaxNames) {
      fail("'" + std::string(name) + "' is no list of at most " + std::to_string(kMaxNames));
    }
    for (const Json& each : *found) {
      if (!each.is_string()) fail("'" + std::string(name) + "' holds something that is no text");
      all.push_back(each.get<std::string>());
    }
    return all;
  }

  ImageShape shape(const Json& json) const {
    const auto found = json.find("shape");
    if (found == json.end() || !found->is_array() || found->size() != 3) {
      fail("its shape is not channels, rows and columns");
    }
    std::int64_t sides[3];
    std::int64_t features = 1;
    for (std::size_t i = 0; i < 3; ++i) {
      const Json& side = (*found)[i];
      if (!side.is_number_integer()) fail("a side of its shape is no whole number");
      sides[i] = side.get<std::int64_t>();
      if (sides[i] < 1 || sides[i] > kMaxDataSide)
        fail("a side of its shape is not 1 to 1,000,000");
      features *= sides[i];
      if (features > kMaxDataFeatures) fail("a sample of it has more than 16,777,216 features");
    }
    return {static_cast<Index>(sides[0]), static_cast<Index>(sides[1]),
            static_cast<Index>(sides[2])};
  }

  std::vector<Factor> factors(const Json& json) const {
    std::vector<Factor> all;
    const auto found = json.find("factors");
    if (found == json.end()) return all;
    if (!found->is_array() || found->size() > kMaxNames) fail("its factors are no list");
    for (const Json& each : *found) {
      if (!each.is_object()) fail("one of its factors is no object");
      const auto number = [&](const char* name) {
        const auto value = each.find(name);
        if (value == each.end() || !value->is_number()) fail("a factor has no range");
        return value->get<float>();
      };
      all.push_back({text_of(each, "name"), text_of(each, "unit"), number("low"), number("high")});
    }
    return all;
  }

  FileReading reading(const Json& json) const {
    FileReading reading;
    reading.is_transposed = json.contains("transposed") && json["transposed"] == true;
    if (!json.contains("range")) return reading;
    const Json& range = json["range"];
    const auto is_number = [](const Json& each) {
      return each.is_number() && std::isfinite(each.get<double>());
    };
    if (!range.is_array() || range.size() != 2 || !is_number(range[0]) || !is_number(range[1])) {
      fail("its range is not two numbers");
    }
    reading.black = range[0].get<double>();
    reading.white = range[1].get<double>();
    return reading;
  }

  // The features of one split.
  Samples features_of(const std::string& split, const Dataset& data) const {
    const Index features = data.shape.features();
    const TensorEntry* const entry = file_.find(split + ".features");
    if (!entry) fail("it has no array '" + split + ".features'");
    if (entry->shape.size() != 2 || entry->shape[1] != features || entry->shape[0] < 1) {
      fail("'" + split + ".features' does not hold samples of " + std::to_string(features) +
           " numbers");
    }
    Samples samples;
    if (entry->type == TensorType::kU8) {
      samples = Samples(features, std::vector(entry->bytes.begin(), entry->bytes.end()));
    } else if (entry->type == TensorType::kF32) {
      std::vector<float> values = entry->floats();
      if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
        fail("'" + split + ".features' holds a number that is not finite");
      }
      samples = Samples(features, std::move(values));
    } else {
      fail("'" + split + ".features' is neither U8 nor F32");
    }
    return samples;
  }

  // The words of one split's documents.
  WordCounts counts(const std::string& split, Index words) const {
    WordCounts all;
    all.columns = words;
    const auto offsets = list(split + ".offsets");
    all.indices = list(split + ".words");
    all.values = list(split + ".counts");
    const auto fits = [&](std::size_t i) {
      if (offsets[i] < offsets[i - 1] || offsets[i] > all.indices.size()) return false;
      for (std::size_t at = offsets[i - 1]; at < offsets[i]; ++at) {
        const bool ascends = at == offsets[i - 1] || all.indices[at] > all.indices[at - 1];
        if (!ascends || all.indices[at] >= static_cast<std::uint64_t>(words) || all.values[at] == 0)
          return false;
      }
      return true;
    };
    bool whole = offsets.size() > 1 && offsets[0] == 0 && offsets.back() == all.indices.size() &&
                 all.values.size() == all.indices.size();
    for (std::size_t i = 1; whole && i < offsets.size(); ++i) whole = fits(i);
    if (!whole) fail("the words of its documents in '" + split + "' do not fit together");
    all.offsets.assign(offsets.begin(), offsets.end());
    return all;
  }

  // Adds to the samples of one split what is known about each.
  void add_known(const std::string& split, const Dataset& data, Samples& samples) const {
    const std::int64_t count = samples.count();
    samples.labels = numbers<std::int32_t>(split + ".labels", TensorType::kI32, count);
    const auto classes = static_cast<std::int64_t>(data.class_names.size());
    for (const std::int32_t label : samples.labels) {
      if (label < 0 || label >= classes) {
        fail("'" + split + ".labels' has " + std::to_string(label) + ", and there are " +
             std::to_string(classes) + " classes");
      }
    }
    samples.rows = numbers<std::uint32_t>(split + ".rows", TensorType::kU32, count);
    if (data.factors.empty()) return;
    const auto all = numbers<float>(split + ".factors", TensorType::kF32,
                                    count * static_cast<std::int64_t>(data.factors.size()));
    if (all.empty()) fail("it has no array '" + split + ".factors'");
    for (std::size_t f = 0; f < data.factors.size(); ++f) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(f) * count;
      samples.factors.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(count));
    }
  }

 private:
  // An array of any length.
  std::vector<std::uint32_t> list(const std::string& name) const {
    const TensorEntry* const entry = file_.find(name);
    if (!entry) fail("it has no array '" + name + "'");
    return numbers<std::uint32_t>(name, TensorType::kU32,
                                  static_cast<std::int64_t>(entry->bytes.size() / 4));
  }

  // An array of `count` numbers, or none.
  template <typename Number>
  std::vector<Number> numbers(const std::string& name, TensorType type, std::int64_t count) const {
    const TensorEntry* const entry = file_.find(name);
    if (!entry) return {};
    if (entry->type != type ||
        entry->bytes.size() != static_cast<std::uint64_t>(count) * sizeof(Number)) {
      fail("'" + name + "' does not hold one number for each sample");
    }
    std::vector<Number> out(static_cast<std::size_t>(count));
    std::memcpy(out.data(), entry->bytes.data(), entry->bytes.size());
    return out;
  }

  const Safetensors& file_;
  const std::string& what_;
};

Json documents_json(const DocumentInfo& documents) {
  return {{"wanted", documents.wanted},
          {"has_others", documents.has_others},
          {"note", documents.note},
          {"train", documents.train.beginnings},
          {"test", documents.test.beginnings}};
}

// Documents as their words make them, once more.
Dataset read_documents_of(const PartReader& part, const Json& json, const ImageShape& shape,
                          const std::string& what) {
  const auto found = json.find("wanted");
  const auto others = json.find("has_others");
  if (found == json.end() || !found->is_number_integer() || others == json.end() ||
      !others->is_boolean()) {
    part.fail("what it says of its documents is not whole");
  }
  const Index words = shape.features();
  DocumentInfo info{parse_word_input(part.text("words"), what, words),
                    static_cast<Index>(found->get<std::int64_t>()),
                    {part.counts(kSplitNames[0], words), part.names(json, kSplitNames[0])},
                    {part.counts(kSplitNames[1], words), part.names(json, kSplitNames[1])},
                    others->get<bool>(),
                    PartReader::text_of(json, "note")};
  for (const DocumentInfo::Split* split : {&info.train, &info.test}) {
    if (static_cast<Index>(split->beginnings.size()) != split->counts.rows()) {
      part.fail("it does not have the first words of each document");
    }
  }
  Dataset data =
      document_dataset(info.input.weights(info.train.counts), info.input.weights(info.test.counts));
  data.documents = std::make_shared<const DocumentInfo>(std::move(info));
  return data;
}

}  // namespace

std::vector<std::uint8_t> dataset_to_bytes(const Dataset& data, const std::string& options) {
  Json json = {{"name", data.name},
               {"shape", {data.shape.channels, data.shape.rows, data.shape.columns}},
               {"classes", data.class_names},
               {"features", data.feature_names},
               {"labels_from", data.labels_from},
               {"split_by", data.split_by},
               {"factors", Json::array()}};
  for (const Factor& factor : data.factors) {
    json["factors"].push_back(
        {{"name", factor.name}, {"unit", factor.unit}, {"low", factor.low}, {"high", factor.high}});
  }
  if (data.reading.has_range()) json["range"] = {data.reading.black, data.reading.white};
  if (data.reading.is_transposed) json["transposed"] = true;
  if (data.documents) json["documents"] = documents_json(*data.documents);
  Safetensors file;
  file.metadata = {{"dataset", json_text(json)}, {"hash", data_hash(data)}, {"options", options}};
  std::vector<float> factors[2];
  SplitCounts counts[2];
  for (std::size_t i = 0; i < 2; ++i) {
    const Samples& samples = i == 0 ? data.train : data.test;
    if (data.documents) {
      counts[i].counts = i == 0 ? &data.documents->train.counts : &data.documents->test.counts;
      add_counts(kSplitNames[i], counts[i], file);
    } else {
      add_features(kSplitNames[i], samples, file);
    }
    add_known(kSplitNames[i], samples, factors[i], file);
  }
  if (data.documents) {
    const WordInput& input = data.documents->input;
    file.metadata["words"] = word_input_json(input.vocabulary, input.tfidf, input.weighting);
  }
  return write_safetensors(file);
}

DatasetFile dataset_from_bytes(std::span<const std::uint8_t> bytes, const std::string& what) {
  const Safetensors file = read_safetensors(bytes, what);
  const PartReader part(file, what);
  const Json json = parse_json(part.text("dataset"));
  if (!json.is_object()) part.fail("its metadata 'dataset' is no JSON object");
  DatasetFile read;
  Dataset& data = read.data;
  const ImageShape shape = part.shape(json);
  const auto documents = json.find("documents");
  const bool of_documents = documents != json.end() && documents->is_object();
  if (of_documents) data = read_documents_of(part, *documents, shape, what);
  data.shape = shape;
  data.name = PartReader::text_of(json, "name");
  if (data.name.empty()) part.fail("it has no name");
  data.class_names = part.names(json, "classes");
  data.feature_names = part.names(json, "features");
  if (!data.feature_names.empty() &&
      static_cast<Index>(data.feature_names.size()) != data.shape.features()) {
    part.fail("it names " + std::to_string(data.feature_names.size()) + " features and has " +
              std::to_string(data.shape.features()));
  }
  data.labels_from = PartReader::text_of(json, "labels_from");
  data.split_by = PartReader::text_of(json, "split_by");
  data.factors = part.factors(json);
  data.reading = part.reading(json);
  if (!of_documents) {
    data.train = part.features_of(kSplitNames[0], data);
    data.test = part.features_of(kSplitNames[1], data);
  }
  part.add_known(kSplitNames[0], data, data.train);
  part.add_known(kSplitNames[1], data, data.test);
  if (data.train.bytes().empty() != data.test.bytes().empty()) {
    part.fail("its two splits are of different types");
  }
  if (data.train.labels.empty() != data.test.labels.empty()) {
    part.fail("one of its splits has labels and the other has none");
  }
  if (const std::string hash = part.text("hash"); hash != data_hash(data)) {
    part.fail("its contents are not those that its hash '" + hash.substr(0, 40) + "' stands for");
  }
  read.options = part.text("options");
  return read;
}

}  // namespace hourglass
