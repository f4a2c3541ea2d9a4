// What of a run can be taken away as files.
#include "core/session/export/saved_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "core/base/write_number.h"
#include "core/formats/npy.h"
#include "core/formats/png.h"
#include "core/session/engine/kept_runs.h"
#include "core/train/metrics.h"
#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

namespace {

struct TrainedRun {
  Driver driver;
  Bytes checkpoint;

  TrainedRun() {
    driver.set("view.tiles", std::string("inputs"));
    driver.run_epochs(2);
    driver.settle();
    driver.send(SaveCheckpoint{}, 1);
    driver.settle();
    checkpoint = driver.replies.back().checkpoint;
    codes = finished(driver, "codes");
  }
  JobResult codes;

  RunToSave run() const {
    return {.checkpoint = checkpoint,
            .data = &driver.data,
            .snapshot = &driver.shown,
            .codes = &codes,
            .words = {}};
  }
  std::string text(SavedKind kind) const {
    const auto files = saved_files(kind, run());
    return {files.at(0).bytes.begin(), files.at(0).bytes.end()};
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("saved files: history and curves are those of the run") {
  const TrainedRun trained;
  const std::vector<EpochMetrics> history = parse_history_csv(trained.text(SavedKind::kHistory));
  REQUIRE(history.size() == trained.driver.epochs.size());
  CHECK(history.back().test_loss == doctest::Approx(trained.driver.epochs.back().test_loss));

  const std::string svg = trained.text(SavedKind::kCurves);
  CHECK(svg.starts_with("<svg xmlns="));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count_of(svg, "<polyline") == 2);
  CHECK(count_of(svg, "<circle") == history.size());
  CHECK(svg.find("nan") == std::string::npos);
  // The checkpoint has the curve, which a session that loads it draws again.
  Driver other;
  other.send(LoadCheckpoint{trained.checkpoint}, 2);
  other.settle();
  CHECK(other.losses.size() == trained.driver.losses.size());
}

TEST_CASE("saved files: the map has a line a point, with its class and its factors") {
  const TrainedRun trained;
  const DataReady& data = trained.driver.data;
  const std::vector<std::string> lines = lines_of(trained.text(SavedKind::kMap));
  REQUIRE(std::ssize(lines) == data.map_points + 1);
  CHECK(lines[0].starts_with("sample,x,y,label,"));
  const auto fields = 4 + data.factors.size();
  for (const std::string& line : lines) {
    REQUIRE(static_cast<std::size_t>(std::ranges::count(line, ',')) + 1 == fields);
  }
  std::ostringstream first;
  first << "0," << (*trained.driver.shown.map_points)[0];
  CHECK(lines[1].substr(0, 5) == first.str().substr(0, 5));
}

TEST_CASE("saved files: codes have a line a sample, and the array holds the same numbers") {
  const TrainedRun trained;
  const DataReady& data = trained.driver.data;
  const std::vector<std::string> lines = lines_of(trained.text(SavedKind::kCodes));
  REQUIRE(std::ssize(lines) == data.train_count + data.test_count + 1);
  CHECK(lines[0].starts_with("sample,split,label,code_1,"));
  CHECK(lines[1].starts_with("0,train,"));
  const std::string& first_test = lines[static_cast<std::size_t>(data.train_count) + 1];
  CHECK(first_test.starts_with("0,test,"));

  const NpyArray codes =
      read_npy(saved_files(SavedKind::kCodesNpy, trained.run())[0].bytes, "codes.npy");
  REQUIRE(codes.shape.size() == 2);
  CHECK(codes.shape[0] == data.train_count + data.test_count);
  const auto size = static_cast<std::size_t>(codes.shape[1]);
  std::string numbers;
  for (std::size_t k = 0; k < size; ++k) {
    const auto at = static_cast<std::size_t>(data.train_count) * size + k;
    numbers += "," + shortest_text(codes.value(at));
  }
  CHECK(first_test.ends_with(numbers));
  const NpyArray points =
      read_npy(saved_files(SavedKind::kMapNpy, trained.run())[0].bytes, "map.npy");
  CHECK(points.shape == std::vector<Index>{data.map_points, 2});
  CHECK(points.value(1) == doctest::Approx((*trained.driver.shown.map_points)[1]));
}

TEST_CASE("saved files: what is no result of the job codes makes no table") {
  const TrainedRun trained;
  RunToSave run = trained.run();
  run.codes = nullptr;
  CHECK_THROWS_AS(saved_files(SavedKind::kCodes, run), Error);
  JobResult damaged = trained.codes;
  run.codes = &damaged;
  for (const char* fields :
       {"[]", "{}", R"({"train":1,"test":1,"code_size":2})", R"({"train":-4,"test":"x"})",
        R"({"train":18446744073709551615,"test":1,"code_size":1})"}) {
    CAPTURE(fields);
    damaged.fields = fields;
    CHECK_THROWS_AS(saved_files(SavedKind::kCodes, run), Error);
  }
  damaged = trained.codes;
  for (JobArray& array : damaged.arrays) {
    if (array.name == "labels") array.values = std::vector<std::uint32_t>{7};
  }
  const auto file = saved_files(SavedKind::kCodes, run);
  CHECK(std::string(file[0].bytes.begin(), file[0].bytes.end()).starts_with("sample,split,code_1"));
}

TEST_CASE("saved files: pictures are sheets of what is shown") {
  const TrainedRun trained;
  const auto sheet = saved_files(SavedKind::kImages, trained.run());
  CHECK(sheet[0].name == "reconstructions.png");
  const Image image = read_png(sheet[0].bytes, "it");
  CHECK(image.channels == 1);
  CHECK(image.width > 10 * 28);
  // The first image's pixel of row 14, column 14: two pixels of border.
  CHECK(image.pixels[static_cast<std::size_t>((2 + 14) * image.width + 2 + 14)] ==
        (*trained.driver.shown.originals)[14 * 28 + 14]);
  const Image weights =
      read_png(saved_files(SavedKind::kWeights, trained.run())[0].bytes, "weights");
  CHECK(weights.width >= 28);
}

TEST_CASE("saved files: each kind has its name, and what is not there is said") {
  const TrainedRun trained;
  for (const std::string_view name : saved_kind_names()) {
    CAPTURE(name);
    const auto files = saved_files(saved_kind_from_name(name), trained.run());
    REQUIRE(!files.empty());
    for (const ExportedFile& file : files) CHECK_FALSE(file.bytes.empty());
  }
  CHECK_THROWS_AS(saved_kind_from_name("paper"), Error);
  RunToSave bare = trained.run();
  bare.data = nullptr;
  bare.snapshot = nullptr;
  for (const SavedKind kind : {SavedKind::kMap, SavedKind::kImages, SavedKind::kWeights}) {
    CHECK_THROWS_AS(saved_files(kind, bare), Error);
  }
  bare.checkpoint = std::span(trained.checkpoint).first(100);
  CHECK_THROWS_AS(saved_files(SavedKind::kHistory, bare), Error);
}

TEST_CASE("curves as SVG: long runs, wide ranges, odd words and numbers that are none") {
  CHECK_THROWS_AS(curves_svg({}, {}), Error);
  std::vector<LossPoint> losses;
  for (int i = 1; i <= 100000; ++i) losses.push_back({i, i / 1000.0, 100.0 / i, 0});
  losses[7].loss = std::numeric_limits<double>::quiet_NaN();
  const std::string svg = curves_svg(losses, {}, {.title = "a < b & c", .training = "训练"});
  CHECK(svg.size() < 60000);
  CHECK(svg.find("a &lt; b &amp; c") != std::string::npos);
  CHECK(svg.find("训练") != std::string::npos);
  CHECK(svg.find(">0.01<") != std::string::npos);  // a tick of a scale of powers of ten
  const std::vector<LossPoint> flat = {{1, 1, 0.5, 0}, {2, 2, 0.5, 0}};
  CHECK(curves_svg(flat, {}).find("nan") == std::string::npos);
  const std::vector<LossPoint> none = {{1, 1, std::numeric_limits<double>::infinity(), 0}};
  CHECK_THROWS_AS(curves_svg(none, {}), Error);
}
