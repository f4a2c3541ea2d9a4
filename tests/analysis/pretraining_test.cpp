#include "core/analysis/pretraining.h"

#include <doctest/doctest.h>

#include <cstring>
#include <utility>

#include "core/model/layer_type.h"
#include "core/nn/initializer.h"
#include "tests/data/expect_error.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

const ImageShape kShape{1, 6, 6};
constexpr std::int64_t kEpochs = 3;

std::shared_ptr<const Model> model_of(const std::string& encoder, const std::string& decoder,
                                      Loss loss = Loss::kBinaryCrossEntropy) {
  const ModelSpec spec{.encoder = parse_layers(encoder, "model.encoder"),
                       .decoder = parse_layers(decoder, "model.decoder"),
                       .loss = loss,
                       .initializer = Initializer::kGlorotUniform};
  return std::make_shared<const Model>(spec, kShape);
}

// Three stages: one wider than what comes in, one with layers behind it, one tied.
std::shared_ptr<const Model> deep_model() {
  return model_of(R"([{"units":40,"activation":"sigmoid"},
                      {"units":20,"activation":"tanh"},{"type":"dropout","rate":0.2},
                      {"type":"layer-norm"},
                      {"units":5,"activation":"sigmoid"}])",
                  R"([{"tied":"encoder.4"},{"units":40,"activation":"sigmoid"},
                      {"units":"input","activation":"sigmoid"}])");
}

TrainSpec noisy_spec() {
  TrainSpec spec;
  spec.optimizer.learning_rate = 0.01;
  spec.corruption = {CorruptionKind::kMasking, Scalar(0.2)};
  spec.batch_size = 40;
  spec.seed = 5;
  return spec;
}

DatasetPointer data_of_many() { return tests::random_dataset(kShape, 130, 4); }

bool same_numbers(const Vector& a, const Vector& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

// The slices of one layer.
Vector layer_numbers(const Model& model, const std::string& layer, const ParameterBuffer& buffer) {
  Vector numbers(0);
  for (const Parameter& slice : model.layout().parameters()) {
    if (!slice.name.starts_with(layer + ".")) continue;
    const Index before = numbers.size();
    numbers.conservativeResize(before + slice.size());
    numbers.tail(slice.size()) = buffer.segment(slice.offset, slice.size());
  }
  REQUIRE(numbers.size() > 0);
  return numbers;
}

std::string refusal_of(const std::shared_ptr<const Model>& model) {
  return error_of([&] { pretraining_stages(*model); });
}

}  // namespace

TEST_CASE("every stage of pretraining has the same bits on 1, 2 and 8 threads") {
  const auto model = deep_model();
  const DatasetPointer data = data_of_many();
  std::vector<Vector> expected;
  std::vector<std::vector<double>> losses;
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    LayerwisePretraining pretraining(model, noisy_spec(), kEpochs, data, pool);
    std::vector<Vector> ends;
    int stage = 0;
    for (bool more = true; more;) {
      more = pretraining.advance();
      if (pretraining.stage() == stage) continue;
      stage = pretraining.stage();
      ends.push_back(pretraining.parameters());
    }
    REQUIRE(ends.size() == 3);
    if (threads == 1) {
      expected = ends;
      losses = pretraining.losses();
    }
    for (std::size_t i = 0; i < 3; ++i) CHECK(same_numbers(ends[i], expected[i]));
    CHECK(pretraining.losses() == losses);
    CHECK(pretraining.share() == 1);
    CHECK(!pretraining.advance());
  }
  for (const auto& stage : losses) {
    REQUIRE(stage.size() == kEpochs);
    CHECK(stage.back() < stage.front());
  }
}

TEST_CASE("pretraining saved anywhere and resumed ends with the same bits") {
  const auto model = deep_model();
  const DatasetPointer data = data_of_many();
  ThreadPool pool(2);
  LayerwisePretraining whole(model, noisy_spec(), kEpochs, data, pool);
  int steps = 0;
  while (whole.advance()) ++steps;
  // Twelve mini-batches a stage and a slice or more that encodes: every place of them.
  REQUIRE(steps > 36);
  int between = 0;
  for (int at = 0; at <= steps; ++at) {
    CAPTURE(at);
    std::vector<std::uint8_t> saved;
    {
      LayerwisePretraining first(model, noisy_spec(), kEpochs, data, pool);
      for (int i = 0; i < at; ++i) first.advance();
      saved = write_safetensors(first.checkpoint());
    }
    LayerwisePretraining second(model, noisy_spec(), kEpochs, data, pool);
    const Safetensors file = read_safetensors(saved, "it");
    between += file.find("stage.encoder.0.weight") == nullptr;
    second.resume(file);
    while (second.advance()) continue;
    CHECK(same_numbers(second.parameters(), whole.parameters()));
    CHECK(second.losses() == whole.losses());
  }
  CHECK(between == 2);  // before the second and the third stage
}

