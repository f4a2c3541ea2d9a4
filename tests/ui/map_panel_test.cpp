// The latent map as a person uses it, in real frames without a window.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

#include "tests/ui/harness.h"
#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/map_points.h"
#include "ui/latent_map/map_state.h"

namespace hourglass::ui {
namespace {

// Points on a grid from -1 to 1, with a class each and two factors: slant rises from left to right.
void feed_factors(Harness& harness, int side = 20, std::int64_t code_size = 32) {
  feed(harness);
  session::NetworkInfo network;
  network.code_size = code_size;
  network.input_features = 784;
  harness.app.receive(network);
  session::DataReady data;
  data.name = "strokes";
  data.rows = data.columns = 28;
  data.map_points = side * side;
  for (int i = 0; i < 4; ++i) data.class_names.push_back(std::to_string(i));
  data.factors = {{"slant", "degrees", -30, 30}, {"unheard-of", "", 0, 1}};
  session::Floats points;
  for (int i = 0; i < side * side; ++i) {
    data.map_labels.push_back(i % 4);
    const float x = static_cast<float>(i % side) / static_cast<float>(side - 1);
    data.map_factors.push_back(-30 + 60 * x);
    points.push_back(2 * x - 1);
    points.push_back(2 * static_cast<float>(i / side) / static_cast<float>(side - 1) - 1);
  }
  for (int i = 0; i < side * side; ++i) data.map_factors.push_back(0.5f);
  harness.app.receive(data);
  session::Snapshot snapshot;
  snapshot.map_points = std::make_shared<const session::Floats>(std::move(points));
  harness.app.receive(snapshot);
  harness.settle();
}

MapTransform transform(const Harness& harness) {
  const MapView& view = harness.app.state<MapState>().view;
  return {harness.widget("map"), view.center_x, view.center_y, view.scale};
}
const MapPoints& drawn(const Harness& harness) { return harness.app.state<MapPoints>(); }

void drag(Harness& harness, ImVec2 from, ImVec2 to) {
  harness.move(from.x, from.y);
  harness.press(true);
  harness.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  harness.move(to.x, to.y);
  harness.press(false);
}

// As quick as a person is: pressed for one frame. Harness::click() draws until nothing moves, which
// is a long press where one is waited for.
void tap(Harness& harness, const std::string& id) {
  const Rect rect = harness.widget(id);
  harness.move(rect.x + rect.w / 2, rect.y + rect.h / 2);
  for (const bool down : {true, false}) {
    ImGui::GetIO().AddMouseButtonEvent(0, down);
    harness.frame();
  }
  harness.app.note_input();
  harness.settle();
}

// The last request for images of places with so many of them.
const session::DecodeMap* asked_places(const Harness& harness, std::size_t count) {
  for (auto at = harness.commands.rbegin(); at != harness.commands.rend(); ++at) {
    const auto* body = std::get_if<session::DecodeMap>(&at->body);
    if (body && body->points.size() == 2 * count) return body;
  }
  return nullptr;
}

// Answers all that was asked for with pictures, until nothing more is.
void answer(Harness& harness, std::size_t& answered) {
  for (; answered < harness.commands.size(); ++answered) {
    const session::Command command = harness.commands[answered];
    std::size_t count = 0;
    if (const auto* places = std::get_if<session::DecodeMap>(&command.body)) {
      count = places->points.size() / 2;
    } else if (const auto* images = std::get_if<session::GetImages>(&command.body)) {
      count = images->indices.size();
    } else {
      continue;
    }
    harness.app.receive(session::Reply{command.id, session::Floats(784 * count, 0.5f), {}});
    harness.settle();
  }
}

std::set<ImU32> colors_of_points(Harness& harness) {
  harness.app.note_input();
  harness.frame();
  const Rect map = harness.widget("map");
  std::set<ImU32> colors;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
    for (const ImDrawVert& vertex : list->VtxBuffer) {
      const bool corner = vertex.uv.x == 0 && vertex.uv.y == 0;
      if (corner && map.contains(vertex.pos.x, vertex.pos.y)) colors.insert(vertex.col);
    }
  }
  return colors;
}

TEST_CASE(
    "map: colour by a factor gives the points the ramp's colours, and class gives them back") {
  Harness harness;
  feed_factors(harness);
  const std::set<ImU32> classes = colors_of_points(harness);
  CHECK(classes.size() >= 4);
  CHECK(classes.size() < 10);
  REQUIRE(harness.click("map:color"));
  REQUIRE(harness.click("map:color:slant"));
  const std::set<ImU32> slants = colors_of_points(harness);
  CHECK(slants.size() >= 20);
  CHECK(slants.contains(packed(ramp_color(0), 0.8f)));
  CHECK(slants.contains(packed(ramp_color(1), 0.8f)));
  CHECK(harness.widget("legend:0").empty());
  CHECK(harness.widget("legend:factor").w > 100);
  REQUIRE(harness.click("map:color"));
  REQUIRE(harness.click("map:color:class"));
  CHECK(colors_of_points(harness) == classes);
}

TEST_CASE("map: points that differ by rounding alone are one place") {
  const std::vector<std::int32_t> labels = {0, 1, 2};
  const auto one = [&](std::vector<float> points) {
    return summarize_map(points, labels).is_one_place();
  };
  CHECK(one({0, 0, 0, 0, 0, 0}));
  CHECK(one({1000, 5, 1000.0001f, 5, 1000, 5}));
  CHECK_FALSE(one({0, 0, 1e-3f, 0, 0, 0}));
  CHECK_FALSE(one({0, 0, 0, 1e-3f, 0, 0}));
  CHECK_FALSE(one({}));  // nowhere
}

TEST_CASE("map: where all codes are one, that is said and no class is named beside the dot") {
  Harness harness;
  feed_factors(harness);
  CHECK(harness.widget("map:one_place").empty());
  for (const float noise : {0.0f, 2e-7f}) {
    CAPTURE(noise);
    session::Floats points;
    for (int i = 0; i < 400; ++i) {
      points.push_back(0.5f + static_cast<float>(i % 2) * noise);
      points.push_back(-0.25f);
    }
    session::Snapshot snapshot;
    snapshot.map_points = std::make_shared<const session::Floats>(std::move(points));
    harness.app.receive(snapshot);
    harness.settle();
    const Rect said = harness.widget("map:one_place");
    CHECK_FALSE(said.empty());
    // As wide as its two lines, so that it stands under the dot and not left of it.
    CHECK(said.w < 270);
    CHECK(said.h < 40);
  }
}

TEST_CASE("map: on a phone it is half as high as wide at least, however large the text") {
  for (const float width : {320.0f, 390.0f}) {
    for (const float scale : {1.0f, 1.5f, 2.0f}) {
      AppOptions options;
      options.text_scale = scale;
      Harness harness(width, 6000, std::move(options));
      feed_factors(harness);
      CAPTURE(width);
      CAPTURE(scale);
      const Rect map = harness.widget("map");
      CHECK(map.w > 200);
      CHECK(map.h > map.w / 2);
    }
  }
}

TEST_CASE("map: a factor's handles hide what lies outside them") {
  Harness harness;
  feed_factors(harness);
  REQUIRE(harness.click("map:color"));
  REQUIRE(harness.click("map:color:slant"));
  CHECK(drawn(harness).drawn() == 400);
  const Rect low = harness.widget("legend:factor:low"), bar = harness.widget("legend:factor");
  REQUIRE(low.w > 5);
  const float y = low.y + low.h / 2;
  drag(harness, {low.x + low.w * 0.75f, y}, {bar.x + bar.w / 2, y});
  CHECK(harness.app.state<MapState>().factor_low == doctest::Approx(0.5).epsilon(0.05));
  CHECK(drawn(harness).drawn() == 200);
  const Rect high = harness.widget("legend:factor:high");
  drag(harness, {high.x + high.w * 0.25f, y}, {bar.x, y});
  // The handles do not pass one another.
  CHECK(harness.app.state<MapState>().factor_high > harness.app.state<MapState>().factor_low);
}

TEST_CASE("map: the legend hides a class, a double click or long press shows it alone, then all") {
  Harness harness;
  feed_factors(harness);
  CHECK(drawn(harness).drawn() == 400);
  tap(harness, "legend:1");
  CHECK(drawn(harness).drawn() == 300);
  ImGui::GetIO().MouseDoubleClickTime = 0;  // this is a click of its own
  tap(harness, "legend:1");
  CHECK(drawn(harness).drawn() == 400);
  ImGui::GetIO().MouseDoubleClickTime = 5;
  tap(harness, "legend:2");
  tap(harness, "legend:2");
  CHECK(drawn(harness).drawn() == 100);
  ImGui::GetIO().MouseDoubleClickTime = 0;
  tap(harness, "legend:2");  // the last one: nothing would be left
  CHECK(drawn(harness).drawn() == 400);
  const Rect entry = harness.widget("legend:3");
  harness.move(entry.x + entry.w / 2, entry.y + entry.h / 2);
  harness.press(true);
  CHECK(drawn(harness).drawn() == 100);
  harness.press(false);
  CHECK(drawn(harness).drawn() == 100);
}

TEST_CASE("map: vertices are built once, and again only when what they show has changed") {
  Harness harness;
  feed_factors(harness);
  const int builds = drawn(harness).builds();
  for (int i = 0; i < 5; ++i) {
    harness.app.note_input();
    harness.frame();
  }
  CHECK(drawn(harness).builds() == builds);
  const Rect map = harness.widget("map");
  harness.move(map.x + 60, map.y + 60);
  harness.move(map.x + 90, map.y + 80);
  CHECK(drawn(harness).builds() == builds);
  tap(harness, "legend:1");
  CHECK(drawn(harness).builds() == builds + 1);
  REQUIRE(harness.click("theme"));
  CHECK(drawn(harness).builds() == builds + 2);
}

TEST_CASE(
    "map: of ten thousand unchanged points a frame builds nothing, whatever is done elsewhere") {
  Harness harness;
  feed_factors(harness, 100);
  CHECK(drawn(harness).drawn() == 10000);
  const int builds = drawn(harness).builds();
  for (int i = 0; i < 40; ++i) {
    session::Status status;
    status.step = 200 + i;
    harness.app.receive(status);
    harness.move(static_cast<float>(10 + 30 * i), 400);
  }
  CHECK(drawn(harness).builds() == builds);
}

TEST_CASE("map: the place under the pointer is decoded, beside the sample nearest to it") {
  Harness harness;
  feed_factors(harness);
  std::size_t answered = 0;
  const MapTransform map = transform(harness);
  harness.move(map.screen_x(0.42), map.screen_y(-0.37));
  const session::DecodeMap* asked = asked_places(harness, 1);
  REQUIRE(asked);
  CHECK(asked->points[0] == doctest::Approx(0.42).epsilon(0.02));
  CHECK(asked->points[1] == doctest::Approx(-0.37).epsilon(0.02));
  // Column 13 of 20 is at 0.368, 14 at 0.474; row 6 is at -0.368.
  const auto* images = harness.last<session::GetImages>();
  REQUIRE(images);
  REQUIRE(images->indices.size() == 1);
  CHECK((images->indices[0] == 6 * 20 + 13 || images->indices[0] == 6 * 20 + 14));
  answer(harness, answered);
  CHECK(harness.widget("map:decoded").w > 40);
  CHECK(harness.widget("map:nearest").w > 40);
  CHECK_FALSE(harness.app.wants_frame());

  // While it trains, the same place decodes to something else.
  const int before = harness.sent<session::DecodeMap>();
  session::Snapshot snapshot;
  snapshot.map_points = harness.app.store().snapshot.map_points;
  harness.app.receive(snapshot);
  harness.settle();
  CHECK(harness.sent<session::DecodeMap>() == before + 1);
}

TEST_CASE("map: what is decoded never lies under the pointer, on any layout") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}}) {
    Harness harness(width, height);
    feed_factors(harness);
    if (harness.widget("map").empty()) REQUIRE(harness.click("tab:latent"));
    const Rect map = harness.widget("map");
    int shown = 0;
    for (int i = 0; i < 12; ++i) {
      for (int j = 0; j < 8; ++j) {
        const float x = map.x + map.w * (static_cast<float>(i) + 0.5f) / 12;
        const float y = map.y + map.h * (static_cast<float>(j) + 0.5f) / 8;
        harness.move(x, y);
        const Rect decoded = harness.widget("map:decoded"), nearest = harness.widget("map:nearest");
        shown += !decoded.empty();
        CAPTURE(width);
        CHECK_FALSE(decoded.contains(x, y));
        CHECK_FALSE(nearest.contains(x, y));
        CHECK(decoded.right() <= map.right());
        CHECK(nearest.bottom() <= map.bottom());
      }
    }
    CHECK(shown >= 90);
  }
}

