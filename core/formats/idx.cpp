#include "core/formats/idx.h"

#include <bit>
#include <cassert>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"
#include "core/formats/number_type.h"

namespace hourglass {
namespace {

constexpr std::uint8_t kTypeByte = 0x08, kTypeFloat = 0x0D;

std::string sizes_text(std::span<const Index> shape) {
  std::string text;
  for (const Index size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

std::vector<std::uint8_t> write_header(std::uint8_t type, std::span<const Index> shape,
                                       std::size_t elements) {
  assert(!shape.empty() && shape.size() <= kMaxArrayDimensions);
  std::vector<std::uint8_t> out = {0, 0, type, static_cast<std::uint8_t>(shape.size())};
  [[maybe_unused]] std::uint64_t product = 1;
  for (const Index size : shape) {
    if (size <= 0 || static_cast<std::uint64_t>(size) > 0xFFFFFFFFu) {
      throw Error("An array of " + sizes_text(shape) +
                  " elements cannot be written as IDX: each dimension must be 1 to 4294967295.");
    }
    append_big_endian(static_cast<std::uint32_t>(size), out);
    product *= static_cast<std::uint64_t>(size);
  }
  assert(product == elements);
  (void)elements;
  return out;
}

// The types that the format's description lists.
std::optional<NumberType> idx_number_type(std::uint8_t type) {
  switch (type) {
    case kTypeByte:
      return NumberType::kUint8;
    case 0x09:
      return NumberType::kInt8;
    case 0x0B:
      return NumberType::kInt16;
    case 0x0C:
      return NumberType::kInt32;
    case kTypeFloat:
      return NumberType::kFloat32;
    case 0x0E:
      return NumberType::kFloat64;
    default:
      return std::nullopt;
  }
}

}  // namespace

IdxArray read_idx(std::span<const std::uint8_t> file, const std::string& name) {
  return read_idx(std::vector<std::uint8_t>(file.begin(), file.end()), name);
}

IdxArray read_idx(std::vector<std::uint8_t>&& file, const std::string& name) {
  if (is_gzip(file)) {
    file = gunzip(file, name, kMaxArrayBytes);
    if (is_gzip(file)) throw Error("'" + name + "' is compressed with gzip twice.");
  }
  const auto fail = [&name](const std::string& what) {
    throw Error("'" + name + "' is not a usable IDX file: " + what + ".");
  };
  if (file.size() < 4) fail("it is shorter than its 4 bytes of header");
  if (file[0] != 0 || file[1] != 0) fail("it does not begin with two zero bytes");
  const std::optional<NumberType> type = idx_number_type(file[2]);
  if (!type) {
    fail("its elements have type " + std::to_string(file[2]) +
         "; 8, 9 (bytes), 11, 12 (whole numbers), 13 or 14 (floats) is needed");
  }
  const std::size_t dimensions = file[3];
  if (dimensions < 1 || dimensions > kMaxArrayDimensions) {
    fail("it has " + std::to_string(dimensions) + " dimensions; 1 to 8 are needed");
  }
  const std::size_t header = 4 + 4 * dimensions;
  if (file.size() < header) fail("it ends within its header");

  IdxArray array;
  const std::uint64_t element = size_of(*type);
  std::uint64_t size = element;
  for (std::size_t i = 0; i < dimensions; ++i) {
    const auto dimension = read_big_endian<std::uint32_t>(file.data() + 4 + 4 * i);
    if (dimension == 0) fail("dimension " + std::to_string(i + 1) + " is 0");
    // Held below 4 GiB before each product, so none overflows 64 bits.
    if (dimension > kMaxArrayBytes / size)
      fail("its header asks for more bytes than can be used, 4 GiB at most");
    size *= dimension;
    array.shape.push_back(static_cast<Index>(dimension));
  }
  const std::span<const std::uint8_t> content = std::span(file).subspan(header);
  if (content.size() != size) {
    fail("its header says " + sizes_text(array.shape) + " elements, which are " +
         std::to_string(size) + " bytes, but " + std::to_string(content.size()) + " are there");
  }
  array.is_bytes = *type == NumberType::kUint8;
  if (array.is_bytes) {
    file.erase(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(header));
    array.bytes = std::move(file);
  } else {
    const NumberReader read = number_reader(*type, true);
    const auto step = static_cast<std::size_t>(element);
    array.values.resize(content.size() / step);
    for (std::size_t i = 0; i < array.values.size(); ++i) {
      array.values[i] = read(content.data() + i * step);
    }
  }
  return array;
}

std::vector<std::uint8_t> write_idx(std::span<const Index> shape,
                                    std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> out = write_header(kTypeByte, shape, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
  return out;
}

std::vector<std::uint8_t> write_idx(std::span<const Index> shape, std::span<const float> values) {
  std::vector<std::uint8_t> out = write_header(kTypeFloat, shape, values.size());
  out.reserve(out.size() + 4 * values.size());
  for (const float value : values) append_big_endian(std::bit_cast<std::uint32_t>(value), out);
  return out;
}

}  // namespace hourglass
