// A person's own data on their way: what is understood of the files, and a run on them.
#include <doctest/doctest.h>

#include <string>

#include "core/base/json.h"
#include "core/data/sources/dataset_file.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/engine/data_import.h"
#include "tests/data/expect_error.h"
#include "tests/support/session_driver.h"

namespace hourglass {
namespace {

using namespace session;
using tests::Driver;

// 60 rows of two measures and a kind.
std::string cars() {
  std::string text = "power,weight,kind\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(100 + i) + "," + std::to_string(2000 + 7 * i) + "," +
            (i % 2 ? "van" : "coupe") + "\n";
  }
  return text;
}

DataImport import_of(const std::string& name, const std::string& text) {
  DataImport import;
  import.take(files_in_memory(name, {{name, {text.begin(), text.end()}}}), name);
  return import;
}

// A data set of that many images of `side` x 2 `side` pixels.
Bytes wide_images(Index count, Index side, std::uint8_t value = 90) {
  Dataset data;
  data.name = "plates";
  data.shape = {1, side, 2 * side};
  const auto size = static_cast<std::size_t>(2 * side * side);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count) * size, value);
  for (std::size_t i = 0; i < pixels.size(); i += 3) pixels[i] = 200;
  data.train = Samples(static_cast<Index>(size), pixels);
  data.test = Samples(static_cast<Index>(size), pixels);
  return dataset_to_bytes(data, R"({"data.image_side":32})");
}

ProvideData own(Bytes samples) {
  ProvideData data;
  data.name = "own";
  data.samples = std::move(samples);
  return data;
}

TEST_CASE("own data: a table is shown by its first rows, with a control for each guess") {
  DataImport import = import_of("cars.csv", cars());
  const JobResult result = import.preview("{}");
  CHECK(result.kind == "import");
  CHECK(result.done);
  CHECK(result.arrays.empty());
  const Json fields = parse_json(result.fields);
  CHECK(fields["kind"] == "table");
  CHECK(fields["samples"] == 60);
  CHECK(fields["train"].get<int>() + fields["test"].get<int>() == 60);
  CHECK(fields["shape"] == Json::array({2}));
  CHECK(fields["class_count"] == 2);
  CHECK(fields["titles"] == Json::array({"power", "weight"}));
  REQUIRE(fields["rows"].size() == 8);
  CHECK(fields["rows"][0].size() == 2);
  CHECK(contains(fields["label"]["text"].get<std::string>(), "kind"));
  CHECK(fields["controls"].dump().find("data.label") != std::string::npos);
}

TEST_CASE("own data: what is said about them is understood, and what cannot be is refused") {
  DataImport import = import_of("cars.csv", cars());
  const Json first = parse_json(import.preview(R"({"data.label":"weight"})").fields);
  CHECK(contains(first["label"]["text"].get<std::string>(), "weight"));
  const auto refusal = [&](const char* options) {
    return error_of([&] { import.preview(options); });
  };
  CHECK(contains(refusal(R"({"data.label":"colour"})"), "colour"));
  CHECK(contains(refusal(R"({"data.set":"mnist"})"), "data.set"));
  CHECK(contains(refusal(R"({"train.seed":1})"), "train.seed"));
  CHECK(contains(refusal(R"({"data.invert":[]})"), "data.invert"));
  CHECK(contains(refusal("nothing"), "JSON"));
  // And nothing is lost by it.
  CHECK(parse_json(import.preview("{}").fields)["samples"] == 60);
}

TEST_CASE("own data: files that are none are refused in one sentence, and so is nothing at all") {
  DataImport nothing;
  CHECK(contains(error_of([&] { nothing.preview("{}"); }), "no files yet"));
  DataImport import = import_of("paper.pdf", "%PDF-1.7 and so on");
  CHECK(contains(error_of([&] { import.preview("{}"); }), "paper.pdf"));
  import.forget();
  CHECK_FALSE(import.has_files());
}

