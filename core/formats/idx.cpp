#include "core/formats/idx.h"

#include <bit>
#include <cassert>
#include <cstddef>
#include <utility>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"

namespace hourglass {
namespace {

constexpr std::uint8_t kTypeByte = 0x08, kTypeFloat = 0x0D;
constexpr std::size_t kMaxIdxDimensions = 4;

std::string sizes_text(std::span<const Index> shape) {
  std::string text;
  for (const Index size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

std::vector<std::uint8_t> write_header(std::uint8_t type, std::span<const Index> shape,
                                       std::size_t elements) {
  assert(!shape.empty() && shape.size() <= kMaxIdxDimensions);
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

}  // namespace

namespace {

// As the format's description names them.
const char* type_words(std::uint8_t type) {
  switch (type) {
    case 9:
      return " (signed bytes)";
    case 11:
      return " (16-bit integers)";
    case 12:
      return " (32-bit integers)";
    case 14:
      return " (doubles)";
    default:
      return "";
  }
}

}  // namespace

Index IdxArray::features() const {
  Index product = 1;
  for (std::size_t i = 1; i < shape.size(); ++i) product *= shape[i];
  return product;
}

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
  const std::uint8_t type = file[2];
  if (type != kTypeByte && type != kTypeFloat) {
    fail("its elements have type " + std::to_string(type) + type_words(type) +
         "; type 8 (unsigned bytes) or 13 (floats) is needed");
  }
  const std::size_t dimensions = file[3];
  if (dimensions < 1 || dimensions > kMaxIdxDimensions) {
    fail("it has " + std::to_string(dimensions) + " dimensions; 1 to 4 are needed");
  }
  const std::size_t header = 4 + 4 * dimensions;
  if (file.size() < header) fail("it ends within its header");

  IdxArray array;
  const std::uint64_t element = type == kTypeByte ? 1 : 4;
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
  array.is_bytes = type == kTypeByte;
  if (array.is_bytes) {
    file.erase(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(header));
    array.bytes = std::move(file);
  } else {
    array.values.resize(content.size() / 4);
    for (std::size_t i = 0; i < array.values.size(); ++i) {
      array.values[i] =
          std::bit_cast<float>(read_big_endian<std::uint32_t>(content.data() + 4 * i));
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
