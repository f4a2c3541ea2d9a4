// An engine that says anything to the front end, at any time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/error.h"
#include "tests/ui/harness.h"

namespace hourglass::ui {

// Each of these functions sends the front end one event, of which each part fits what came before
// or, now and then, does not.
class RandomEngine {
 protected:
  explicit RandomEngine(unsigned seed) : random_(seed) {}

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int one_in) { return below(one_in) == 0; }
  float number() {
    switch (below(12)) {
      case 0:
        return std::numeric_limits<float>::quiet_NaN();
      case 1:
        return std::numeric_limits<float>::infinity();
      case 2:
        return -std::numeric_limits<float>::max();
      case 3:
        return 0;
      default:
        return static_cast<float>(below(2001) - 1000) / 250;
    }
  }
  session::Shared<session::Floats> floats(std::int64_t count) {
    session::Floats values(static_cast<std::size_t>(count));
    const bool odd = chance(4), same = chance(6);
    for (float& value : values)
      value = same ? 0 : odd ? number() : static_cast<float>(below(1000)) / 500 - 1;
    return std::make_shared<const session::Floats>(std::move(values));
  }
  session::Shared<session::Bytes> bytes(std::int64_t count) {
    session::Bytes values(static_cast<std::size_t>(count));
    for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(random_());
    return std::make_shared<const session::Bytes>(std::move(values));
  }
  // The size that fits, or now and then one that does not.
  std::int64_t about(std::int64_t fitting) {
    if (!chance(5)) return fitting;
    return std::max<std::int64_t>(0, below(3) == 0 ? fitting + below(7) - 3 : below(900));
  }
  std::string text() {
    static const char* const kTexts[] = {"", "An ordinary sentence.", "很长的一句话",
                                         "%s %d {0} {7}"};
    std::string made = kTexts[below(4)];
    if (chance(4)) made += std::string(300, 'w');
    return made;
  }

