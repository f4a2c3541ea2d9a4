// The tab of code sizes.
#include <doctest/doctest.h>

#include "tests/ui/application_harness.h"

namespace hourglass::ui {
namespace {

session::JobArray restored(std::int64_t sizes, std::int64_t images) {
  return {"restored",
          {sizes, images, 784},
          session::Bytes(static_cast<std::size_t>(784 * sizes * images), std::uint8_t{90})};
}

void find(ApplicationHarness& harness, bool done) {
  harness.result(R"({"sizes":[1,2,4],"test_mse":[0.06,null,0.02],"pca_mse":[0.05,0.04,null],)"
                 R"("dead_units":[0,1,0],"epochs":[5,1,20],"size":8,"elbow":2,"present":32,)"
                 R"("mean_image_mse":0.07,"encoders":["[1]","[2]","[4]"],"decoder":"[\"input\"]"})",
                 {ApplicationHarness::images("originals", 5), restored(3, 5)}, done);
}

TEST_CASE("sweep: sizes come one after the other, and one of them is taken over") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 900.0f}, {390.0f, 1600.0f}}) {
    CAPTURE(width);
    ApplicationHarness harness("sweep", width, height);
    REQUIRE(harness.click("sweep:largest"));
    REQUIRE(harness.click("sweep:largest:16"));
    REQUIRE(harness.click("sweep:start"));
    CHECK(harness.started("sweep") == R"({"largest":16,"epochs":20})");
    harness.progress(0.4, "train");
    find(harness, false);
    CHECK_FALSE(harness.widget("sweep:progress").empty());
    CHECK_FALSE(harness.widget("sweep:plot").empty());
    CHECK_FALSE(harness.widget("sweep:row:2").empty());
    CHECK(harness.widget("sweep:row:3").empty());
    CHECK_FALSE(harness.widget("sweep.restored").empty());
    find(harness, true);
    harness.end(session::JobEnd::kDone);
    REQUIRE(harness.click("sweep:row:2"));
    REQUIRE(harness.click("sweep:use"));
    REQUIRE(harness.sent<session::SetSettings>() == 1);
    const auto& values = harness.last<session::SetSettings>()->values;
    REQUIRE(values.size() == 2);
    CHECK(values[0].first == "model.encoder");
    CHECK(std::get<std::string>(values[0].second) == "[4]");
    CHECK(std::get<std::string>(values[1].second) == "[\"input\"]");
    // Without a choice of the person's own it is the elbow; a click on the curve is one, too.
    const Rect plot = harness.widget("sweep:plot");
    harness.move(plot.x + 4, plot.y + plot.h / 2);
    harness.press(true);
    harness.press(false);
    REQUIRE(harness.click("sweep:use"));
    CHECK(std::get<std::string>(harness.last<session::SetSettings>()->values[0].second) == "[1]");
  }
}

TEST_CASE("sweep: why it cannot be done is said beside the button") {
  ApplicationHarness harness("sweep");
  REQUIRE(harness.click("sweep:start"));
  harness.end(session::JobEnd::kFailed, "The code is made by a layer without units.");
  CHECK_FALSE(harness.widget("sweep:message").empty());
  CHECK_FALSE(harness.widget("sweep:start").empty());
}

}  // namespace
}  // namespace hourglass::ui
