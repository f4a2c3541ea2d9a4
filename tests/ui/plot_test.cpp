#include "ui/kit/plot.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ui/kit/number_text.h"
#include "ui/latent_map/map_geometry.h"

namespace hourglass::ui {
namespace {

TEST_CASE("numbers as people read them") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(-1234567) == "-1,234,567");
  CHECK(significant(0.10834, 3) == "0.108");
  CHECK(significant(1e-6, 3) == "1e-6");
  CHECK(significant(9.999e-7, 2) == "1e-6");
  CHECK(significant(2, 4) == "2");
  CHECK(significant(12345, 2) == "12345");
  CHECK(significant(0, 3) == "0");
  CHECK(significant(-0.25, 3) == "-0.25");
  CHECK(fixed(0.5, 3) == "0.500");
}

TEST_CASE("plot: ticks are round, inside the axis, rising, and about as many as asked for") {
  const Axis axes[] = {{0, 1, false},    {0, 50, false},        {0.08, 0.7, false},
                       {-3, 17, false},  {0, 1e-4, false},      {0.1, 0.7, true},
                       {1e-6, 10, true}, {0.0893, 0.0917, true}};
  for (const Axis& axis : axes) {
    for (const int count : {2, 5, 9}) {
      CAPTURE(axis.low);
      CAPTURE(axis.high);
      CAPTURE(count);
      const std::vector<Tick> all = ticks(axis, count);
      CHECK(all.size() >= 1);
      CHECK(static_cast<int>(all.size()) <= 3 * count + 4);
      for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(axis.position(all[i].value) >= -1e-6);
        CHECK(axis.position(all[i].value) <= 1 + 1e-6);
        if (i > 0) CHECK(all[i].value > all[i - 1].value);
        if (i > 0) CHECK(all[i].label != all[i - 1].label);
        CHECK(std::atof(all[i].label.c_str()) == doctest::Approx(all[i].value).epsilon(0.02));
      }
    }
  }
  CHECK(ticks({-1e-9, 10, false}, 5).front().label == "0");
}

TEST_CASE("plot: no two ticks of an axis read the same, however far from zero its range is") {
  std::vector<Axis> axes;
  for (const double value : {5.47e25, -5.47e25, 1.23456789e12, 3e-9, 7.7e300, 1e-30, 4096.5, 1e6}) {
    for (const bool logarithmic : {false, true}) {
      if (logarithmic && value <= 0) continue;
      axes.push_back(fitted_axis(value, value, logarithmic));
      axes.push_back(fitted_axis(value, value + std::fabs(value) * 1e-4, logarithmic));
      axes.push_back(fitted_axis(value, value + std::fabs(value), logarithmic));
    }
    // Narrower than any label can tell, and than numbers can.
    for (const double share : {1e-7, 1e-12, 1e-16}) {
      axes.push_back({value, value + std::fabs(value) * share, false});
    }
  }
  axes.push_back(fitted_axis(-1.7e308, 1.7e308, false));
  for (const Axis& axis : axes) {
    for (const int count : {2, 5, 9, 20}) {
      CAPTURE(axis.low);
      CAPTURE(axis.high);
      CAPTURE(count);
      const std::vector<Tick> all = ticks(axis, count);
      CHECK(all.size() >= 1);
      CHECK(static_cast<int>(all.size()) <= 3 * count + 4);
      for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = i + 1; j < all.size(); ++j) CHECK(all[i].label != all[j].label);
        CHECK(all[i].label.size() <= 14);
      }
    }
  }
  // What one loss of 5.47e25 is drawn with.
  CHECK(ticks(fitted_axis(5.47e25, 5.47e25, false), 5).size() >= 3);
}

