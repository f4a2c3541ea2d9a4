#include "core/formats/npy.h"

#include <array>
#include <bit>
#include <cassert>
#include <optional>
#include <string_view>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/byte_reader.h"
#include "core/formats/number_type.h"

namespace hourglass {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeader = kMaxNpyHead - 12;

struct NpyFields {
  std::string_view type;
  std::optional<bool> fortran;
  std::optional<std::vector<std::uint64_t>> shape;
};

// Reads the header, a literal of a Python dictionary with exactly the keys descr, fortran_order and
// shape. Every function returns false on anything unexpected.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  bool parse(NpyFields& header) {
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

struct ElementType {
  NumberType number = NumberType::kUint8;
  bool big_endian = false;
};

// "<f4", ">i2", "|u1", "=f8" (the writer's own order, which was little-endian everywhere for long),
// "?" and "|b1" for truth values.
std::optional<ElementType> element_type(std::string_view name) {
  struct Named {
    std::string_view name;
    NumberType number;
  };
  static constexpr Named kNames[] = {
      {"b1", NumberType::kBool},    {"?", NumberType::kBool},     {"u1", NumberType::kUint8},
      {"i1", NumberType::kInt8},    {"u2", NumberType::kUint16},  {"i2", NumberType::kInt16},
      {"u4", NumberType::kUint32},  {"i4", NumberType::kInt32},   {"u8", NumberType::kUint64},
      {"i8", NumberType::kInt64},   {"f2", NumberType::kFloat16}, {"f4", NumberType::kFloat32},
      {"f8", NumberType::kFloat64},
  };
  const bool big = name.starts_with('>');
  if (!name.empty() && std::string_view("<>=|").find(name[0]) != std::string_view::npos) {
    name.remove_prefix(1);
  }
  for (const Named& known : kNames) {
    if (name == known.name) return ElementType{known.number, big};
  }
  return std::nullopt;
}

// What to do about elements that are no numbers.
std::string advice_about(std::string_view type) {
  if (type.find('O') != std::string_view::npos) {
    return "Python objects, which are stored as a pickle and never opened; save an array of "
           "numbers";
  }
  if (type.find_first_of("US") != std::string_view::npos) {
    return "text; save numbers, and names of classes as whole numbers";
  }
  if (type.find('V') != std::string_view::npos) {
    return "records of several fields; save each field by itself";
  }
  if (type.find('c') != std::string_view::npos) {
    return "complex; save their size or their parts";
  }
  return "not read; save them as float32 or uint8";
}

// Writes the elements, which lie in Fortran order at `content`, in C order by write(from), called
// once for each with the place that it lies at.
template <typename Write>
void for_each_from_fortran(std::span<const Index> shape, const Write& write) {
  const std::size_t dimensions = shape.size();
  std::array<std::size_t, kMaxArrayDimensions> stride{}, at{};
  std::size_t product = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    stride[d] = product;
    product *= static_cast<std::size_t>(shape[d]);
  }
  std::size_t from = 0;
  for (std::size_t done = 0; done < product; ++done) {
    write(from);
    // The last dimension runs fastest.
    for (std::size_t d = dimensions; d-- > 0;) {
      from += stride[d];
      if (++at[d] < static_cast<std::size_t>(shape[d])) break;
      from -= stride[d] * at[d];
      at[d] = 0;
    }
  }
}

[[noreturn]] void throw_bad_npy(const std::string& name, const std::string& what) {
  throw Error("'" + name + "' is not a usable NPY file: " + what + ".");
}

}  // namespace

