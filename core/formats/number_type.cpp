#include "core/formats/number_type.h"

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "core/formats/byte_reader.h"

namespace hourglass {
namespace {

template <typename Bits, bool big>
Bits read_bits(const std::uint8_t* at) {
  return big ? read_big_endian<Bits>(at) : read_little_endian<Bits>(at);
}

template <typename Whole, bool big>
float read_whole(const std::uint8_t* at) {
  return static_cast<float>(static_cast<Whole>(read_bits<std::make_unsigned_t<Whole>, big>(at)));
}

float read_bool(const std::uint8_t* at) { return *at != 0 ? 1.0f : 0.0f; }

template <bool big>
float read_half(const std::uint8_t* at) {
  return half_to_float(read_bits<std::uint16_t, big>(at));
}

template <bool big>
float read_float(const std::uint8_t* at) {
  return std::bit_cast<float>(read_bits<std::uint32_t, big>(at));
}

// A finite double beyond a float's range becomes an infinity.
template <bool big>
float read_double(const std::uint8_t* at) {
  const double value = std::bit_cast<double>(read_bits<std::uint64_t, big>(at));
  constexpr double kMax = std::numeric_limits<float>::max();
  if (std::abs(value) > kMax) {
    return std::copysign(std::numeric_limits<float>::infinity(), value > 0 ? 1.0f : -1.0f);
  }
  return static_cast<float>(value);
}

template <bool big>
NumberReader reader_of(NumberType type) {
  switch (type) {
    case NumberType::kBool:
      return read_bool;
    case NumberType::kUint8:
      return read_whole<std::uint8_t, big>;
    case NumberType::kInt8:
      return read_whole<std::int8_t, big>;
    case NumberType::kUint16:
      return read_whole<std::uint16_t, big>;
    case NumberType::kInt16:
      return read_whole<std::int16_t, big>;
    case NumberType::kUint32:
      return read_whole<std::uint32_t, big>;
    case NumberType::kInt32:
      return read_whole<std::int32_t, big>;
    case NumberType::kUint64:
      return read_whole<std::uint64_t, big>;
    case NumberType::kInt64:
      return read_whole<std::int64_t, big>;
    case NumberType::kFloat16:
      return read_half<big>;
    case NumberType::kFloat32:
      return read_float<big>;
    case NumberType::kFloat64:
      break;
  }
  return read_double<big>;
}

}  // namespace

std::size_t size_of(NumberType type) {
  switch (type) {
    case NumberType::kBool:
    case NumberType::kUint8:
    case NumberType::kInt8:
      return 1;
    case NumberType::kUint16:
    case NumberType::kInt16:
    case NumberType::kFloat16:
      return 2;
    case NumberType::kUint32:
    case NumberType::kInt32:
    case NumberType::kFloat32:
      return 4;
    case NumberType::kUint64:
    case NumberType::kInt64:
    case NumberType::kFloat64:
      break;
  }
  return 8;
}

NumberReader number_reader(NumberType type, bool big_endian) {
  return big_endian ? reader_of<true>(type) : reader_of<false>(type);
}

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t exponent = half >> 10 & 0x1Fu;
  const std::uint32_t fraction = half & 0x3FFu;
  if (exponent == 0) {
    const float size = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -size : size;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

}  // namespace hourglass