TEST_CASE("map: a drag draws a strip from one place to the other, whose ends can be moved") {
  Harness harness;
  feed_factors(harness);
  std::size_t answered = 0;
  MapTransform map = transform(harness);
  drag(harness, {map.screen_x(-0.5), map.screen_y(0.5)}, {map.screen_x(0.5), map.screen_y(-0.25)});
  CHECK(harness.app.state<MapState>().path_drawn);
  CHECK(harness.app.state<MapState>().view.follow);  // nothing was moved
  answer(harness, answered);
  REQUIRE(harness.widget("map:strip").w > 200);
  const session::DecodeMap* strip = nullptr;
  for (const session::Command& command : harness.commands) {
    const auto* body = std::get_if<session::DecodeMap>(&command.body);
    if (body && body->points.size() >= 14 && body->points.size() <= 24) strip = body;
  }
  REQUIRE(strip);
  const std::size_t last = strip->points.size() - 2;
  CHECK(last + 2 >= 2 * 9);
  CHECK(strip->points[0] == doctest::Approx(-0.5).epsilon(0.02));
  CHECK(strip->points[1] == doctest::Approx(0.5).epsilon(0.02));
  CHECK(strip->points[last] == doctest::Approx(0.5).epsilon(0.02));
  CHECK(strip->points[last + 1] == doctest::Approx(-0.25).epsilon(0.02));

  const Rect handle = harness.widget("map:path_to");
  REQUIRE(handle.w > 10);
  drag(harness, {handle.x + handle.w / 2, handle.y + handle.h / 2},
       {map.screen_x(0.1), map.screen_y(0.8)});
  CHECK(harness.app.state<MapState>().path_from.x == doctest::Approx(-0.5).epsilon(0.02));
  CHECK(harness.app.state<MapState>().path_to.x == doctest::Approx(0.1).epsilon(0.05));
  CHECK(harness.app.state<MapState>().path_to.y == doctest::Approx(0.8).epsilon(0.02));
  REQUIRE(harness.click("map:strip_close"));
  CHECK(harness.widget("map:strip").empty());
  CHECK_FALSE(harness.app.state<MapState>().path_drawn);
}

