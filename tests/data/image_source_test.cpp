#include "core/data/import/image_source.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/base/file.h"
#include "core/formats/jpeg.h"
#include "core/formats/png.h"
#include "tests/data/bmp_builder.h"
#include "tests/data/expect_error.h"
#include "tests/data/png_builder.h"
#include "tests/data/temporary_folder.h"
#include "tests/data/zip_builder.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

void save(const fs::path& path, const Bytes& bytes) {
  fs::create_directories(path.parent_path());
  write_file(path, bytes);
}
void save(const fs::path& path, const Image& image) { save(path, write_png(image)); }

Image grey(int side, std::uint8_t level) {
  return {side, side, 1, Bytes(static_cast<std::size_t>(side * side), level)};
}
Bytes grey_png(int side, std::uint8_t level) { return write_png(grey(side, level)); }

Imported import_folder(const fs::path& folder, const ImportOptions& options = {}) {
  return import_data(*files_at(folder), "mine", options);
}
Imported import_files(std::vector<NamedBytes> files, const ImportOptions& options = {}) {
  return import_data(*files_in_memory("given", std::move(files)), "mine", options);
}

bool has_note(const Imported& imported, const std::string& part) {
  return std::ranges::any_of(imported.report.notes,
                             [&](const std::string& note) { return contains(note, part); });
}

// All pixels of the training images, then of the others.
Bytes pixels(const Imported& imported) {
  Bytes all;
  for (const Samples* samples : {&imported.data.train, &imported.data.test}) {
    all.insert(all.end(), samples->bytes().begin(), samples->bytes().end());
  }
  return all;
}

TEST_CASE("images: without classes, of any size, in the order of the names") {
  const TemporaryFolder folder;
  for (int i = 0; i < 12; ++i) {
    save(folder / ("image" + std::to_string(i) + (i % 2 ? ".png" : ".PNG")),
         grey(5 + i, static_cast<std::uint8_t>(10 * i)));
  }
  write_file(folder / "notes.txt", Bytes{'a', 'b', 'c'});
  write_file(folder / ".hidden.png", Bytes{1, 2, 3});
  const Imported imported = import_folder(folder.path(), {.image_side = 8});
  const Dataset& data = imported.data;
  CHECK(data.name == "mine");
  CHECK(imported.report.kind == "images");
  CHECK(data.shape == ImageShape{1, 8, 8});
  CHECK(data.train.count() == 10);
  CHECK(data.test.count() == 2);
  CHECK(data.train.labels.empty());
  CHECK(data.class_names.empty());
  CHECK(imported.report.left_out == 0);
  CHECK(has_note(imported, "('notes.txt'): no picture"));
  CHECK(has_note(imported, "5 to 16 rows and 5 to 16 columns"));
  std::vector<int> levels;
  for (const Samples* samples : {&data.train, &data.test}) {
    for (std::size_t at = 0; at < samples->bytes().size(); at += 64) {
      levels.push_back(samples->bytes()[at]);
    }
    for (std::size_t i = 0; i < samples->rows.size(); ++i) {
      // Names are sorted as text: image0, image1, image10, image11, image2, ...
      constexpr int kOrder[] = {0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9};
      CHECK(samples->bytes()[64 * i] == 10 * kOrder[samples->rows[i]]);
    }
  }
  std::sort(levels.begin(), levels.end());
  CHECK(levels == std::vector<int>{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110});
}

