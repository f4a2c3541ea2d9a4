#include "core/train/domain.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "core/data/import/table.h"
#include "core/train/evaluation.h"
#include "tests/data/expect_error.h"
#include "tests/support/small_data.h"

namespace hourglass {
namespace {

const ImageShape kRow{1, 1, 3};

Model model_of(Loss loss, Activation output = Activation::kSigmoid) {
  return Model(tests::small_spec(Activation::kRelu, output, loss), kRow);
}

// Training rows that fill 0 to 10, 0 to 1 and always 5; of four held-out rows two go beyond.
Dataset table() {
  Dataset data;
  data.name = "t.csv";
  data.shape = kRow;
  data.feature_names = {"u", "v", "w"};
  data.train = Samples(3, std::vector<float>{0, 0, 5, 10, 1, 5, 5, 0.5f, 5});
  data.test = Samples(3, std::vector<float>{1, 0.5f, 5, 12, 0.5f, 5, 3, -4, 5, 2, 1, 5});
  data.test.rows = {1, 17, 11, 3};
  return data;
}

TEST_CASE("a loss and a last layer say which values they are for") {
  CHECK(target_range(Loss::kBinaryCrossEntropy) == ValueRange{0, 1});
  CHECK(std::isinf(target_range(Loss::kMeanSquaredError).high));
  CHECK(target_range(Loss::kCategoricalCrossEntropy).low == 0);
  CHECK(std::isinf(target_range(Loss::kCategoricalCrossEntropy).high));
  CHECK(output_range(Activation::kSoftmax) == ValueRange{0, 1});
  CHECK(output_range(Activation::kTanh) == ValueRange{-1, 1});
  CHECK(output_range(Activation::kRelu).low == 0);
  CHECK(std::isinf(output_range(Activation::kLinear).low));
}

TEST_CASE("values outside a range are counted, and the furthest is found") {
  const Dataset data = scaled(table(), Scaling::kUnit);
  const Outside found = outside(data.test, {0, 1});
  CHECK(found.samples == 2);
  CHECK(found.sample == 2);
  CHECK(found.feature == 1);
  CHECK(found.value == doctest::Approx(-4));
  CHECK(outside(data.train, {0, 1}).samples == 0);
  // A NaN is outside of everything.
  const Samples broken(3, std::vector<float>{0, std::nanf(""), 0});
  CHECK(outside(broken, {0, 1}).samples == 1);
  // Bytes are known to be in range, scaled or not.
  Samples bytes(3, std::vector<std::uint8_t>{0, 255, 100});
  CHECK(outside(bytes, {0, 1}).samples == 0);
  bytes.scale({{2}, {-1}});
  CHECK(outside(bytes, {-1, 1}).samples == 0);
  CHECK(outside(bytes, {0, 1}).samples == 1);
}

TEST_CASE("cross-entropy refuses rows of either split that leave 0 to 1, and says what would do") {
  const Dataset data = scaled(table(), Scaling::kUnit);
  const Model bce = model_of(Loss::kBinaryCrossEntropy);
  const std::string sentence = error_of([&] { check_targets(bce, data); });
  CHECK(contains(sentence, "2 of 4 held-out rows of 't.csv' have values outside 0 to 1"));
  CHECK(contains(sentence, "the furthest is -4, in column 'v' of row 12"));
  CHECK(contains(sentence, "data.clip=true"));
  CHECK(contains(sentence, "model.loss=mse"));
  CHECK_NOTHROW(check_targets(model_of(Loss::kMeanSquaredError), data));
  CHECK_NOTHROW(check_targets(bce, scaled(table(), Scaling::kUnit, /*clip=*/true)));
  CHECK(contains(error_of([&] { check_targets(bce, scaled(table(), Scaling::kSigned)); }),
                 "data.scaling to unit"));
  Dataset swapped = data;
  std::swap(swapped.train, swapped.test);
  CHECK(contains(error_of([&] { check_targets(bce, swapped); }), "2 of 4 training rows"));
}

TEST_CASE("categorical cross-entropy refuses values below 0, and takes any above") {
  const Model cce = model_of(Loss::kCategoricalCrossEntropy, Activation::kSoftmax);
  CHECK(contains(error_of([&] { check_targets(cce, scaled(table(), Scaling::kSigned)); }),
                 "model.loss=cce takes the values for shares of a whole"));
  const std::string sentence =
      error_of([&] { check_targets(cce, scaled(table(), Scaling::kUnit)); });
  CHECK(contains(sentence, "1 of 4 held-out rows of 't.csv' has values below 0"));
  CHECK(contains(sentence, "where model.loss=cce has no meaning"));
  Dataset counts = table();
  counts.test = counts.train;
  CHECK_NOTHROW(check_targets(cce, counts));
  CHECK(unreachable_note(cce, counts).empty());
}

TEST_CASE("what the last layer cannot come to is noted, and allowed") {
  const Dataset data = scaled(table(), Scaling::kSigned);
  const std::string note = unreachable_note(model_of(Loss::kMeanSquaredError), data);
  CHECK(contains(note, "3 of 3 training rows of 't.csv' have values outside 0 to 1"));
  CHECK(contains(note, "sigmoid"));
  CHECK(unreachable_note(model_of(Loss::kMeanSquaredError, Activation::kLinear), data).empty());
  CHECK(contains(unreachable_note(model_of(Loss::kMeanSquaredError, Activation::kTanh), data),
                 "held-out"));
  CHECK(contains(unreachable_note(model_of(Loss::kMeanSquaredError, Activation::kRelu), data),
                 "below 0"));
}

TEST_CASE("a loss that has no meaning for the samples is not measured, and the rest is") {
  const Dataset data = scaled(table(), Scaling::kUnit);
  const Model bce = model_of(Loss::kBinaryCrossEntropy);
  const ParameterBuffer parameters = ParameterBuffer::Zero(bce.layout().buffer_size());
  ThreadPool pool(1);
  const auto measured = [&](const Samples& samples) {
    Evaluation evaluation(bce, samples, pool);
    while (evaluation.advance(parameters.data(), 100)) continue;
    EpochMetrics metrics;
    evaluation.result(metrics);
    return metrics;
  };
  CHECK(std::isnan(measured(data.test).test_loss));
  CHECK(measured(data.test).test_mse > 1);
  CHECK(measured(data.train).test_loss == doctest::Approx(std::log(2)));
}

TEST_CASE("held-out rows are found where the file has them, under the file's titles") {
  std::string text = "a,label,b\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(i % 7) + (i % 2 ? ",x," : ",y,") + std::to_string(0.5 + i) + "\n";
  }
  const Dataset data = dataset_of_table(
      {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, "t.csv", "t.csv", "auto");
  CHECK(data.feature_names == std::vector<std::string>{"a", "b"});
  for (const Samples* samples : {&data.train, &data.test}) {
    REQUIRE(static_cast<Index>(samples->rows.size()) == samples->count());
    for (std::size_t i = 0; i < samples->rows.size(); ++i) {
      CHECK(samples->values()[2 * i + 1] == 0.5f + static_cast<float>(samples->rows[i]));
    }
  }
}

}  // namespace
}  // namespace hourglass
