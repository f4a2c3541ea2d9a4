// What an outline, a pointer and a path mean on the latent plane.
#include "ui/latent_map/map_select.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/ui/harness.h"
#include "ui/latent_map/map_points.h"
#include "ui/latent_map/map_state.h"

namespace hourglass::ui {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Five tips of radius 1 and five notches of radius 0.4 between them, the first tip upwards.
std::vector<MapPlace> star() {
  std::vector<MapPlace> corners;
  for (int i = 0; i < 10; ++i) {
    const double radius = i % 2 == 0 ? 1 : 0.4, angle = std::acos(-1.0) * (0.5 + i / 5.0);
    corners.push_back({radius * std::cos(angle), radius * std::sin(angle)});
  }
  return corners;
}

// Inside the star, by polar coordinates: under the line from the tip to the notch beside it.
bool in_star(double x, double y) {
  const double fifth = std::acos(-1.0) / 5;
  double angle = std::fabs(std::remainder(std::atan2(y, x) - std::acos(-1.0) / 2, 2 * fifth));
  const double px = std::hypot(x, y) * std::cos(angle), py = std::hypot(x, y) * std::sin(angle);
  const double nx = 0.4 * std::cos(fifth), ny = 0.4 * std::sin(fifth);
  return (nx - 1) * py - ny * (px - 1) > 0;
}

TEST_CASE("map_select: a lasso takes exactly the points inside it, also in the notches of a star") {
  session::Floats points;
  std::vector<std::uint32_t> expected;
  for (int row = -30; row <= 30; ++row) {
    for (int column = -30; column <= 30; ++column) {
      const float x = static_cast<float>(column) * 0.0411f, y = static_cast<float>(row) * 0.0397f;
      if (in_star(x, y)) expected.push_back(static_cast<std::uint32_t>(points.size() / 2));
      points.insert(points.end(), {x, y});
    }
  }
  CHECK(expected.size() > 400);
  CHECK(expected.size() < 1500);
  CHECK(points_inside(points, star(), {}) == expected);
  // The other way around it is the same star.
  std::vector<MapPlace> turned = star();
  std::reverse(turned.begin(), turned.end());
  CHECK(points_inside(points, turned, {}) == expected);
}

TEST_CASE("map_select: what is not finite is inside nothing, and two corners enclose nothing") {
  const session::Floats points{0, 0, kNan, 0, 0, kNan, 0.5f, 0.5f, 9};
  const auto box = box_outline({1, 1}, {-1, -1});
  CHECK(points_inside(points, box, {}) == std::vector<std::uint32_t>{0, 3});
  CHECK(points_inside(points, box, [](std::size_t i) { return i != 0; }) ==
        std::vector<std::uint32_t>{3});
  const std::vector<MapPlace> line{{-1, -1}, {1, 1}};
  CHECK(points_inside(points, line, {}).empty());
  CHECK(points_inside(points, {}, {}).empty());
  CHECK(points_inside({}, box, {}).empty());
}

TEST_CASE("map_select: the nearest point is finite, allowed and within reach") {
  const session::Floats points{kNan, 0, 3, 0, 0, 4, 3, 0};
  CHECK(nearest_point(points, 0, 0, 1e30, {}) == 1);
  CHECK(nearest_point(points, 0, 0, 1e30, [](std::size_t i) { return i == 2; }) == 2);
  CHECK(nearest_point(points, 0, 0, 2.9, {}) == -1);
  CHECK(nearest_point({}, 0, 0, 1e30, {}) == -1);
}

TEST_CASE("map_select: a way begins and ends at its ends, in equal steps") {
  const auto way = interpolated_places({-1, 2}, {3, -2}, 5);
  CHECK(way == std::vector<float>{-1, 2, 0, 1, 1, 0, 2, -1, 3, -2});
  CHECK(interpolated_places({0, 0}, {1, 1}, 0).size() == 4);
}

TEST_CASE("map_select: a grid's places are the middles of its cells on the screen") {
  const MapTransform map{{100, 50, 400, 200}, 5, -3, 10};
  const auto places = grid_places(map, 4, 2);
  REQUIRE(places.size() == 16);
  CHECK(map.screen_x(places[0]) == doctest::Approx(150));
  CHECK(map.screen_y(places[1]) == doctest::Approx(100));
  CHECK(map.screen_x(places[14]) == doctest::Approx(450));
  CHECK(map.screen_y(places[15]) == doctest::Approx(200));
}

TEST_CASE("map_select: pictures on the map never overlap, stay inside, and stay where they were") {
  const MapTransform map{{0, 0, 300, 200}, 0, 0, 100};
  session::Floats points;
  std::uint32_t state = 7;
  const auto random = [&] {
    state = state * 1664525u + 1013904223u;
    return static_cast<float>(state >> 8) / 16777216.0f * 4 - 2;
  };
  for (int i = 0; i < 3000; ++i) points.insert(points.end(), {random(), random()});
  points[0] = kNan;
  const auto first = place_thumbnails(points, map, 30, 80, {}, {});
  CHECK(first.size() > 20);
  CHECK(first.size() <= 80);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i] != 0);
    const float x = map.screen_x(points[2 * first[i]]), y = map.screen_y(points[2 * first[i] + 1]);
    CHECK(x >= 15);
    CHECK(x <= 285);
    CHECK(y >= 15);
    CHECK(y <= 185);
    for (std::size_t j = 0; j < i; ++j) {
      const float dx = x - map.screen_x(points[2 * first[j]]);
      const float dy = y - map.screen_y(points[2 * first[j] + 1]);
      CHECK((std::fabs(dx) >= 30 || std::fabs(dy) >= 30));
    }
  }
  for (float& value : points) value += 0.0005f;
  const auto second = place_thumbnails(points, map, 30, 80, first, {});
  std::size_t same = 0;
  for (const std::uint32_t index : second) {
    same += std::find(first.begin(), first.end(), index) != first.end();
  }
  CHECK(same + 5 >= first.size());
  CHECK(place_thumbnails(points, map, 30, 4, {}, {}).size() == 4);
  CHECK(place_thumbnails(points, {{0, 0, 20, 20}, 0, 0, 100}, 30, 80, {}, {}).empty());
}

TEST_CASE("map_points: the ramp rises in lightness from end to end, and holds its ends") {
  double before = -1;
  for (int i = 0; i <= 20; ++i) {
    const double bright = contrast(ramp_color(static_cast<float>(i) / 20), 0x000000);
    CHECK(bright > before);
    before = bright;
  }
  CHECK(ramp_color(-5) == ramp_color(0));
  CHECK(ramp_color(5) == ramp_color(1));
}

TEST_CASE("map: a place far outside the view is still a place on the screen") {
  const MapTransform near{{0, 0, 400, 300}, 0, 0, 1e12};
  CHECK(std::isfinite(near.screen_x(1e38)));
  CHECK(std::isfinite(near.screen_y(-1e38)));
  CHECK(near.screen_x(1e38) > 400);
  CHECK(near.screen_x(-1e38) < 0);
  CHECK(near.screen_y(1e38) < 0);
  CHECK(std::isnan(near.screen_x(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("map: two fingers that are nowhere move nothing") {
  Harness harness;
  feed(harness);
  harness.settle();
  const Rect map = harness.widget("map");
  REQUIRE_FALSE(map.empty());
  harness.app.pinch(map.x + map.w / 2, map.y + map.h / 2, 1.5f, kNan, 0);
  CHECK(std::isfinite(harness.app.state<MapState>().view.center_x));
  CHECK(harness.app.state<MapState>().view.follow);
}

}  // namespace
}  // namespace hourglass::ui