TEST_CASE(
    "map: a lasso and a box select, the images are asked for, and a click takes one as sample") {
  Harness harness;
  feed_factors(harness);
  REQUIRE(harness.click("map:tool:lasso"));
  const MapTransform map = transform(harness);
  const auto at = [&](double x, double y) { return ImVec2{map.screen_x(x), map.screen_y(y)}; };
  // A triangle over the lower left half.
  harness.move(at(-1.04, -1.03).x, at(-1.04, -1.03).y);
  harness.press(true);
  for (const auto& [x, y] : {std::pair{1.07, -1.03}, {-1.04, 1.07}, {-1.04, 0.0}}) {
    harness.move(at(x, y).x, at(x, y).y);
  }
  harness.press(false);
  std::vector<std::uint32_t> expected;
  for (std::uint32_t i = 0; i < 400; ++i) {
    if (i % 20 + i / 20 <= 19) expected.push_back(i);
  }
  CHECK(harness.app.state<MapState>().selected == expected);
  const auto* images = harness.last<session::GetImages>();
  REQUIRE(images);
  CHECK(images->indices.size() >= 10);
  CHECK(images->indices.size() <= 24);
  CHECK(images->indices[3] == 3);
  REQUIRE(harness.click("map:selection:3"));
  const auto* set = harness.last<session::SetSetting>();
  REQUIRE(set);
  CHECK(set->key == "view.sample");
  CHECK(std::get<std::int64_t>(set->value) == 3);
  REQUIRE(harness.click("map:selection_clear"));
  CHECK(harness.app.state<MapState>().selected.empty());

  // What the legend hides is not selected.
  tap(harness, "legend:0");
  REQUIRE(harness.click("map:tool:box"));
  drag(harness, at(-1.02, -1.02), at(-0.5, -0.5));
  expected.clear();
  for (std::uint32_t i = 0; i < 400; ++i) {
    if (i % 20 < 5 && i / 20 < 5 && i % 4 != 0) expected.push_back(i);
  }
  CHECK(harness.app.state<MapState>().selected == expected);
}

