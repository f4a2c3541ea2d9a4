// What is on display, held against computations of its own on the weights that a checkpoint gives.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/formats/safetensors.h"
#include "core/nn/inference.h"
#include "core/session/engine/build.h"
#include "core/strokes/strokes.h"
#include "core/train/trainer.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::Driver;

namespace {

// The network that the driver trains, and its held-out images, without the session.
class Network {
 public:
  explicit Network(Driver& driver)
      : file_(checkpoint(driver)),
        info_(read_run_info(file_, "It")),
        model(model_spec(info_.settings), info_.input),
        pool_(1),
        inference_(model, pool_) {
    load_parameters(file_, model.layout(), parameters);
    const Dataset data = make_strokes(kStrokesSeed, 600, 150);
    std::vector<std::uint32_t> all(150);
    std::iota(all.begin(), all.end(), 0u);
    images.resize(data.test.features(), 150);
    data.test.gather(all, columns(images, 0, 150));
  }

  Matrix run(const Matrix& input, int from, int to) {
    Matrix output(model.layer_outputs(to - 1), input.cols());
    inference_.run(parameters.data(), from, to, columns(input, 0, input.cols()),
                   columns(output, 0, input.cols()));
    return output;
  }
  Matrix codes() { return run(images, 0, model.code_layer() + 1); }
  Matrix decode(const Matrix& codes) {
    return run(codes, model.code_layer() + 1, model.layer_count());
  }
  Matrix weights(const char* name) const {
    for (int i = 0; i < model.layout().count(); ++i) {
      if (model.layout()[i].name == name) return model.layout().view(i, parameters.data());
    }
    FAIL("no such weights");
    return {};
  }

 private:
  static Safetensors checkpoint(Driver& driver) {
    driver.send(SaveCheckpoint{}, 1000);
    bytes = driver.replies.back().checkpoint;
    return read_safetensors(bytes, "It");
  }
  static inline Bytes bytes;  // the file looks into it
  Safetensors file_;
  RunInfo info_;

 public:
  Model model;
  Vector parameters;
  Matrix images;

 private:
  ThreadPool pool_;
  Inference inference_;
};

constexpr const char* kDeepEncoder =
    R"([{"units":20,"activation":"relu"},{"units":5,"activation":"tanh"}])";
constexpr const char* kDeepDecoder =
    R"([{"units":20,"activation":"relu"},{"units":"input","activation":"sigmoid"}])";

SetSettings deep() {
  return {
      {{"model.encoder", std::string(kDeepEncoder)}, {"model.decoder", std::string(kDeepDecoder)}}};
}

// Bytes are the values times 127 over the largest magnitude, around 128.
void check_tile(const std::uint8_t* bytes, const Vector& values) {
  const double largest = static_cast<double>(values.cwiseAbs().maxCoeff());
  REQUIRE(largest > 0);
  double worst = 0;
  for (Index i = 0; i < values.size(); ++i) {
    worst =
        std::max(worst, std::abs(128 + 127 * static_cast<double>(values[i]) / largest - bytes[i]));
  }
  CHECK(worst < 0.52);
}

}  // namespace

TEST_CASE("the ranges of the code are those of the map's samples") {
  Driver driver;
  driver.send(deep());
  driver.send(Step{5});
  driver.settle();
  const Matrix codes = Network(driver).codes();
  REQUIRE(driver.shown.code_ranges);
  REQUIRE(driver.shown.code_ranges->size() == 15);
  for (Index i = 0; i < 5; ++i) {
    const float* range = driver.shown.code_ranges->data() + 3 * i;
    CHECK(range[0] == doctest::Approx(codes.row(i).minCoeff()).epsilon(1e-4));
    CHECK(range[1] == doctest::Approx(codes.row(i).maxCoeff()).epsilon(1e-4));
    CHECK(std::abs(range[2] - static_cast<float>(codes.row(i).mean())) < 1e-5);
  }
}

