// Samples that are drawn or photographed in the panel of a person's own data.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/ui/harness.h"
#include "ui/own_data/own_data_state.h"

namespace hourglass::ui {
namespace {

using session::JobEnd;
using session::JobEnded;
using session::JobProgress;
using session::StartJob;

constexpr std::pair<float, float> kSizes[] = {{1280, 800}, {800, 600}, {390, 844}};

void stage(Harness& harness, const std::string& name, const std::string& words = "") {
  harness.app.receive(JobProgress{1, "import", 0, name, words, false});
  harness.settle();
}

nlohmann::json wish(const Harness& harness) {
  const auto* start = harness.last<StartJob>();
  REQUIRE(start);
  REQUIRE(start->kind == "import");
  return nlohmann::json::parse(start->arguments);
}

void draw_line(Harness& harness) {
  const Rect pad = harness.widget("own:pad");
  REQUIRE_FALSE(pad.empty());
  harness.move(pad.x + pad.w * 0.3f, pad.y + pad.h * 0.2f);
  harness.press(true);
  for (int i = 1; i <= 5; ++i) {
    harness.move(pad.x + pad.w * 0.3f, pad.y + pad.h * (0.2f + 0.12f * static_cast<float>(i)));
  }
  harness.press(false);
}

void open_pad(Harness& harness) {
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("tab:own_data"));
  stage(harness, "page");
  REQUIRE(harness.click("own:draw"));
}

}  // namespace

TEST_CASE("own data panel: a drawing becomes a sample of its class, centred as MNIST's are") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open_pad(harness);
    // Without a line there is nothing to add.
    harness.click("own:add");
    CHECK(wish(harness)["action"] == "hello");
    draw_line(harness);
    REQUIRE(harness.click("own:class"));
    harness.type("seven");
    harness.key(ImGuiKey_Enter);
    REQUIRE(harness.click("own:add"));
    const nlohmann::json asked = wish(harness);
    CHECK(asked["action"] == "add");
    CHECK(asked["class"] == "seven");
    CHECK(asked["held_out"] == false);
    CHECK(asked["name"] == "drawings");
    const auto pixels = asked["pixels"].get<std::vector<int>>();
    REQUIRE(pixels.size() == 784);
    CHECK(pixels[14 * 28 + 14] > 230);  // in the middle, though it was drawn beside it
    CHECK(pixels[14 * 28 + 8] == 0);
    CHECK(harness.app.state<OwnDataState>().drawing.empty());
  }
}

TEST_CASE("own data panel: samples are held out, taken back, and one alone is no mistake") {
  Harness harness(1280, 800);
  open_pad(harness);
  REQUIRE(harness.click("own:held_out"));
  draw_line(harness);
  REQUIRE(harness.click("own:add"));
  CHECK(wish(harness)["held_out"] == true);
  stage(harness, "made", "1");
  harness.app.receive(JobEnded{1, "import", JobEnd::kFailed, "It holds one sample."});
  harness.settle();
  CHECK(harness.widget("own:error").empty());
  // A drawing is cleared first; then samples go.
  draw_line(harness);
  REQUIRE(harness.click("own:undo"));
  CHECK(wish(harness)["action"] == "add");
  REQUIRE(harness.click("own:undo"));
  CHECK(wish(harness)["action"] == "undo");
  stage(harness, "none");
  CHECK(harness.app.state<OwnDataState>().made == 0);
  CHECK_FALSE(harness.widget("own:zone").empty());
  // Files that are dropped take the place of what was drawn.
  REQUIRE(harness.click("own:draw"));
  stage(harness, "open");
  CHECK(harness.widget("own:pad").empty());
}

TEST_CASE("own data panel: there is a camera only where somebody has one") {
  Harness harness(1280, 800);
  open_pad(harness);
  CHECK(harness.widget("own:camera").empty());
  stage(harness, "camera");
  REQUIRE(harness.click("own:camera"));
  CHECK(wish(harness)["action"] == "camera");
  CHECK(wish(harness)["class"] == "0");
  CHECK_FALSE(wish(harness).contains("pixels"));
}

}  // namespace hourglass::ui
