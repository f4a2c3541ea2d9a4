// Files that are for a trained model.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/formats/png.h"
#include "tests/data/array_builder.h"
#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"
#include "tests/data/png_builder.h"

using namespace hourglass;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes text(const std::string& content) { return {content.begin(), content.end()}; }

ImportOptions for_model(ImageShape shape, FileReading reading = {},
                        std::vector<std::string> columns = {}) {
  ImportOptions options;
  options.trained = TrainedOn{shape, std::move(columns), reading};
  options.whole = true;
  return options;
}

std::vector<float> values_of(const Samples& samples) {
  std::vector<float> values(samples.values().begin(), samples.values().end());
  for (const std::uint8_t byte : samples.bytes()) values.push_back(static_cast<float>(byte) / 255);
  return values;
}

std::vector<float> read(std::vector<NamedBytes> files, const ImportOptions& options) {
  return values_of(import_of(std::move(files), options).data.train);
}

const ImageShape kSmall{1, 8, 8};

}  // namespace

TEST_CASE("for a model, the range is its own") {
  const auto ramp = [](double scale, double offset) {
    return npy_floats(
        {2, 64}, [=](std::size_t i) { return scale * (static_cast<double>(i % 8) / 8) + offset; });
  };
  // 0..14 of 0..16: alone, 14 would be white.
  CHECK(read({{"x.npy", ramp(16, 0)}}, for_model(kSmall, {.black = 0, .white = 16}))[7] ==
        doctest::Approx(7.0 / 8));
  CHECK(read({{"x.npy", npy_bytes({2, 64}, [](std::size_t i) { return 2 * (i % 8); })}},
             for_model(kSmall, {.black = 0, .white = 16}))[7] ==
        doctest::Approx(14.0 / 16).epsilon(0.01));
  // Bytes that are dark stay dark.
  CHECK(read({{"x.npy", npy_bytes({2, 64}, [](std::size_t i) { return i % 8; })}},
             for_model(kSmall, {.black = 0, .white = 255}))[7] == doctest::Approx(7.0 / 255));
  CHECK(read({{"x.npy", ramp(2, -1)}}, for_model(kSmall, {.black = -1, .white = 1}))[0] == 0);
  // Floats in [0, 1] are that, and noise about them stays.
  CHECK(read({{"x.npy", ramp(1, 0)}}, for_model(kSmall, {.black = 0, .white = 255}))[7] ==
        doctest::Approx(7.0 / 8));
  CHECK(read({{"x.npy", ramp(1.4, -0.2)}}, for_model(kSmall))[0] == doctest::Approx(-0.2));
  CHECK(read({{"x.npy", ramp(1.4, -0.2)}}, for_model(kSmall))[7] == doctest::Approx(1.025));
  // What nobody knows is told and taken as it is.
  const Imported odd = import_of({{"x.npy", ramp(7, -3)}}, for_model(kSmall));
  CHECK(values_of(odd.data.train)[0] == doctest::Approx(-3));
  REQUIRE(odd.report.notes.size() == 1);
  CHECK(contains(odd.report.notes[0], "from -3 to 3.125, which are taken as they are"));
  // Inverted, as the settings say.
  ImportOptions inverted = for_model(kSmall, {.black = 255, .white = 0});
  inverted.invert = true;
  CHECK(read({{"x.npy", npy_bytes({2, 64}, [](std::size_t) { return 200; })}}, inverted)[0] ==
        doctest::Approx(55.0 / 255));
}

TEST_CASE("what a training run reads is what the same files give a model afterwards") {
  for (const double white : {1.0, 1.3, 16.0, 255.0, 1000.0}) {
    for (const double black : {0.0, -0.3, -1.0}) {
      CAPTURE(white);
      CAPTURE(black);
      const Bytes file = npy_floats({6, 8, 8}, [=](std::size_t i) {
        return black + (white - black) * blob(i / 64, i % 64 / 8, i % 8, 8);
      });
      const Dataset first = import_of({{"x.npy", file}}).data;
      ImportOptions options;
      options.trained = TrainedOn{first.shape, {}, first.reading};
      const Dataset again = import_of({{"x.npy", file}}, options).data;
      CHECK(values_of(again.train) == values_of(first.train));
      CHECK(again.reading == first.reading);
    }
  }
}

TEST_CASE("one sample, in any shape that a file gives it") {
  const auto value = [](std::size_t i) { return static_cast<double>(i) / 64; };
  for (const std::vector<Index>& shape :
       {std::vector<Index>{64}, {1, 64}, {8, 8}, {1, 8, 8}, {1, 1, 8, 8}}) {
    const Imported one = import_of({{"x.npy", npy_floats(shape, value)}}, for_model(kSmall));
    CHECK(one.data.train.count() == 1);
    CHECK(one.data.shape == kSmall);
    CHECK(values_of(one.data.train)[9] == doctest::Approx(9.0 / 64));
  }
  const Imported colour =
      import_of({{"x.npy", npy_floats({3, 8, 8}, value)}}, for_model({3, 8, 8}));
  CHECK(colour.data.train.count() == 1);
}

