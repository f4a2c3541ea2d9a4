#include "core/data/sources/png_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/base/file.h"
#include "core/data/resize.h"
#include "core/formats/png.h"
#include "tests/data/expect_error.h"
#include "tests/data/temporary_folder.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

void save(const fs::path& path, const Image& image) {
  fs::create_directories(path.parent_path());
  write_file(path, write_png(image));
}

Image grey(int side, std::uint8_t level) {
  return {side, side, 1, Bytes(static_cast<std::size_t>(side * side), level)};
}

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

TEST_CASE("resizing: channels apart, grey by luminance, transparency on white") {
  const Image image{2, 1, 3, {255, 0, 0, 0, 0, 255}};
  CHECK(resized(image, 2, false) == Bytes{76, 29, 76, 29});
  CHECK(resized(image, 2, true) == Bytes{255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 255});
  const Image clear{1, 1, 4, {9, 9, 9, 0}};
  CHECK(resized(clear, 1, true) == Bytes{255, 255, 255});
  const Image half{1, 1, 2, {0, 51}};
  CHECK(resized(half, 1, false) == Bytes{204});
}

TEST_CASE("PNG folder: images without classes") {
  const TemporaryFolder folder;
  for (int i = 0; i < 12; ++i) {
    save(folder / ("image" + std::to_string(i) + (i % 2 ? ".png" : ".PNG")),
         grey(5 + i, static_cast<std::uint8_t>(10 * i)));
  }
  write_file(folder / "notes.txt", Bytes{1, 2, 3});
  write_file(folder / ".hidden.png", Bytes{1, 2, 3});
  const Dataset data = load_png_folder(folder.path(), "mine", {.side = 8});
  CHECK(data.name == "mine");
  CHECK(data.shape == ImageShape{1, 8, 8});
  CHECK(data.train.count() == 10);
  CHECK(data.test.count() == 2);
  CHECK(data.train.labels.empty());
  CHECK(data.class_names.empty());
  std::vector<int> levels;
  for (const Samples* samples : {&data.train, &data.test}) {
    for (std::size_t at = 0; at < samples->bytes().size(); at += 64) {
      levels.push_back(samples->bytes()[at]);
    }
  }
  std::sort(levels.begin(), levels.end());
  CHECK(levels == std::vector<int>{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110});
}

TEST_CASE("PNG folder: subfolders are classes, in colour") {
  const TemporaryFolder folder;
  for (int i = 0; i < 12; ++i) {
    save(folder / "red" / (std::to_string(i) + ".png"), {1, 1, 3, {255, 0, 0}});
    save(folder / "blue" / (std::to_string(i) + ".png"), {1, 1, 3, {0, 0, 255}});
  }
  fs::create_directories(folder / "empty");
  const Dataset data = load_png_folder(folder.path(), "mine", {.side = 4, .colour = true});
  CHECK(data.shape == ImageShape{3, 4, 4});
  CHECK(data.class_names == std::vector<std::string>{"blue", "red"});
  CHECK(data.test.count() == 4);
  CHECK(std::count(data.test.labels.begin(), data.test.labels.end(), 1) == 2);
  for (std::size_t i = 0; i < data.train.labels.size(); ++i) {
    CHECK(data.train.bytes()[48 * i] == (data.train.labels[i] == 1 ? 255 : 0));
    CHECK(data.train.bytes()[48 * i + 47] == (data.train.labels[i] == 1 ? 0 : 255));
  }
}

TEST_CASE("PNG folder: train and test as given") {
  const TemporaryFolder folder;
  for (const char* split : {"train", "test"}) {
    for (const char* kind : {"a", "b"}) {
      save(folder / split / kind / "0.png", grey(3, split[1] == 'e' ? 200 : 100));
    }
  }
  save(folder / "test" / "c" / "0.png", grey(3, 200));
  const Dataset data = load_png_folder(folder.path(), "mine", {.side = 3});
  CHECK(data.train.count() == 2);
  CHECK(data.test.count() == 3);
  CHECK(data.train.bytes()[0] == 100);
  CHECK(data.test.bytes()[0] == 200);
  CHECK(data.class_names == std::vector<std::string>{"a", "b", "c"});
  CHECK(has_png_files(folder.path()));
  CHECK(contains(error_of([&] {
                   save(folder / "train" / "x.png", grey(3, 1));
                   load_png_folder(folder.path(), "mine", {});
                 }),
                 "in itself and in its subfolder 'a'"));
}

TEST_CASE("PNG folder: what cannot be used") {
  const TemporaryFolder folder;
  CHECK_FALSE(has_png_files(folder.path()));
  CHECK(contains(error_of([&] { load_png_folder(folder.path(), "x", {}); }), "no PNG images"));
  CHECK(contains(error_of([&] { load_png_folder(folder / "absent", "x", {}); }), "cannot be read"));
  // As some sets divide themselves: what is there is named, not denied.
  save(folder / "training" / "3" / "a.png", grey(3, 1));
  REQUIRE(has_png_files(folder.path()));
  CHECK(contains(error_of([&] { load_png_folder(folder.path(), "x", {}); }),
                 "some deeper, in '" + (folder / "training" / "3").string() + "'"));
  save(folder / "a.png", grey(3, 1));
  CHECK(contains(error_of([&] { load_png_folder(folder.path(), "x", {}); }), "one sample"));
  write_file(folder / "b.png", Bytes{1, 2, 3});
  CHECK(contains(error_of([&] { load_png_folder(folder.path(), "x", {}); }),
                 (folder / "b.png").string() + "' is not a PNG file"));
}

}  // namespace
}  // namespace hourglass
