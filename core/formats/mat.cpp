#include "core/formats/mat.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string_view>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/byte_reader.h"
#include "core/formats/number_type.h"
#include "core/formats/zlib.h"

namespace hourglass {
namespace {

constexpr std::size_t kHeaderBytes = 128, kTagBytes = 8;
constexpr std::uint32_t kMatrix = 14, kCompressed = 15;
constexpr int kMaxDepth = 6;
constexpr std::size_t kMaxArrays = 10'000;

// The class of an array, as its flags have it.
enum ArrayClass : std::uint8_t { kCell = 1, kStruct = 2, kObject = 3, kChar = 4, kSparse = 5 };
constexpr std::uint8_t kFirstNumeric = 6, kUint8Class = 9, kLastNumeric = 15;

const char* class_words(std::uint8_t type) {
  switch (type) {
    case kCell:
      return "a cell array";
    case kStruct:
      return "an array of structs";
    case kChar:
      return "text";
    case kSparse:
      return "a sparse array; full() makes it an ordinary one";
    default:
      return "an object";
  }
}

std::optional<NumberType> mat_number_type(std::uint32_t type) {
  switch (type) {
    case 1:
      return NumberType::kInt8;
    case 2:
      return NumberType::kUint8;
    case 3:
      return NumberType::kInt16;
    case 4:
      return NumberType::kUint16;
    case 5:
      return NumberType::kInt32;
    case 6:
      return NumberType::kUint32;
    case 7:
      return NumberType::kFloat32;
    case 9:
      return NumberType::kFloat64;
    case 12:
      return NumberType::kInt64;
    case 13:
      return NumberType::kUint64;
    default:
      return std::nullopt;
  }
}

struct MatElement {
  std::uint32_t type = 0;
  std::span<const std::uint8_t> data;
};

class MatReader {
 public:
  MatReader(const std::string& name, bool big_endian) : name_(name), big_endian_(big_endian) {}

  void read_all(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const MatElement element = take(bytes, false);
      if (element.type == kCompressed) {
        const auto content = zlib_decompress(element.data, name_, kMaxArrayBytes);
        std::span<const std::uint8_t> inside = content;
        const MatElement matrix = take(inside, false);
        if (matrix.type == kMatrix) read_matrix(matrix.data, "", 0);
      } else if (element.type == kMatrix) {
        read_matrix(element.data, "", 0);
      }
    }
  }

  MatFile result;

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error("'" + name_ + "' is not a usable MAT-file: " + what + ".");
  }

  std::uint32_t number(const std::uint8_t* at) const {
    return big_endian_ ? read_big_endian<std::uint32_t>(at) : read_little_endian<std::uint32_t>(at);
  }

