#include "core/data/corruption.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/error.h"

namespace hourglass {
namespace {

constexpr std::size_t kCount = 100'000;

Random random_of(std::uint32_t sample) { return Random(7, RandomStream::kTest, 0, sample); }

std::vector<Scalar> corrupted(CorruptionKind kind, double level, Scalar clean,
                              std::uint32_t sample = 0) {
  const std::vector<Scalar> in(kCount, clean);
  std::vector<Scalar> out(kCount, -1);
  corrupt({kind, static_cast<Scalar>(level)}, random_of(sample), in, out);
  return out;
}

double share(const std::vector<Scalar>& values, Scalar of) {
  return static_cast<double>(std::count(values.begin(), values.end(), of)) / kCount;
}

struct Moments {
  double mean = 0, deviation = 0;
};
Moments moments(const std::vector<Scalar>& values) {
  double sum = 0, squares = 0;
  for (const Scalar value : values) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const double mean = sum / kCount;
  return {mean, std::sqrt(squares / kCount - mean * mean)};
}

// Standard errors at 100,000 draws are below 0.0016 for shares; the bounds are more than four of
// them.
TEST_CASE("gaussian noise has the level as its standard deviation and stays within [0, 1]") {
  const auto centre = corrupted(CorruptionKind::kGaussian, 0.1, Scalar(0.5));
  CHECK(moments(centre).mean == doctest::Approx(0.5).epsilon(0.004));
  CHECK(moments(centre).deviation == doctest::Approx(0.1).epsilon(0.015));
  const auto dark = corrupted(CorruptionKind::kGaussian, 0.5, Scalar(0));
  CHECK(share(dark, 0) == doctest::Approx(0.5).epsilon(0.02));     // half falls below 0
  CHECK(share(dark, 1) == doctest::Approx(0.02275).epsilon(0.1));  // beyond two deviations
  CHECK(*std::min_element(dark.begin(), dark.end()) == Scalar(0));
  CHECK(*std::max_element(dark.begin(), dark.end()) == Scalar(1));
}

TEST_CASE("masking, salt-and-pepper and dropout hit the share of features that the level says") {
  for (const double level : {0.1, 0.5, 0.9}) {
    CAPTURE(level);
    const auto masked = corrupted(CorruptionKind::kMasking, level, Scalar(0.75));
    CHECK(std::abs(share(masked, 0) - level) < 0.008);
    CHECK(share(masked, 0) + share(masked, Scalar(0.75)) == doctest::Approx(1));
    const auto salted = corrupted(CorruptionKind::kSaltAndPepper, level, Scalar(0.75));
    CHECK(std::abs(share(salted, 0) - level / 2) < 0.008);
    CHECK(std::abs(share(salted, 1) - level / 2) < 0.008);
    CHECK(std::abs(share(salted, Scalar(0.75)) - (1 - level)) < 0.008);
    const auto dropped = corrupted(CorruptionKind::kDropout, level, Scalar(0.75));
    CHECK(std::abs(share(dropped, 0) - level) < 0.008);
    CHECK(moments(dropped).mean == doctest::Approx(0.75).epsilon(0.05));  // and beyond 1 at that
    CHECK(*std::max_element(dropped.begin(), dropped.end()) == doctest::Approx(0.75 / (1 - level)));
  }
  const auto all = corrupted(CorruptionKind::kDropout, 1, Scalar(0.75));
  CHECK(share(all, 0) == 1);
}

TEST_CASE("noise is the same for the same sample, another for another, and may be made in place") {
  for (const CorruptionKind kind : {CorruptionKind::kGaussian, CorruptionKind::kMasking,
                                    CorruptionKind::kSaltAndPepper, CorruptionKind::kDropout}) {
    const auto once = corrupted(kind, 0.3, Scalar(0.5), 3);
    CHECK(once == corrupted(kind, 0.3, Scalar(0.5), 3));
    CHECK(once != corrupted(kind, 0.3, Scalar(0.5), 4));
    std::vector<Scalar> in_place(kCount, Scalar(0.5));
    corrupt({kind, Scalar(0.3)}, random_of(3), in_place, in_place);
    CHECK(in_place == once);
    // The first features do not depend on how many follow.
    const std::vector<Scalar> in(301, Scalar(0.5));
    std::vector<Scalar> few(301);
    corrupt({kind, Scalar(0.3)}, random_of(3), in, few);
    CHECK(std::equal(few.begin(), few.end(), once.begin()));
  }
}

TEST_CASE("no noise leaves everything as it is") {
  const std::vector<Scalar> in = {-3, Scalar(0.25), 7};
  for (const Corruption& none :
       {Corruption{CorruptionKind::kNone, Scalar(0.5)}, Corruption{CorruptionKind::kGaussian, 0}}) {
    std::vector<Scalar> out(3);
    corrupt(none, random_of(0), in, out);
    CHECK(out == in);
  }
}

TEST_CASE("kinds of noise have names") {
  CHECK(corruption_names().size() == 5);
  for (const auto name : corruption_names()) {
    CHECK(corruption_name(corruption_from_name(name)) == name);
  }
  CHECK(corruption_from_name("salt-and-pepper") == CorruptionKind::kSaltAndPepper);
  CHECK_THROWS_AS(corruption_from_name("pepper"), Error);
}

}  // namespace
}  // namespace hourglass
