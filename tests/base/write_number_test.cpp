#include "core/base/write_number.h"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <system_error>

namespace hourglass {
namespace {

#ifdef __cpp_lib_to_chars

std::string library_text(double value) {
  std::array<char, 512> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

TEST_CASE("numbers are written as the standard library writes them") {
  for (const double value : {0.0, -0.0, 1.0, 50.0, 256.0, 0.001, 1e-7, 1e5, 123456.0, 0.1, 1.0 / 3,
                             -2.5e-10, 1e15, 1e16, 1e22, 9007199254740991.0, 5e-324,
                             1.7976931348623157e308, std::numeric_limits<double>::infinity()}) {
    CHECK(shortest_text(value) == library_text(value));
  }
  CHECK(shortest_text(std::nan("")) == "nan");
  // A walk over all sizes and digits.
  std::uint64_t bits = 88172645463325252u;
  int other = 0;
  for (int i = 0; i < 20000; ++i) {
    bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
    const double value = std::bit_cast<double>(bits);
    if (!std::isfinite(value)) continue;
    other += std::strtod(shortest_text(value).c_str(), nullptr) != value;
    const double usual = static_cast<double>(bits % 1000000) / 1000;
    other += shortest_text(usual) != library_text(usual);
    other += shortest_text(static_cast<double>(static_cast<float>(usual))) !=
             library_text(static_cast<double>(static_cast<float>(usual)));
  }
  CHECK(other == 0);
}

#endif

}  // namespace
}  // namespace hourglass