TEST_CASE("images: subfolders are classes, in colour; the same from a folder and an archive") {
  const TemporaryFolder folder;
  ZipBuilder zip;
  for (int i = 0; i < 12; ++i) {
    for (const std::string name : {"red", "blue"}) {
      const bool red = name == "red";
      const Bytes file = write_png({1,
                                    1,
                                    3,
                                    {Bytes{red ? std::uint8_t{255} : std::uint8_t{0}, 0,
                                           red ? std::uint8_t{0} : std::uint8_t{255}}}});
      save(folder / name / (std::to_string(i) + ".png"), file);
      zip.add("all/" + name + "/" + std::to_string(i) + ".png", file, {.deflate = i % 2 == 0});
    }
  }
  fs::create_directories(folder / "empty");
  const ImportOptions options{.image_side = 4, .colour = true};
  const Imported imported = import_folder(folder.path(), options);
  const Dataset& data = imported.data;
  CHECK(data.shape == ImageShape{3, 4, 4});
  CHECK(data.class_names == std::vector<std::string>{"blue", "red"});
  CHECK(imported.report.label == "the subfolders");
  CHECK(data.test.count() == 4);
  CHECK(std::count(data.test.labels.begin(), data.test.labels.end(), 1) == 2);
  for (std::size_t i = 0; i < data.train.labels.size(); ++i) {
    CHECK(data.train.bytes()[48 * i] == (data.train.labels[i] == 1 ? 255 : 0));
    CHECK(data.train.bytes()[48 * i + 47] == (data.train.labels[i] == 1 ? 0 : 255));
  }
  const Imported from_zip = import_files({{"all.zip", zip.finish()}}, options);
  CHECK(pixels(from_zip) == pixels(imported));
  CHECK(from_zip.data.train.labels == data.train.labels);
  CHECK(from_zip.data.class_names == data.class_names);
}

TEST_CASE("images: train and test as given") {
  const TemporaryFolder folder;
  for (const char* split : {"train", "test"}) {
    for (const char* kind : {"a", "b"}) {
      save(folder / split / kind / "0.png", grey(3, split[1] == 'e' ? 200 : 100));
    }
  }
  save(folder / "test" / "c" / "0.png", grey(3, 200));
  const Dataset data = import_folder(folder.path(), {.image_side = 3}).data;
  CHECK(data.train.count() == 2);
  CHECK(data.test.count() == 3);
  CHECK(data.train.bytes()[0] == 100);
  CHECK(data.test.bytes()[0] == 200);
  CHECK(data.class_names == std::vector<std::string>{"a", "b", "c"});
  CHECK(data.split_by == "as the folders train and test have it");
  save(folder / "train" / "x.png", grey(3, 1));
  CHECK(contains(error_of([&] { import_folder(folder.path()); }),
                 "in itself and in its subfolder 'a'"));
}

TEST_CASE("images: what cannot be used") {
  const TemporaryFolder folder;
  CHECK(contains(error_of([&] { import_folder(folder / "absent"); }), "absent"));
  save(folder / "a.png", grey(3, 1));
  CHECK(contains(error_of([&] { import_folder(folder.path()); }), "one sample"));
  CHECK(contains(error_of([&] { import_folder(folder / "a.png"); }), "data.tiles"));
  save(folder / "b.png", Bytes{'n', 'o', ' ', 'i', 'm', 'a', 'g', 'e'});
  CHECK(contains(error_of([&] { import_folder(folder.path()); }),
                 "one sample; at least two are needed"));
  CHECK(contains(error_of([&] { import_folder(folder.path()); }), "1 file is left out ('b.png')"));
  const auto two = [](const ImportOptions& options) {
    return error_of(
        [&] { import_files({{"a.png", grey_png(3, 1)}, {"b.png", grey_png(3, 2)}}, options); });
  };
  CHECK(two({}).empty());
  CHECK(contains(two({.shape = "table"}), "no shape of images"));
  CHECK(contains(two({.shape = "2x28x28"}), "in colour"));
  CHECK(contains(two({.shape = "1x65"}), "2 to 64 pixels"));
  CHECK(contains(two({.range = "5..5"}), "no range"));
  CHECK(contains(two({.range = "nan..5"}), "no range"));
  CHECK(contains(two({.tiles = "28by28"}), "no sides of tiles"));
  CHECK(contains(two({.tiles = "4x4"}), "fewer than a tile"));
  CHECK(contains(two({.label = "kind"}), "data.label='kind'"));
}

