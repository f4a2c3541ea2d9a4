#include "core/session/protocol/wire.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <exception>
#include <iterator>
#include <limits>
#include <new>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/names.h"
#include "core/base/whole_number.h"
#include "core/formats/safetensors.h"
#include "core/session/protocol/message_fields.h"

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

// ------------------------------------------------------------------------------------------
// writing

Json to_json(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}
Json to_json(Phase phase) { return kPhaseNames[static_cast<std::size_t>(phase)]; }
Json to_json(JobEnd reason) { return kJobEndNames[static_cast<std::size_t>(reason)]; }
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
    file_.tensors.push_back(
        {name, tensor_type<T>(), {static_cast<std::int64_t>(array.size())}, bytes_of(array)});
  }
  template <Number T>
  void operator()(const char* name, const Shared<std::vector<T>>& array) {
    if (array) (*this)(name, *array);  // null is left out, which says "unchanged"
  }
  // Each under its own name; the field has their shapes.
  void operator()(const char* field, const std::vector<JobArray>& arrays) {
    Json shapes = Json::object();
    for (const JobArray& array : arrays) {
      shapes[array.name] = array.shape;
      std::visit([&](const auto& values) { (*this)(array.name.c_str(), values); }, array.values);
    }
    fields_[field] = std::move(shapes);
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

// ------------------------------------------------------------------------------------------
// reading

// A field of a message, for the sentences about it.
struct Place {
  const std::string& message;
  std::string_view field;
};

[[noreturn]] void refuse(const Json& json, const Place& place, const std::string& wanted) {
  constexpr std::size_t kMaxShown = 60;
  std::string given = json_text(json);
  if (given.size() > kMaxShown)
    given = "something of " + std::to_string(given.size()) + " characters";
  if (json.is_null()) given += " (JSON's word for a number that is not finite)";
  throw Error("The field '" + std::string(place.field.substr(0, 100)) + "' of the message '" +
              place.message + "' must be " + wanted + ", not " + given + ".");
}

void from_json(const Json& json, const Place& place, std::string& text) {
  if (!json.is_string()) refuse(json, place, "text");
  text = json.get<std::string>();
}
void from_json(const Json& json, const Place& place, bool& flag) {
  if (!json.is_boolean()) refuse(json, place, "true or false");
  flag = json.get<bool>();
}
void from_json(const Json& json, const Place& place, Value& value) {
  if (json.is_boolean()) {
    value = json.get<bool>();
  } else if (json.is_number()) {
    std::int64_t whole = 0;
    // What has more than 63 bits is outside every range, but must be told as what it is.
    if (json.is_number_integer() &&
        read_whole_number(json, std::numeric_limits<std::int64_t>::min(),
                          std::numeric_limits<std::int64_t>::max(), whole)) {
      value = whole;
    } else {
      value = json.get<double>();
    }
  } else if (json.is_string()) {
    value = json.get<std::string>();
  } else {
    refuse(json, place, "true, false, a number or text");
  }
}
void from_json(const Json& json, const Place& place, Phase& phase) {
  static constexpr std::string_view kNames[] = {kPhaseNames[0], kPhaseNames[1], kPhaseNames[2],
                                                kPhaseNames[3]};
  std::string name;
  from_json(json, place, name);
  phase = value_from_name<Phase>(kNames, name, "phase");
}
void from_json(const Json& json, const Place& place, JobEnd& reason) {
  static constexpr std::string_view kNames[] = {kJobEndNames[0], kJobEndNames[1], kJobEndNames[2],
                                                kJobEndNames[3]};
  std::string name;
  from_json(json, place, name);
  reason = value_from_name<JobEnd>(kNames, name, "reason");
}
void from_json(const Json& json, const Place& place,
               std::vector<std::pair<std::string, Value>>& values) {
  if (!json.is_object()) refuse(json, place, "an object of settings and their values");
  for (const auto& [key, value] : json.items()) {
    from_json(value, {place.message, key}, values.emplace_back(key, Value{}).second);
  }
}
template <typename T>
void from_json(const Json& json, const Place& place, std::vector<T>& list);
const Json& member(const Json& fields, const Place& place) {
  const auto found = fields.find(std::string(place.field));
  if (found != fields.end()) return *found;
  throw Error("The message '" + place.message + "' has no field '" + std::string(place.field) +
              "'.");
}
template <typename T>
void from_json(const Json& json, const Place& place, T& field) {
  if constexpr (std::is_class_v<T>) {
    if (!json.is_object()) refuse(json, place, "an object");
    describe(field, [&](const char* name, auto& inner) {
      const Place inside{place.message, name};
      from_json(member(json, inside), inside, inner);
    });
  } else if constexpr (std::is_floating_point_v<T>) {
    // A number that is not finite is null in JSON.
    if (!json.is_number() && !json.is_null()) refuse(json, place, "a number");
    const double given =
        json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
    const bool fits = !(std::abs(given) > static_cast<double>(std::numeric_limits<T>::max()));
    field = fits ? static_cast<T>(given)
                 : std::copysign(std::numeric_limits<T>::infinity(),
                                 static_cast<T>(given > 0 ? 1 : -1));
  } else {
    constexpr std::int64_t kLow = std::is_unsigned_v<T> ? 0 : -kMaxWholeNumber;
    if (!read_whole_number(json, kLow, kMaxWholeNumber, field)) {
      refuse(
          json, place,
          "a whole number from " + std::to_string(kLow) + " to " + std::to_string(kMaxWholeNumber));
    }
  }
}
template <typename T>
void from_json(const Json& json, const Place& place, std::vector<T>& list) {
  if (!json.is_array()) refuse(json, place, "a list");
  for (const Json& element : json) from_json(element, place, list.emplace_back());
}

class Reader {
 public:
  Reader(const Safetensors& file, const std::string& message, const Json& fields)
      : file_(file), message_(message), fields_(fields) {}

  template <typename T>
  void operator()(const char* name, T& field) const {
    const Place place{message_, name};
    from_json(member(fields_, place), place, field);
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
  void operator()(const char* field, std::vector<JobArray>& arrays) const {
    const Place place{message_, field};
    const Json& shapes = member(fields_, place);
    if (!shapes.is_object()) refuse(shapes, place, "an object");
    for (const auto& [name, shape] : shapes.items()) {
      JobArray& array = arrays.emplace_back();
      array.name = name;
      from_json(shape, {message_, name}, array.shape);
      const TensorEntry* const entry = file_.find(name);
      if (!entry) throw Error("The message '" + message_ + "' has no array '" + name + "'.");
      if (entry->type == TensorType::kU8) array.values = Bytes();
      if (entry->type == TensorType::kU32) array.values = std::vector<std::uint32_t>();
      std::visit([&](auto& values) { (*this)(name.c_str(), values); }, array.values);
    }
  }

 private:
  template <Number T>
  const TensorEntry* find(const char* name) const {
    const TensorEntry* const entry = file_.find(name);
    if (entry && entry->type != tensor_type<T>()) {
      throw Error("The array '" + std::string(name) + "' of the message '" + message_ +
                  "' has the wrong type.");
    }
    return entry;
  }
  template <Number T>
  static void copy(const TensorEntry& entry, std::vector<T>& out) {
    out.resize(entry.bytes.size() / sizeof(T));
    if (!out.empty()) std::memcpy(out.data(), entry.bytes.data(), entry.bytes.size());
  }

  const Safetensors& file_;
  const std::string& message_;
  const Json& fields_;
};

struct Envelope {
  Safetensors file;
  std::string name;
  Json fields;
};

// The code unit that `text` writes as \uXXXX at `at`; 0 if it does not.
unsigned escaped_unit(std::string_view text, std::size_t at) {
  unsigned unit = 0;
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return 0;
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, unit, 16);
  return error == std::errc{} && end == text.data() + at + 6 ? unit : 0;
}

// JSON text in which every half of a surrogate pair that has lost the other half is U+FFFD.
std::string without_lone_surrogates(std::string text) {
  const auto is_high = [](unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; };
  const auto is_low = [](unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned unit = escaped_unit(text, at);
    if (is_high(unit) && is_low(escaped_unit(text, at + 6))) {
      at += 12;
    } else if (is_high(unit) || is_low(unit)) {
      text.replace(at, 6, "\\ufffd");
      at += 6;
    } else {
      at += text[at] == '\\' ? 2 : 1;
    }
  }
  return text;
}

Envelope open(std::span<const std::uint8_t> bytes) {
  Envelope envelope;
  envelope.file = read_safetensors(bytes, "A message");
  envelope.name = envelope.file.metadata["message"];
  const std::string& text = envelope.file.metadata["fields"];
  envelope.fields = parse_ordered_json(text);
  if (envelope.fields.is_discarded()) {
    envelope.fields = parse_ordered_json(without_lone_surrogates(text));
  }
  if (!envelope.fields.is_object()) throw Error("A message has no fields.");
  return envelope;
}

// Makes the alternative of the variant that has the envelope's name.
template <typename Variant, std::size_t I = 0>
Variant read_variant(const Envelope& envelope, const char* const* names) {
  if constexpr (I < std::variant_size_v<Variant>) {
    if (envelope.name != names[I]) return read_variant<Variant, I + 1>(envelope, names);
    std::variant_alternative_t<I, Variant> message;
    describe(message, Reader(envelope.file, envelope.name, envelope.fields));
    return message;
  } else {
    std::string all;
    for (std::size_t i = 0; i < I; ++i) all += (i ? ", " : "") + std::string(names[i]);
    throw Error("There is no message '" + envelope.name.substr(0, 100) + "'; there are " + all +
                ".");
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
  Command command;
  try {
    const Envelope envelope = open(bytes);
    if (envelope.fields.contains("id")) {
      from_json(envelope.fields["id"], {envelope.name, "id"}, command.id);
    }
    command.body = read_variant<decltype(command.body)>(envelope, kCommandNames);
    return command;
  } catch (const std::bad_alloc&) {
    throw CommandError(
        "There is not enough memory for a message of " + std::to_string(bytes.size()) + " bytes.",
        command.id);
  } catch (const std::exception& error) {
    // Besides Error, whatever else a library may throw: whoever waits must hear of it.
    throw CommandError(error.what(), command.id);
  }
}

Event decode_event(std::span<const std::uint8_t> bytes) {
  return read_variant<Event>(open(bytes), kEventNames);
}

}  // namespace hourglass::session