TEST_CASE("a finished pretraining is saved, too, and files of something else are refused") {
  const auto model = deep_model();
  const DatasetPointer data = data_of_many();
  ThreadPool pool(1);
  LayerwisePretraining done(model, noisy_spec(), 1, data, pool);
  while (done.advance()) continue;
  const auto saved = write_safetensors(done.checkpoint());
  LayerwisePretraining again(model, noisy_spec(), 1, data, pool);
  again.resume(read_safetensors(saved, "it"));
  CHECK(!again.advance());
  CHECK(same_numbers(again.parameters(), done.parameters()));

  LayerwisePretraining longer(model, noisy_spec(), 2, data, pool);
  CHECK(contains(error_of([&] { longer.resume(read_safetensors(saved, "it")); }),
                 "number of epochs"));
  const auto other_model = model_of(R"([{"units":8,"activation":"relu"}])",
                                    R"([{"units":"input","activation":"sigmoid"}])");
  LayerwisePretraining other(other_model, noisy_spec(), 1, data, pool);
  CHECK(contains(error_of([&] { other.resume(read_safetensors(saved, "it")); }), "model"));
  CHECK(contains(error_of([&] { other.resume({}); }), "hourglass.pretraining"));
}

TEST_CASE("each stage is a training of its own on the codes of those before it, which stay") {
  const auto model = model_of(R"([{"units":24,"activation":"relu"},{"units":6}])",
                              R"([{"units":24,"activation":"relu"},
                                  {"units":"input","activation":"sigmoid"}])");
  const DatasetPointer data = data_of_many();
  ThreadPool pool(1);
  LayerwisePretraining pretraining(model, noisy_spec(), 2, data, pool);
  const Vector start = pretraining.parameters();
  while (pretraining.stage() == 0) pretraining.advance();
  const Vector after_first = pretraining.parameters();
  while (pretraining.advance()) continue;
  const Vector& end = pretraining.parameters();

  const auto of = [&](const char* layer, const Vector& buffer) {
    return layer_numbers(*model, layer, buffer);
  };
  for (const char* layer : {"encoder.0", "decoder.1"}) {
    CHECK(!same_numbers(of(layer, start), of(layer, after_first)));
    CHECK(same_numbers(of(layer, after_first), of(layer, end)));
  }
  for (const char* layer : {"encoder.1", "decoder.0"}) {
    CHECK(same_numbers(of(layer, start), of(layer, after_first)));
    CHECK(!same_numbers(of(layer, after_first), of(layer, end)));
  }

  // The second stage by hand: codes of the first, made anew, and a trainer of the small model.
  const Index count = data->train.count();
  Matrix images(36, count), codes(24, count);
  std::vector<std::uint32_t> all(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  data->train.gather(all, columns(images, 0, count));
  Inference(*model, pool)
      .run(end.data(), 0, 1, columns(std::as_const(images), 0, count), columns(codes, 0, count));
  auto inner = std::make_shared<Dataset>();
  inner->shape = {1, 1, 24};
  std::vector<float> values(codes.data(), codes.data() + codes.size());
  inner->range = {codes.minCoeff(), codes.maxCoeff()};
  inner->train = Samples(24, std::move(values));
  const PretrainingStage& stage = pretraining.stages()[1];
  CHECK(stage.name == "encoder.1");
  CHECK(stage.spec.loss == Loss::kMeanSquaredError);
  const auto small = std::make_shared<const Model>(stage.spec, stage.input);
  TrainSpec spec = noisy_spec();
  spec.seed += 2 * std::uint64_t{0x9E3779B97F4A7C15};
  Trainer trainer(small, spec, inner, pool);
  while (trainer.state().epoch < 2) trainer.step();
  ParameterBuffer expected = end;
  copy_stage_parameters(stage, *small, trainer.state().parameters, *model, expected);
  CHECK(same_numbers(expected, end));
}