TEST_CASE("map: a click on a point makes it the sample, a click beside all points does nothing") {
  Harness harness;
  feed_factors(harness);
  const MapTransform map = transform(harness);
  harness.move(map.screen_x(-1) + 2, map.screen_y(-1) - 2);
  harness.press(true);
  harness.press(false);
  const auto* set = harness.last<session::SetSetting>();
  REQUIRE(set);
  CHECK(set->key == "view.sample");
  CHECK(std::get<std::int64_t>(set->value) == 0);
  const int before = harness.sent<session::SetSetting>();
  harness.move(map.area.x + 2, map.area.y + map.area.h / 2);
  harness.press(true);
  harness.press(false);
  CHECK(harness.sent<session::SetSetting>() == before);
}

TEST_CASE("map: any tool pans with the right button; keys move, zoom and show all") {
  Harness harness;
  feed_factors(harness);
  const Rect map = harness.widget("map");
  const double x = harness.app.state<MapState>().view.center_x;
  harness.move(map.x + 100, map.y + 100);
  ImGui::GetIO().AddMouseButtonEvent(1, true);
  harness.app.note_input();
  harness.settle();
  harness.move(map.x + 150, map.y + 100);
  ImGui::GetIO().AddMouseButtonEvent(1, false);
  harness.app.note_input();
  harness.settle();
  CHECK(harness.app.state<MapState>().view.center_x < x);
  CHECK_FALSE(harness.app.state<MapState>().path_drawn);

  harness.move(map.x + 3, map.y + 3);
  harness.press(true);
  harness.press(false);
  const double scale = harness.app.state<MapState>().view.scale;
  harness.key(ImGuiKey_Equal);
  CHECK(harness.app.state<MapState>().view.scale > scale);
  const double left = harness.app.state<MapState>().view.center_x;
  harness.key(ImGuiKey_LeftArrow);
  CHECK(harness.app.state<MapState>().view.center_x < left);
  harness.key(ImGuiKey_0);
  CHECK(harness.app.state<MapState>().view.follow);
  harness.key(ImGuiKey_L);
  CHECK(harness.app.state<MapState>().tool == MapTool::kLasso);
}

