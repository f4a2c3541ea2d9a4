#include "core/data/data_hash.h"

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/hash.h"

namespace hourglass {
namespace {

template <typename Number>
std::span<const std::uint8_t> bytes_of(std::span<const Number> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}

void add_numbers(const std::vector<double>& numbers, Xxh64& hash) {
  hash.add(static_cast<std::uint64_t>(numbers.size()));
  for (const double number : numbers) hash.add(std::bit_cast<std::uint64_t>(number));
}

void add_samples(const Samples& samples, Xxh64& hash) {
  hash.add(static_cast<std::uint64_t>(samples.count()));
  hash.add(std::uint64_t{samples.values().empty()});
  hash.add(samples.bytes());
  hash.add(bytes_of(samples.values()));
  hash.add(static_cast<std::uint64_t>(samples.labels.size()));
  hash.add(bytes_of(std::span<const std::int32_t>(samples.labels)));
}

}  // namespace

std::string data_hash(const Dataset& data) {
  Xxh64 hash;
  for (const Index side : {data.shape.channels, data.shape.rows, data.shape.columns}) {
    hash.add(static_cast<std::uint64_t>(side));
  }
  hash.add(static_cast<std::uint64_t>(data.scaling));
  add_numbers(data.map.scale, hash);
  add_numbers(data.map.offset, hash);
  add_samples(data.train, hash);
  add_samples(data.test, hash);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  std::uint64_t rest = hash.value();
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, rest >>= 4) {
    *digit = kDigits[rest & 15];
  }
  return text;
}

}  // namespace hourglass
