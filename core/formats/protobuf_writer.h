// Protocol Buffers' wire format, written: as much of it as an ONNX file needs.
//
// A message is a row of fields, each a key (number << 3 | kind) and a value; see "Encoding" in the
// documentation of Protocol Buffers. Kinds here: 0 a varint, 2 bytes behind their length, 5 four
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hourglass {

// One message that is being written. Large arrays are borrowed and copied once, when the outermost
// message is joined.
class ProtobufWriter {
 public:
  // Numbers of fields are from 1 to 2^29 - 1. A negative whole number takes ten bytes, as int64
  // does.
  void add_whole(std::uint32_t field, std::int64_t value);
  void add_float(std::uint32_t field, float value);
  void add_text(std::uint32_t field, std::string_view text);
  // `bytes` must outlive joined() of the outermost message.
  void add_borrowed(std::uint32_t field, std::span<const std::uint8_t> bytes);
  void add_message(std::uint32_t field, ProtobufWriter message);

  std::size_t size() const { return own_.size() + borrowed_size_; }
  std::vector<std::uint8_t> joined() const;

 private:
  struct Borrowed {
    std::size_t at;  // of own_, before which these bytes stand
    std::span<const std::uint8_t> bytes;
  };

  void add_varint(std::uint64_t value);
  void add_key(std::uint32_t field, std::uint32_t kind);

  std::vector<std::uint8_t> own_;
  std::vector<Borrowed> borrowed_;
  std::size_t borrowed_size_ = 0;
};

}  // namespace hourglass
