// Drawings as images.
#include "ui/images/drawing.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace hourglass::ui {
namespace {

float ink_of(const std::vector<float>& image) {
  return std::accumulate(image.begin(), image.end(), 0.0f);
}

// Rows and columns with ink: first and last of each.
struct Extent {
  int top = 1000, bottom = -1, left = 1000, right = -1;
};
Extent extent_of(const std::vector<float>& image, int columns) {
  Extent extent;
  for (int i = 0; i < static_cast<int>(image.size()); ++i) {
    if (image[static_cast<std::size_t>(i)] < 0.5f) continue;
    extent.top = std::min(extent.top, i / columns);
    extent.bottom = std::max(extent.bottom, i / columns);
    extent.left = std::min(extent.left, i % columns);
    extent.right = std::max(extent.right, i % columns);
  }
  return extent;
}

Drawing line(float x0, float y0, float x1, float y1) {
  Drawing drawing;
  drawing.begin({x0, y0});
  drawing.extend({x1, y1});
  return drawing;
}

TEST_CASE("drawing: without lines all paper") {
  const std::vector<float> image = drawn_image({}, 28, 28);
  CHECK(image.size() == 784);
  CHECK(ink_of(image) == 0);
}

TEST_CASE("drawing: its box is twenty of 28 pixels, wherever and however large it was drawn") {
  for (const auto& [x0, y0, x1, y1] :
       {std::array{0.1f, 0.1f, 0.1f, 0.9f}, {0.7f, 0.4f, 0.7f, 0.65f}, {0.5f, 0.0f, 0.5f, 1.0f}}) {
    CAPTURE(x0);
    const std::vector<float> image = drawn_image(line(x0, y0, x1, y1), 28, 28);
    const Extent extent = extent_of(image, 28);
    CHECK(extent.bottom - extent.top + 1 == 20);
    CHECK(extent.top == 4);
    CHECK(extent.right - extent.left + 1 == 2);
    CHECK(extent.left == 13);
    CHECK(*std::max_element(image.begin(), image.end()) <= 1);
  }
}

TEST_CASE("drawing: the centre of mass is in the middle") {
  // An L: its mass is left and below the middle of its box.
  Drawing drawing = line(0.2f, 0.2f, 0.2f, 0.8f);
  drawing.extend({0.6f, 0.8f});
  const std::vector<float> image = drawn_image(drawing, 28, 28);
  double x = 0, y = 0;
  for (int i = 0; i < 784; ++i) {
    x += image[static_cast<std::size_t>(i)] * (i % 28 + 0.5);
    y += image[static_cast<std::size_t>(i)] * (i / 28 + 0.5);
  }
  CHECK(x / ink_of(image) == doctest::Approx(14).epsilon(0.02));
  CHECK(y / ink_of(image) == doctest::Approx(14).epsilon(0.02));
}

TEST_CASE("drawing: a dot stays small; other shapes of images have their own middle") {
  Drawing dot;
  dot.begin({0.9f, 0.1f});
  const Extent small = extent_of(drawn_image(dot, 28, 28), 28);
  CHECK(small.right - small.left + 1 <= 3);
  CHECK(small.left == 13);
  const Extent wide = extent_of(drawn_image(line(0.2f, 0.5f, 0.8f, 0.5f), 16, 40), 40);
  CHECK(wide.left >= 13);
  CHECK(wide.right <= 26);
  CHECK(wide.top >= 7);
  CHECK(wide.bottom <= 8);
}

TEST_CASE("drawing: points outside go to the edge, and there are only so many") {
  Drawing drawing;
  drawing.extend({0.5f, 0.5f});  // no pen is down
  CHECK(drawing.empty());
  drawing.begin({-3, 0.5f});
  CHECK(drawing.lines()[0][0].x == 0);
  const auto before = drawing.revision();
  drawing.extend({-2, 0.5f});  // where it is already
  CHECK(drawing.revision() == before);
  for (int i = 0; i < 9000; ++i) drawing.extend({i % 2 == 0 ? 1.0f : 0.0f, 0.5f});
  CHECK(drawing.lines()[0].size() == Drawing::kMaxPoints);
  drawing.begin({0.5f, 0.5f});
  CHECK(drawing.lines().size() == 1);
  drawing.clear();
  CHECK(drawing.empty());
  CHECK(drawing.revision() > before);
}

}  // namespace
}  // namespace hourglass::ui
