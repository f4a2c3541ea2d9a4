#include "core/formats/protobuf_writer.h"

#include <bit>

#include "core/formats/byte_reader.h"

namespace hourglass {
namespace {

constexpr std::uint32_t kVarintKind = 0, kBytesKind = 2, kFixed32Kind = 5;

}  // namespace

void ProtobufWriter::add_varint(std::uint64_t value) {
  while (value >= 0x80) {
    own_.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  own_.push_back(static_cast<std::uint8_t>(value));
}

void ProtobufWriter::add_key(std::uint32_t field, std::uint32_t kind) {
  add_varint(std::uint64_t{field} << 3 | kind);
}

void ProtobufWriter::add_whole(std::uint32_t field, std::int64_t value) {
  add_key(field, kVarintKind);
  add_varint(static_cast<std::uint64_t>(value));
}

void ProtobufWriter::add_float(std::uint32_t field, float value) {
  add_key(field, kFixed32Kind);
  append_little_endian(std::bit_cast<std::uint32_t>(value), own_);
}

void ProtobufWriter::add_text(std::uint32_t field, std::string_view text) {
  add_key(field, kBytesKind);
  add_varint(text.size());
  own_.insert(own_.end(), text.begin(), text.end());
}

void ProtobufWriter::add_borrowed(std::uint32_t field, std::span<const std::uint8_t> bytes) {
  add_key(field, kBytesKind);
  add_varint(bytes.size());
  borrowed_.push_back({own_.size(), bytes});
  borrowed_size_ += bytes.size();
}

void ProtobufWriter::add_message(std::uint32_t field, ProtobufWriter message) {
  add_key(field, kBytesKind);
  add_varint(message.size());
  for (const Borrowed& piece : message.borrowed_) {
    borrowed_.push_back({own_.size() + piece.at, piece.bytes});
  }
  borrowed_size_ += message.borrowed_size_;
  own_.insert(own_.end(), message.own_.begin(), message.own_.end());
}

std::vector<std::uint8_t> ProtobufWriter::joined() const {
  std::vector<std::uint8_t> all;
  all.reserve(size());
  std::size_t done = 0;
  const auto add_own = [&](std::size_t end) {
    all.insert(all.end(), own_.begin() + static_cast<std::ptrdiff_t>(done),
               own_.begin() + static_cast<std::ptrdiff_t>(end));
    done = end;
  };
  for (const Borrowed& piece : borrowed_) {
    add_own(piece.at);
    all.insert(all.end(), piece.bytes.begin(), piece.bytes.end());
  }
  add_own(own_.size());
  return all;
}

}  // namespace hourglass
