// Labels: what is refused, which are chosen, and as targets.
#include "core/data/labels.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

Dataset with_labels(std::vector<std::int32_t> train, std::vector<std::int32_t> test = {0}) {
  Dataset data;
  data.name = "few";
  data.shape = {1, 1, 2};
  data.class_names = {"cat", "dog"};
  data.train = Samples(2, std::vector<float>(2 * train.size()));
  data.train.labels = std::move(train);
  data.test = Samples(2, std::vector<float>(2 * test.size()));
  data.test.labels = std::move(test);
  return data;
}

std::vector<std::int64_t> counts(const Dataset& data, const std::vector<std::uint32_t>& chosen) {
  std::vector<std::int64_t> found(data.class_names.size());
  for (const std::int32_t label : labels_of(data.train, chosen)) {
    ++found[static_cast<std::size_t>(label)];
  }
  return found;
}

}  // namespace

TEST_CASE("data that no classifier can learn from are refused in one sentence") {
  const auto refused = [](const Dataset& data, const char* sentence) {
    CHECK_THROWS_WITH_AS(check_labels(data), sentence, Error);
    CHECK_THROWS_WITH_AS(choose_labelled(data, 0, 1), sentence, Error);
  };
  constexpr const char* kUnlabelled =
      "'few' has no labels to learn from: a classifier needs a data set with classes, such as "
      "images in a folder for each class or a table with a column of labels (data.label).";
  refused(with_labels({}), kUnlabelled);
  refused(with_labels({-1, -1}), kUnlabelled);
  refused(with_labels({0, 1}, {}),
          "'few' has no labels for its held-out samples: a classifier needs a data set with "
          "classes, such as images in a folder for each class or a table with a column of labels "
          "(data.label).");
  refused(with_labels({0, 0, -1, 0}),
          "No training sample of 'few' has the label 'dog', so nothing can be learned of that "
          "class: leave it out, or add samples of it.");
  Dataset one = with_labels({0, 0});
  one.class_names = {"cat"};
  refused(one, "'few' has one class only; a classifier needs at least two to tell apart.");
  CHECK_NOTHROW(check_labels(with_labels({1, -1, 0})));
}

TEST_CASE("as many labels of each class as of the others are chosen, by the seed") {
  const DatasetPointer data = tests::random_dataset({1, 1, 2}, 301, 3);
  for (const std::int64_t count : {3, 4, 5, 30, 100, 301}) {
    CAPTURE(count);
    std::vector<std::uint32_t> chosen = choose_labelled(*data, count, 7);
    CHECK(choose_labelled(*data, count, 7) == chosen);
    const auto found = counts(*data, chosen);
    CHECK(*std::max_element(found.begin(), found.end()) -
              *std::min_element(found.begin(), found.end()) <=
          1);
    std::sort(chosen.begin(), chosen.end());
    CHECK(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
    CHECK(std::ssize(chosen) == count);
  }
  CHECK(choose_labelled(*data, 30, 7) != choose_labelled(*data, 30, 8));
  CHECK(choose_labelled(*data, 0, 7).size() == 301);
  CHECK_THROWS_WITH_AS(choose_labelled(*data, 2, 7),
                       "3 classes need at least 3 labels, one for each, and not 2.", Error);
  CHECK_THROWS_WITH_AS(choose_labelled(*data, 302, 7),
                       "'random' has 301 training samples with a label, and not 302.", Error);
}

TEST_CASE("a rare class gives all that it has, and samples without a label are left out") {
  const Dataset data = with_labels({0, 0, 1, 0, -1, 0, 0, -1});
  CHECK(counts(data, choose_labelled(data, 4, 1)) == std::vector<std::int64_t>{3, 1});
  CHECK(choose_labelled(data, 0, 1) == std::vector<std::uint32_t>{0, 1, 2, 3, 5, 6});
  CHECK(labelled(data.train).size() == 6);
}

TEST_CASE("a label as a target is 1 at its class and 0 elsewhere") {
  const std::vector<std::int32_t> labels = {2, 0};
  const Samples targets = one_hot(labels, 3);
  Matrix found(3, 2);
  const std::vector<std::uint32_t> indices = {0, 1};
  targets.gather(indices, columns(found, 0, 2));
  Matrix expected(3, 2);
  expected << 0, 1, 0, 0, 1, 0;
  CHECK(found == expected);
}