TEST_CASE("own data: images are shown as a sheet of forty") {
  const DatasetFile file = dataset_from_bytes(wide_images(50, 4), "it");
  // As IDX, of which the import makes a set of its own.
  std::string idx = {0, 0, 8, 3, 0, 0, 0, 50, 0, 0, 0, 4, 0, 0, 0, 8};
  for (const std::uint8_t byte : file.data.train.bytes()) idx += static_cast<char>(byte);
  DataImport import;
  std::string labels = {0, 0, 8, 1, 0, 0, 0, 50};
  labels.resize(58, 1);
  std::vector<NamedBytes> files;
  for (const char* split : {"train", "t10k"}) {
    const std::string name = split;
    files.push_back({name + "-images-idx3-ubyte", {idx.begin(), idx.end()}});
    files.push_back({name + "-labels-idx1-ubyte", {labels.begin(), labels.end()}});
  }
  import.take(files_in_memory("plates", std::move(files)), "plates");
  const JobResult result = import.preview("{}");
  REQUIRE(result.arrays.size() == 1);
  CHECK(result.arrays[0].name == "images");
  CHECK(result.arrays[0].shape == std::vector<std::int64_t>{40, 32});
  CHECK(parse_json(result.fields)["shape"] == Json::array({1, 4, 8}));
}

TEST_CASE("own data: a run is trained on what was understood, and its checkpoint goes on") {
  Driver driver;
  DataImport import = import_of("cars.csv", cars());
  driver.send(own(import.samples(R"({"data.label":"kind"})")));
  driver.settle();
  REQUIRE(driver.failures.empty());
  CHECK(driver.data.name == "cars.csv");
  CHECK(driver.data.feature_names == std::vector<std::string>{"power", "weight"});
  CHECK(driver.data.columns == 2);
  CHECK(std::get<std::string>(driver.setting("data.set")) == "own");
  CHECK(std::get<std::string>(driver.setting("data.label")) == "kind");
  driver.send(Step{3});
  driver.settle();
  CHECK(driver.status.step == 3);
  driver.send(SaveCheckpoint{}, 1);
  const Bytes saved = driver.replies.back().checkpoint;
  const RunInfo info = read_run_info(read_safetensors(saved, "it"), "it");
  CHECK(info.data == "cars.csv");
  CHECK(info.data_hash.size() == 16);
  driver.send(Reset{});
  driver.settle();
  driver.send(LoadCheckpoint{saved});
  driver.settle();
  CHECK(driver.failures.empty());
  CHECK(driver.status.step == 3);

  // Elsewhere it asks for them.
  Driver other;
  other.send(LoadCheckpoint{saved});
  other.settle();
  REQUIRE_FALSE(other.wanted.empty());
  CHECK(other.wanted.back() == "own");
  other.send(own(import.samples(R"({"data.label":"kind"})")));
  other.settle();
  CHECK(other.failures.empty());
  CHECK(other.status.step == 3);
}

TEST_CASE("own data: another set and back asks for them once more, and so does another scale") {
  Driver driver;
  driver.send(own(wide_images(40, 6)));
  driver.settle();
  CHECK(driver.data.rows == 6);
  CHECK(driver.data.columns == 12);
  CHECK(std::get<std::int64_t>(driver.setting("data.image_side")) == 32);
  driver.set("data.set", std::string("strokes"));
  driver.settle();
  CHECK(driver.data.name == "strokes");
  const auto asked = driver.wanted.size();
  driver.set("data.set", std::string("own"));
  driver.settle();
  REQUIRE(driver.wanted.size() == asked + 1);
  CHECK(driver.wanted.back() == "own");
  driver.send(own(wide_images(40, 6)));
  driver.settle();
  CHECK(driver.data.name == "plates");
  driver.send(Reset{});
  driver.settle();
  CHECK(driver.wanted.size() == asked + 1);  // they are in use, whatever they are called
  driver.set("data.scaling", std::string("signed"));
  driver.set("model.loss", std::string("mse"));
  driver.settle();
  CHECK(driver.wanted.size() == asked + 2);
}

TEST_CASE("own data: what cannot be used leaves what there was") {
  Driver driver;
  driver.send(own({1, 2, 3}));
  driver.settle();
  REQUIRE(driver.failures.size() == 1);
  CHECK(driver.data.name == "strokes");
  CHECK(std::get<std::string>(driver.setting("data.set")) == "strokes");
  driver.send(own(wide_images(40, 6)));
  driver.settle();
  REQUIRE(driver.data.name == "plates");
  // Nobody has any: back to the own data that there are.
  driver.set("data.scaling", std::string("signed"));
  driver.settle();
  driver.send(DataFailed{"own", "There are none."});
  driver.settle();
  CHECK(driver.failures.back().message == "There are none.");
  CHECK(std::get<std::string>(driver.setting("data.set")) == "own");
  CHECK(driver.data.name == "plates");
}

}  // namespace
}  // namespace hourglass
