// Small data and models for tests.
#pragma once

#include <memory>

#include "core/data/dataset.h"
#include "core/math/random.h"
#include "core/model/layer_type.h"
#include "core/nn/model.h"

namespace hourglass::tests {

// Uniform random values in [low, high).
inline Matrix random_matrix(Index rows, Index cols, std::uint32_t sample, float low = -1,
                            float high = 1) {
  Random random(7, RandomStream::kTest, 0, sample);
  Matrix matrix(rows, cols);
  for (Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = random.uniform(low, high);
  return matrix;
}

// `train` and `test` samples of random features in [0, 1], with labels 0 to 2.
inline DatasetPointer random_dataset(ImageShape shape, Index train, Index test) {
  auto data = std::make_shared<Dataset>();
  data->name = "random";
  data->shape = shape;
  data->class_names = {"a", "b", "c"};
  std::uint32_t sample = 100;
  for (Samples* samples : {&data->train, &data->test}) {
    const Index count = samples == &data->train ? train : test;
    Random random(7, RandomStream::kTest, 1, sample++);
    std::vector<float> values(static_cast<std::size_t>(count * shape.features()));
    for (float& value : values) value = random.uniform();
    *samples = Samples(shape.features(), std::move(values));
    for (Index i = 0; i < count; ++i) samples->labels.push_back(static_cast<std::int32_t>(i % 3));
  }
  return data;
}

// A dense autoencoder inputs-hidden-code-hidden-inputs.
inline ModelSpec small_spec(Activation hidden, Activation output, Loss loss, Index units = 7,
                            Index code = 3) {
  const auto dense = [](Index size, Activation activation) {
    LayerSpec layer(*find_layer_type("dense"));
    layer.set("units", Units{.shape = {1, 1, size}});
    layer.set("activation", std::string(activation_name(activation)));
    return layer;
  };
  return {.encoder = {dense(units, hidden), dense(code, hidden)},
          .decoder = {dense(units, hidden), dense(0, output)},
          .loss = loss,
          .initializer = Initializer::kGlorotUniform};
}

}  // namespace hourglass::tests
