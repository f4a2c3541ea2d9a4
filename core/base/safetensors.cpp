#include "core/base/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"

namespace hourglass {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie in memory");

constexpr std::uint64_t kMostHeaderBytes = 100'000'000;  // the format's own limit

constexpr std::pair<TensorType, const char*> kTypeNames[] = {{TensorType::kF32, "F32"},
                                                             {TensorType::kF64, "F64"},
                                                             {TensorType::kU8, "U8"},
                                                             {TensorType::kI32, "I32"},
                                                             {TensorType::kU32, "U32"}};

const char* type_name(TensorType type) {
  for (const auto& [value, name] : kTypeNames) {
    if (value == type) return name;
  }
  return "";
}

}  // namespace

std::size_t tensor_type_size(TensorType type) {
  switch (type) {
    case TensorType::kF64: return 8;
    case TensorType::kU8: return 1;
    default: return 4;
  }
}

std::vector<float> TensorEntry::floats() const {
  if (type != TensorType::kF32) {
    throw Error("The array '" + name + "' is of type " + type_name(type) + ", and F32 is needed.");
  }
  std::vector<float> values(bytes.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

const TensorEntry* Safetensors::find(std::string_view name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const TensorEntry& entry) { return entry.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

std::vector<std::uint8_t> write_safetensors(const Safetensors& contents) {
  OrderedJson header;
  if (!contents.metadata.empty()) header["__metadata__"] = contents.metadata;
  // Widest elements first, so that every array starts at a multiple of its element's size although
  // the format leaves no gaps.
  std::vector<const TensorEntry*> order;
  for (const TensorEntry& entry : contents.tensors) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const TensorEntry* a, const TensorEntry* b) {
    return tensor_type_size(a->type) > tensor_type_size(b->type);
  });
  std::uint64_t offset = 0;
  for (const TensorEntry* entry : order) {
    header[entry->name] = {{"dtype", type_name(entry->type)},
                           {"shape", entry->shape},
                           {"data_offsets", {offset, offset + entry->bytes.size()}}};
    offset += entry->bytes.size();
  }
  std::string text = header.is_null() ? "{}" : header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::vector<std::uint8_t> out(8 + text.size() + offset);
  const std::uint64_t length = text.size();
  std::memcpy(out.data(), &length, 8);
  std::memcpy(out.data() + 8, text.data(), text.size());
  std::uint8_t* place = out.data() + 8 + text.size();
  for (const TensorEntry* entry : order) {
    if (!entry->bytes.empty()) std::memcpy(place, entry->bytes.data(), entry->bytes.size());
    place += entry->bytes.size();
  }
  return out;
}

Safetensors read_safetensors(std::span<const std::uint8_t> bytes, const std::string& what) {
  const auto fail = [&](const std::string& why) {
    return Error(what + " is not a safetensors file that can be read: " + why + ".");
  };
  std::uint64_t header_length = 0;
  if (bytes.size() < 8) throw fail("it is shorter than 8 bytes");
  std::memcpy(&header_length, bytes.data(), 8);
  if (header_length > kMostHeaderBytes || header_length > bytes.size() - 8) {
    throw fail("its header claims " + std::to_string(header_length) + " bytes and the file has " +
               std::to_string(bytes.size()));
  }
  const auto* text = reinterpret_cast<const char*>(bytes.data() + 8);
  const Json header = parse_json({text, static_cast<std::size_t>(header_length)});
  if (!header.is_object()) throw fail("its header is not a JSON object");
  const auto data = bytes.subspan(8 + header_length);

  Safetensors contents;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) throw fail("its metadata is not a JSON object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) throw fail("the metadata '" + key + "' is not text");
        contents.metadata[key] = value.get<std::string>();
      }
      continue;
    }
    const auto bad_entry = [&] { return fail("the entry '" + name + "' is malformed"); };
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
        !entry.contains("data_offsets")) {
      throw bad_entry();
    }
    const Json &type = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
    if (!type.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2 ||
        !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
      throw bad_entry();
    }
    TensorEntry tensor;
    tensor.name = name;
    const auto known = std::find_if(
        std::begin(kTypeNames), std::end(kTypeNames),
        [&](const auto& pair) { return type.get_ref<const std::string&>() == pair.second; });
    if (known == std::end(kTypeNames)) {
      throw fail("the entry '" + name + "' has the type " + type.dump() +
                 ", and only F32, F64, U8, I32 and U32 are read");
    }
    tensor.type = known->first;
    std::uint64_t size = tensor_type_size(tensor.type);
    for (const Json& side : shape) {
      if (!side.is_number_unsigned()) throw bad_entry();
      const auto length = side.get<std::uint64_t>();
      // No product may exceed what is there, so it cannot overflow either.
      if (length != 0 && size > data.size() / length) throw bad_entry();
      size *= length;
      tensor.shape.push_back(static_cast<std::int64_t>(length));
    }
    const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data.size() || end - begin != size) throw bad_entry();
    tensor.bytes = data.subspan(begin, size);
    contents.tensors.push_back(std::move(tensor));
  }
  return contents;
}

}  // namespace hourglass
