#include "core/base/hash.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hourglass {
namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

template <typename Word>
std::uint64_t read_word(const std::uint8_t* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

std::uint64_t Xxh64::round(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane + word * kPrime2, 31) * kPrime1;
}

void Xxh64::add_stripes(const std::uint8_t* bytes, std::size_t count) {
  auto [a, b, c, d] = lanes_;  // in registers
  for (; count > 0; --count, bytes += kStripe) {
    a = round(a, read_word<std::uint64_t>(bytes));
    b = round(b, read_word<std::uint64_t>(bytes + 8));
    c = round(c, read_word<std::uint64_t>(bytes + 16));
    d = round(d, read_word<std::uint64_t>(bytes + 24));
  }
  lanes_ = {a, b, c, d};
}

void Xxh64::add(std::span<const std::uint8_t> bytes) {
  const std::size_t held = static_cast<std::size_t>(count_ % kStripe);
  count_ += bytes.size();
  if (held > 0) {
    const std::size_t taken = std::min(kStripe - held, bytes.size());
    std::copy_n(bytes.begin(), taken, rest_.begin() + static_cast<std::ptrdiff_t>(held));
    bytes = bytes.subspan(taken);
    if (held + taken < kStripe) return;
    add_stripes(rest_.data(), 1);
  }
  const std::size_t whole = bytes.size() / kStripe;
  add_stripes(bytes.data(), whole);
  bytes = bytes.subspan(whole * kStripe);
  std::copy(bytes.begin(), bytes.end(), rest_.begin());
}

void Xxh64::add(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes;
  std::memcpy(bytes.data(), &number, bytes.size());
  add(bytes);
}

std::uint64_t Xxh64::value() const {
  std::uint64_t hash = kPrime5;  // of fewer bytes than a stripe
  if (count_ >= kStripe) {
    hash = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
           std::rotl(lanes_[3], 18);
    for (const std::uint64_t lane : lanes_) hash = (hash ^ round(0, lane)) * kPrime1 + kPrime4;
  }
  hash += count_;
  const std::uint8_t* at = rest_.data();
  std::size_t left = static_cast<std::size_t>(count_ % kStripe);
  for (; left >= 8; at += 8, left -= 8) {
    hash = std::rotl(hash ^ round(0, read_word<std::uint64_t>(at)), 27) * kPrime1 + kPrime4;
  }
  if (left >= 4) {
    hash = std::rotl(hash ^ (read_word<std::uint32_t>(at) * kPrime1), 23) * kPrime2 + kPrime3;
    at += 4, left -= 4;
  }
  for (; left > 0; ++at, --left) hash = std::rotl(hash ^ (*at * kPrime5), 11) * kPrime1;
  hash = (hash ^ (hash >> 33)) * kPrime2;
  hash = (hash ^ (hash >> 29)) * kPrime3;
  return hash ^ (hash >> 32);
}

}  // namespace hourglass
