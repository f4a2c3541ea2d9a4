#include "core/math/fft.h"

#include <cassert>
#include <cmath>
#include <numbers>

#include "core/math/lanes.h"

namespace hourglass {
namespace {

struct Complex {
  Lanes re, im;
};

inline __attribute__((always_inline)) Complex operator+(const Complex& a, const Complex& b) {
  return {a.re + b.re, a.im + b.im};
}
inline __attribute__((always_inline)) Complex operator-(const Complex& a, const Complex& b) {
  return {a.re - b.re, a.im - b.im};
}
// a times (c + i s) with one and the same s and c for all lanes.
inline __attribute__((always_inline)) Complex turned(const Complex& a, Scalar c, Scalar s) {
  return {a.re * c - a.im * s, a.re * s + a.im * c};
}
// a times i.
inline __attribute__((always_inline)) Complex quarter_turned(const Complex& a) {
  return {-a.im, a.re};
}

// The discrete transform of kRadix numbers; kSign is the exponent's.
template <int kRadix, int kSign>
inline __attribute__((always_inline)) void transform(Complex* z) {
  if constexpr (kRadix == 2) {
    const Complex a = z[0] + z[1];
    z[1] = z[0] - z[1];
    z[0] = a;
  } else if constexpr (kRadix == 3) {
    constexpr Scalar kSine = Scalar(kSign * std::numbers::sqrt3 / 2);
    const Complex sum = z[1] + z[2], difference = z[1] - z[2];
    const Complex middle = {z[0].re - sum.re * Scalar(0.5), z[0].im - sum.im * Scalar(0.5)};
    const Complex side = {-difference.im * kSine, difference.re * kSine};
    z[0] = z[0] + sum;
    z[1] = middle + side;
    z[2] = middle - side;
  } else {
    const Complex a = z[0] + z[2], b = z[0] - z[2], c = z[1] + z[3];
    Complex d = quarter_turned(z[1] - z[3]);
    if constexpr (kSign < 0) d = {-d.re, -d.im};
    z[0] = a + c;
    z[1] = b + d;
    z[2] = a - c;
    z[3] = b - d;
  }
}

struct Numbers {
  Scalar *re, *im;
  const Scalar *cos, *sin;
  Index length;
};

// One pass over all blocks of `span` elements: forward, transforms of the elements span / kRadix
// apart and then the twiddle factors; backward, the reverse.
template <int kRadix, int kSign>
void pass(const Numbers& n, Index span) {
  const Index step = span / kRadix, stride = n.length / span;
  for (Index j = 0; j < step; ++j) {
    Scalar c[kRadix], s[kRadix];
    for (int q = 1; q < kRadix; ++q) {
      c[q] = n.cos[j * q * stride];
      s[q] = kSign * n.sin[j * q * stride];
    }
    for (Index first = j; first < n.length; first += span) {
      for (Index lane = 0; lane < Fft::kBatch; lane += kLanes) {
        Scalar* const re = n.re + first * Fft::kBatch + lane;
        Scalar* const im = n.im + first * Fft::kBatch + lane;
        Complex z[kRadix];
        for (int q = 0; q < kRadix; ++q) {
          z[q] = {load_lanes(re + q * step * Fft::kBatch), load_lanes(im + q * step * Fft::kBatch)};
          if (kSign > 0 && q > 0) z[q] = turned(z[q], c[q], s[q]);
        }
        transform<kRadix, kSign>(z);
        for (int q = 0; q < kRadix; ++q) {
          if (kSign < 0 && q > 0) z[q] = turned(z[q], c[q], s[q]);
          store_lanes(re + q * step * Fft::kBatch, z[q].re);
          store_lanes(im + q * step * Fft::kBatch, z[q].im);
        }
      }
    }
  }
}

template <int kSign>
void pass(const Numbers& n, Index radix, Index span) {
  if (radix == 4) {
    pass<4, kSign>(n, span);
  } else if (radix == 3) {
    pass<3, kSign>(n, span);
  } else {
    pass<2, kSign>(n, span);
  }
}

}  // namespace

Index Fft::length_from(Index least) {
  for (Index length = least + least % 2;; length += 2) {
    Index rest = length;
    while (rest % 2 == 0 && rest > 0) rest /= 2;
    while (rest % 3 == 0 && rest > 0) rest /= 3;
    if (rest == 1) return length;
  }
}

Fft::Fft(Index length) : length_(length) {
  for (Index rest = length; rest > 1; rest /= radices_.back()) {
    radices_.push_back(rest % 4 == 0 ? 4 : rest % 2 == 0 ? 2 : 3);
    assert(rest % radices_.back() == 0);
  }
  // The pass of radix r over blocks of `span` leaves frequencies q, q + r, q + 2 r, ... of a block
  // to its part q.
  frequencies_.resize(static_cast<std::size_t>(length));
  for (Index place = 0; place < length; ++place) {
    Index rest = place, span = length, weight = 1;
    for (const Index radix : radices_) {
      span /= radix;
      frequencies_[place] += rest / span * weight;
      rest %= span;
      weight *= radix;
    }
  }
  for (Index t = 0; t < length; ++t) {
    const double angle =
        2 * std::numbers::pi * static_cast<double>(t) / static_cast<double>(length);
    cos_.push_back(static_cast<Scalar>(std::cos(angle)));
    sin_.push_back(static_cast<Scalar>(std::sin(angle)));
  }
}

void Fft::forward(Scalar* re, Scalar* im) const {
  Index span = length_;
  for (const Index radix : radices_) {
    pass<-1>({re, im, cos_.data(), sin_.data(), length_}, radix, span);
    span /= radix;
  }
}

void Fft::inverse(Scalar* re, Scalar* im) const {
  Index span = 1;
  for (std::size_t i = radices_.size(); i-- > 0;) {
    span *= radices_[i];
    pass<1>({re, im, cos_.data(), sin_.data(), length_}, radices_[i], span);
  }
}

}  // namespace hourglass
