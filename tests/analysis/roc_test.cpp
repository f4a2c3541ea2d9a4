#include "core/analysis/roc.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "tests/analysis/golden_applications.h"

using namespace hourglass;

TEST_CASE("ROC curve, its area and the average precision are scikit-learn's, ties included") {
  for (const auto& test : tests::golden_applications()["roc"]) {
    const auto scores = test["scores"].get<std::vector<double>>();
    const auto labels = test["labels"].get<std::vector<std::uint8_t>>();
    const RocCurve curve = roc_curve(scores, labels);
    CHECK(curve.area == doctest::Approx(test["roc_auc"].get<double>()).epsilon(1e-11));
    CHECK(curve.average_precision ==
          doctest::Approx(test["average_precision"].get<double>()).epsilon(1e-11));
    const auto rates = test["false_positive_rate"].get<std::vector<double>>();
    REQUIRE(curve.points.size() == rates.size());
    for (std::size_t i = 0; i < rates.size(); ++i) {
      CHECK(curve.points[i].false_positive_rate == doctest::Approx(rates[i]).epsilon(1e-11));
      CHECK(curve.points[i].true_positive_rate ==
            doctest::Approx(test["true_positive_rate"][i].get<double>()).epsilon(1e-11));
    }
  }
}

TEST_CASE("a ROC curve ends at the corners, and equal scores are one half") {
  const std::vector<double> apart = {1, 2, 3, 4}, equal = {1, 1, 1, 1};
  const std::vector<std::uint8_t> upper = {0, 0, 1, 1}, lower = {1, 1, 0, 0};
  CHECK(roc_curve(apart, upper).area == 1);
  CHECK(roc_curve(apart, lower).area == 0);
  CHECK(roc_curve(equal, upper).area == 0.5);
  const RocCurve curve = roc_curve(apart, upper);
  CHECK(std::isinf(curve.points.front().threshold));
  CHECK(curve.points.back().false_positive_rate == 1);
  CHECK(curve.points.back().true_positive_rate == 1);
  // An output that ran over is the most anomalous of all.
  const std::vector<double> infinite = {1, 2, std::numeric_limits<double>::infinity(), 4};
  CHECK(roc_curve(infinite, upper).area == 1);
}

TEST_CASE("a ROC curve of one kind of sample, or of scores that are no numbers, is refused") {
  const std::vector<double> scores = {1, 2};
  const auto refused = [&](std::vector<double> of, std::vector<std::uint8_t> is, const char* says) {
    CHECK_THROWS_WITH_AS(roc_curve(of, is), doctest::Contains(says), Error);
  };
  refused(scores, {0, 0}, "none of the samples is an anomaly");
  refused(scores, {1, 1}, "all of the samples are anomalies");
  refused({}, {}, "there are no samples");
  refused({1, std::nan("")}, {0, 1}, "sample 1 is not a number");
}

TEST_CASE("a threshold's precision and recall, and where the samples fall in a histogram") {
  const std::vector<double> scores = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  const std::vector<std::uint8_t> is = {0, 0, 1, 0, 1, 1};
  const Decision decision = decide(scores, is, 0.4);
  CHECK(decision.true_positives == 2);
  CHECK(decision.false_positives == 1);
  CHECK(decision.precision() == doctest::Approx(2.0 / 3));
  CHECK(decision.recall() == doctest::Approx(2.0 / 3));
  CHECK(decision.f1() == doctest::Approx(2.0 / 3));
  CHECK(decision.false_positive_rate() == doctest::Approx(1.0 / 3));
  CHECK(decide(scores, is, 1).precision() == 1);
  CHECK(decide(scores, is, 1).recall() == 0);

  CHECK(score_quantile(scores, 0) == 0.1);
  CHECK(score_quantile(scores, 0.5) == 0.3);
  CHECK(score_quantile(scores, 0.51) == 0.4);
  CHECK(score_quantile(scores, 1) == 0.6);
  CHECK_THROWS_AS(score_quantile({}, 0.5), Error);

  const std::vector<std::int32_t> groups = {0, 0, 1, -1, 1, 1};
  const ScoreHistogram histogram = score_histogram(scores, groups, 2, 3, 1.0);
  CHECK(histogram.high == 0.6);
  CHECK(histogram.edge(1) == doctest::Approx(0.2));
  CHECK(histogram.counts[0] == std::vector<Index>{1, 1, 0});
  CHECK(histogram.counts[1] == std::vector<Index>{0, 1, 2});
}
