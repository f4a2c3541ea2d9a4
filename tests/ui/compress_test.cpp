// The tab of compression.
#include <doctest/doctest.h>

#include "tests/data/expect_error.h"
#include "tests/ui/application_harness.h"
#include "ui/compress/compress_state.h"

namespace hourglass::ui {
namespace {

constexpr const char* kFound =
    R"({"points":[{"method":"code","setting":1,"bytes":4,"ideal_bytes":3,"mse":0.05},)"
    R"({"method":"code","setting":8,"bytes":32,"ideal_bytes":20,"mse":0.01},)"
    R"({"method":"code","setting":32,"bytes":128,"ideal_bytes":null,"mse":0.01},)"
    R"({"method":"pca","setting":8,"bytes":32,"ideal_bytes":20,"mse":0.02},)"
    R"({"method":"png","setting":0,"bytes":300,"ideal_bytes":null,"mse":0},)"
    R"({"method":"png-sheet","setting":0,"bytes":200,"ideal_bytes":null,"mse":0},)"
    R"({"method":"jpeg","setting":50,"bytes":600,"ideal_bytes":null,"mse":0.001}],)"
    R"("code_size":32,"samples":2000,"raw_bytes":784,"decoder_bytes":103488})";

struct CompressHarness : ApplicationHarness {
  explicit CompressHarness(float width = 1280, float height = 800)
      : ApplicationHarness("compress", width, height) {}
  const CompressState& state() const { return app.state<CompressState>(); }
};

TEST_CASE("compress: a point of the curve is looked at by a click and from the list") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f}, {390.0f, 2000.0f}}) {
    CAPTURE(width);
    CompressHarness harness(width, height);
    CHECK(harness.sent<session::StartJob>() == 0);
    REQUIRE(harness.click("compress:start"));
    CHECK(harness.started("compress") == "{}");
    harness.result(kFound, {});
    CHECK(harness.state().points.size() == 7);
    CHECK(harness.sent<session::AskJob>() == 0);  // what was chosen at first is not there
    REQUIRE(harness.click("compress:point"));
    REQUIRE(harness.click("compress:point:code-8"));
    CHECK(harness.question() == R"({"method":"code","setting":8})");
    harness.answer({ApplicationHarness::images("originals", 4),
                    ApplicationHarness::images("restored", 4),
                    ApplicationHarness::floats("image_errors", {1, 2, 3, 4})});
    CHECK_FALSE(harness.widget("compress.restored").empty());
    const Rect plot = harness.widget("compress:plot");
    harness.move(plot.x + plot.w * 0.96f, plot.y + plot.h * 0.9f);
    harness.press(true);
    harness.press(false);
    CHECK(harness.state().method == "jpeg");
    CHECK(harness.question() == R"({"method":"jpeg","setting":50})");
  }
}

TEST_CASE("compress: points that are no points are left out") {
  CompressHarness harness;
  REQUIRE(harness.click("compress:start"));
  harness.result(R"({"points":[7,{"method":3},{"method":"code","setting":1}]})", {});
  CHECK(harness.state().points.size() == 1);
  harness.result(R"({"points":"none"})", {});
  CHECK(harness.state().points.empty());
}

}  // namespace
}  // namespace hourglass::ui