TEST_CASE("images: damaged ones are named and left out, and so is what is no picture") {
  std::vector<NamedBytes> files;
  for (int i = 0; i < 12; ++i) {
    files.push_back({"A/" + std::to_string(i) + ".png", grey_png(4, 9)});
    files.push_back({"B/" + std::to_string(i) + ".png", grey_png(4, 200)});
  }
  Bytes cut = grey_png(4, 77);
  cut.resize(cut.size() / 2);
  files.push_back({"A/cut.png", cut});
  files.push_back({"B/broken_header.png", Bytes{1, 2, 0, 3, 200, 100}});
  files.push_back({"B/empty.jpg", {}});
  files.push_back({"B/moving.gif", {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0}});
  const Imported imported = import_files(files, {.image_side = 4});
  CHECK(imported.data.train.count() + imported.data.test.count() == 24);
  CHECK(imported.report.left_out == 4);
  CHECK(has_note(imported, "1 of 25 images cannot be read and is left out: 'A/cut.png'"));
  CHECK(has_note(imported, "2 files are left out ('B/broken_header.png' and 'B/empty.jpg')"));
  CHECK(has_note(imported, "1 picture is left out ('B/moving.gif') of a kind that is not read"));
  CHECK(contains(error_of([&] { import_files({{"a.png", cut}, {"b.png", cut}}); }),
                 "'a.png' is a damaged PNG file"));
}

TEST_CASE("images: a JPEG and a BMP among PNGs, whatever they are called") {
  const Image grey{8, 8, 1, Bytes(64, 100)};
  Bytes row(24, 200);
  const Imported imported =
      import_files({{"a.png", write_jpeg(grey, 95)},
                    {"b.png", write_png(grey)},
                    {"c.jpg", make_bmp({.width = 8, .height = 8}, std::vector<Bytes>(8, row))}},
                   {.image_side = 8});
  CHECK(imported.report.left_out == 0);
  const Bytes all = pixels(imported);
  CHECK(all.size() == 192);
  CHECK(std::ranges::count(all, 200) == 64);
  CHECK(std::ranges::count_if(all, [](int value) { return std::abs(value - 100) <= 1; }) == 128);
}

// So many files of the same content, as a large set has them.
class ManyFiles final : public FileSet {
 public:
  ManyFiles(std::size_t count, Bytes content)
      : FileSet("many", std::vector<Entry>(count, {"a.png", content.size()})),
        content_(std::move(content)) {}
  std::vector<std::uint8_t> read(std::size_t) const override { return content_; }

 private:
  Bytes content_;
};

TEST_CASE("images: more than fit are refused before memory is taken, and fewer are offered") {
  const ManyFiles files(400'000, grey_png(2, 9));
  ImportOptions options{.image_side = 64, .colour = true};
  CHECK(error_of([&] { import_data(files, "many", options); }) ==
        "'many' holds 400000 images of 12288 values each, more than the 349525 that can be used; "
        "data.most_samples=349525 chooses among them, and a smaller data.image_side takes less "
        "room.");
  options.most_samples = 12;
  CHECK(import_data(files, "many", options).data.train.count() == 10);
}

TEST_CASE("images: white on transparent is seen, and the ground is a choice") {
  // Grey and alpha: a white stroke on nothing.
  const Bytes clear = write_png({2, 2, 2, {255, 0, 255, 255, 255, 0, 255, 128}});
  const std::vector<NamedBytes> files = {{"a.png", clear}, {"b.png", clear}};
  const auto first = [&](Ground ground) {
    const Imported imported = import_files(files, {.ground = ground, .image_side = 2});
    const auto bytes = imported.data.train.bytes();
    return Bytes(bytes.begin(), bytes.end());
  };
  CHECK(first(Ground::kAuto) == Bytes{0, 255, 0, 128});
  CHECK(first(Ground::kBlack) == Bytes{0, 255, 0, 128});
  CHECK(first(Ground::kWhite) == Bytes{255, 255, 255, 255});
  CHECK(has_note(import_files(files, {.image_side = 2}), "is black; data.ground=white"));
  CHECK(has_note(import_files(files, {.ground = Ground::kWhite, .image_side = 2}),
                 "All images are the same, every pixel 255"));
  // Black on transparent stays on white, as paper has it.
  const Bytes ink = write_png({2, 2, 2, {0, 0, 0, 255, 0, 0, 0, 255}});
  const Imported paper = import_files({{"a.png", ink}, {"b.png", ink}}, {.image_side = 2});
  CHECK(paper.data.train.bytes()[0] == 255);
  CHECK(paper.data.train.bytes()[1] == 0);
}

TEST_CASE("images: 12 bits in 16 have their own white") {
  const auto deep = [](std::uint16_t value) {
    return make_png(
        {.width = 2, .height = 1, .depth = 16},
        {{0, 0, static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)}});
  };
  const std::vector<NamedBytes> files = {{"a.png", deep(4095)}, {"b.png", deep(2048)}};
  const Imported imported = import_files(files, {.shape = "2x2"});
  Bytes all = pixels(imported);
  std::ranges::sort(all);
  CHECK(all.back() == 255);
  CHECK(std::ranges::count(all, 128) > 0);
  CHECK(has_note(imported, "no value above 4095"));
  const Imported said = import_files(files, {.shape = "2x2", .range = "0..65535"});
  CHECK(std::ranges::max(pixels(said)) == 16);
  CHECK(has_note(said, "Hardly anything is to be seen: all pixels are 0..16"));
  // All 16 bits in use: the upper eight, as ever.
  const Imported full =
      import_files({{"a.png", deep(0xFFFF)}, {"b.png", deep(0x8180)}}, {.shape = "2x2"});
  CHECK(std::ranges::count(pixels(full), 0x81) > 0);
}

