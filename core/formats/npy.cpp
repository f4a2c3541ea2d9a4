#include "core/formats/npy.h"

#include <array>
#include <bit>
#include <cassert>
#include <optional>
#include <string_view>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"

namespace hourglass {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeader = 1 << 16;
constexpr std::size_t kMaxNpyDimensions = 4;

struct Header {
  std::string_view type;
  std::optional<bool> fortran;
  std::optional<std::vector<std::uint64_t>> shape;
};

// Reads the header, a literal of a Python dictionary with exactly the keys descr, fortran_order and
// shape. Every function returns false on anything unexpected.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  bool parse(Header& header) {
    if (!take('{')) return false;
    while (!take('}')) {
      std::string_view key;
      if (!string(key) || !take(':')) return false;
      const bool good = key == "descr"           ? header.type.empty() && string(header.type)
                        : key == "fortran_order" ? !header.fortran && boolean(header.fortran)
                        : key == "shape"         ? !header.shape && tuple(header.shape)
                                                 : false;
      if (!good) return false;
      if (!take(',') && !peek('}')) return false;
    }
    skip_space();
    return text_.empty() && !header.type.empty() && header.fortran && header.shape;
  }

 private:
  void skip_space() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t')) {
      text_.remove_prefix(1);
    }
  }
  bool peek(char c) {
    skip_space();
    return !text_.empty() && text_[0] == c;
  }
  bool take(char c) {
    if (!peek(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool string(std::string_view& out) {
    skip_space();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) return false;
    const std::size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) return false;
    out = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return true;
  }
  bool boolean(std::optional<bool>& out) {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.starts_with(word)) {
        out = value;
        text_.remove_prefix(word.size());
        return true;
      }
    }
    return false;
  }
  bool tuple(std::optional<std::vector<std::uint64_t>>& out) {
    if (!take('(')) return false;
    out.emplace();
    while (!take(')')) {
      std::uint64_t number = 0;
      int digits = 0;
      skip_space();
      for (; !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; text_.remove_prefix(1)) {
        if (++digits > 18) return false;
        number = 10 * number + static_cast<std::uint64_t>(text_[0] - '0');
      }
      if (digits == 0 || out->size() == 64) return false;
      if (!text_.empty() && text_[0] == 'L') text_.remove_prefix(1);  // written by Python 2
      out->push_back(number);
      if (!take(',') && !peek(')')) return false;
    }
    return true;
  }

  std::string_view text_;
};

enum class ElementType { kFloat32, kFloat64, kInt32, kInt64, kUint8 };

std::optional<ElementType> element_type(std::string_view name) {
  if (name == "<f4") return ElementType::kFloat32;
  if (name == "<f8") return ElementType::kFloat64;
  if (name == "<i4") return ElementType::kInt32;
  if (name == "<i8") return ElementType::kInt64;
  if (name == "|u1" || name == "<u1") return ElementType::kUint8;
  return std::nullopt;
}

std::uint64_t element_size(ElementType type) {
  return type == ElementType::kUint8                                    ? 1
         : type == ElementType::kFloat32 || type == ElementType::kInt32 ? 4
                                                                        : 8;
}

float element(ElementType type, const std::uint8_t* at) {
  switch (type) {
    case ElementType::kFloat32:
      return std::bit_cast<float>(read_little_endian<std::uint32_t>(at));
    case ElementType::kFloat64:
      return static_cast<float>(std::bit_cast<double>(read_little_endian<std::uint64_t>(at)));
    case ElementType::kInt32:
      return static_cast<float>(static_cast<std::int32_t>(read_little_endian<std::uint32_t>(at)));
    case ElementType::kInt64:
      return static_cast<float>(static_cast<std::int64_t>(read_little_endian<std::uint64_t>(at)));
    case ElementType::kUint8:
      break;  // stay bytes
  }
  return 0;
}