TEST_CASE("one sample's way through the network is shown layer by layer, without noise") {
  Driver driver;
  driver.send(deep());
  driver.set("view.noise.level", 0.5);
  driver.send(Step{3});
  driver.set("view.sample", std::int64_t{17});
  driver.settle();
  Network network(driver);
  const auto check = [&](Index sample) {
    CHECK(driver.shown.sample == sample);
    REQUIRE(driver.shown.activations);
    const Floats& values = *driver.shown.activations;
    REQUIRE(values.size() == 784 + 20 + 5 + 20 + 784);
    Matrix expected = network.images.col(sample);
    std::size_t at = 0;
    for (int layer = 0; layer <= 4; ++layer) {
      if (layer > 0) expected = network.run(expected, layer - 1, layer);
      for (Index i = 0; i < expected.rows(); ++i, ++at) {
        REQUIRE(std::abs(values[at] - static_cast<float>(expected(i, 0))) < 1e-4);
      }
    }
  };
  check(17);
  const Shared<Floats> before = driver.shown.activations;
  driver.set("view.noise.level", 0.2);
  driver.settle();
  CHECK(driver.shown.activations == before);  // which have not changed and were not sent again
  driver.set("view.sample", std::int64_t{1000000});
  driver.settle();
  check(149);
  const Shared<Floats> last = driver.shown.activations;
  driver.send(Step{1});
  driver.settle();
  CHECK(*driver.shown.activations != *last);
}

TEST_CASE("the map's plane can be that of two units, and places on it decode to them") {
  Driver driver;
  driver.send(deep());
  driver.send(Step{5});
  driver.settle();
  const Shared<Floats> widest = driver.shown.map_points;
  Network network(driver);
  const Matrix codes = network.codes();
  const auto check = [&](Index x, Index y) {
    driver.settle();
    const Floats& points = *driver.shown.map_points;
    for (Index i = 0; i < 150; ++i) {
      REQUIRE(std::abs(points[2 * i] - static_cast<float>(codes(x, i))) < 1e-5);
      REQUIRE(std::abs(points[2 * i + 1] - static_cast<float>(x == y ? 0 : codes(y, i))) < 1e-5);
    }
    driver.send(DecodeMap{{0.25f, x == y ? 0.f : -0.5f}}, 5);
    Matrix code = codes.rowwise().mean();
    code(y, 0) = Scalar(-0.5);
    code(x, 0) = Scalar(0.25);
    const Matrix image = network.decode(code);
    const Floats& answer = driver.replies.back().images;
    REQUIRE(answer.size() == 784);
    for (Index i = 0; i < 784; ++i) {
      REQUIRE(std::abs(answer[i] - static_cast<float>(image(i, 0))) < 1e-4);
    }
  };
  driver.send(SetSettings{{{"view.map_plane", std::string("units")},
                           {"view.map_unit_x", std::int64_t{3}},
                           {"view.map_unit_y", std::int64_t{1}}}});
  check(3, 1);
  driver.set("view.map_unit_y", std::int64_t{60000});
  check(3, 4);
  driver.set("view.map_unit_y", std::int64_t{3});
  check(3, 3);
  driver.set("view.map_plane", std::string("pca"));
  driver.settle();
  REQUIRE(driver.shown.map_points->size() == widest->size());
  for (std::size_t i = 0; i < widest->size(); ++i) {
    REQUIRE(std::abs((*driver.shown.map_points)[i] - (*widest)[i]) < 1e-3f);
  }
}

