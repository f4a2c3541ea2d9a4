#include "core/session/wire.h"

#include <cstring>
#include <iterator>
#include <limits>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/names.h"
#include "core/base/safetensors.h"
#include "core/session/message_fields.h"

namespace hourglass::session {
namespace {

using Json = OrderedJson;

template <typename T>
constexpr TensorType tensor_type() {
  if constexpr (std::is_same_v<T, float>) return TensorType::kF32;
  if constexpr (std::is_same_v<T, std::uint8_t>) return TensorType::kU8;
  if constexpr (std::is_same_v<T, std::int32_t>) return TensorType::kI32;
  if constexpr (std::is_same_v<T, std::uint32_t>) return TensorType::kU32;
}

// What crosses as a raw array; all else is JSON.
template <typename T>
concept Number = std::is_same_v<T, float> || std::is_same_v<T, std::uint8_t> ||
                 std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::uint32_t>;

// ------------------------------------------------------------------------------------------ writing

Json to_json(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}
Json to_json(Phase phase) { return kPhaseNames[static_cast<std::size_t>(phase)]; }
Json to_json(const std::vector<std::pair<std::string, Value>>& values) {
  Json json = Json::object();
  for (const auto& [key, value] : values) json[key] = to_json(value);
  return json;
}
template <typename T>
Json to_json(const std::vector<T>& list);
template <typename T>
Json to_json(const T& field) {
  if constexpr (std::is_class_v<T> && !std::is_convertible_v<T, std::string>) {
    Json json = Json::object();
    describe(field, [&](const char* name, const auto& inner) { json[name] = to_json(inner); });
    return json;
  } else {
    return field;
  }
}
template <typename T>
Json to_json(const std::vector<T>& list) {
  Json json = Json::array();
  for (const T& element : list) json.push_back(to_json(element));
  return json;
}

class Writer {
 public:
  template <typename T>
  void operator()(const char* name, const T& field) {
    fields_[name] = to_json(field);
  }
  template <Number T>
  void operator()(const char* name, const std::vector<T>& array) {
    file_.tensors.push_back({name, tensor_type<T>(), {static_cast<std::int64_t>(array.size())},
                             bytes_of(array)});
  }
  template <Number T>
  void operator()(const char* name, const Shared<std::vector<T>>& array) {
    if (array) (*this)(name, *array);  // null is left out, which says "unchanged"
  }

  Bytes finish(const char* message) {
    file_.metadata["message"] = message;
    file_.metadata["fields"] = json_text(fields_);
    return write_safetensors(file_);
  }

 private:
  Json fields_ = Json::object();
  Safetensors file_;
};

// ------------------------------------------------------------------------------------------ reading

void from_json(const Json& json, Value& value) {
  if (json.is_boolean()) {
    value = json.get<bool>();
  } else if (json.is_number_integer()) {
    value = json.get<std::int64_t>();
  } else if (json.is_number()) {
    value = json.get<double>();
  } else {
    value = json.get<std::string>();
  }
}
void from_json(const Json& json, Phase& phase) {
  static constexpr std::string_view kNames[] = {kPhaseNames[0], kPhaseNames[1], kPhaseNames[2],
                                                kPhaseNames[3]};
  phase = value_from_name<Phase>(kNames, json.get<std::string>(), "phase");
}
void from_json(const Json& json, std::vector<std::pair<std::string, Value>>& values) {
  for (const auto& [key, value] : json.items()) from_json(value, values.emplace_back(key, Value{}).second);
}
template <typename T>
void from_json(const Json& json, std::vector<T>& list);
template <typename T>
void from_json(const Json& json, T& field) {
  if constexpr (std::is_class_v<T> && !std::is_convertible_v<T, std::string>) {
    describe(field, [&](const char* name, auto& inner) { from_json(json.at(name), inner); });
  } else if constexpr (std::is_floating_point_v<T>) {
    // A number that is not finite is null in JSON.
    field = json.is_null() ? std::numeric_limits<T>::quiet_NaN() : json.get<T>();
  } else {
    field = json.get<T>();
  }
}
template <typename T>
void from_json(const Json& json, std::vector<T>& list) {
  for (const Json& element : json) from_json(element, list.emplace_back());
}

class Reader {
 public:
  Reader(const Safetensors& file, const Json& fields) : file_(file), fields_(fields) {}