  static std::int64_t units(const session::LayerInfo& layer) {
    std::int64_t product = 1;
    for (const std::int64_t extent : layer.output_shape) product *= extent;
    return product;
  }
  void network() {
    session::NetworkInfo info;
    info.input_features = chance(4) ? 1 + below(900) : data_.channels * data_.rows * data_.columns;
    const int count = 1 + below(chance(5) ? 24 : 7);
    static const char* const kKinds[] = {"dense",    "conv",     "transposed-conv",
                                         "max-pool", "upsample", "dropout",
                                         "k-sparse", "gaussian", "of the future"};
    for (int i = 0; i < count; ++i) {
      session::LayerInfo layer;
      layer.name = (2 * i < count ? "encoder." : "decoder.") + std::to_string(i);
      layer.kind = kKinds[below(9)];
      layer.activation = chance(3) ? "" : chance(2) ? "relu" : "sigmoid";
      if (chance(3)) {
        layer.output_shape = {1 + below(20), 1 + below(30), 1 + below(30)};
      } else if (chance(2)) {
        layer.output_shape = {1 + below(chance(9) ? 4000 : 300)};
      } else {
        layer.output_shape = {1, 1, 1 + below(300)};
      }
      layer.parameters = chance(3) ? 0 : below(1'000'000);
      layer.multiply_adds = layer.parameters;
      info.layers.push_back(std::move(layer));
    }
    info.code_layer = below(count);
    info.code_size = units(info.layers[static_cast<std::size_t>(info.code_layer)]);
    info.parameters = info.multiply_adds = below(2'000'000'000);
    network_ = info;
    harness_.app.receive(std::move(info));
  }
  void data() {
    session::DataReady ready;
    ready.name = chance(2) ? "strokes" : "mnist";
    static constexpr int kShapes[][3] = {
        {1, 28, 28}, {3, 8, 8}, {1, 1, 13}, {2, 5, 3}, {1, 300, 2}};
    const auto& shape = kShapes[below(5)];
    ready.channels = shape[0];
    ready.rows = shape[1];
    ready.columns = shape[2];
    ready.train_count = below(70'000);
    ready.test_count = 1 + below(2000);
    const int classes = below(chance(4) ? 40 : 11);
    for (int i = 0; i < classes; ++i)
      ready.class_names.push_back(std::to_string(i) + (chance(4) ? text() : ""));
    ready.map_points = below(chance(3) ? 5 : 400);
    if (classes > 0 && !chance(4)) {
      for (std::int64_t i = 0; i < ready.map_points; ++i)
        ready.map_labels.push_back(below(classes + 2) - 1);
    }
    const int factors = below(4);
    for (int i = 0; i < factors; ++i) {
      ready.factors.push_back(
          {chance(2) ? "slant" : text(), chance(2) ? "deg" : "", -1, chance(5) ? -1.0f : 1.0f});
    }
    ready.map_factors = *floats(about(factors * ready.map_points));
    data_ = ready;
    harness_.app.receive(std::move(ready));
  }
  void settings() {
    const auto& table = session::settings_table();
    for (int i = 0; i < 6; ++i) {
      const session::Setting& setting =
          table[static_cast<std::size_t>(below(static_cast<int>(table.size())))];
      session::Value value = settings_.get(setting.key);
      if (auto* flag = std::get_if<bool>(&value)) {
        *flag = chance(2);
      } else if (auto* integer = std::get_if<std::int64_t>(&value)) {
        *integer =
            chance(2)
                ? static_cast<std::int64_t>(setting.low)
                : static_cast<std::int64_t>(std::min(setting.high, setting.low + below(2000)));
      } else if (auto* real = std::get_if<double>(&value)) {
        *real = chance(2) ? setting.low : setting.high;
      } else if (!setting.choices().empty()) {
        value = std::string(setting.choices()[static_cast<std::size_t>(
            below(static_cast<int>(setting.choices().size())))]);
      } else {
        static const char* const kLayers[] = {
            R"([{"dense":{"units":32,"activation":"relu"}},{"dense":{"units":2}}])",
            R"([{"dense":{"units":784,"activation":"sigmoid"}}])", "[]", "no list", ""};
        value = std::string(kLayers[below(5)]);
      }
      try {
        settings_.set(setting.key, value);
      } catch (const Error&) {
        // Bounds are another test's.
      }
    }
    harness_.app.receive(session::SettingsChanged{settings_.all()});
  }
  void status() {
    session::Status status;
    status.phase = static_cast<session::Phase>(below(4));
    status.step = below(100'000);
    status.epoch = below(1000) / 7.0;
    status.images_per_second = chance(3) ? 0 : below(1'000'000);
    for (const char* key :
         {"model.encoder", "model.decoder", "train.optimizer", "train.batch_size"}) {
      if (chance(3)) status.pending_reset.emplace_back(key);
    }
    harness_.app.receive(std::move(status));
    if (chance(4)) harness_.app.receive(session::DataWanted{text()});
  }
  void history() {
    session::History news;
    news.restart = chance(3);
    for (int i = below(300); i > 0; --i) {
      const double at = below(10'000) / 100.0;
      news.losses.push_back(
          {below(10'000), at, static_cast<double>(number()), static_cast<double>(number())});
    }
    for (int i = below(5); i > 0; --i) {
      session::EpochMetrics epoch;
      epoch.epoch = below(500);
      epoch.test_loss = static_cast<double>(number());
      epoch.binary_accuracy = static_cast<double>(number());
      epoch.code_mean = static_cast<double>(number());
      news.epochs.push_back(epoch);
    }
    harness_.app.receive(std::move(news));
  }
  void snapshot() {
    session::Snapshot now;
    const std::int64_t features = data_.channels * data_.rows * data_.columns;
    now.image_count = below(chance(4) ? 2 : 40);
    const std::int64_t all = now.image_count * features;
    const auto maybe = [&](auto& part, std::int64_t count, auto make) {
      if (!chance(3)) part = make(about(count));
    };
    const auto some_floats = [&](std::int64_t count) { return floats(count); };
    const auto some_bytes = [&](std::int64_t count) { return bytes(count); };
    if (!chance(3)) {
      std::vector<std::uint32_t> indices(static_cast<std::size_t>(about(now.image_count)));
      for (auto& index : indices) index = static_cast<std::uint32_t>(below(3000));
      now.image_indices = std::make_shared<const std::vector<std::uint32_t>>(std::move(indices));
      std::vector<std::int32_t> labels(static_cast<std::size_t>(about(now.image_count)));
      for (auto& label : labels) label = below(60) - 3;
      now.image_labels = std::make_shared<const std::vector<std::int32_t>>(std::move(labels));
    }
    maybe(now.originals, all, some_bytes);
    maybe(now.corrupted, all, some_bytes);
    maybe(now.reconstructed, all, some_bytes);
    maybe(now.image_errors, now.image_count, some_floats);
    maybe(now.map_points, 2 * data_.map_points, some_floats);
    maybe(now.code_ranges, 3 * network_.code_size, some_floats);
    now.sample = below(3000);
    std::int64_t activations = network_.input_features;
    for (const auto& layer : network_.layers) activations += units(layer);
    maybe(now.activations, activations, some_floats);
    now.tile_channels = 1 + below(4);
    now.tile_rows = below(40);
    now.tile_columns = below(40);
    maybe(now.tiles,
          now.tile_channels * now.tile_rows * now.tile_columns * below(chance(3) ? 256 : 20),
          some_bytes);
    const auto layers = static_cast<std::int64_t>(network_.layers.size());
    maybe(now.layer_stats, layers * (session::kLayerStats + session::kActivationBins), some_floats);
    harness_.app.receive(std::move(now));
  }
  // Steps in any order, with too many epochs or too few.
  void timeline() {
    session::Timeline now;
    for (int i = below(70); i > 0; --i) now.steps.push_back(below(chance(3) ? 5000 : 90) - 1);
    if (!chance(3)) std::ranges::sort(now.steps);
    for (std::int64_t i = about(std::ssize(now.steps)); i > 0; --i) {
      now.epochs.push_back(static_cast<double>(number()));
    }
    if (chance(2) && !now.steps.empty()) {
      now.shown = now.steps[static_cast<std::size_t>(below(static_cast<int>(now.steps.size())))];
    }
    harness_.app.receive(std::move(now));
  }
  // One of the questions that were sent, of any age, has an answer of any size; or an error.
  void answer() {
    std::vector<std::uint64_t> ids;
    for (const session::Command& command : harness_.commands) {
      if (command.id != 0) ids.push_back(command.id);
    }
    if (ids.empty()) return;
    const std::uint64_t id =
        chance(3) ? ids[static_cast<std::size_t>(below(static_cast<int>(ids.size())))] : ids.back();
    if (chance(6)) return harness_.app.receive(session::Failure{id, text()});
    session::Reply reply;
    reply.id = id;
    reply.images = *floats(about(data_.channels * data_.rows * data_.columns * below(30)));
    harness_.app.receive(std::move(reply));
  }
  void step_of_the_engine() {
    switch (below(5)) {
      case 0:
        return network();
      case 1:
        return data();
      case 2:
        return settings();
      default:
        return snapshot();
    }
  }

  Harness harness_;
  std::mt19937 random_;
  session::Settings settings_;
  session::NetworkInfo network_;
  session::DataReady data_;
};

}  // namespace hourglass::ui