TEST_CASE("the worst reconstructed images are shown, worst first") {
  Driver driver;
  driver.set("view.noise.level", 0.4);  // which these do not go by
  driver.set("view.images", std::int64_t{12});
  driver.send(Step{5});
  driver.settle();
  const std::vector<std::uint32_t> set = *driver.shown.image_indices;
  driver.set("view.image_order", std::string("worst"));
  driver.settle();
  const auto check = [&](std::size_t count) {
    Network network(driver);
    const Matrix out = network.run(network.images, 0, network.model.layer_count());
    std::vector<std::pair<double, std::uint32_t>> errors;
    for (std::uint32_t i = 0; i < 150; ++i) {
      double sum = 0;
      for (Index p = 0; p < 784; ++p) {
        const double d = static_cast<double>(out(p, i)) - static_cast<double>(network.images(p, i));
        sum += d * d;
      }
      errors.emplace_back(sum / 784, i);
    }
    std::vector<std::pair<double, std::uint32_t>> sorted = errors;
    std::sort(sorted.rbegin(), sorted.rend());
    const auto& indices = *driver.shown.image_indices;
    REQUIRE(indices.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(std::abs(errors[indices[i]].first - sorted[i].first) < 1e-6);
      CHECK((*driver.shown.image_labels)[i] == driver.data.map_labels[indices[i]]);
      CHECK(std::abs((*driver.shown.originals)[i * 784 + 300] -
                     255 * static_cast<double>(network.images(300, indices[i]))) < 0.6);
    }
    CHECK(driver.shown.image_errors->size() == count);
  };
  check(12);
  CHECK(*driver.shown.image_indices != set);
  driver.send(Step{20});
  driver.settle();
  check(12);
  driver.set("view.images", std::int64_t{30});
  driver.settle();
  check(30);
  driver.set("view.images", std::int64_t{12});
  driver.set("view.image_order", std::string("set"));
  driver.settle();
  CHECK(*driver.shown.image_indices == set);
}

TEST_CASE("tiles show weights and what code units draw, with statistics of every layer") {
  Driver driver;
  driver.send(deep());
  driver.send(Step{5});
  driver.settle();
  CHECK(driver.shown.tiles == nullptr);
  driver.set("view.tiles", std::string("inputs"));
  driver.settle();
  Network network(driver);
  REQUIRE(driver.shown.tiles);
  CHECK(driver.shown.tile_channels == 1);
  CHECK(driver.shown.tile_rows == 28);
  CHECK(driver.shown.tile_columns == 28);
  REQUIRE(driver.shown.tiles->size() == 20 * 784);
  const Matrix weights = network.weights("encoder.0.weight");
  for (Index i = 0; i < 20; ++i) check_tile(driver.shown.tiles->data() + 784 * i, weights.col(i));

  driver.set("view.tiles", std::string("outputs"));
  driver.settle();
  REQUIRE(driver.shown.tiles->size() == 5 * 784);
  const Matrix codes = network.codes();
  for (Index i = 0; i < 5; ++i) {
    Matrix pair(5, 2);
    pair.colwise() = codes.rowwise().mean().eval();
    pair(i, 0) = codes.row(i).minCoeff();
    pair(i, 1) = codes.row(i).maxCoeff();
    const Matrix drawn = network.decode(pair);
    check_tile(driver.shown.tiles->data() + 784 * i, drawn.col(1) - drawn.col(0));
  }

  constexpr std::size_t kRow = kLayerStats + kActivationBins;
  REQUIRE(driver.shown.layer_stats->size() == 4 * kRow);
  Matrix values = network.images;
  for (int layer = 0; layer < 4; ++layer) {
    values = network.run(values, layer, layer + 1);
    const float* row = driver.shown.layer_stats->data() + kRow * static_cast<std::size_t>(layer);
    const Scalar low = values.minCoeff(), high = values.maxCoeff();
    CHECK(row[0] == doctest::Approx(low).epsilon(1e-4));
    CHECK(row[1] == doctest::Approx(high).epsilon(1e-4));
    Index dead = 0;
    for (Index i = 0; i < values.rows(); ++i) {
      dead += values.row(i).minCoeff() == values.row(i).maxCoeff();
    }
    CHECK(row[2] == static_cast<float>(dead));
    std::vector<double> shares(kActivationBins, 0.0);
    for (Index i = 0; i < values.size(); ++i) {
      const auto bin =
          static_cast<Index>((values.data()[i] - low) / (high - low) * kActivationBins);
      shares[static_cast<std::size_t>(std::clamp<Index>(bin, 0, kActivationBins - 1))] += 1;
    }
    double sum = 0;
    for (std::size_t bin = 0; bin < shares.size(); ++bin) {
      sum += static_cast<double>(row[kLayerStats + bin]);
      // A value on a bin's edge may fall to either side.
      CHECK(std::abs(static_cast<double>(row[kLayerStats + bin]) -
                     shares[bin] / static_cast<double>(values.size())) < 0.003);
    }
    CHECK(sum == doctest::Approx(1).epsilon(1e-4));
  }
  const Shared<Bytes> before = driver.shown.tiles;
  driver.set("view.tiles", std::string("none"));
  driver.send(Step{1});
  driver.settle();
  CHECK(driver.shown.tiles == before);
}

