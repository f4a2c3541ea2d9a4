// MAT-files of version 5 made element by element, after MathWorks' "MAT-File Format", of either
// byte order, plain or compressed.
#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass {

class MatBuilder {
 public:
  using Bytes = std::vector<std::uint8_t>;

  // Classes of arrays and types of numbers, as the format counts them.
  enum Class : std::uint32_t { kCell = 1, kStruct = 2, kChar = 4, kDouble = 6, kUint8 = 9 };
  enum Type : std::uint32_t {
    kMiInt8 = 1,
    kMiUint8 = 2,
    kMiInt32 = 5,
    kMiUint32 = 6,
    kMiMatrix = 14
  };

  explicit MatBuilder(bool big_endian = false, bool compressed = false)
      : big_endian_(big_endian), compressed_(compressed) {
    const std::string text = "MATLAB 5.0 MAT-file, made by a test";
    file_.assign(text.begin(), text.end());
    file_.resize(124, ' ');
    put(file_, 0x0100, 2);
    put(file_, 0x4D49, 2);  // "MI", which is "IM" where the least byte comes first
  }

  // An array of unsigned bytes; `content` column by column.
  void add_bytes(const std::string& name, const std::vector<std::uint32_t>& sizes,
                 const Bytes& content, std::uint32_t flags = 0) {
    add(matrix(kUint8 | flags, name, sizes, element(kMiUint8, content)));
  }
  // Of doubles that are stored as bytes, as MATLAB does with small whole numbers.
  void add_small_doubles(const std::string& name, const std::vector<std::uint32_t>& sizes,
                         const Bytes& content) {
    add(matrix(kDouble, name, sizes, element(kMiUint8, content)));
  }
  void add_text(const std::string& name) {
    add(matrix(kChar, name, {1, 2}, element(kMiUint8, {'a', 'b'})));
  }
  // A struct of arrays of bytes.
  struct Field {
    std::string name;
    std::vector<std::uint32_t> sizes;
    Bytes content;
  };
  void add_struct(const std::string& name, const std::vector<Field>& fields) {
    add(struct_matrix(name, fields));
  }
  // The same within another struct, as the only field of it, `outer`.
  void add_nested(const std::string& outer, const std::string& name,
                  const std::vector<Field>& fields) {
    Bytes body = field_names({name});
    append(body, struct_matrix("", fields));
    add(matrix(kStruct, outer, {1, 1}, body));
  }

  const Bytes& file() const { return file_; }

 private:
  void put(Bytes& to, std::uint64_t value, int size) const {
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (big_endian_ ? size - 1 - i : i);
      to.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }

  static void append(Bytes& to, const Bytes& more) {
    to.insert(to.end(), more.begin(), more.end());
  }

  // Up to four bytes go into the tag.
  Bytes element(std::uint32_t type, const Bytes& content) const {
    Bytes out;
    if (content.size() <= 4 && !content.empty() && type != kMiMatrix) {
      put(out, content.size() << 16 | type, 4);
      append(out, content);
      out.resize(8);
      return out;
    }
    put(out, type, 4);
    put(out, content.size(), 4);
    append(out, content);
    while (out.size() % 8 != 0) out.push_back(0);
    return out;
  }

  Bytes matrix(std::uint32_t flags, const std::string& name,
               const std::vector<std::uint32_t>& sizes, const Bytes& body) const {
    Bytes words, dimensions, content;
    put(words, flags, 4);
    put(words, 0, 4);
    for (const std::uint32_t size : sizes) put(dimensions, size, 4);
    append(content, element(kMiUint32, words));
    append(content, element(kMiInt32, dimensions));
    append(content, element(kMiInt8, Bytes(name.begin(), name.end())));
    append(content, body);
    return element(kMiMatrix, content);
  }

  Bytes field_names(const std::vector<std::string>& names) const {
    constexpr std::size_t kLength = 16;
    Bytes length, all, body;
    put(length, kLength, 4);
    for (const std::string& name : names) {
      all.insert(all.end(), name.begin(), name.end());
      all.resize((all.size() + kLength - 1) / kLength * kLength);
    }
    append(body, element(kMiInt32, length));
    append(body, element(kMiInt8, all));
    return body;
  }

  Bytes struct_matrix(const std::string& name, const std::vector<Field>& fields) const {
    std::vector<std::string> names;
    for (const Field& field : fields) names.push_back(field.name);
    Bytes body = field_names(names);
    for (const Field& field : fields) {
      append(body, matrix(kUint8, "", field.sizes, element(kMiUint8, field.content)));
    }
    return matrix(kStruct, name, {1, 1}, body);
  }

  void add(const Bytes& matrix) {
    if (!compressed_) {
      append(file_, matrix);
      return;
    }
    libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
    Bytes packed(libdeflate_zlib_compress_bound(compressor, matrix.size()));
    packed.resize(libdeflate_zlib_compress(compressor, matrix.data(), matrix.size(), packed.data(),
                                           packed.size()));
    libdeflate_free_compressor(compressor);
    put(file_, 15, 4);
    put(file_, packed.size(), 4);
    append(file_, packed);
  }

  bool big_endian_, compressed_;
  Bytes file_;
};

}  // namespace hourglass
