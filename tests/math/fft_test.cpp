#include "core/math/fft.h"

#include <doctest/doctest.h>

#include <complex>
#include <numbers>

#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

TEST_CASE("a transform is the sum that defines it, and goes back") {
  constexpr Index kBatch = Fft::kBatch;
  for (const Index length : {2, 4, 6, 8, 12, 18, 32, 54, 96, 108}) {
    CAPTURE(length);
    const Fft fft(length);
    const Matrix before_re = tests::random_matrix(kBatch, length, 1);
    const Matrix before_im = tests::random_matrix(kBatch, length, 2);
    Matrix re = before_re, im = before_im;
    fft.forward(re.data(), im.data());
    double worst = 0;
    std::vector<bool> seen(static_cast<std::size_t>(length));
    for (Index place = 0; place < length; ++place) {
      const Index frequency = fft.frequencies()[place];
      seen[frequency] = true;
      for (Index l = 0; l < kBatch; ++l) {
        std::complex<double> sum = 0;
        for (Index t = 0; t < length; ++t) {
          const double angle = -2 * std::numbers::pi * static_cast<double>(frequency * t % length) /
                               static_cast<double>(length);
          sum += std::complex<double>(before_re(l, t), before_im(l, t)) * std::polar(1.0, angle);
        }
        tests::worsen(worst, std::abs(sum - std::complex<double>(re(l, place), im(l, place))));
      }
    }
    CHECK(worst < 1e-5);
    CHECK(std::count(seen.begin(), seen.end(), true) == length);
    fft.inverse(re.data(), im.data());
    CHECK(tests::largest_difference(re / Scalar(length), before_re) < 1e-6);
    CHECK(tests::largest_difference(im / Scalar(length), before_im) < 1e-6);
  }
}

TEST_CASE("lengths are even and have no prime factors but 2 and 3") {
  CHECK(Fft::length_from(1) == 2);
  CHECK(Fft::length_from(5) == 6);
  CHECK(Fft::length_from(17) == 18);
  CHECK(Fft::length_from(27) == 32);
  CHECK(Fft::length_from(97) == 108);
  CHECK(Fft::length_from(865) == 972);
}