TEST_CASE("map: the grid behind and the images on the map ask once, and again after a change") {
  Harness harness;
  feed_factors(harness);
  std::size_t answered = 0;
  REQUIRE(harness.click("map:manifold"));
  answer(harness, answered);
  const int places = harness.sent<session::DecodeMap>();
  CHECK(places >= 1);
  CHECK(harness.last<session::DecodeMap>()->points.size() >= 2 * 60);
  REQUIRE(harness.click("map:thumbnails"));
  answer(harness, answered);
  const auto* images = harness.last<session::GetImages>();
  REQUIRE(images);
  CHECK(images->indices.size() > 20);
  CHECK(images->indices.size() <= 80);
  CHECK(drawn(harness).drawn() == 400 - images->indices.size());
  const int samples = harness.sent<session::GetImages>();
  for (int i = 0; i < 3; ++i) {
    harness.app.note_input();
    harness.settle();
  }
  CHECK(harness.sent<session::GetImages>() == samples);
  CHECK(harness.sent<session::DecodeMap>() == places);
  CHECK_FALSE(harness.app.wants_frame());
  REQUIRE(harness.click("map:thumbnails"));
  CHECK(drawn(harness).drawn() == 400);
}

TEST_CASE("map: the plane is chosen where codes are wider than two") {
  for (const std::int64_t code_size : {1, 2, 3, 32}) {
    CAPTURE(code_size);
    Harness harness;
    feed_factors(harness, 20, code_size);
    CHECK(harness.widget("setting:view.map_plane").empty() == (code_size <= 2));
    CHECK(harness.widget("setting:view.map_unit_x").empty());
    if (code_size <= 2) continue;
    REQUIRE(harness.click("setting:view.map_plane"));
    REQUIRE(harness.click("setting:view.map_plane:units"));
    CHECK(harness.last<session::SetSetting>()->key == "view.map_plane");
    CHECK(harness.widget("setting:view.map_unit_x").w > 20);
    CHECK(harness.widget("setting:view.map_unit_y").w > 20);
  }
}

