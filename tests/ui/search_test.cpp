// The panel of similar images as a person uses it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/ui/harness.h"
#include "ui/search/search_parts.h"

namespace hourglass::ui {
namespace {

using session::AskJob;
using session::JobResult;
using session::StartJob;

constexpr std::pair<float, float> kSizes[] = {{1280, 800}, {800, 600}, {390, 844}};

void open(Harness& harness) {
  feed(harness);
  session::Snapshot snapshot;
  snapshot.image_count = 20;
  snapshot.originals = std::make_shared<const session::Bytes>(20 * 784, 30);  // dark paper
  std::vector<std::uint32_t> indices;
  for (std::uint32_t i = 0; i < 20; ++i) indices.push_back(100 + 7 * i);
  snapshot.image_indices = std::make_shared<const std::vector<std::uint32_t>>(indices);
  harness.app.receive(snapshot);
  harness.settle();
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("tab:search"));
}

nlohmann::json question(const Harness& harness) {
  REQUIRE(harness.last<AskJob>());
  return nlohmann::json::parse(harness.last<AskJob>()->arguments);
}

// What the job answers to the newest question: class 3, and of the ten nearest seven by code and
// four by pixels.
void answer(Harness& harness) {
  const AskJob asked = *harness.last<AskJob>();
  JobResult result{asked.job, "search", asked.question, true, "", {}};
  nlohmann::json fields = {{"label", 3},
                           {"code_kept", 0.8},
                           {"pixels_kept", 0.5},
                           {"code_kept_mean", 0.7},
                           {"pixels_kept_mean", 0.4},
                           {"probes", 31}};
  result.arrays.push_back({"query", {784}, session::Bytes(784, 100)});
  for (const std::string space : {"code", "pixels"}) {
    std::vector<std::uint32_t> indices;
    std::vector<std::uint32_t> labels;
    session::Floats distances;
    for (std::uint32_t i = 0; i < 10; ++i) {
      indices.push_back(40 + i);
      distances.push_back(0.5f + static_cast<float>(i));
      labels.push_back(i < (space == "code" ? 7u : 4u) ? 3 : 5);
    }
    result.arrays.push_back({space + "_images", {10, 784}, session::Bytes(7840, 200)});
    result.arrays.push_back({space + "_distances", {10}, std::move(distances)});
    result.arrays.push_back({space + "_labels", {10}, std::move(labels)});
    result.arrays.push_back({space + "_indices", {10}, std::move(indices)});
  }
  result.fields = fields.dump();
  harness.app.receive(std::move(result));
  harness.app.receive(session::Reply{harness.commands.back().id, {}, {}});
  harness.settle();
}

// The images are compared, and the first question is answered.
void compare(Harness& harness) {
  REQUIRE(harness.click("search:start"));
  const auto* start = harness.last<StartJob>();
  REQUIRE(start);
  CHECK(start->kind == "search");
  harness.app.receive(
      JobResult{start->job,
                "search",
                0,
                true,
                R"({"samples":2000,"precision_code":0.8,"precision_pixels":0.7,"chance":0.1})",
                {}});
  harness.settle();
  answer(harness);
}

void use_sample(Harness& harness, std::int64_t sample) {
  session::Settings settings;
  settings.set("view.sample", sample);
  harness.app.receive(session::SettingsChanged{settings.all()});
  harness.settle();
}

TEST_CASE("search: once the images are compared, the one in use is looked up") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open(harness);
    CHECK(harness.widget("search:code:0").empty());
    compare(harness);
    CHECK(question(harness)["sample"] == 0);
    CHECK(question(harness)["level"] == 0);
    const Rect first = harness.widget("search:code:0"), last = harness.widget("search:code:9");
    REQUIRE_FALSE(first.empty());
    CHECK(first.w >= 30);
    const Rect panel = harness.widget("panel:search");
    if (!last.empty()) CHECK(last.right() <= panel.right() + 0.5f);
    CHECK_FALSE(harness.widget("search:query").empty());
  }
}

TEST_CASE("search: any image that is seen can be looked up, and the arrows go through all") {
  Harness harness(1280, 800);
  open(harness);
  compare(harness);
  REQUIRE(harness.click("search:pick:2"));
  REQUIRE(harness.last<session::SetSetting>());
  CHECK(harness.last<session::SetSetting>()->key == "view.sample");
  CHECK(harness.last<session::SetSetting>()->value == session::Value(std::int64_t{114}));
  use_sample(harness, 114);
  CHECK(question(harness)["sample"] == 114);
  answer(harness);
  REQUIRE(harness.click("search:pixels:4"));
  CHECK(harness.last<session::SetSetting>()->value == session::Value(std::int64_t{44}));
  use_sample(harness, 44);
  answer(harness);
  REQUIRE(harness.click("search:next"));
  CHECK(harness.last<session::SetSetting>()->value == session::Value(std::int64_t{45}));
  use_sample(harness, 0);
  answer(harness);
  // All the way round.
  REQUIRE(harness.click("search:previous"));
  CHECK(harness.last<session::SetSetting>()->value == session::Value(std::int64_t{1999}));
}