// Where element `position` (in C order) of an array of `shape` lies in Fortran order.
std::size_t fortran_position(std::span<const Index> shape, std::size_t position) {
  std::array<std::size_t, kMaxNpyDimensions> at{};
  for (std::size_t d = shape.size(); d-- > 0;) {
    at[d] = position % static_cast<std::size_t>(shape[d]);
    position /= static_cast<std::size_t>(shape[d]);
  }
  std::size_t result = 0;
  for (std::size_t d = shape.size(); d-- > 0;) {
    result = result * static_cast<std::size_t>(shape[d]) + at[d];
  }
  return result;
}

}  // namespace

NpyArray read_npy(std::span<const std::uint8_t> file, const std::string& name) {
  const auto fail = [&name](const std::string& what) {
    throw Error("'" + name + "' is not a usable NPY file: " + what + ".");
  };
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (!text.starts_with(kMagic)) fail("it does not begin with \\x93NUMPY");
  if (file.size() < 12) fail("it ends within its header");
  const int version = file[6];
  if (version < 1 || version > 3) {
    fail("its version is " + std::to_string(version) + "; 1, 2 or 3 is needed");
  }
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t length = version == 1 ? read_little_endian<std::uint16_t>(file.data() + 8)
                                          : read_little_endian<std::uint32_t>(file.data() + 8);
  if (length > kMaxHeader) fail("its header has " + std::to_string(length) + " bytes");
  if (length > file.size() - start) fail("it ends within its header");

  Header header;
  if (!HeaderParser(text.substr(start, length)).parse(header)) {
    fail("its header is not a dictionary of descr, fortran_order and shape");
  }
  const std::optional<ElementType> type = element_type(header.type);
  if (!type) {
    fail("its elements have type '" + std::string(header.type.substr(0, 40)) +
         "'; little-endian float32, float64, int32, int64 or uint8 is needed");
  }
  if (header.shape->empty() || header.shape->size() > kMaxNpyDimensions) {
    fail("it has " + std::to_string(header.shape->size()) + " dimensions; 1 to 4 are needed");
  }
  NpyArray array;
  std::uint64_t size = element_size(*type);
  for (const std::uint64_t dimension : *header.shape) {
    if (dimension == 0) fail("one of its dimensions is 0");
    if (dimension > kMaxArrayBytes / size)
      fail("its header asks for more bytes than can be used, 4 GiB at most");
    size *= dimension;
    array.shape.push_back(static_cast<Index>(dimension));
  }
  const std::span<const std::uint8_t> content = file.subspan(start + length);
  if (content.size() != size) {
    fail("its header says " + std::to_string(size) + " bytes of elements, but " +
         std::to_string(content.size()) + " are there");
  }
  const std::size_t step = static_cast<std::size_t>(element_size(*type));
  array.is_bytes = *type == ElementType::kUint8;
  const std::size_t count = content.size() / step;
  const auto position = [&](std::size_t i) {
    return *header.fortran ? fortran_position(array.shape, i) : i;
  };
  if (array.is_bytes) {
    array.bytes.resize(count);
    for (std::size_t i = 0; i < count; ++i) array.bytes[i] = content[position(i)];
    return array;
  }
  array.values.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    array.values[i] = element(*type, content.data() + position(i) * step);
  }
  return array;
}

std::vector<std::uint8_t> write_npy(std::span<const Index> shape, std::span<const float> values) {
  assert(!shape.empty() && shape.size() <= kMaxNpyDimensions);
  std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    dictionary += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  dictionary += shape.size() == 1 ? ",), }" : "), }";
  // The values start at a multiple of 64, and the header ends with a newline, as NumPy has it.
  constexpr std::size_t kStart = 10;
  while ((kStart + dictionary.size() + 1) % 64 != 0) dictionary += ' ';
  dictionary += '\n';
  std::string header(kMagic);
  header += '\x01';
  header += '\0';
  header += static_cast<char>(dictionary.size() & 0xff);
  header += static_cast<char>(dictionary.size() >> 8);
  header += dictionary;
  std::vector<std::uint8_t> out(header.begin(), header.end());
  out.reserve(out.size() + 4 * values.size());
  for (const float value : values) append_little_endian(std::bit_cast<std::uint32_t>(value), out);
  return out;
}

}  // namespace hourglass
