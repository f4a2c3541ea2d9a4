#include "ui/images/pictures.h"

#include <doctest/doctest.h>

#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

TEST_CASE("pictures: the difference is how far two grey images are apart, either way") {
  const session::Bytes a{0, 10, 255, 200}, b{255, 7, 255, 201};
  CHECK(difference_bytes(a, b, 1, 4) == session::Bytes{255, 3, 0, 1});
  CHECK(difference_bytes(b, a, 1, 4) == session::Bytes{255, 3, 0, 1});
  CHECK(difference_bytes(a, a, 1, 4) == session::Bytes(4, 0));
  // Two images of two pixels.
  CHECK(difference_bytes(a, b, 1, 2) == session::Bytes{255, 3, 0, 1});
}

TEST_CASE("pictures: the difference of colour images is grey, the mean over the channels") {
  // Two pixels: red 10 and 0, green 20 and 0, blue 31 and 255.
  const session::Bytes a{10, 0, 20, 0, 31, 255}, black(6, 0);
  CHECK(difference_bytes(a, black, 3, 2) == session::Bytes{20, 85});
  CHECK(difference_bytes(black, a, 3, 2) == session::Bytes{20, 85});
}

TEST_CASE("pictures: what is missing at an array's end has no difference") {
  const session::Bytes a(10, 9), b(7, 4);
  CHECK(difference_bytes(a, b, 1, 3) == session::Bytes(6, 5));
  CHECK(difference_bytes(a, {}, 1, 3).empty());
  CHECK(difference_bytes(a, b, 0, 3).empty());
  CHECK(difference_bytes(a, b, 1, 0).empty());
}

TEST_CASE("pictures: the difference is made again only when one of its two images is new") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("difference"));
  const int uploads = harness.uploads;
  const auto receive = [&](auto member) {
    session::Snapshot snapshot;
    snapshot.image_count = 20;
    snapshot.*member = std::make_shared<const session::Bytes>(784 * 20, std::uint8_t{30});
    harness.app.receive(snapshot);
    harness.settle();
  };
  receive(&session::Snapshot::corrupted);
  CHECK(harness.uploads == uploads + 1);
  receive(&session::Snapshot::reconstructed);
  CHECK(harness.uploads == uploads + 3);
  receive(&session::Snapshot::originals);
  CHECK(harness.uploads == uploads + 5);
}

}  // namespace
}  // namespace hourglass::ui