TEST_CASE("tiles of a convolution are its kernels, and a Gaussian code draws") {
  Driver driver;
  driver.send(SetSettings{
      {{"model.encoder",
        std::string(
            R"([{"type":"convolution","channels":6,"kernel":3,"stride":2,"activation":"relu"},)"
            R"({"type":"gaussian","units":4}])")},
       {"model.decoder", std::string(R"([{"units":"input","activation":"sigmoid"}])")},
       {"view.tiles", std::string("inputs")}}});
  driver.settle();
  for (const Failure& failure : driver.failures) FAIL(failure.message);
  Network network(driver);
  CHECK(driver.shown.tile_channels == 1);
  CHECK(driver.shown.tile_rows == 3);
  CHECK(driver.shown.tile_columns == 3);
  REQUIRE(driver.shown.tiles->size() == 6 * 9);
  const Matrix weights = network.weights("encoder.0.weight");
  for (Index i = 0; i < 6; ++i) check_tile(driver.shown.tiles->data() + 9 * i, weights.col(i));
  driver.set("view.tiles", std::string("outputs"));
  driver.settle();
  CHECK(driver.shown.tiles->size() == 4 * 784);
  CHECK(driver.shown.layer_stats->size() ==
        driver.network.layers.size() * (kLayerStats + kActivationBins));
}

TEST_CASE("all of it follows while training goes on") {
  Driver driver(2);
  driver.send(SetSettings{{{"train.batch_size", std::int64_t{32}},
                           {"view.image_order", std::string("worst")},
                           {"view.tiles", std::string("outputs")},
                           {"train.epochs", std::int64_t{100000}}}});
  driver.settle();
  const Snapshot before = driver.shown;
  driver.send(session::Run{});
  driver.advance_until([&] {
    return driver.shown.tiles != before.tiles && driver.shown.activations != before.activations &&
           driver.shown.image_indices != before.image_indices;
  });
  CHECK(driver.status.phase == Phase::kRunning);
}

TEST_CASE("held-out images come by their index, and what is not there is refused") {
  Driver driver;
  driver.send(GetImages{{149, 0, 149}}, 1);
  driver.send(GetImages{{}}, 2);
  driver.send(GetImages{std::vector<std::uint32_t>(1024, 3)}, 3);
  REQUIRE(driver.replies.size() == 3);
  Network network(driver);
  const Floats& images = driver.replies[0].images;
  REQUIRE(images.size() == 3 * 784);
  const Index order[] = {149, 0, 149};
  for (Index j = 0; j < 3; ++j) {
    for (Index i = 0; i < 784; ++i) {
      REQUIRE(images[784 * j + i] == static_cast<float>(network.images(i, order[j])));
    }
  }
  CHECK(driver.replies[1].images.empty());
  CHECK(driver.replies[2].images.size() == 1024 * 784);
  driver.send(GetImages{{1, 150}}, 4);
  driver.send(GetImages{std::vector<std::uint32_t>(1025, 3)}, 5);
  REQUIRE(driver.failures.size() == 2);
  CHECK(driver.failures[0].message.find("150") != std::string::npos);
  CHECK(driver.failures[1].message.find("1024") != std::string::npos);
}