TEST_CASE("images: other proportions are padded, cut or distorted") {
  // 2 rows and 6 columns: white in the middle third.
  const Bytes wide = write_png({6, 2, 1, {0, 0, 255, 255, 0, 0, 0, 0, 255, 255, 0, 0}});
  const std::vector<NamedBytes> files = {{"a.png", wide}, {"b.png", wide}};
  const auto first = [&](const ImportOptions& options) {
    const Imported imported = import_files(files, options);
    const auto bytes = imported.data.train.bytes();
    return Bytes(bytes.begin(), bytes.end());
  };
  CHECK(first({.shape = "6x6"}) == Bytes{0, 0, 0,   0,   0, 0, 0, 0, 0,   0,   0, 0,
                                         0, 0, 255, 255, 0, 0, 0, 0, 255, 255, 0, 0,
                                         0, 0, 0,   0,   0, 0, 0, 0, 0,   0,   0, 0});
  CHECK(first({.shape = "2x2", .fit = Fit::kCrop}) == Bytes(4, 255));
  CHECK(first({.shape = "3x3", .fit = Fit::kStretch}) == Bytes{0, 255, 0, 0, 255, 0, 0, 255, 0});
  CHECK(first({.shape = "2x6"}) == Bytes{0, 0, 255, 255, 0, 0, 0, 0, 255, 255, 0, 0});
  CHECK(first({.shape = "6x6", .ground = Ground::kWhite})[0] == 255);
  const Imported imported = import_files(files);
  CHECK(imported.data.shape == ImageShape{1, 28, 28});
  CHECK(has_note(imported, "2 rows and 6 columns of pixels and are made 28 x 28; data.shape=2x6"));
  CHECK(has_note(imported, "2 images of other proportions are padded with black"));
  // Dark on paper is padded with paper.
  const Bytes paper = write_png({4, 2, 1, {255, 255, 255, 255, 255, 0, 0, 255}});
  const Imported padded = import_files({{"a.png", paper}, {"b.png", paper}}, {.shape = "4x4"});
  CHECK(padded.data.train.bytes()[0] == 255);
  CHECK(padded.data.train.bytes()[15] == 255);
}

TEST_CASE("images: turned, inverted, another range") {
  const Bytes image = write_png({2, 2, 1, {0, 50, 100, 200}});
  const auto first = [&](const ImportOptions& options) {
    const Imported imported = import_files({{"a.png", image}, {"b.png", image}}, options);
    const auto bytes = imported.data.train.bytes();
    return Bytes(bytes.begin(), bytes.end());
  };
  CHECK(first({.shape = "2x2", .transpose = Guess::kYes}) == Bytes{0, 100, 50, 200});
  CHECK(first({.shape = "2x2", .invert = true}) == Bytes{255, 205, 155, 55});
  CHECK(first({.shape = "2x2", .range = "50..100"}) == Bytes{0, 0, 255, 255});
  CHECK(first({.shape = "3x2x2"}) == Bytes{0, 50, 100, 200, 0, 50, 100, 200, 0, 50, 100, 200});
}

