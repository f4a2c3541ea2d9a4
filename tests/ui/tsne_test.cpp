// The panel of the t-SNE map as a person uses it.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/ui/harness.h"
#include "ui/latent_map/map_geometry.h"
#include "ui/tsne/tsne_state.h"

namespace hourglass::ui {
namespace {

using session::JobEnd;
using session::JobEnded;
using session::JobResult;
using session::StartJob;

constexpr std::pair<float, float> kSizes[] = {{1280, 800}, {800, 600}, {390, 844}};

void open(Harness& harness) {
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("tab:tsne"));
}

// A map of `points` points on a ring, as a job of that number tells it.
void show_map(Harness& harness, std::uint64_t job, bool done, int points = 500) {
  session::Floats places, kept;
  for (int i = 0; i < points; ++i) {
    places.push_back(30 * std::cos(static_cast<float>(i)));
    places.push_back(20 * std::sin(static_cast<float>(i)));
    kept.push_back(static_cast<float>(i % 13) / 12);
  }
  JobResult result{job, "tsne", 0, done, "", {}};
  nlohmann::json fields = {{"points", points},
                           {"iteration", done ? 1000 : 430},
                           {"iterations", 1000},
                           {"kl_divergence", 1.5}};
  result.arrays.push_back({"points", {points, 2}, std::move(places)});
  if (done) {
    fields["trustworthiness"] = 0.97;
    fields["nearest_kept"] = 0.4;
    fields["neighbors"] = 12;
    result.arrays.push_back({"kept", {points}, std::move(kept)});
  }
  result.fields = fields.dump();
  harness.app.receive(std::move(result));
  if (done) harness.app.receive(JobEnded{job, "tsne", JobEnd::kDone, ""});
  harness.settle();
}

TEST_CASE("t-SNE: a click starts the map, which is there as soon as the first points are") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open(harness);
    CHECK(harness.widget("tsne:map").empty());
    REQUIRE(harness.click("tsne:start"));
    const auto* start = harness.last<StartJob>();
    REQUIRE(start);
    CHECK(start->kind == "tsne");
    // As many as there are: the map has 500.
    CHECK(nlohmann::json::parse(start->arguments) == nlohmann::json{{"points", 500}});
    show_map(harness, start->job, false);
    const Rect map = harness.widget("tsne:map");
    CHECK(map.w > 200);
    CHECK(map.h > 180);
    CHECK_FALSE(harness.widget("tsne:pause").empty());
    CHECK_FALSE(harness.widget("tsne:iteration").empty());
    CHECK(harness.widget("tsne:trust").empty());
    show_map(harness, start->job, true);
    CHECK_FALSE(harness.widget("tsne:trust").empty());
    CHECK_FALSE(harness.widget("tsne:start").empty());
  }
}

TEST_CASE("t-SNE: the settings go along, and a random start has its seeds") {
  Harness harness(1280, 1000);
  open(harness);
  for (const char* key :
       {"tsne.perplexity", "tsne.iterations", "tsne.learning_rate", "tsne.exaggeration"}) {
    CAPTURE(std::string(key));
    CHECK_FALSE(harness.widget("setting:" + std::string(key)).empty());
  }
  const Rect slider = harness.widget("tsne:points");
  REQUIRE_FALSE(slider.empty());
  harness.move(slider.x + slider.w * 0.4f, slider.y + slider.h / 2);
  harness.press(true);
  harness.press(false);
  const std::int64_t points = harness.app.state<TsneState>().points;
  CHECK(points >= 150);
  CHECK(points <= 250);
  CHECK(harness.widget("tsne:seed").empty());
  REQUIRE(harness.click("tsne:start_from"));
  REQUIRE(harness.click("tsne:start_from:random"));
  REQUIRE(harness.click("tsne:seed"));
  const auto arguments = nlohmann::json::parse(harness.last<StartJob>()->arguments);
  CHECK(arguments["points"] == points);
  CHECK(arguments["start"] == "random");
  CHECK(arguments["seed"] == 2);
  // Another takes its place.
  REQUIRE(harness.click("tsne:seed"));
  CHECK(harness.sent<session::CancelJob>() == 1);
  CHECK(nlohmann::json::parse(harness.last<StartJob>()->arguments)["seed"] == 3);
}

TEST_CASE("t-SNE: pointing at a point shows its image, a click puts it into the network") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open(harness);
    REQUIRE(harness.click("tsne:start"));
    show_map(harness, harness.last<StartJob>()->job, true, 5);
    const Rect map = harness.widget("tsne:map");
    // Point 0 is furthest right.
    const TsneState& state = harness.app.state<TsneState>();
    const MapTransform place{map, state.view.center_x, state.view.center_y, state.view.scale};
    const float x = place.screen_x(30), y = place.screen_y(0);
    harness.move(x, y);
    CHECK_FALSE(harness.widget("tsne:inspector").empty());
    REQUIRE(harness.last<session::GetImages>());
    CHECK(harness.last<session::GetImages>()->indices == std::vector<std::uint32_t>{0});
    harness.app.receive(session::Reply{harness.commands.back().id, session::Floats(784), {}});
    harness.settle();
    session::Settings settings;
    settings.set("view.sample", std::int64_t{3});
    harness.app.receive(session::SettingsChanged{settings.all()});
    harness.press(true);
    harness.press(false);
    REQUIRE(harness.last<session::SetSetting>());
    CHECK(harness.last<session::SetSetting>()->key == "view.sample");
    CHECK(harness.last<session::SetSetting>()->value == session::Value(std::int64_t{0}));
    // Where there is none there is nothing to see.
    harness.move(place.screen_x(0), place.screen_y(0));
    CHECK(harness.widget("tsne:inspector").empty());
  }
}