TEST_CASE("all samples stay, in their order") {
  const auto value = [](std::size_t i) { return static_cast<double>(i / 64) / 20; };
  const Imported all = import_of({{"x.npy", npy_floats({20, 64}, value)}}, for_model(kSmall));
  CHECK(all.data.train.count() == 20);
  CHECK(all.data.test.count() == 0);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(values_of(all.data.train)[64 * i] == doctest::Approx(static_cast<double>(i) / 20));
  }
  ImportOptions few = for_model(kSmall);
  few.most_samples = 3;
  few.array = "x_train";
  few.label = "first";
  CHECK(import_of({{"x.npy", npy_floats({20, 64}, value)}}, few).data.train.count() == 20);
}

TEST_CASE("a model's columns are found in any order") {
  const ImportOptions options = for_model({1, 1, 3}, {}, {"a", "b", "c"});
  const auto values = [&](const std::string& table) {
    return read({{"t.csv", text(table)}}, options);
  };
  const std::vector<float> wanted = {1, 2, 3, 4, 5, 6};
  CHECK(values("a,b,c\n1,2,3\n4,5,6\n") == wanted);
  CHECK(values("c,a,kind,b\n3,1,x,2\n6,4,y,5\n") == wanted);
  CHECK(values("C,id,A,d,B\n3,9,1,7,2\n6,8,4,7,5\n") == wanted);
  CHECK(values("1,2,3\n4,5,6\n") == wanted);         // without titles by their places
  CHECK(values("x,y,z\n1,2,3\n4,5,6\n") == wanted);  // said
  CHECK(values("b,c,a\n2.5,3,1\n") == std::vector<float>{1, 2.5, 3});  // one row
  CHECK(contains(
      error_of([&] { values("a,c,d,e\n1,2,3,4\n5,6,7,8\n"); }),
      "has no column 'b', which the model was trained on; there are 'a', 'c', 'd' and 'e'."));
  const Imported more = import_of({{"t.csv", text("a,b,c,d\n1,2,3,4\n4,5,6,7\n")}}, options);
  CHECK(contains(more.report.notes.back(), "left out: 'd'."));
  // A row of a table that looks like pixels is none where the model takes numbers.
  std::string row;
  for (int i = 0; i < 64; ++i) row += (i > 0 ? "," : "") + std::to_string(i % 17);
  const Imported table = import_of({{"t.csv", text(row + "\n")}}, for_model({1, 1, 64}));
  CHECK(table.data.shape.is_vector());
  CHECK(values_of(table.data.train)[16] == 16);
}

TEST_CASE("a picture is made what the model takes, and a sheet is cut into it") {
  const auto picture = [](int width, int height, std::uint8_t level) {
    return write_png({width, height, 1, Bytes(static_cast<std::size_t>(width * height), level)});
  };
  CHECK(import_of({{"a.png", picture(20, 20, 100)}}, for_model(kSmall)).data.train.count() == 1);
  CHECK(import_of({{"a.png", picture(24, 16, 100)}}, for_model(kSmall)).data.train.count() == 1);
  ImportOptions sheets = for_model(kSmall);
  sheets.cuts_sheets = true;
  Image sheet{24, 16, 1, Bytes(24 * 16)};
  for (std::size_t i = 0; i < sheet.pixels.size(); ++i) {
    sheet.pixels[i] = static_cast<std::uint8_t>(i % 251);
  }
  CHECK(import_of({{"a.png", write_png(sheet)}}, sheets).data.train.count() == 6);
  CHECK(import_of({{"a.png", picture(20, 20, 100)}}, sheets).data.train.count() == 1);
  const Imported several = import_of({{"b/2.png", picture(8, 8, 20)},
                                      {"a/1.png", picture(8, 8, 10)},
                                      {"train/3.png", picture(8, 8, 30)}},
                                     for_model(kSmall));
  CHECK(several.data.train.bytes()[0] == 10);
  CHECK(several.data.train.bytes()[64] == 20);
  CHECK(several.data.train.bytes()[128] == 30);
  CHECK(contains(error_of([&] { import_of({{"a.png", picture(9, 9, 1)}}, for_model({1, 1, 5})); }),
                 "the model takes 5 numbers"));
}

TEST_CASE("EMNIST's images are turned for a model that was trained on them") {
  Bytes idx = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8};
  for (int i = 0; i < 128; ++i) idx.push_back(static_cast<std::uint8_t>(i % 8 * 30));
  ImportOptions options = for_model(kSmall, {.black = 0, .white = 255, .is_transposed = true});
  const auto turned = read({{"mine.idx", idx}}, options);
  CHECK(turned[8] == doctest::Approx(30.0 / 255));
  CHECK(turned[1] == 0);
  options.transpose = Guess::kNo;
  CHECK(read({{"mine.idx", idx}}, options)[1] == doctest::Approx(30.0 / 255));
}