TEST_CASE(
    "map: tools, choices, legend and map lie beside one another inside the card, everywhere") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f},
                                      {1920.0f, 1080.0f},
                                      {800.0f, 600.0f},
                                      {390.0f, 2400.0f},
                                      {360.0f, 2400.0f}}) {
    for (const float scale : {1.0f, 1.5f, 2.0f}) {
      for (const bool by_factor : {false, true}) {
        AppOptions options;
        options.text_scale = scale;
        Harness harness(width, height * (width < 500 ? scale : 1), std::move(options));
        feed_factors(harness);
        session::Settings settings;
        settings.set("view.map_plane", std::string("units"));
        harness.app.receive(session::SettingsChanged{settings.all()});
        harness.settle();
        if (!harness.widget("tab:latent").empty()) REQUIRE(harness.click("tab:latent"));
        if (by_factor && !harness.widget("map:color").empty()) {
          REQUIRE(harness.click("map:color"));
          if (!harness.click("map:color:slant")) continue;
        }
        harness.move(1, 1);
        Rect card = harness.widget("panel:latent");
        if (card.empty()) continue;  // scrolled out of sight
        CAPTURE(width);
        CAPTURE(scale);
        CAPTURE(by_factor);
        std::vector<std::pair<std::string, Rect>> parts;
        for (const auto& [id, rect] : harness.app.widgets().all()) {
          const bool handle = id == "legend:factor" || id == "legend:latent";
          if (handle) continue;
          if (id == "map" || id.starts_with("map:") || id.starts_with("legend:") ||
              id.starts_with("setting:view.map")) {
            parts.emplace_back(id, rect);
          }
        }
        CHECK(parts.size() >= 10);
        for (std::size_t i = 0; i < parts.size(); ++i) {
          CAPTURE(parts[i].first);
          // The line of the tabs begins and ends half a padding further out.
          CHECK(parts[i].second.x >= card.x - 8 * scale);
          CHECK(parts[i].second.right() <= card.right() + 8 * scale);
          for (std::size_t j = 0; j < i; ++j) {
            CAPTURE(parts[j].first);
            CHECK_FALSE(
                parts[i].second.inset(0.5f, 0.5f).overlaps(parts[j].second.inset(0.5f, 0.5f)));
          }
        }
        const bool fingers = width < 760 * scale;
        if (!fingers) continue;
        for (const auto& [id, rect] : parts) {
          CAPTURE(id);
          CHECK(rect.h >= 38);
        }
      }
    }
  }
}

TEST_CASE(
    "map: no labels, no factors, one point, numbers that are none: all are drawn without harm") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    Harness harness(width, height);
    feed_factors(harness);
    REQUIRE((harness.widget("map:color").w > 50 || width < 1000));
    session::DataReady data;
    data.name = "own";
    data.rows = data.columns = 28;
    data.map_points = 3;
    harness.app.receive(data);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float far = std::numeric_limits<float>::infinity();
    for (const session::Floats& points :
         {session::Floats{nan, nan, far, 0, nan, 1}, session::Floats{1, 1},
          session::Floats{0, 0, 0, 0, 0, 0}, session::Floats{0, 1, nan, 2, 3, 4, 5},
          session::Floats{}}) {
      session::Snapshot snapshot;
      snapshot.map_points = std::make_shared<const session::Floats>(points);
      harness.app.receive(snapshot);
      harness.settle();
      if (harness.widget("map").empty() && !harness.widget("tab:latent").empty()) {
        harness.click("tab:latent");
      }
      for (const char* id : {"map:manifold", "map:thumbnails", "map:tool:lasso"}) {
        harness.click(id);
      }
      const Rect map = harness.widget("map");
      CHECK(harness.widget("map:color").empty());
      if (map.empty()) continue;
      drag(harness, {map.x + 5, map.y + 5}, {map.right() - 5, map.bottom() - 5});
      harness.click("map:tool:path");
      drag(harness, {map.x + 30, map.y + 30}, {map.right() - 40, map.bottom() - 30});
      harness.move(map.x + map.w / 2, map.y + map.h / 2);
      harness.wheel(3);
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
