// Training on data of which little is not 0: the first layer goes through lists.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "core/train/trainer.h"
#include "tests/support/allocations.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

constexpr Index kWords = 210, kDocuments = 100;

// Documents of some ten words of many, and the same as dense data.
DatasetPointer documents(bool is_sparse) {
  auto data = std::make_shared<Dataset>();
  data->name = "documents";
  data->shape = {1, 1, kWords};
  data->is_sparse = is_sparse;
  Random random(7, RandomStream::kTest, 3, 0);
  std::vector<float> values(static_cast<std::size_t>(kWords * kDocuments), 0.0f);
  for (Index i = 0; i < kDocuments; ++i) {
    for (int word = 0; word < 10; ++word) {
      values[static_cast<std::size_t>(i * kWords) + random.below(kWords)] += 0.1f;
    }
  }
  data->train = Samples(kWords, std::move(values));
  return data;
}

ModelSpec spec_of(bool is_tied) {
  ModelSpec spec = tests::small_spec(Activation::kRelu, Activation::kSoftmax,
                                     Loss::kCategoricalCrossEntropy, /*units=*/37, /*code=*/2);
  if (is_tied) {
    LayerSpec tied(*find_layer_type("dense"));
    tied.set("tied", std::string("encoder.0"));
    tied.set("activation", std::string("softmax"));
    spec.decoder.back() = tied;
  }
  return spec;
}

Vector trained(const ModelSpec& spec, bool is_sparse, int threads, const Corruption& noise = {}) {
  ThreadPool pool(threads);
  const DatasetPointer data = documents(is_sparse);
  TrainSpec train;
  train.batch_size = 75;
  train.corruption = noise;
  train.optimizer.kind = OptimizerKind::kAdam;
  Trainer trainer(std::make_shared<const Model>(spec, data->shape), train, data, pool);
  trainer.step();
  trainer.step();
  const std::int64_t before = tests::allocations();
  for (int step = 0; step < 4; ++step) trainer.step();
  if (threads == 1) CHECK(tests::allocations() == before);
  return trainer.state().parameters;
}

bool same_bits(const Vector& a, const Vector& b) {
  return std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

}  // namespace

TEST_CASE("a sparse first layer learns what a dense one does, on any number of threads") {
  for (const bool is_tied : {false, true}) {
    CAPTURE(is_tied);
    const ModelSpec spec = spec_of(is_tied);
    const Vector dense = trained(spec, false, 1), sparse = trained(spec, true, 1);
    // Adam divides a small gradient by its size: what rounds otherwise may come to more than that.
    CHECK_FALSE(same_bits(dense, sparse));
    CHECK(tests::largest_difference(dense, sparse) < (sizeof(Scalar) == 4 ? 1e-3 : 1e-9));
    for (const int threads : {2, 8}) CHECK(same_bits(trained(spec, true, threads), sparse));
  }
}

TEST_CASE("noise that leaves nothing 0 makes the first layer dense again") {
  const Corruption noise{.kind = CorruptionKind::kGaussian, .level = 0.1};
  const ModelSpec spec = spec_of(false);
  CHECK(same_bits(trained(spec, true, 1, noise), trained(spec, false, 1, noise)));
}
