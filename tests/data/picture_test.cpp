#include "core/data/picture.h"

#include <doctest/doctest.h>

#include "core/data/resize.h"
#include "core/formats/jpeg.h"
#include "core/formats/png.h"
#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST_CASE("picture: a PNG or a JPEG becomes an image of the data's shape") {
  const Image wide{4, 2, 3, {255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255,
                             255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255}};
  CHECK(picture_as_image(write_png(wide), "it", {1, 2, 2}) == Bytes{76, 29, 76, 29});
  CHECK(picture_as_image(write_png(wide), "it", {3, 2, 2}) ==
        Bytes{255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 255});
  // Not square: each side for itself.
  CHECK(picture_as_image(write_png(wide), "it", {1, 2, 4}) ==
        Bytes{76, 76, 29, 29, 76, 76, 29, 29});
  const Image flat{16, 16, 1, Bytes(256, 200)};
  const Bytes back = picture_as_image(write_jpeg(flat, 95), "it", {1, 4, 4});
  REQUIRE(back.size() == 16);
  for (const std::uint8_t level : back) CHECK(std::abs(level - 200) <= 2);
}

TEST_CASE("picture: what will not do is said") {
  const Bytes png = write_png({2, 2, 1, {1, 2, 3, 4}});
  CHECK(error_of([&] { picture_as_image(Bytes{'G', 'I', 'F', '8'}, "a.gif", {1, 2, 2}); }) ==
        "'a.gif' is neither a PNG nor a JPEG, which are the pictures that are read.");
  CHECK(
      contains(error_of([&] { picture_as_image({}, "empty", {1, 2, 2}); }), "'empty' is neither"));
  CHECK(contains(
      error_of([&] { picture_as_image(Bytes(png.begin(), png.end() - 9), "cut", {1, 2, 2}); }),
      "'cut'"));
  for (const ImageShape& shape : {ImageShape{1, 1, 784}, {2, 28, 28}, {1, 0, 0}}) {
    CHECK(contains(error_of([&] { picture_as_image(png, "it", shape); }), "no images"));
  }
}

}  // namespace
}  // namespace hourglass
