#include "core/analysis/code_size.h"

#include <doctest/doctest.h>

#include <vector>

#include "core/base/error.h"
#include "core/model/plan.h"
#include "core/session/engine/build.h"
#include "core/session/settings/presets.h"

using namespace hourglass;

namespace {

ModelSpec preset_spec(const char* name) {
  session::Settings settings;
  session::apply_preset(session::find_preset(name), settings);
  return session::model_spec(settings);
}

}  // namespace

TEST_CASE("the code of every preset that has one of units gets another size, and still fits") {
  for (const session::Preset& preset : session::presets()) {
    CAPTURE(preset.name);
    const ModelSpec spec = preset_spec(preset.name.c_str());
    for (const std::int64_t units : {1, 2, 40}) {
      const ModelSpec resized = with_code_size(spec, units);
      CHECK(make_plan(resized, {1, 28, 28}).code_size() == units);
      CHECK(resized.decoder == spec.decoder);
    }
  }
}

TEST_CASE("k-sparse keeps no more units than there are") {
  const ModelSpec resized = with_code_size(preset_spec("k-sparse"), 4);
  CHECK(resized.encoder.back().whole("k") == 4);
  CHECK(with_code_size(preset_spec("k-sparse"), 60).encoder.back().whole("k") == 15);
}

TEST_CASE("codes that have no size of one number are refused, and sizes that no code has") {
  ModelSpec maps = preset_spec("vanilla");
  maps.encoder = parse_layers(R"([{"type": "convolution", "channels": 4}])", "model.encoder");
  CHECK_THROWS_WITH_AS(with_code_size(maps, 8), doctest::Contains("encoder.0"), Error);
  maps.encoder = parse_layers(R"([{"type": "dense", "units": [1, 4, 4]}])", "model.encoder");
  CHECK_THROWS_WITH_AS(with_code_size(maps, 8), doctest::Contains("plain number"), Error);
  CHECK_THROWS_AS(with_code_size(preset_spec("vanilla"), 0), Error);
}

TEST_CASE("the elbow is where the curve bends") {
  const std::vector<double> sizes = {1, 2, 4, 8, 16, 32};
  CHECK(elbow(sizes, std::vector<double>{10, 6, 2, 1.8, 1.6, 1.5}) == 2);
  CHECK(elbow(sizes, std::vector<double>{6, 5, 4, 3, 2, 1}) == -1);  // a straight line
  CHECK(elbow(sizes, std::vector<double>{1, 2, 3, 4, 5, 6}) == -1);  // rises
  CHECK(elbow(std::vector<double>{1, 2}, std::vector<double>{2, 1}) == -1);
}
