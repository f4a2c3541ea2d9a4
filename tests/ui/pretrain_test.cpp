// The tab of pretraining, and the layers that it lights up in the network.
#include <doctest/doctest.h>

#include "tests/ui/application_harness.h"

namespace hourglass::ui {
namespace {

std::string fields(int stage, const std::string& lit, std::size_t network_layers,
                   const std::string& points = "") {
  return R"({"layers":["encoder.0","encoder.1"],"inputs":784,"units":[128,64],"losses":[[0.2],[]],)"
         R"("notes":["Layer encoder.0 can copy."],"most_labels":1000,"seed":3,"stage":)" +
         std::to_string(stage) + ",\"lit\":" + lit +
         ",\"network_layers\":" + std::to_string(network_layers) + points + "}";
}

constexpr const char* kPoints =
    R"(,"curve_starts":["pretrained","pretrained","scaled","small","linear"],)"
    R"("curve_labels":[10,1000,10,10,10],"means":[0.5,0.95,0.4,0.1,0.6],)"
    R"("lows":[0.4,0.94,0.3,0.1,0.5],"highs":[0.6,0.96,0.5,0.1,0.7])";

TEST_CASE("pretrain: the layer that learns lights up, and then the curve grows") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 900.0f}, {390.0f, 1600.0f}}) {
    CAPTURE(width);
    ApplicationHarness harness("pretrain", width, height);
    REQUIRE(harness.click("pretrain:seeds"));
    REQUIRE(harness.click("pretrain:seeds:1"));
    REQUIRE(harness.click("pretrain:start"));
    CHECK(harness.started("pretrain") == R"({"seeds":1,"epochs":3})");
    harness.progress(0.1, "layer");
    harness.result(fields(1, "[1,2]", 4), {}, false);
    CHECK_FALSE(harness.widget("pretrain:progress").empty());
    CHECK_FALSE(harness.widget("pretrain:plot").empty());
    CHECK_FALSE(harness.widget("pretrain:layer:0").empty());
    CHECK_FALSE(harness.widget("pretrain:lit:1").empty());
    harness.progress(0.5, "classify");
    harness.result(fields(-1, "[]", 4, kPoints), {}, false);
    CHECK(harness.widget("pretrain:lit:1").empty());
    CHECK_FALSE(harness.widget("pretrain:layer:1").empty());
    harness.result(fields(-1, "[]", 4, kPoints), {}, true);
    harness.end(session::JobEnd::kDone);
    CHECK_FALSE(harness.widget("pretrain:start").empty());
    CHECK_FALSE(harness.widget("pretrain:plot").empty());
    CHECK(harness.widget("pretrain:plot").right() <= width);
  }
}

TEST_CASE("pretrain: the hourglass shows what is being pretrained, of this network alone") {
  ApplicationHarness harness("pretrain");
  const std::size_t layers = harness.app.store().network.layers.size();
  REQUIRE(layers >= 2);
  REQUIRE(harness.click("pretrain:start"));
  harness.progress(0.1, "layer");
  harness.result(fields(0, "[0," + std::to_string(layers - 1) + "]", layers), {}, false);
  REQUIRE(harness.click("workspace.training"));
  harness.settle();
  CHECK_FALSE(harness.widget("hourglass:lit:0").empty());
  CHECK_FALSE(harness.widget("hourglass:lit:" + std::to_string(layers - 1)).empty());
  harness.result(fields(0, "[0]", layers + 1), {}, false);
  CHECK(harness.widget("hourglass:lit:0").empty());
  harness.result(fields(0, "[0]", layers), {}, false);
  CHECK_FALSE(harness.widget("hourglass:lit:0").empty());
  harness.end(session::JobEnd::kCancelled);
  CHECK(harness.widget("hourglass:lit:0").empty());
}

TEST_CASE("pretrain: why it cannot be done is said below the button") {
  ApplicationHarness harness("pretrain");
  REQUIRE(harness.click("pretrain:start"));
  harness.end(session::JobEnd::kFailed, "10 classes need at least 10 labels.");
  CHECK_FALSE(harness.widget("pretrain:message").empty());
  CHECK_FALSE(harness.widget("pretrain:start").empty());
}

}  // namespace
}  // namespace hourglass::ui
