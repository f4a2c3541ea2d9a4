// Tells whether what something is made of is still the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace hourglass::ui {

// An order-dependent mark of a few values (FNV-1a, 64 bits). Never 0.
class Mark {
 public:
  template <typename T>
  Mark& add(const T& value) {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);  // padding has no value
    return bytes(&value, sizeof value);
  }
  template <typename T>
  Mark& add(std::span<const T> values) {
    static_assert(std::is_arithmetic_v<T>);
    return bytes(values.data(), values.size_bytes());
  }
  std::uint64_t value() const { return value_ ? value_ : 1; }

 private:
  Mark& bytes(const void* from, std::size_t count) {
    const auto* at = static_cast<const unsigned char*>(from);
    for (std::size_t i = 0; i < count; ++i) value_ = (value_ ^ at[i]) * 1099511628211u;
    return *this;
  }
  std::uint64_t value_ = 14695981039346656037u;
};

}  // namespace hourglass::ui
