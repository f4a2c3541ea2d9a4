#include "ui/model/model_edit.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/nn/model.h"
#include "core/session/protocol/network_info.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"
#include "ui/model/add_layer.h"

namespace hourglass::ui {
namespace {

constexpr ImageShape kImage{1, 28, 28};

struct Named {
  std::string name;
  ModelSpec draft;
};

ModelSpec draft_of(const std::string& encoder, const std::string& decoder,
                   const std::string& loss = "bce") {
  auto draft = parse_model(encoder, decoder, loss);
  REQUIRE(draft);
  return *draft;
}

std::vector<Named> presets() {
  std::vector<Named> all;
  for (const session::Preset& preset : session::presets()) {
    session::Settings settings;
    session::apply_preset(preset, settings);
    all.push_back(
        {preset.name, draft_of(settings.text("model.encoder"), settings.text("model.decoder"),
                               settings.text("model.loss"))});
  }
  // What no preset has: tied convolutions, places that are remembered, dropout in the middle.
  all.push_back(
      {"tied convolutions",
       draft_of(R"([{"type":"convolution","channels":8,"activation":"relu"},
                              {"type":"max-pool"},{"type":"dropout","rate":0.1},
                              {"type":"convolution","channels":8,"kernel":5,"activation":"relu"}])",
                R"([{"type":"transposed-convolution","tied":"encoder.3","activation":"relu"},
                              {"type":"unpool","mode":"remembered","pool":"encoder.1"},
                              {"type":"transposed-convolution","tied":"encoder.0"}])")});
  return all;
}

// The engine itself builds it, and it is what plan_of() says.
void check_builds(const ModelSpec& draft) {
  CAPTURE(layers_text(draft.encoder));
  CAPTURE(layers_text(draft.decoder));
  std::optional<Model> built;
  REQUIRE_NOTHROW(built.emplace(draft, kImage));
  const auto plan = plan_of(draft, kImage);
  REQUIRE(plan);
  const session::NetworkInfo network = session::network_info(*plan);
  REQUIRE(network.layers.size() == static_cast<std::size_t>(built->layer_count()));
  CHECK(network.code_layer == built->code_layer());
  CHECK(network.parameters == built->layout().parameter_count());
  for (std::size_t i = 0; i < static_cast<std::size_t>(built->layer_count()); ++i) {
    const session::LayerInfo& layer = network.layers[i];
    const Layer& real = built->layer(static_cast<int>(i));
    CAPTURE(layer.name);
    CHECK(layer.name == built->layer_name(static_cast<int>(i)));
    CHECK(layer.activation == activation_name(real.activation()));
    const ImageShape shape = real.output_shape();
    CHECK(layer.output_shape ==
          std::vector<std::int64_t>{shape.channels, shape.rows, shape.columns});
    std::int64_t parameters = 0;
    for (const int parameter : real.parameters()) parameters += built->layout()[parameter].size();
    CHECK(layer.parameters == parameters);
  }
}

std::vector<Place> places_of(const ModelSpec& draft) {
  std::vector<Place> places;
  for (const Part part : {Part::kEncoder, Part::kDecoder}) {
    for (int i = 0; i < static_cast<int>(layers_of(draft, part).size()); ++i)
      places.push_back({part, i});
  }
  return places;
}

TEST_CASE("model edit: a text goes through a draft unchanged") {
  const std::string encoder = R"([{"type":"dense","units":32,"activation":"relu"}])";
  const std::string decoder = R"([{"type":"dense","units":"input","activation":"sigmoid"}])";
  const ModelSpec draft = draft_of(encoder, decoder);
  CHECK(layers_text(draft.encoder) == encoder);
  CHECK(layers_text(draft.decoder) == decoder);
  const auto edited = with_size(draft, {Part::kEncoder, 0}, 64, kImage);
  REQUIRE(edited);
  CHECK(layers_text(edited->encoder) == R"([{"type":"dense","units":64,"activation":"relu"}])");
  // What the engine would refuse is no network here either.
  CHECK_FALSE(parse_model(R"([{"units":32,"colour":"blue"}])", decoder, "bce"));
}

TEST_CASE("model edit: what is no list of layers is no model") {
  const std::string good = R"([{"type":"dense","units":"input"}])";
  for (const char* bad : {"", "[]", "{}", "[1]", "[{}", "null", "[[]]"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_model(bad, good, "bce"));
    CHECK_FALSE(parse_model(good, bad, "bce"));
  }
  // Layers with nonsense in them are no model either, or are found not to fit.
  for (const char* odd :
       {R"([{}])", R"([{"type":7}])", R"([{"type":"dense","units":-3}])",
        R"([{"type":"dense","units":[1,2]}])", R"([{"type":"dense","tied":"encoder.9"}])",
        R"([{"type":"dense","units":99999999999}])", R"([{"type":"convolution","channels":9e99}])",
        R"([{"type":"max-pool","size":0}])", R"([{"type":"nothing"}])"}) {
    CAPTURE(odd);
    const auto model = parse_model(odd, good, "bce");
    if (!model) continue;
    const ModelSpec& draft = *model;
    CHECK_FALSE(plan_of(draft, kImage));
    CHECK_FALSE(with_layer(draft, {Part::kEncoder, 0}, false, kImage));
    CHECK_FALSE(without_layer(draft, {Part::kEncoder, 0}, kImage));
    CHECK_FALSE(with_code(draft, true, kImage));
    layer_options(draft, {Part::kEncoder, 0}, kImage);
  }
}

TEST_CASE("model edit: a layer's name tells its place") {
  CHECK(place_of("encoder.2") == Place{Part::kEncoder, 2});
  CHECK(place_of("decoder.10") == Place{Part::kDecoder, 10});
  CHECK(place_of("encoder.2.sample") == Place{Part::kEncoder, 2});
  for (const char* bad : {"", "encoder", "encoder.", "encoder.x", "encoder.-1", "encoder.2.x"}) {
    CAPTURE(bad);
    CHECK_FALSE(place_of(bad));
  }
}

TEST_CASE("model edit: the network of a draft is the one the engine builds") {
  for (const Named& preset : presets()) {
    CAPTURE(preset.name);
    check_builds(preset.draft);
  }
}

TEST_CASE("model edit: every edit of every preset can be built, and adding can be undone") {
  for (const Named& preset : presets()) {
    CAPTURE(preset.name);
    int edits = 0;
    const auto check = [&](const Edited& edited) {
      if (!edited) return;
      ++edits;
      check_builds(*edited);
    };
    for (const Place place : places_of(preset.draft)) {
      CAPTURE(place_name(place));
      for (const std::int64_t size : {1, 3, 64, 300}) {
        check(with_size(preset.draft, place, size, kImage));
      }
      check(with_whole(preset.draft, place, "kernel", 5, kImage));
      check(with_activation(preset.draft, place, "tanh", kImage));
      check(with_rate(preset.draft, place, 0.25, kImage));
      const Edited dropped = with_dropout(preset.draft, place, true, kImage);
      check(dropped);
      if (dropped) {
        const Place moved{place.part, place.index + 1};
        const Edited back = with_dropout(*dropped, moved, false, kImage);
        REQUIRE(back);
        CHECK(layers_text(back->encoder) == layers_text(preset.draft.encoder));
        CHECK(layers_text(back->decoder) == layers_text(preset.draft.decoder));
      }
      check(without_layer(preset.draft, place, kImage));
      for (const bool after : {false, true}) {
        const Edited added = with_layer(preset.draft, place, after, kImage);
        check(added);
        const auto decoder = static_cast<int>(preset.draft.decoder.size());
        const bool below = after && place == Place{Part::kDecoder, decoder - 1};
        CHECK(added.has_value() == !below);
        // Twice over, and away again from wherever it is.
        if (!added) continue;
        for (const Place other : places_of(*added)) {
          check(without_layer(*added, other, kImage));
          check(with_layer(*added, other, after, kImage));
        }
      }
    }
    check(with_code(preset.draft, true, kImage));
    check(with_code(preset.draft, false, kImage));
    CHECK(edits > 10);
  }
}

TEST_CASE("model edit: doubling the code again and again ends where the slider does") {
  for (const Named& preset : presets()) {
    CAPTURE(preset.name);
    ModelSpec draft = preset.draft;
    int doublings = 0;
    while (const auto wider = with_code(draft, true, kImage)) {
      draft = *wider;
      REQUIRE(++doublings < 20);
    }
    const auto plan = plan_of(draft, kImage);
    REQUIRE(plan);
    const auto first = plan_of(preset.draft, kImage);
    REQUIRE(first);
    CHECK(plan->code_size() >= std::min<std::int64_t>(first->code_size(), 512));
    CHECK(plan->code_size() <= std::max<std::int64_t>(first->code_size(), 2048));
    CHECK(with_code(draft, false, kImage));
  }
  for (const Named& preset : presets()) {
    if (preset.name != "deep") continue;
    const auto most = with_size(preset.draft, {Part::kEncoder, 0}, 1'000'000, kImage);
    REQUIRE(most);
    CHECK(most->encoder[0].units() == Units{{1, 1, 2048}});
  }
}

TEST_CASE("model edit: layers that mirror each other change together") {
  for (const Named& preset : presets()) {
    if (preset.name != "deep") continue;
    const auto wider = with_size(preset.draft, {Part::kEncoder, 1}, 100, kImage);
    REQUIRE(wider);
    CHECK(wider->encoder[1].units() == Units{{1, 1, 100}});
    CHECK(wider->decoder[0].units() == Units{{1, 1, 100}});
    CHECK(wider->encoder[0].units() == Units{{1, 1, 128}});
    const auto tanh = with_activation(preset.draft, {Part::kDecoder, 1}, "tanh", kImage);
    REQUIRE(tanh);
    CHECK(tanh->encoder[0].text("activation") == "tanh");
    CHECK(tanh->decoder[1].text("activation") == "tanh");
    CHECK(tanh->decoder[2].text("activation") == "sigmoid");
    // The code mirrors nothing.
    const auto code = with_code(preset.draft, true, kImage);
    REQUIRE(code);
    CHECK(code->encoder[2].units() == Units{{1, 1, 64}});
    CHECK(code->decoder[0].units() == Units{{1, 1, 64}});
    CHECK(code->decoder[1].units() == Units{{1, 1, 128}});

    const auto fewer = without_layer(preset.draft, {Part::kDecoder, 0}, kImage);
    REQUIRE(fewer);
    CHECK(fewer->encoder.size() == 2);
    CHECK(fewer->decoder.size() == 2);
    const auto no_code = without_layer(preset.draft, {Part::kEncoder, 2}, kImage);
    REQUIRE(no_code);
    CHECK(no_code->encoder.back().units() == Units{{1, 1, 64}});
    CHECK(no_code->decoder.size() == 2);
    // The output is as large as the input, and stays.
    CHECK_FALSE(with_size(preset.draft, {Part::kDecoder, 2}, 100, kImage));
    CHECK_FALSE(without_layer(preset.draft, {Part::kDecoder, 2}, kImage));
  }
}

TEST_CASE("model edit: a new layer is between its neighbours in size, and has its mirror") {
  const ModelSpec small = draft_of(R"([{"type":"dense","units":32,"activation":"relu"}])",
                                   R"([{"type":"dense","units":"input","activation":"sigmoid"}])");
  for (const auto& [place, after] : {std::pair{Place{Part::kEncoder, 0}, false},
                                     {Place{Part::kEncoder, 0}, true},
                                     {Place{Part::kDecoder, 0}, false}}) {
    const auto more = with_layer(small, place, after, kImage);
    REQUIRE(more);
    CHECK(
        layers_text(more->encoder) ==
        R"([{"type":"dense","units":128,"activation":"relu"},{"type":"dense","units":32,"activation":"relu"}])");
    CHECK(
        layers_text(more->decoder) ==
        R"([{"type":"dense","units":128,"activation":"relu"},{"type":"dense","units":"input","activation":"sigmoid"}])");
  }
  CHECK_FALSE(without_layer(small, {Part::kEncoder, 0}, kImage));
  CHECK_FALSE(with_layer(small, {Part::kDecoder, 0}, true, kImage));
}

TEST_CASE("model edit: tied layers follow when layers come and go") {
  for (const Named& preset : presets()) {
    if (preset.name == "tied-dropout") {
      const auto gone = without_layer(preset.draft, {Part::kEncoder, 0}, kImage);
      REQUIRE(gone);
      CHECK(gone->decoder[0].text("tied") == "encoder.2");
      CHECK(gone->decoder[2].text("tied") == "encoder.0");
    }
    if (preset.name == "tied-fashion") {
      const auto more = with_layer(preset.draft, {Part::kEncoder, 1}, false, kImage);
      REQUIRE(more);
      REQUIRE(more->encoder.size() == 4);
      REQUIRE(more->decoder.size() == 4);
      for (int i = 0; i < 4; ++i) {
        CHECK(more->decoder[static_cast<std::size_t>(i)].text("tied") ==
              place_name({Part::kEncoder, 3 - i}));
      }
      CHECK(more->decoder[3].text("activation") == "sigmoid");
      const auto fewer = without_layer(*more, {Part::kEncoder, 1}, kImage);
      REQUIRE(fewer);
      CHECK(layers_text(fewer->encoder) == layers_text(preset.draft.encoder));
      CHECK(layers_text(fewer->decoder) == layers_text(preset.draft.decoder));
      // The size of a tied layer is that of the encoder's layer whose input it restores.
      const auto wider = with_size(preset.draft, {Part::kDecoder, 0}, 99, kImage);
      REQUIRE(wider);
      CHECK(wider->encoder[1].units() == Units{{1, 1, 99}});
      CHECK_FALSE(with_size(preset.draft, {Part::kDecoder, 2}, 99, kImage));
    }
    if (preset.name == "tied convolutions") {
      const auto more = with_dropout(preset.draft, {Part::kEncoder, 0}, true, kImage);
      REQUIRE(more);
      CHECK(more->decoder[1].text("pool") == "encoder.2");
    }
  }
}

TEST_CASE("model edit: pooling goes with its unpooling, and images grow to match") {
  for (const Named& preset : presets()) {
    if (preset.name != "convolutional") continue;
    const auto fewer = without_layer(preset.draft, {Part::kEncoder, 3}, kImage);
    REQUIRE(fewer);
    CHECK(fewer->decoder.size() == 4);
    CHECK(fewer->decoder[0].units() == Units{{16, 14, 14}, true});
    const auto channels = with_size(preset.draft, {Part::kEncoder, 2}, 8, kImage);
    REQUIRE(channels);
    CHECK(channels->decoder[0].units() == Units{{8, 7, 7}, true});
    const auto kernel = with_whole(preset.draft, {Part::kEncoder, 0}, "kernel", 5, kImage);
    REQUIRE(kernel);
    CHECK(kernel->encoder[0].whole("padding") == 2);
    CHECK(kernel->decoder[2].whole("kernel") == 5);
  }
}

TEST_CASE("model edit: k of a k-sparse code is at most the number of units") {
  for (const Named& preset : presets()) {
    if (preset.name != "k-sparse") continue;
    const auto less = with_size(preset.draft, {Part::kEncoder, 0}, 10, kImage);
    REQUIRE(less);
    CHECK(less->encoder[1].whole("k") == 10);
    CHECK(layer_options(*less, {Part::kEncoder, 1}, kImage).largest == 10);
    const auto more = with_size(preset.draft, {Part::kEncoder, 1}, 101, kImage);
    REQUIRE(more);
    CHECK(more->encoder[1].whole("k") == 100);
  }
}

}  // namespace
}  // namespace hourglass::ui