  // Takes an element off the front of `bytes`. Those within an array are filled up to 8 bytes.
  MatElement take(std::span<const std::uint8_t>& bytes, bool is_filled_up) const {
    if (bytes.size() < kTagBytes) fail("it ends within the tag of an element");
    const std::uint32_t first = number(bytes.data());
    // A small element has its size and up to four bytes in the tag itself.
    if (first >> 16 != 0) {
      const std::uint32_t size = first >> 16;
      if (size > 4) fail("a small element says " + std::to_string(size) + " bytes");
      const MatElement small{first & 0xFFFF, bytes.subspan(4, size)};
      bytes = bytes.subspan(kTagBytes);
      return small;
    }
    const std::uint64_t size = number(bytes.data() + 4);
    bytes = bytes.subspan(kTagBytes);
    if (size > bytes.size()) {
      fail("an element says " + std::to_string(size) + " bytes, but " +
           std::to_string(bytes.size()) + " are there");
    }
    const MatElement element{first, bytes.first(static_cast<std::size_t>(size))};
    const std::uint64_t filled = is_filled_up ? (size + 7) / 8 * 8 : size;
    bytes = bytes.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(filled, bytes.size())));
    return element;
  }

  // An array: flags, dimensions, name, and what its class has. `prefix` is the struct that it is a
  // field of, with a dot.
  void read_matrix(std::span<const std::uint8_t> bytes, const std::string& prefix, int depth) {
    if (bytes.empty()) return;  // a field without a value
    if (result.arrays.size() + result.left_out.size() >= kMaxArrays) {
      fail("it holds more than " + std::to_string(kMaxArrays) + " arrays");
    }
    const MatElement flags = take(bytes, true);
    if (flags.data.size() != 8) fail("an array has no flags");
    const std::uint32_t word = number(flags.data.data());
    const auto type = static_cast<std::uint8_t>(word & 0xFF);
    const bool is_complex = (word & 0x800) != 0, is_logical = (word & 0x200) != 0;
    constexpr std::uint8_t kFirstOpaque = 16;
    if (type >= kFirstOpaque) {
      result.left_out.push_back("'" + prefix + "' (an object)");
      return;
    }
    const MatElement sizes = take(bytes, true);
    std::vector<Index> dimensions;
    std::uint64_t count = 1;
    for (std::size_t i = 0; i + 4 <= sizes.data.size(); i += 4) {
      const std::uint32_t size = number(sizes.data.data() + i);
      if (size != 0 && count > kMaxArrayBytes / size) {
        fail("an array asks for more bytes than can be used, 4 GiB at most");
      }
      count *= size;
      dimensions.push_back(static_cast<Index>(size));
    }
    const MatElement title = take(bytes, true);
    std::string own(reinterpret_cast<const char*>(title.data.data()), title.data.size());
    own.resize(std::min(own.find('\0'), own.size()));
    const std::string name = prefix + to_utf8(own);
    if (type == kStruct && count == 1) {
      read_struct(bytes, name, depth);
      return;
    }
    const bool is_numeric = type >= kFirstNumeric && type <= kLastNumeric;
    const bool is_usable = is_numeric && !is_complex && count > 0 && dimensions.size() >= 2 &&
                           dimensions.size() <= kMaxArrayDimensions;
    if (!is_usable) {
      result.left_out.push_back("'" + name + "' (" +
                                (!is_numeric  ? class_words(type)
                                 : is_complex ? "complex numbers"
                                 : count == 0 ? "empty"
                                              : "too many dimensions") +
                                ")");
      return;
    }
    const MatElement values = take(bytes, true);
    MatArray array;
    array.name = name;
    array.shape.assign(dimensions.rbegin(), dimensions.rend());
    fill(values, count, type == kUint8Class, is_logical, array);
    result.arrays.push_back(std::move(array));
  }

  void read_struct(std::span<const std::uint8_t> bytes, const std::string& name, int depth) {
    if (depth == kMaxDepth) {
      fail("structs lie in structs more than " + std::to_string(kMaxDepth) + " deep");
    }
    const MatElement length = take(bytes, true);
    if (length.data.size() != 4) fail("a struct does not say how long its fields' names are");
    const std::size_t size = number(length.data.data());
    const MatElement names = take(bytes, true);
    if (size == 0 || size > 256 || names.data.size() % size != 0) {
      fail("a struct's names of fields are cut short");
    }
    for (std::size_t at = 0; at < names.data.size(); at += size) {
      std::string field(reinterpret_cast<const char*>(names.data.data() + at), size);
      field.resize(std::min(field.find('\0'), field.size()));
      field = to_utf8(field);
      const MatElement value = take(bytes, true);
      if (value.type != kMatrix) fail("a field of a struct is no array");
      read_matrix(value.data, name + (name.empty() ? "" : ".") + field, depth + 1);
    }
  }

  void fill(const MatElement& values, std::uint64_t count, bool is_uint8, bool is_logical,
            MatArray& array) const {
    const std::optional<NumberType> type = mat_number_type(values.type);
    if (!type) fail("'" + array.name + "' has numbers of a type that is not known");
    const std::size_t step = size_of(*type);
    if (values.data.size() / step != count || values.data.size() % step != 0) {
      fail("'" + array.name + "' should have " + std::to_string(count) + " numbers of " +
           std::to_string(step) + " bytes, but " + std::to_string(values.data.size()) +
           " bytes are there");
    }
    if (count > kMaxArrayBytes / sizeof(float)) {
      fail("'" + array.name + "' is larger than the 4 GiB that can be used");
    }
    array.is_bool = is_logical && *type == NumberType::kUint8;
    array.is_bytes = array.is_bool || (is_uint8 && *type == NumberType::kUint8);
    if (array.is_bytes) {
      array.bytes.assign(values.data.begin(), values.data.end());
      if (array.is_bool) {
        for (std::uint8_t& byte : array.bytes) byte = byte != 0 ? 1 : 0;
      }
      return;
    }
    const NumberReader read = number_reader(*type, big_endian_);
    array.values.reserve(static_cast<std::size_t>(count));
    for (std::size_t at = 0; at < values.data.size(); at += step) {
      array.values.push_back(read(values.data.data() + at));
    }
  }

  const std::string& name_;
  const bool big_endian_;
};

}  // namespace

MatFile read_mat(std::span<const std::uint8_t> file, const std::string& name) {
  const auto fail = [&](const std::string& what) {
    throw Error("'" + name + "' is not a usable MAT-file: " + what + ".");
  };
  if (file.size() < kHeaderBytes) fail("it is shorter than its header of 128 bytes");
  const std::string_view mark(reinterpret_cast<const char*>(file.data()) + 126, 2);
  if (mark != "IM" && mark != "MI") fail("its header does not say its byte order");
  MatReader reader(name, mark == "MI");
  reader.read_all(file.subspan(kHeaderBytes));
  return std::move(reader.result);
}

}  // namespace hourglass
