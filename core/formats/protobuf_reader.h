// Protocol Buffers' wire format, read field by field. See core/formats/protobuf_writer.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

// One message. Nothing is copied: bytes() and text() point into what the reader was made of.
class ProtobufReader {
 public:
  // `what` begins the messages of errors ("'net.onnx' is not an ONNX file that can be read").
  ProtobufReader(std::span<const std::uint8_t> message, const std::string& what)
      : message_(message), what_(&what) {}

  // Goes to the next field; false behind the last. Throws Error if it is cut off, or of a kind that
  // there is not.
  bool next();

  std::uint32_t field() const { return field_; }
  // The value of the field, which throws Error where it is of another kind.
  std::int64_t whole() const;
  float real() const;
  std::span<const std::uint8_t> bytes() const;
  std::string_view text() const;
  ProtobufReader message() const { return {bytes(), *what_}; }

  // Adds the numbers of a repeated field, which come one by one or packed. Throws Error if there
  // are more than `most` in `numbers` then.
  void add_wholes(std::vector<std::int64_t>& numbers, std::size_t most) const;

 private:
  enum class Kind { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  [[noreturn]] void fail(const std::string& why) const;
  static bool read_varint(std::span<const std::uint8_t> bytes, std::size_t& at,
                          std::uint64_t& value);

  std::span<const std::uint8_t> message_;
  const std::string* what_;
  std::size_t at_ = 0;
  std::uint32_t field_ = 0;
  Kind kind_ = Kind::kVarint;
  std::uint64_t number_ = 0;
  std::span<const std::uint8_t> bytes_;
};

}  // namespace hourglass
