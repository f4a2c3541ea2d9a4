#include "core/formats/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"

namespace hourglass {
namespace {

static_assert(std::endian::native == std::endian::little,
              "arrays are written as they lie in memory");

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit
constexpr std::size_t kMaxMetadata = 10'000, kMaxTensorDimensions = 16;

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

// Widest elements first, so that every array starts at a multiple of its element's size although
// the format leaves no gaps.
std::vector<const TensorEntry*> file_order(const Safetensors& contents) {
  std::vector<const TensorEntry*> order;
  order.reserve(contents.tensors.size());
  for (const TensorEntry& entry : contents.tensors) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const TensorEntry* a, const TensorEntry* b) {
    return tensor_type_size(a->type) > tensor_type_size(b->type);
  });
  return order;
}

// What comes before the arrays: its own length, and the JSON.
std::string header_of(const Safetensors& contents, const std::vector<const TensorEntry*>& order) {
  OrderedJson json = OrderedJson::object();
  if (!contents.metadata.empty()) json["__metadata__"] = contents.metadata;
  std::uint64_t offset = 0;
  for (const TensorEntry* entry : order) {
    json[entry->name] = {{"dtype", type_name(entry->type)},
                         {"shape", entry->shape},
                         {"data_offsets", {offset, offset + entry->bytes.size()}}};
    offset += entry->bytes.size();
  }
  std::string text = json_text(json);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  text.insert(0, reinterpret_cast<const char*>(&length), 8);
  return text;
}

template <typename Write>
void write_pieces(const std::string& header, const std::vector<const TensorEntry*>& order,
                  const Write& write) {
  write(bytes_of(header));
  for (const TensorEntry* entry : order) {
    if (!entry->bytes.empty()) write(entry->bytes);
  }
}

// Takes the entries out of the header while its text is read, so that no tree of it is built, which
// would be up to 40 times as large.
class HeaderReader : public nlohmann::json_sax<Json> {
 public:
  // `data` are the bytes behind the header. What is wrong goes to `why`.
  HeaderReader(std::span<const std::uint8_t> data, Safetensors& contents, std::string& why)
      : data_(data), contents_(contents), why_(why) {}

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::kShape) {
      if (tensor_.shape.size() == kMaxTensorDimensions) return bad_entry();
      tensor_.shape.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    if (place_ != Place::kOffsets) return other();
    if (offset_count_ == 2) return bad_entry();
    offsets_[offset_count_++] = value;
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == Place::kMetadata) {
      if (contents_.metadata.size() == kMaxMetadata)
        return fail("it has more metadata than is read");
      contents_.metadata[key_] = std::move(value);
      return true;
    }
    if (place_ != Place::kEntry || key_ != "dtype") return other();
    const auto known = std::find_if(std::begin(kTypeNames), std::end(kTypeNames),
                                    [&](const auto& pair) { return value == pair.second; });
    if (known == std::end(kTypeNames)) {
      return fail("the entry '" + tensor_.name.substr(0, 80) + "' has the type \"" +
                  value.substr(0, 40) + "\", and only F32, F64, U8, I32 and U32 are read");
    }
    tensor_.type = known->first;
    has_type_ = true;
    return true;
  }

  bool start_object(std::size_t) override {
    switch (place_) {
      case Place::kOutside:
        place_ = Place::kTop;
        return true;
      case Place::kTop:
        place_ = key_ == "__metadata__" ? Place::kMetadata : Place::kEntry;
        tensor_ = TensorEntry{.name = key_, .type = {}, .shape = {}, .bytes = {}};
        has_type_ = has_shape_ = false;
        offset_count_ = 0;
        return true;
      default:
        return other();
    }
  }

  bool key(string_t& value) override {
    key_ = std::move(value);
    return true;
  }

  bool end_object() override {
    const Place ended =
        std::exchange(place_, place_ == Place::kTop ? Place::kOutside : Place::kTop);
    return ended != Place::kEntry || add_entry();
  }

  bool start_array(std::size_t) override {
    if (place_ != Place::kEntry) return other();
    if (key_ == "shape" && !has_shape_) {
      place_ = Place::kShape;
      has_shape_ = true;
      return true;
    }
    if (key_ != "data_offsets" || offset_count_ > 0) return bad_entry();
    place_ = Place::kOffsets;
    return true;
  }

  bool end_array() override {
    place_ = Place::kEntry;
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  enum class Place { kOutside, kTop, kMetadata, kEntry, kShape, kOffsets };

  bool fail(std::string why) {
    why_ = std::move(why);
    return false;
  }
  bool bad_entry() { return fail("the entry '" + tensor_.name.substr(0, 80) + "' is malformed"); }

  // A value of a kind that does not belong where it stands.
  bool other() {
    switch (place_) {
      case Place::kOutside:
        return fail("its header is not a JSON object");
      case Place::kTop:
        return fail(key_ == "__metadata__" ? "its metadata is not a JSON object"
                                           : "the entry '" + key_.substr(0, 80) + "' is malformed");
      case Place::kMetadata:
        return fail("the metadata '" + key_.substr(0, 80) + "' is not text");
      default:
        return bad_entry();
    }
  }

  bool add_entry() {
    if (!has_type_ || !has_shape_ || offset_count_ != 2) return bad_entry();
    std::uint64_t size = tensor_type_size(tensor_.type);
    for (const std::int64_t side : tensor_.shape) {
      const auto length = static_cast<std::uint64_t>(side);
      // No product may exceed what is there, so it cannot overflow either.
      if (length != 0 && size > data_.size() / length) return bad_entry();
      size *= length;
    }
    const auto [begin, end] = offsets_;
    if (begin > end || end > data_.size() || end - begin != size) return bad_entry();
    tensor_.bytes = data_.subspan(begin, size);
    contents_.tensors.push_back(std::move(tensor_));
    return true;
  }

  std::span<const std::uint8_t> data_;
  Safetensors& contents_;
  std::string& why_;
  Place place_ = Place::kOutside;
  std::string key_;
  TensorEntry tensor_;  // the entry that is being read
  bool has_type_ = false, has_shape_ = false;
  std::array<std::uint64_t, 2> offsets_ = {};
  std::size_t offset_count_ = 0;
};

}  // namespace