TEST_CASE("images: a sheet beside a text is one where tiles are asked for") {
  const Bytes sheet = write_png({4, 2, 1, {9, 0, 80, 0, 0, 0, 0, 0}});
  const Bytes text = {'a', 'b', 'c', '\n'};
  CHECK(import_files({{"a.png", sheet}, {"b.txt", text}}, {.tiles = "2x2"}).report.kind ==
        "images");
}

TEST_CASE("images: a sheet is cut into tiles") {
  // Two rows of three tiles of 2 x 2; the last one is blank.
  Image sheet{6, 4, 1, Bytes(24, 0)};
  for (int i = 0; i < 5; ++i) {
    sheet.pixels[static_cast<std::size_t>((i / 3 * 2) * 6 + i % 3 * 2)] =
        static_cast<std::uint8_t>(40 * (i + 1));
  }
  const Imported imported = import_files({{"sheet.png", write_png(sheet)}}, {.tiles = "2x2"});
  CHECK(imported.data.shape == ImageShape{1, 2, 2});
  CHECK(imported.data.train.count() + imported.data.test.count() == 5);
  CHECK(imported.report.left_out == 1);
  CHECK(has_note(imported, "a sheet of tiles of 2 x 2"));
  Bytes all = pixels(imported);
  std::ranges::sort(all, std::greater());
  CHECK(Bytes(all.begin(), all.begin() + 6) == Bytes{200, 160, 120, 80, 40, 0});
  const Imported cut = import_files({{"s.png", write_png(sheet)}}, {.tiles = "3x2"});
  CHECK(cut.data.shape == ImageShape{1, 3, 2});
  CHECK(has_note(cut, "no multiples of a tile's"));
}

TEST_CASE("images: constant and nearly empty sets are said") {
  const auto notes_of = [](std::uint8_t a, std::uint8_t b) {
    return import_files(
        {{"a.png", write_png({2, 1, 1, {a, b}})}, {"b.png", write_png({2, 1, 1, {b, a}})}},
        {.shape = "2x2", .fit = Fit::kStretch});
  };
  CHECK(has_note(notes_of(7, 7), "every pixel 7 of 255"));
  CHECK(has_note(notes_of(7, 20), "all pixels are 7..20 of 255; data.range=7..20"));
  CHECK_FALSE(has_note(notes_of(7, 200), "seen"));
}

TEST_CASE("images: labels in a table beside them") {
  std::vector<NamedBytes> files;
  std::string table = "id,label,size\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = "i" + std::to_string(i);
    files.push_back({"train/" + name + ".png", grey_png(2, i % 3 == 0 ? 200 : 100)});
    table += name + (i % 3 == 0 ? ",cat," : ",\"a dog\",") + std::to_string(i) + "\n";
  }
  files.push_back({"test/j1.png", grey_png(2, 50)});
  const auto with = [&](const std::string& csv, const ImportOptions& options) {
    std::vector<NamedBytes> all = files;
    all.push_back({"train.csv", Bytes(csv.begin(), csv.end())});
    return import_files(all, options);
  };
  const Imported imported = with(table, {.image_side = 2});
  CHECK(imported.data.class_names == std::vector<std::string>{"a dog", "cat"});
  CHECK(imported.report.label == "column 'label' of 'train.csv'");
  CHECK(imported.report.columns == std::vector<std::string>{"id", "label", "size"});
  CHECK(imported.report.left_out == 1);
  CHECK(has_note(imported, "no label for 1 image, which is left out ('test/j1.png')"));
  for (const Samples* samples : {&imported.data.train, &imported.data.test}) {
    for (std::size_t i = 0; i < samples->labels.size(); ++i) {
      CHECK(samples->bytes()[4 * i] == (samples->labels[i] == 1 ? 200 : 100));
    }
  }
  CHECK(with(table, {.label = "size", .image_side = 2}).data.class_names.size() == 12);
  const Imported none = with(table, {.label = "none", .image_side = 2});
  CHECK(none.data.class_names.empty());
  CHECK(none.data.test.count() == 1);
  CHECK(contains(error_of([&] { with(table, {.label = "colour"}); }), "data.label='colour'"));
  // A table of something else plays no part.
  CHECK(with("a,b\n1,2\n3,4\n", {.image_side = 2}).data.class_names.empty());
  CHECK(with("\"no table", {.image_side = 2}).data.class_names.empty());
}

