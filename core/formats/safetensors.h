// The safetensors format: named arrays behind a JSON header. Checkpoints are such files, and so are
// the messages that cross between wasm modules.
//
// Layout (github.com/huggingface/safetensors): 8 bytes little-endian length of the header; the
// header, {"NAME": {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}, "__metadata__":
// {...}}; then the arrays without gaps.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hourglass {

enum class TensorType { kF32, kF64, kU8, kI32, kU32 };

std::size_t tensor_type_size(TensorType type);

// The type of an array of the engine's own numbers, float or double.
template <typename Number>
constexpr TensorType tensor_type_of() {
  static_assert(std::is_floating_point_v<Number>);
  return std::is_same_v<Number, double> ? TensorType::kF64 : TensorType::kF32;
}

// One named array. `bytes` is row-major, little-endian, and belongs to whoever made the entry.
struct TensorEntry {
  std::string name;
  TensorType type = TensorType::kF32;
  std::vector<std::int64_t> shape;
  std::span<const std::uint8_t> bytes;

  // The values, copied; the type must be the one asked for, or an Error names the entry.
  std::vector<float> floats() const;
};

struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::vector<TensorEntry> tensors;

  // The entry of that name, or null.
  const TensorEntry* find(std::string_view name) const;
};

// Arrays are aligned to 8 bytes by padding the header with spaces, as the format allows.
std::vector<std::uint8_t> write_safetensors(const Safetensors& contents);

// The same bytes, piece after piece: takes memory for the header alone, not for the arrays.
using WriteBytes = std::function<void(std::span<const std::uint8_t>)>;
void write_safetensors(const Safetensors& contents, const WriteBytes& write);

// The entries point into `bytes`, which must outlive them. Throws Error if anything in the header
// does not fit the bytes that are there; `what` names the source in the message
// ("model.safetensors"). Beside `bytes` this takes at most some 8 times as much memory as the
// header, which may have 100 MB, 10,000 pieces of metadata, and arrays of 16 dimensions.
Safetensors read_safetensors(std::span<const std::uint8_t> bytes, const std::string& what);

// The bytes of a contiguous range of numbers.
template <typename Range>
std::span<const std::uint8_t> bytes_of(const Range& range) {
  return {reinterpret_cast<const std::uint8_t*>(range.data()),
          static_cast<std::size_t>(range.size()) * sizeof(*range.data())};
}

}  // namespace hourglass