TEST_CASE("stages keep what follows a layer, tied weights, and the loss that their codes allow") {
  const auto stages = pretraining_stages(*deep_model());
  REQUIRE(stages.size() == 3);
  CHECK(stages[0].spec.loss == Loss::kBinaryCrossEntropy);
  CHECK(stages[0].input == kShape);
  CHECK(stages[1].spec.encoder.size() == 3);
  CHECK(stages[1].spec.loss == Loss::kBinaryCrossEntropy);  // sigmoid codes, sigmoid decoder
  CHECK(stages[2].name == "encoder.4");
  CHECK(stages[2].spec.decoder[0].tied() == "encoder.0");
  CHECK(stages[2].spec.loss == Loss::kMeanSquaredError);  // codes that were normalised
  CHECK(stages[2].input == ImageShape{1, 1, 20});
}

TEST_CASE("layers as wide as what comes in are noted unless something keeps them from copying") {
  const auto model = model_of(R"([{"units":40,"activation":"sigmoid"},{"units":10},{"units":10}])",
                              R"([{"units":10},{"units":40,"activation":"sigmoid"},
                                  {"units":"input","activation":"sigmoid"}])");
  const auto stages = pretraining_stages(*model);
  TrainSpec spec;
  const auto notes = copying_notes(stages, spec);
  REQUIRE(notes.size() == 2);
  CHECK(contains(notes[0], "encoder.0 has 40 units for 36 inputs"));
  CHECK(contains(notes[0], "noise.kind=masking"));
  CHECK(contains(notes[0], "penalty.activity_l1"));
  CHECK(contains(notes[1], "encoder.2 has 10 units for 10 inputs"));
  spec.penalties.activity_l1 = 0.01;
  CHECK(copying_notes(stages, spec).empty());
  spec.penalties.activity_l1 = 0;
  spec.corruption = {CorruptionKind::kMasking, Scalar(0.2)};
  CHECK(copying_notes(stages, spec).empty());
}

TEST_CASE("models that cannot be pretrained layer by layer are refused with what would do") {
  const std::string out = R"({"units":"input","activation":"sigmoid"})";
  CHECK(contains(refusal_of(model_of(R"([{"type":"convolution","channels":2}])", "[" + out + "]")),
                 "encoder.0 is a convolution layer"));
  CHECK(contains(refusal_of(model_of(R"([{"units":9},{"units":4}])", "[" + out + "]")),
                 "2 dense layers and the decoder 1"));
  CHECK(
      contains(refusal_of(model_of(R"([{"units":9},{"units":4}])", R"([{"units":8},)" + out + "]")),
               "decoder.0 gives 8 numbers, and encoder.1, which it mirrors, takes 9"));
  CHECK(contains(refusal_of(model_of(R"([{"units":36},{"units":36}])",
                                     R"([{"tied":"encoder.0"},)" + out + "]")),
                 "mirrors encoder.1"));
  CHECK(contains(refusal_of(model_of(R"([{"type":"dropout","rate":0.1}])", "[" + out + "]")),
                 "no dense layer"));
}

TEST_CASE("codes that are too many to keep are refused before anything is trained") {
  // One bit a sample would be enough to have too many of them by so many units.
  auto data = std::make_shared<Dataset>();
  data->name = "many";
  data->shape = {1, 1, 1};
  data->train = Samples(1, std::vector<std::uint8_t>(70000));
  const ModelSpec spec{.encoder = parse_layers(R"([{"units":5000},{"units":1}])", "model.encoder"),
                       .decoder = parse_layers(R"([{"units":5000},{"units":"input"}])", "d"),
                       .loss = Loss::kMeanSquaredError};
  const auto model = std::make_shared<const Model>(spec, data->shape);
  ThreadPool pool(1);
  const std::string sentence =
      error_of([&] { LayerwisePretraining(model, TrainSpec{}, 1, data, pool); });
  CHECK(contains(sentence, "5000 units of encoder.0"));
  CHECK(contains(sentence, "with 3834 units they are not"));
}

TEST_CASE("a stage that diverges says which layer it was") {
  const auto model = model_of(R"([{"units":8},{"units":4}])", R"([{"units":8},{"units":"input"}])",
                              Loss::kMeanSquaredError);
  TrainSpec spec = noisy_spec();
  spec.optimizer.kind = OptimizerKind::kSgd;
  spec.optimizer.learning_rate = 1e6;
  ThreadPool pool(1);
  LayerwisePretraining pretraining(model, spec, 50, data_of_many(), pool);
  const std::string sentence = error_of([&] {
    while (pretraining.advance()) continue;
  });
  CHECK(contains(sentence, "While layer encoder.0 was pretrained"));
}