  template <typename T>
  void operator()(const char* name, T& field) const {
    from_json(fields_.at(name), field);
  }
  template <Number T>
  void operator()(const char* name, std::vector<T>& array) const {
    if (const TensorEntry* entry = find<T>(name)) copy(*entry, array);
  }
  template <Number T>
  void operator()(const char* name, Shared<std::vector<T>>& array) const {
    if (const TensorEntry* entry = find<T>(name)) {
      auto values = std::make_shared<std::vector<T>>();
      copy(*entry, *values);
      array = std::move(values);
    }
  }

 private:
  template <Number T>
  const TensorEntry* find(const char* name) const {
    const TensorEntry* const entry = file_.find(name);
    if (entry && entry->type != tensor_type<T>()) {
      throw Error("The array '" + std::string(name) + "' of a message has the wrong type.");
    }
    return entry;
  }
  template <Number T>
  static void copy(const TensorEntry& entry, std::vector<T>& out) {
    out.resize(entry.bytes.size() / sizeof(T));
    if (!out.empty()) std::memcpy(out.data(), entry.bytes.data(), entry.bytes.size());
  }

  const Safetensors& file_;
  const Json& fields_;
};

struct Envelope {
  Safetensors file;
  std::string name;
  Json fields;
};

Envelope open(std::span<const std::uint8_t> bytes) {
  Envelope envelope;
  envelope.file = read_safetensors(bytes, "A message");
  envelope.name = envelope.file.metadata["message"];
  envelope.fields = parse_ordered_json(envelope.file.metadata["fields"]);
  if (!envelope.fields.is_object()) throw Error("A message has no fields.");
  return envelope;
}

// Makes the alternative of the variant that has the envelope's name.
template <typename Variant, std::size_t I = 0>
Variant read_variant(const Envelope& envelope, const char* const* names) {
  if constexpr (I < std::variant_size_v<Variant>) {
    if (envelope.name != names[I]) return read_variant<Variant, I + 1>(envelope, names);
    std::variant_alternative_t<I, Variant> message;
    describe(message, Reader(envelope.file, envelope.fields));
    return message;
  } else {
    std::string all;
    for (std::size_t i = 0; i < I; ++i) all += (i ? ", " : "") + std::string(names[i]);
    throw Error("There is no message '" + envelope.name + "'; there are " + all + ".");
  }
}

template <typename Read>
auto reading(Read read) {
  try {
    return read();
  } catch (const Json::exception& error) {
    throw Error(std::string("A message is malformed: ") + error.what() + ".");
  }
}

}  // namespace

Bytes encode(const Command& command) {
  Writer writer;
  writer("id", command.id);
  std::visit([&](const auto& body) { describe(body, writer); }, command.body);
  return writer.finish(kCommandNames[command.body.index()]);
}

Bytes encode(const Event& event) {
  Writer writer;
  std::visit([&](const auto& body) { describe(body, writer); }, event);
  return writer.finish(kEventNames[event.index()]);
}

Command decode_command(std::span<const std::uint8_t> bytes) {
  return reading([&] {
    const Envelope envelope = open(bytes);
    Command command;
    if (envelope.fields.contains("id")) command.id = envelope.fields["id"].get<std::uint64_t>();
    command.body = read_variant<decltype(command.body)>(envelope, kCommandNames);
    return command;
  });
}

Event decode_event(std::span<const std::uint8_t> bytes) {
  return reading([&] { return read_variant<Event>(open(bytes), kEventNames); });
}

}  // namespace hourglass::session