NpyHeader read_npy_header(std::span<const std::uint8_t> head, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (!text.starts_with(kMagic)) throw_bad_npy(name, "it does not begin with \\x93NUMPY");
  if (head.size() < 12) throw_bad_npy(name, "it ends within its header");
  const int version = head[6];
  if (version < 1 || version > 3) {
    throw_bad_npy(name, "its version is " + std::to_string(version) + "; 1, 2 or 3 is needed");
  }
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t length = version == 1 ? read_little_endian<std::uint16_t>(head.data() + 8)
                                          : read_little_endian<std::uint32_t>(head.data() + 8);
  if (length > kMaxHeader)
    throw_bad_npy(name, "its header has " + std::to_string(length) + " bytes");
  if (length > head.size() - start) throw_bad_npy(name, "it ends within its header");
  const std::string_view dictionary = text.substr(start, length);
  NpyFields fields;
  if (!HeaderParser(dictionary).parse(fields)) {
    // Records have a list of fields for a type, and are no numbers anyway.
    const bool are_records = dictionary.find("'descr': [") != std::string_view::npos;
    if (are_records) return {"V", false, {}, start + length};
    throw_bad_npy(name, "its header is not a dictionary of descr, fortran_order and shape");
  }
  return {std::string(fields.type), *fields.fortran, *fields.shape, start + length};
}

NpyArray read_npy(std::span<const std::uint8_t> file, const std::string& name) {
  const NpyHeader header = read_npy_header(file, name);
  const std::optional<ElementType> type = element_type(header.type);
  if (!type) {
    throw_bad_npy(name, "its elements have type '" + printable(header.type.substr(0, 40)) +
                            "', which are " + advice_about(header.type));
  }
  if (header.shape.empty() || header.shape.size() > kMaxArrayDimensions) {
    throw_bad_npy(
        name, "it has " + std::to_string(header.shape.size()) + " dimensions; 1 to 8 are needed");
  }
  NpyArray array;
  const std::size_t step = size_of(type->number);
  std::uint64_t size = step;
  for (const std::uint64_t dimension : header.shape) {
    if (dimension == 0) throw_bad_npy(name, "one of its dimensions is 0");
    if (dimension > kMaxArrayBytes / size)
      throw_bad_npy(name, "its header asks for more bytes than can be used, 4 GiB at most");
    size *= dimension;
    array.shape.push_back(static_cast<Index>(dimension));
  }
  std::span<const std::uint8_t> content = file.subspan(header.bytes);
  if (content.size() > size) {
    const auto rest = content.subspan(static_cast<std::size_t>(size));
    const std::string_view text(reinterpret_cast<const char*>(rest.data()), rest.size());
    array.another_follows = text.starts_with(kMagic);
    if (array.another_follows) content = content.first(static_cast<std::size_t>(size));
  }
  if (content.size() != size) {
    throw_bad_npy(name, "its header says " + std::to_string(size) + " bytes of elements, but " +
                            std::to_string(content.size()) + " are there");
  }
  array.is_bool = type->number == NumberType::kBool;
  array.is_bytes = array.is_bool || type->number == NumberType::kUint8;
  const std::size_t count = content.size() / step;
  const std::uint8_t* const from = content.data();
  if (array.is_bytes) {
    array.bytes.reserve(count);
    if (header.fortran) {
      for_each_from_fortran(array.shape, [&](std::size_t at) { array.bytes.push_back(from[at]); });
    } else {
      array.bytes.assign(content.begin(), content.end());
    }
    if (array.is_bool) {
      for (std::uint8_t& byte : array.bytes) byte = byte != 0 ? 1 : 0;
    }
    return array;
  }
  const NumberReader read = number_reader(type->number, type->big_endian);
  array.values.reserve(count);
  if (header.fortran) {
    for_each_from_fortran(array.shape,
                          [&](std::size_t at) { array.values.push_back(read(from + at * step)); });
  } else {
    for (std::size_t i = 0; i < count; ++i) array.values.push_back(read(from + i * step));
  }
  return array;
}

std::vector<std::uint8_t> write_npy(std::span<const Index> shape, std::span<const float> values) {
  assert(!shape.empty() && shape.size() <= kMaxArrayDimensions);
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