TEST_CASE("search: noise on the query is asked for, and shows whose neighbours stay") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open(harness);
    compare(harness);
    CHECK(harness.widget("search.kept").empty());
    const Rect slider = harness.widget("search:level");
    REQUIRE_FALSE(slider.empty());
    harness.move(slider.x + slider.w / 2, slider.y + slider.h / 2);
    harness.press(true);
    harness.press(false);
    CHECK(question(harness)["level"].get<double>() == doctest::Approx(0.5).epsilon(0.05));
    CHECK(question(harness)["noise"] == "gaussian");
    answer(harness);
    if (width >= 800) CHECK_FALSE(harness.widget("search.kept").empty());
    REQUIRE(harness.click("search:noise"));
    REQUIRE(harness.click("search:noise:masking"));
    CHECK(question(harness)["noise"] == "masking");
    answer(harness);
    REQUIRE(harness.click("search:seed"));
    CHECK(question(harness)["seed"] == 2);
  }
}

TEST_CASE("search: a drag of the noise keeps one question under way") {
  Harness harness(1280, 800);
  open(harness);
  compare(harness);
  const int asked = harness.sent<AskJob>();
  const Rect slider = harness.widget("search:level");
  harness.move(slider.x + slider.w * 0.3f, slider.y + slider.h / 2);
  harness.press(true);
  for (int i = 4; i <= 8; ++i) {
    harness.move(slider.x + slider.w * 0.1f * static_cast<float>(i), slider.y + slider.h / 2);
  }
  harness.press(false);
  CHECK(harness.sent<AskJob>() == asked + 1);
  answer(harness);
  CHECK(harness.sent<AskJob>() == asked + 2);
  CHECK(question(harness)["level"].get<double>() == doctest::Approx(0.8).epsilon(0.05));
}

TEST_CASE("search: what was found of another data set goes with it") {
  Harness harness(1280, 800);
  open(harness);
  compare(harness);
  harness.app.receive(session::DataReady(harness.app.store().data));
  harness.settle();
  CHECK(harness.widget("search:code:0").empty());
}

// Until nothing is asked any more: of what comes while a question is under way the newest waits.
void answer_all(Harness& harness) {
  for (int asked = 0; asked < harness.sent<AskJob>();) {
    asked = harness.sent<AskJob>();
    answer(harness);
  }
}

// A stroke from one place of the pad to another, in shares of it.
void draw_line(Harness& harness, float x0, float y0, float x1, float y1) {
  const Rect pad = harness.widget("search:pad");
  harness.move(pad.x + pad.w * x0, pad.y + pad.h * y0);
  harness.press(true);
  for (int i = 1; i <= 5; ++i) {
    const float t = static_cast<float>(i) / 5;
    harness.move(pad.x + pad.w * (x0 + (x1 - x0) * t), pad.y + pad.h * (y0 + (y1 - y0) * t));
  }
  harness.press(false);
}

TEST_CASE("search: a drawing is looked up, cleared and left again") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open(harness);
    compare(harness);
    REQUIRE(harness.click("search:draw"));
    const Rect pad = harness.widget("search:pad");
    REQUIRE_FALSE(pad.empty());
    CHECK(pad.w >= 100);
    CHECK(question(harness).contains("sample"));  // there is nothing yet to look up
    draw_line(harness, 0.3f, 0.2f, 0.3f, 0.8f);
    answer_all(harness);
    const nlohmann::json asked = question(harness);
    REQUIRE(asked.contains("pixels"));
    CHECK_FALSE(asked.contains("sample"));
    const auto pixels = asked["pixels"].get<std::vector<float>>();
    REQUIRE(pixels.size() == 784);
    CHECK(pixels[14 * 28 + 14] > 0.9f);  // in the middle, though it was drawn beside it
    CHECK(pixels[14 * 28 + 8] == 0);
    REQUIRE(harness.click("search:clear"));
    CHECK(question(harness).contains("sample"));
    answer_all(harness);
    draw_line(harness, 0.2f, 0.5f, 0.8f, 0.5f);
    CHECK(question(harness).contains("pixels"));
    // Choosing an image leaves the pad.
    answer_all(harness);
    REQUIRE(harness.click("search:pick:0"));
    CHECK(harness.widget("search:pad").empty());
    CHECK(question(harness).contains("sample"));
  }
}

TEST_CASE("search: a picture of the data's size is looked up, of whichever paper") {
  Harness harness(1280, 800);
  open(harness);
  compare(harness);
  REQUIRE(harness.click("workspace.training"));
  CHECK(harness.widget("search:query").empty());
  CHECK_FALSE(harness.app.search_image(session::Bytes(783)));
  session::Bytes dark_on_light(784, 255);
  dark_on_light[400] = 51;
  REQUIRE(harness.app.search_image(dark_on_light));
  harness.settle();
  CHECK_FALSE(harness.widget("search:query").empty());  // the panel has come
  auto pixels = question(harness)["pixels"].get<std::vector<float>>();
  REQUIRE(pixels.size() == 784);
  CHECK(pixels[0] == 0);  // the data's paper is dark
  CHECK(pixels[400] == doctest::Approx(0.8));
  answer_all(harness);
  session::Bytes light_on_dark(784, 0);
  light_on_dark[400] = 51;
  REQUIRE(harness.app.search_image(light_on_dark));
  harness.settle();
  pixels = question(harness)["pixels"].get<std::vector<float>>();
  CHECK(pixels[0] == 0);
  CHECK(pixels[400] == doctest::Approx(0.2));
  answer_all(harness);
  // Data of another size come: the picture is none of theirs.
  session::DataReady data = harness.app.store().data;
  data.rows = data.columns = 8;
  harness.app.receive(data);
  harness.settle();
  REQUIRE(harness.click("search:start"));
  const auto* start = harness.last<StartJob>();
  harness.app.receive(JobResult{start->job, "search", 0, true, R"({"samples":2000})", {}});
  harness.settle();
  CHECK(question(harness).contains("sample"));
}

}  // namespace
}  // namespace hourglass::ui