TEST_CASE("t-SNE: colours by class, by reliability and by what the data know") {
  Harness harness(1280, 800);
  feed(harness);
  session::DataReady data = harness.app.store().data;
  data.factors = {{"slant", "degrees", -30, 30}};
  data.map_factors.assign(500, 5.0f);
  harness.app.receive(data);
  harness.settle();
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("tab:tsne"));
  REQUIRE(harness.click("tsne:start"));
  show_map(harness, harness.last<StartJob>()->job, true);
  CHECK(harness.widget("tsne:legend").empty());
  REQUIRE(harness.click("tsne:color"));
  REQUIRE(harness.click("tsne:color:kept"));
  CHECK(harness.app.state<TsneState>().color == TsneColor::kReliability);
  CHECK_FALSE(harness.widget("tsne:legend").empty());
  REQUIRE(harness.click("tsne:color"));
  REQUIRE(harness.click("tsne:color:slant"));
  CHECK(harness.app.state<TsneState>().color == TsneColor::kFactor);
  CHECK_FALSE(harness.widget("tsne:legend").empty());
}

TEST_CASE("t-SNE: images lie on the map on demand, at a distance of choice") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open(harness);
    REQUIRE(harness.click("tsne:start"));
    show_map(harness, harness.last<StartJob>()->job, true);
    REQUIRE(harness.click("tsne:thumbnails"));
    const auto* asked = harness.last<session::GetImages>();
    REQUIRE(asked);
    const std::size_t some = asked->indices.size();
    CHECK(some > 10);
    harness.app.receive(
        session::Reply{harness.commands.back().id, session::Floats(784 * some, 0.5f), {}});
    harness.settle();
    const Rect slider = harness.widget("tsne:distance");
    if (width < 400) continue;  // no room for it beside the others
    REQUIRE_FALSE(slider.empty());
    harness.move(slider.x + 3, slider.y + slider.h / 2);
    harness.press(true);
    harness.press(false);
    CHECK(harness.last<session::GetImages>()->indices.size() > some);
  }
}

TEST_CASE("t-SNE: a learning rate of 0 is a word, which may stay and be written over") {
  Harness harness(1280, 800);
  open(harness);
  const std::string field = "setting:tsne.learning_rate:field";
  REQUIRE(harness.click(field));
  harness.key(ImGuiKey_Enter);
  CHECK_FALSE(harness.last<session::SetSetting>());
  REQUIRE(harness.click(field));
  harness.type("300");
  harness.key(ImGuiKey_Enter);
  REQUIRE(harness.last<session::SetSetting>());
  CHECK(harness.last<session::SetSetting>()->value == session::Value(300.0));
}

TEST_CASE("t-SNE: the map zooms and moves, and a click shows all of it again") {
  Harness harness(1280, 800);
  open(harness);
  REQUIRE(harness.click("tsne:start"));
  show_map(harness, harness.last<StartJob>()->job, true);
  const Rect map = harness.widget("tsne:map");
  const TsneState& state = harness.app.state<TsneState>();
  const double before = state.view.scale;
  CHECK(harness.widget("tsne:fit").empty());
  harness.move(map.x + map.w / 3, map.y + map.h / 3);
  harness.wheel(3);
  CHECK(state.view.scale > before);
  const double center = state.view.center_x;
  harness.press(true);
  harness.move(map.x + map.w / 2, map.y + map.h / 2);
  harness.press(false);
  CHECK(state.view.center_x < center);
  REQUIRE(harness.click("tsne:fit"));
  CHECK(state.view.follow);
}

TEST_CASE("t-SNE: a map of another data set goes with it, a failure stays to be read") {
  Harness harness(1280, 800);
  open(harness);
  REQUIRE(harness.click("tsne:start"));
  const std::uint64_t job = harness.last<StartJob>()->job;
  show_map(harness, job, false);
  harness.app.receive(JobEnded{job, "tsne", JobEnd::kFailed, "All codes are equal."});
  harness.settle();
  CHECK_FALSE(harness.widget("tsne:message").empty());
  CHECK_FALSE(harness.widget("tsne:map").empty());
  harness.app.receive(session::DataReady(harness.app.store().data));
  harness.settle();
  CHECK(harness.widget("tsne:map").empty());
}

}  // namespace
}  // namespace hourglass::ui
