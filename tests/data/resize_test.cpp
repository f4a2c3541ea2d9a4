#include "core/data/resize.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST_CASE("resizing: the same size stays what it is") {
  const Image image{2, 2, 1, {1, 2, 3, 255}};
  CHECK(resized(image, 2, false) == Bytes{1, 2, 3, 255});
  const Image colour{1, 1, 3, {10, 20, 30}};
  CHECK(resized(colour, 1, true) == Bytes{10, 20, 30});
  CHECK(resized(image, 2, true) == Bytes{1, 2, 3, 255, 1, 2, 3, 255, 1, 2, 3, 255});
}

TEST_CASE("resizing: smaller by area, larger by interpolation, each side for itself") {
  const Image four{4, 4, 1, {0, 0, 100, 100, 0, 0, 100, 100, 8, 8, 20, 40, 8, 8, 60, 80}};
  CHECK(resized(four, 2, false) == Bytes{0, 100, 8, 50});
  // Thirds: one and a half old pixels to each new one.
  const Image three{3, 1, 1, {0, 90, 240}};
  CHECK(resized(three, 2, false) == Bytes{30, 190, 30, 190});
  const Image two{2, 2, 1, {0, 100, 0, 100}};
  CHECK(resized(two, 4, false) ==
        Bytes{0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100});
  for (const int side : {1, 3, 28, 64}) {
    const Bytes flat = resized(Image{37, 5, 1, Bytes(185, 77)}, side, false);
    CHECK(std::all_of(flat.begin(), flat.end(), [](int level) { return level == 77; }));
  }
}

TEST_CASE("resizing: channels apart, grey by luminance, transparency on the ground") {
  const Image image{2, 1, 3, {255, 0, 0, 0, 0, 255}};
  CHECK(resized(image, 2, false) == Bytes{76, 29, 76, 29});
  CHECK(resized(image, 2, true) == Bytes{255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 255});
  const Image clear{1, 1, 4, {9, 9, 9, 0}};
  CHECK(resized(clear, 1, true) == Bytes{255, 255, 255});
  const Image half{1, 1, 2, {0, 51}};
  CHECK(resized(half, 1, false) == Bytes{204});
  CHECK(resized(clear, 1, 1, true, 0) == Bytes{0, 0, 0});
  CHECK(resized(half, 1, 1, false, 100) == Bytes{80});
}

}  // namespace
}  // namespace hourglass
