// Samples that are drawn in the window, on their way to a data set.
#include "native/platform/made_samples.h"

#include <doctest/doctest.h>

#include "core/data/import/import.h"
#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

Json drawing(const std::string& label, bool held_out, int ink) {
  return {{"class", label},
          {"held_out", held_out},
          {"rows", 28},
          {"columns", 28},
          {"pixels", Json(std::vector<int>(784, ink))}};
}

Imported imported(const std::vector<MadeSample>& samples) {
  return import_data(*files_in_memory("drawings", files_of_samples(samples)), "drawings", {});
}

TEST_CASE("made samples: a class is a folder, and what is held out stays out") {
  std::vector<MadeSample> samples;
  for (int i = 0; i < 12; ++i)
    samples.push_back(made_sample(drawing(i % 2 ? "a/b" : "七", false, 20 * i)));
  const Dataset all = imported(samples).data;
  CHECK(all.class_names == std::vector<std::string>{"a_b", "七"});
  CHECK(all.train.count() == 10);
  CHECK(all.shape == ImageShape{1, 28, 28});
  samples.push_back(made_sample(drawing("七", true, 255)));
  const Dataset parted = imported(samples).data;
  CHECK(parted.train.count() == 12);
  REQUIRE(parted.test.count() == 1);
  CHECK(parted.test.bytes()[0] == 255);
  CHECK(parted.class_names[static_cast<std::size_t>(parted.test.labels[0])] == "七");
}

TEST_CASE("made samples: names lead nowhere, and what is no drawing is refused") {
  for (const char* label : {"../up", "", ".hidden", "a\\b"}) {
    CAPTURE(label);
    const auto files = files_of_samples({made_sample(drawing(label, false, 3))});
    CHECK(files[0].path.find("..") != 0);
    CHECK(files[0].path.find('/') == files[0].path.rfind('/'));
    CHECK(files[0].path.front() != '.');
    CHECK(files[0].path.front() != '/');
  }
  Json short_one = drawing("a", false, 1);
  short_one["pixels"].erase(0);
  CHECK_THROWS_AS(made_sample(short_one), Error);
  Json large = drawing("a", false, 1);
  large["rows"] = 1000000000;
  CHECK_THROWS_AS(made_sample(large), Error);
  CHECK_THROWS_AS(made_sample(Json::object()), Error);
}

}  // namespace
}  // namespace hourglass