TEST_CASE("images: fewer by choice, another share, another seed") {
  std::vector<NamedBytes> files;
  for (int i = 0; i < 60; ++i) {
    files.push_back({(i % 2 ? "a/" : "b/") + std::to_string(i) + ".png",
                     grey_png(2, static_cast<std::uint8_t>(4 * i))});
  }
  const Imported few = import_files(files, {.image_side = 2, .most_samples = 12});
  CHECK(few.data.train.count() == 10);
  CHECK(few.data.test.count() == 2);
  CHECK(few.report.left_out == 48);
  CHECK(has_note(few, "12 of 60 images are used, chosen at random"));
  CHECK(pixels(few) == pixels(import_files(files, {.image_side = 2, .most_samples = 12})));
  CHECK(pixels(few) !=
        pixels(import_files(files, {.image_side = 2, .split_seed = 1, .most_samples = 12})));
  const Imported half = import_files(files, {.image_side = 2, .test_share = 0.5});
  CHECK(half.data.test.count() == 30);
  CHECK(std::ranges::count(half.data.test.labels, 0) == 15);
  CHECK(half.data.split_by == "50% of each class, chosen at random");
}

TEST_CASE("images: a table calls them by path, by name, with or without an ending") {
  const auto text = [](const std::string& content) {
    return Bytes(content.begin(), content.end());
  };
  const auto classes = [&](const std::string& table, const std::string& folder = "train/") {
    std::vector<NamedBytes> files = {{"labels.csv", text(table)}};
    for (const char* name : {"a", "b", "c", "d"}) {
      files.push_back({folder + name + ".png", grey_png(28, 10)});
    }
    std::string all;
    for (const std::string& name : import_files(std::move(files)).data.class_names) {
      all += name + ",";
    }
    return all;
  };
  const std::string wanted = "cat,dog,";
  CHECK(classes("id,label\na,cat\nb,dog\nc,cat\nd,dog\n") == wanted);
  CHECK(classes("label,id\ncat,a.png\ndog,b.png\ncat,c.png\ndog,d.png\n") == wanted);
  CHECK(classes("file,label\ntrain/a,cat\ntrain/b,dog\ntrain/c,cat\ntrain/d,dog\n") == wanted);
  CHECK(classes("file,label\n./a.png,cat\n./b.png,dog\n./c.png,cat\n./d.png,dog\n") == wanted);
  CHECK(classes("file,label\nset\\train\\a.png,cat\nset\\train\\b.png,dog\nset\\train\\c.png,cat\n"
                "set\\train\\d.png,dog\n") == wanted);
  CHECK(classes("/home/me/train/a.png,cat\n/home/me/train/b.png,dog\n/home/me/train/c.png,cat\n"
                "/home/me/train/d.png,dog\n") == wanted);
}

TEST_CASE("images: of two files of a name a table means the one in the folder of its name") {
  const auto text = [](const std::string& content) {
    return Bytes(content.begin(), content.end());
  };
  std::vector<NamedBytes> files = {{"train.csv", text("id,label\n1,x\n2,y\n3,x\n4,y\n")}};
  for (int i = 1; i <= 4; ++i) {
    files.push_back({"train/" + std::to_string(i) + ".png", grey_png(28, 10)});
    files.push_back({"test/" + std::to_string(i) + ".png", grey_png(28, 90)});
  }
  const Imported imported = import_files(std::move(files));
  CHECK(imported.data.class_names == std::vector<std::string>{"x", "y"});
  for (const std::uint8_t value : pixels(imported)) CHECK(value == 10);
}

}  // namespace
}  // namespace hourglass
