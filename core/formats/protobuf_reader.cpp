#include "core/formats/protobuf_reader.h"

#include <bit>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"

namespace hourglass {

void ProtobufReader::fail(const std::string& why) const { throw Error(*what_ + ": " + why + "."); }

bool ProtobufReader::read_varint(std::span<const std::uint8_t> bytes, std::size_t& at,
                                 std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const std::uint8_t byte = bytes[at++];
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool ProtobufReader::next() {
  if (at_ == message_.size()) return false;
  std::uint64_t key = 0;
  if (!read_varint(message_, at_, key) || key >> 3 == 0 || key >> 3 > 0x1FFFFFFF) {
    fail("a field has no number that there can be");
  }
  field_ = static_cast<std::uint32_t>(key >> 3);
  const std::string name = "field " + std::to_string(field_);
  const std::size_t rest = message_.size() - at_;
  kind_ = static_cast<Kind>(key & 7);
  switch (kind_) {
    case Kind::kVarint:
      if (!read_varint(message_, at_, number_)) fail(name + " is cut off");
      return true;
    case Kind::kFixed64:
    case Kind::kFixed32: {
      const std::size_t size = kind_ == Kind::kFixed64 ? 8 : 4;
      if (rest < size) fail(name + " is cut off");
      const std::uint8_t* const from = message_.data() + at_;
      number_ = size == 8 ? read_little_endian<std::uint64_t>(from)
                          : read_little_endian<std::uint32_t>(from);
      at_ += size;
      return true;
    }
    case Kind::kBytes: {
      std::uint64_t size = 0;
      if (!read_varint(message_, at_, size)) fail(name + " is cut off");
      if (size > message_.size() - at_) {
        fail(name + " claims " + std::to_string(size) + " bytes, and " +
             std::to_string(message_.size() - at_) + " are left");
      }
      bytes_ = message_.subspan(at_, static_cast<std::size_t>(size));
      at_ += static_cast<std::size_t>(size);
      return true;
    }
  }
  fail(name + " is of a kind that there is not");
}

std::int64_t ProtobufReader::whole() const {
  if (kind_ != Kind::kVarint) {
    fail("field " + std::to_string(field_) + " is no whole number, which it should be");
  }
  return static_cast<std::int64_t>(number_);
}

float ProtobufReader::real() const {
  if (kind_ != Kind::kFixed32) {
    fail("field " + std::to_string(field_) + " is no float, which it should be");
  }
  return std::bit_cast<float>(static_cast<std::uint32_t>(number_));
}

std::span<const std::uint8_t> ProtobufReader::bytes() const {
  if (kind_ != Kind::kBytes) {
    fail("field " + std::to_string(field_) + " is a number, and text or a message is needed");
  }
  return bytes_;
}

std::string_view ProtobufReader::text() const {
  const std::span<const std::uint8_t> held = bytes();
  return {reinterpret_cast<const char*>(held.data()), held.size()};
}

void ProtobufReader::add_wholes(std::vector<std::int64_t>& numbers, std::size_t most) const {
  const auto add = [&](std::uint64_t number) {
    if (numbers.size() == most) {
      fail("field " + std::to_string(field_) + " has more than " + std::to_string(most) +
           " numbers");
    }
    numbers.push_back(static_cast<std::int64_t>(number));
  };
  if (kind_ == Kind::kVarint) return add(number_);
  std::size_t at = 0;
  std::uint64_t number = 0;
  while (at < bytes().size()) {
    if (!read_varint(bytes_, at, number)) {
      fail("field " + std::to_string(field_) + " is cut off");
    }
    add(number);
  }
}

}  // namespace hourglass