TEST_CASE("plot: an axis takes in all values, whatever they are") {
  const double inf = std::numeric_limits<double>::infinity();
  for (const bool logarithmic : {false, true}) {
    for (const auto& [low, high] : {std::pair{0.1, 0.7},
                                    {0.1, 0.1},
                                    {0.0, 0.0},
                                    {inf, -inf},
                                    {1e-9, 1e9},
                                    {std::nan(""), 1.0}}) {
      const Axis axis = fitted_axis(low, high, logarithmic);
      CHECK(axis.low < axis.high);
      CHECK(std::isfinite(axis.low));
      CHECK(std::isfinite(axis.high));
      if (logarithmic) CHECK(axis.low > 0);
      if (low <= high && low > 0 && std::isfinite(high)) {
        CHECK(axis.position(low) >= 0);
        CHECK(axis.position(high) <= 1);
      }
    }
  }
}

TEST_CASE("map: centres and extent of the points, without those that are not finite") {
  const float nan = std::nanf("");
  const float points[] = {0, 0, 2, 4, 10, -2, nan, 5, 3, 3};
  const std::int32_t labels[] = {1, 1, 0, 0, -1};
  const MapSummary summary = summarize_map(points, labels);
  CHECK(summary.left == 0);
  CHECK(summary.right == 10);
  CHECK(summary.bottom == -2);
  CHECK(summary.top == 4);
  REQUIRE(summary.centers.size() == 3);
  CHECK(summary.centers[1].label == 0);
  CHECK(summary.centers[1].x == 10);
  CHECK(summary.centers[2].label == 1);
  CHECK(summary.centers[2].x == 1);
  CHECK(summary.centers[2].y == 2);
  CHECK(summarize_map({}, {}).centers.empty());
}

TEST_CASE("map: all points are in view while it follows, with y pointing up") {
  MapView view;
  const float points[] = {-10, -1, 30, 5};
  const MapSummary summary = summarize_map(points, {});
  const Rect area{100, 50, 400, 300};
  const MapTransform map = map_transform(view, summary, area);
  for (const auto& [x, y] : {std::pair{-10, -1}, {30, 5}}) {
    CHECK(area.contains(map.screen_x(x), map.screen_y(y)));
    CHECK(map.plane_x(map.screen_x(x)) == doctest::Approx(x).epsilon(1e-4));
    CHECK(map.plane_y(map.screen_y(y)) == doctest::Approx(y).epsilon(1e-4));
  }
  CHECK(map.screen_y(5) < map.screen_y(-1));
}

TEST_CASE("map: it does not tremble with small movements, and follows large ones") {
  MapView view;
  const Rect area{0, 0, 400, 400};
  const float before[] = {-10, -10, 10, 10}, little[] = {-9.5f, -9.8f, 9.9f, 9.7f};
  const float much[] = {-40, -40, 40, 40}, small[] = {-1, -1, 1, 1};
  const double scale = map_transform(view, summarize_map(before, {}), area).scale;
  CHECK(map_transform(view, summarize_map(little, {}), area).scale == scale);
  CHECK(map_transform(view, summarize_map(much, {}), area).scale < scale);
  CHECK(map_transform(view, summarize_map(small, {}), area).scale > scale);
}

TEST_CASE("map: zooming keeps the place under the pointer, dragging moves with it") {
  MapView view;
  const Rect area{0, 0, 400, 300};
  const float points[] = {-10, -10, 10, 10};
  const MapSummary summary = summarize_map(points, {});
  const MapTransform before = map_transform(view, summary, area);
  const double x = before.plane_x(123), y = before.plane_y(45);
  zoom_map(view, before, 123, 45, 3);
  CHECK_FALSE(view.follow);
  const MapTransform after = map_transform(view, summary, area);
  CHECK(after.scale == doctest::Approx(3 * before.scale));
  CHECK(after.screen_x(x) == doctest::Approx(123));
  CHECK(after.screen_y(y) == doctest::Approx(45));
  pan_map(view, 10, -20);
  const MapTransform moved = map_transform(view, summary, area);
  CHECK(moved.screen_x(x) == doctest::Approx(133));
  CHECK(moved.screen_y(y) == doctest::Approx(25));
}

}  // namespace
}  // namespace hourglass::ui