std::size_t tensor_type_size(TensorType type) {
  switch (type) {
    case TensorType::kF64:
      return 8;
    case TensorType::kU8:
      return 1;
    default:
      return 4;
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
  const std::vector<const TensorEntry*> order = file_order(contents);
  const std::string header = header_of(contents, order);
  std::size_t size = header.size();
  for (const TensorEntry* entry : order) size += entry->bytes.size();
  std::vector<std::uint8_t> out;
  out.reserve(size);
  write_pieces(header, order, [&](std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
  });
  return out;
}

void write_safetensors(const Safetensors& contents, const WriteBytes& write) {
  const std::vector<const TensorEntry*> order = file_order(contents);
  write_pieces(header_of(contents, order), order, write);
}

Safetensors read_safetensors(std::span<const std::uint8_t> bytes, const std::string& what) {
  const auto fail = [&](const std::string& why) {
    return Error(what + " is not a safetensors file that can be read: " + why + ".");
  };
  std::uint64_t header_length = 0;
  if (bytes.size() < 8) throw fail("it is shorter than 8 bytes");
  std::memcpy(&header_length, bytes.data(), 8);
  if (header_length > kMaxHeaderBytes || header_length > bytes.size() - 8) {
    throw fail("its header claims " + std::to_string(header_length) + " bytes and the file has " +
               std::to_string(bytes.size()));
  }
  const auto* text = reinterpret_cast<const char*>(bytes.data() + 8);
  Safetensors contents;
  std::string why;
  HeaderReader reader(bytes.subspan(8 + header_length), contents, why);
  if (!read_json({text, static_cast<std::size_t>(header_length)}, reader)) {
    throw fail(why.empty() ? "its header is not a JSON object" : why);
  }
  std::sort(contents.tensors.begin(), contents.tensors.end(),
            [](const TensorEntry& a, const TensorEntry& b) { return a.name < b.name; });
  const auto twice = std::adjacent_find(
      contents.tensors.begin(), contents.tensors.end(),
      [](const TensorEntry& a, const TensorEntry& b) { return a.name == b.name; });
  if (twice != contents.tensors.end())
    throw fail("it has two entries '" + twice->name.substr(0, 80) + "'");
  return contents;
}

}  // namespace hourglass
