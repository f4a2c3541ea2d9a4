#include "core/session/settings/settings.h"

#include <doctest/doctest.h>

#include <limits>

#include "core/base/error.h"
#include "core/model/plan.h"
#include "core/session/engine/build.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings_json.h"

using namespace hourglass;
using namespace hourglass::session;

TEST_CASE("every row of the table accepts its initial value and has a sane range") {
  std::vector<std::string_view> keys;
  for (const Setting& setting : settings_table()) {
    CAPTURE(setting.key);
    CHECK(checked_value(setting, setting.initial()) == setting.initial());
    CHECK(std::find(keys.begin(), keys.end(), setting.key) == keys.end());
    keys.push_back(setting.key);
    if (setting.type == SettingType::kInteger || setting.type == SettingType::kReal) {
      CHECK(setting.low < setting.high);
      if (setting.scale == Scale::kLogarithmic) CHECK((setting.low > 0 || setting.smallest > 0));
    }
    if (setting.type == SettingType::kChoice) CHECK(setting.choices().size() >= 2);
  }
}

TEST_CASE("values are made to fit, or refused with what would be right") {
  Settings settings;
  settings.set("train.learning_rate", std::string("0.5"));
  CHECK(settings.real("train.learning_rate") == 0.5);
  settings.set("train.learning_rate", std::int64_t{1});
  CHECK(settings.real("train.learning_rate") == 1.0);
  settings.set("train.batch_size", 64.0);
  CHECK(settings.integer("train.batch_size") == 64);
  settings.set("train.optimizer", std::string("sgd"));
  CHECK(settings.text("train.optimizer") == "sgd");
  const auto refused = [&](const char* key, Value value, const char* says) {
    const auto before = settings.all();
    CHECK_THROWS_WITH_AS(settings.set(key, value), doctest::Contains(says), Error);
    CHECK(settings.all() == before);
  };
  refused("train.learning_rate", 100.0, "a number from 1e-06 to 10");
  refused("train.learning_rate", std::numeric_limits<double>::quiet_NaN(), "a number");
  refused("train.learning_rate", std::string("fast"), "'fast'");
  refused("train.learning_rate", std::string("0.1x"), "'0.1x'");
  refused("train.learning_rate", true, "a number");
  refused("train.batch_size", 2.5, "a whole number from 1 to 4096");
  refused("train.batch_size", std::int64_t{0}, "1 to 4096");
  refused("train.batch_size", 1e300, "1 to 4096");
  refused("train.optimizer", std::string("adagrad"), "sgd, rmsprop, adadelta, adam");
  refused("train.learningrate", 0.1, "the nearest is 'train.learning_rate'");
}

TEST_CASE("text of a value reads back as the value") {
  for (const Setting& setting : settings_table()) {
    CAPTURE(setting.key);
    CHECK(checked_value(setting, value_text(setting.initial())) == setting.initial());
  }
  CHECK(value_text(0.1) == "0.1");
  CHECK(value_text(1e-7) == "1e-07");
}

TEST_CASE("settings survive the way through JSON, and a bad one leaves all as it was") {
  Settings settings;
  settings.set("train.learning_rate", 0.25);
  settings.set("noise.kind", std::string("masking"));
  settings.set("view.noise.level", 0.5);
  const std::string json = settings_to_json(settings);
  CHECK(json.find("view") == std::string::npos);
  CHECK(json.find("\"units\": 32") != std::string::npos);  // the layers as JSON, not as text
  Settings back;
  apply_settings_json(json, "it", back);
  settings.set("view.noise.level", 0.0);
  CHECK(back.all() == settings.all());
  const auto before = back.all();
  const char* const bad[] = {"",
                             "[]",
                             "{\"train\": {\"epochs\": 3, \"rate\": 1}}",
                             "{\"train\": 5}",
                             "{\"train\": {\"epochs\": null}}",
                             "{\"train\": {\"epochs\": -1}}",
                             "{\"model\": {\"loss\": [1]}}"};
  for (const char* const text : bad) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(apply_settings_json(text, "file f", back), doctest::Contains("file f"),
                         Error);
    CHECK(back.all() == before);
  }
}

TEST_CASE("every preset builds, names its source and teaches in both languages") {
  CHECK(presets().size() >= 2);
  for (const Preset& preset : presets()) {
    CAPTURE(preset.name);
    Settings settings;
    settings.set("view.images", std::int64_t{7});
    settings.set("train.seed", std::int64_t{99});
    settings.set("noise.kind", std::string("dropout"));
    apply_preset(preset, settings);
    CHECK(settings.integer("view.images") == 7);
    CHECK(settings.integer("train.seed") == 99);
    CHECK_NOTHROW(Model(model_spec(settings), ImageShape{1, 28, 28}));
    CHECK_FALSE(preset.source.empty());
    CHECK(preset.teaches_en.size() > 80);
    CHECK(preset.teaches_zh.size() > 80);
  }
  CHECK_THROWS_WITH_AS(find_preset("vanila"), doctest::Contains("vanilla"), Error);
}

TEST_CASE("the settings that everything starts with are those of the preset 'quick'") {
  CHECK(matching_preset(Settings()) == "quick");
  Settings settings;
  for (const Preset& preset : presets()) {
    apply_preset(preset, settings);
    CHECK(matching_preset(settings) == preset.name);
  }
  // As models say that were saved when this was where it began.
  settings = Settings();
  settings.set("train.decay_steps", std::int64_t{1000});
  CHECK(matching_preset(settings) == "quick");
  settings.set("train.schedule", std::string("cosine"));
  CHECK(matching_preset(settings).empty());
  settings.set("train.learning_rate", 0.123);
  CHECK(matching_preset(settings).empty());
}

TEST_CASE("layers are refused with the layer and what would be right") {
  const auto refused = [](const char* json, const char* says) {
    CHECK_THROWS_WITH_AS(parse_layers(json, "model.encoder"), doctest::Contains(says), Error);
  };
  refused("", "JSON list");
  refused("{}", "JSON list");
  refused("[]", "JSON list");
  refused("[3]", "layer 0");
  refused("[{\"type\":\"dense\",\"units\":4},{\"type\":\"dense\"}]", "layer 1");
  refused("[{\"type\":\"dense\",\"units\":0}]", "1 to 65536");
  refused("[{\"type\":\"dense\",\"units\":1e9}]", "1 to 65536");
  refused("[{\"type\":\"dense\",\"units\":\"many\"}]", "\"input\"");
  refused("[{\"type\":\"conv9\",\"units\":4}]", "conv9");
  refused("[{\"units\":4,\"activation\":\"swish\"}]", "sigmoid");
  refused("[{\"units\":4,\"activation\":4}]", "text");
  refused("[{\"units\":4,\"colour\":4}]", "colour");
  const auto layers = parse_layers("[{\"units\":4,\"activation\":\"tanh\"},{\"units\":\"input\"}]",
                                   "model.encoder");
  CHECK(parse_layers(layers_text(layers), "it") == layers);
  CHECK_THROWS_WITH_AS(
      make_plan({.encoder = parse_layers(R"([{"units":4,"activation":"relu"}])", "encoder"),
                 .decoder = parse_layers(R"([{"units":5}])", "decoder")},
                {1, 3, 3}),
      doctest::Contains("decoder.0"), Error);
}
