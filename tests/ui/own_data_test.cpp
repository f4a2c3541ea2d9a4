// The panel of a person's own data as a person uses it, and what tables and wide images look like.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/data/import/sentences.h"
#include "tests/ui/harness.h"
#include "ui/images/pictures.h"
#include "ui/own_data/own_data_state.h"
#include "ui/own_data/own_data_words.h"

namespace hourglass::ui {
namespace {

using session::JobEnd;
using session::JobEnded;
using session::JobProgress;
using session::JobResult;
using session::StartJob;

constexpr std::pair<float, float> kSizes[] = {{1280, 800}, {800, 600}, {390, 844}};

void stage(Harness& harness, const std::string& name) {
  harness.app.receive(JobProgress{1, "import", 0, name, name, false});
  harness.settle();
}

void fail(Harness& harness, const std::string& sentence) {
  harness.app.receive(JobEnded{1, "import", JobEnd::kFailed, sentence});
  harness.settle();
}

nlohmann::json said(const Sentence& sentence) { return parse_json(sentence_json(sentence)); }

nlohmann::json image_fields() {
  return {{"name", "plates"},
          {"kind", "images"},
          {"samples", 60},
          {"train", 50},
          {"test", 10},
          {"shape", {1, 20, 60}},
          {"low", 0},
          {"high", 255},
          {"label", said(sentence("labels.subfolders"))},
          {"split", said(sentence("split.random", {sentence("split.one_in_six")}))},
          {"left_out", 2},
          {"notes", nlohmann::json::array({said(sentence("files.one_left_out", {"broken.png"}))})},
          {"classes", {{"left", 40}, {"right", 20}}},
          {"class_count", 2},
          {"columns", nlohmann::json::array()},
          {"arrays", nlohmann::json::array()},
          {"controls", {"data.image_side", "data.colour", "data.fit", "data.test_share"}}};
}

void show_images(Harness& harness) {
  JobResult result{1, "import", 0, true, image_fields().dump(), {}};
  result.arrays.push_back({"images", {40, 1200}, session::Bytes(48000, std::uint8_t{90})});
  harness.app.receive(std::move(result));
  harness.settle();
}

void show_table(Harness& harness) {
  nlohmann::json fields = image_fields();
  fields["name"] = "cars.csv";
  fields["kind"] = "table";
  fields["shape"] = {3};
  fields["columns"] = {"power", "weight", "year", "kind"};
  fields["titles"] = {"power", "weight", "year"};
  fields["rows"] = {{"130", "3504", "70"}, {"165", "3693", "71"}};
  fields["controls"] = {"data.label", "data.header", "data.missing", "data.invert"};
  harness.app.receive(JobResult{1, "import", 0, true, fields.dump(), {}});
  harness.settle();
}

// The arguments of the newest wish of the panel.
nlohmann::json wish(const Harness& harness) {
  const auto* start = harness.last<StartJob>();
  REQUIRE(start);
  CHECK(start->kind == "import");
  return nlohmann::json::parse(start->arguments);
}

// The data of the panel's choice are in use.
void use_table(Harness& harness, int features = 3, int images = 20) {
  session::DataReady data;
  data.name = "cars.csv";
  data.rows = 1;
  data.columns = features;
  data.train_count = 50;
  data.test_count = 10;
  for (int i = 0; i < features; ++i) data.feature_names.push_back("feature " + std::to_string(i));
  harness.app.receive(data);
  session::Snapshot snapshot;
  snapshot.image_count = images;
  snapshot.originals = snapshot.corrupted = snapshot.reconstructed =
      std::make_shared<const session::Bytes>(static_cast<std::size_t>(features * images),
                                             std::uint8_t{128});
  std::vector<std::uint32_t> indices;
  for (int i = 0; i < images; ++i) indices.push_back(static_cast<std::uint32_t>(i));
  snapshot.image_indices = std::make_shared<const std::vector<std::uint32_t>>(indices);
  harness.app.receive(snapshot);
  harness.settle();
}

void open(Harness& harness) {
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("tab:own_data"));
}

TEST_CASE("own data panel: before anything it says what can be dropped") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    open(harness);
    CHECK(wish(harness)["action"] == "hello");
    CHECK_FALSE(harness.widget("own:zone").empty());
    // A window opens no dialogue of its own; a page says that it can.
    CHECK(harness.widget("own:choose").empty());
    stage(harness, "page");
    REQUIRE(harness.click("own:choose"));
    CHECK(wish(harness)["action"] == "choose");
    REQUIRE(harness.click("own:folder"));
    CHECK(wish(harness)["action"] == "folder");
    CHECK(harness.widget("own:use").empty());
  }
}

TEST_CASE("own data panel: files that are dropped open it, in every layout") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    stage(harness, "open");
    CHECK_FALSE(harness.widget("panel:own_data").empty());
    show_images(harness);
    const Rect panel = harness.widget("panel:own_data");
    for (const char* id : {"own:name", "own:use", "own:shape", "own:count"}) {
      CAPTURE(id);
      const Rect widget = harness.widget(id);
      REQUIRE_FALSE(widget.empty());
      CHECK(widget.x >= panel.x - 0.5f);
      CHECK(widget.right() <= panel.right() + 0.5f);
    }
    if (width > 400) CHECK_FALSE(harness.widget("own:sheet").empty());
  }
}

TEST_CASE("own data panel: each guess can be changed, and each change is looked at anew") {
  Harness harness(1280, 900);
  feed(harness);
  stage(harness, "open");
  show_table(harness);
  CHECK_FALSE(harness.widget("own:rows").empty());
  // The label is one of the columns.
  REQUIRE(harness.click("own:data.label"));
  REQUIRE(harness.click("own:data.label:year"));
  CHECK(wish(harness)["action"] == "preview");
  CHECK(wish(harness)["options"]["data.label"] == "year");
  show_table(harness);
  REQUIRE(harness.click("own:data.missing"));
  REQUIRE(harness.click("own:data.missing:median"));
  CHECK(wish(harness)["options"]["data.missing"] == "median");
  CHECK(wish(harness)["options"]["data.label"] == "year");
  show_table(harness);
  REQUIRE(harness.click("own:data.invert"));
  REQUIRE(harness.click("own:data.invert:yes"));
  CHECK(wish(harness)["options"]["data.invert"] == true);
  // Other files begin without any of it.
  stage(harness, "open");
  show_images(harness);
  REQUIRE(harness.click("own:data.fit"));
  REQUIRE(harness.click("own:data.fit:crop"));
  CHECK(wish(harness)["options"] == nlohmann::json{{"data.fit", "crop"}});
  // What was said is used, and a number is typed.
  show_images(harness);
  REQUIRE(harness.click("own:data.test_share"));
  harness.type("0.25");
  harness.key(ImGuiKey_Enter);
  CHECK(wish(harness)["options"]["data.test_share"] == 0.25);
}

TEST_CASE("own data panel: what cannot be read is said, and the guesses stay within reach") {
  Harness harness(1280, 800);
  feed(harness);
  stage(harness, "open");
  fail(harness, "'paper.pdf' is a PDF document.");
  CHECK_FALSE(harness.widget("own:error").empty());
  CHECK(harness.app.state<OwnDataState>().error == "'paper.pdf' is a PDF document.");
  CHECK_FALSE(harness.widget("own:data.missing").empty());
  CHECK(harness.widget("own:use").empty());
  show_images(harness);
  CHECK(harness.widget("own:error").empty());
  // With a preview there, a wrong guess takes nothing away but the way on.
  fail(harness, "There is no column 'colour'.");
  CHECK_FALSE(harness.widget("own:sheet").empty());
  harness.click("own:use");
  CHECK(wish(harness)["action"] != "use");
  // The engine's old data stay.
  CHECK(harness.app.store().data.name == "strokes");
}

TEST_CASE("own data panel: use goes to the training once the data have come") {
  Harness harness(1280, 800);
  feed(harness);
  stage(harness, "open");
  show_table(harness);
  REQUIRE(harness.click("own:use"));
  CHECK(wish(harness)["action"] == "use");
  CHECK_FALSE(harness.widget("panel:own_data").empty());
  use_table(harness);
  CHECK(harness.widget("panel:own_data").empty());
  CHECK(harness.app.view().workspace == Workspace::kTraining);
  // What is refused leaves the panel where it is.
  stage(harness, "open");
  show_table(harness);
  REQUIRE(harness.click("own:use"));
  harness.app.receive(session::Failure{0, "The network does not fit."});
  use_table(harness);
  CHECK_FALSE(harness.widget("panel:own_data").empty());
}

TEST_CASE("own data panel: files are kept if the person says so, and forgotten") {
  Harness harness(1280, 800);
  feed(harness);
  stage(harness, "open");
  stage(harness, "page");
  show_images(harness);
  REQUIRE(harness.click("own:keep"));
  CHECK(wish(harness)["action"] == "keep");
  stage(harness, "kept");
  REQUIRE(harness.click("own:keep"));
  CHECK(wish(harness)["action"] == "unkeep");
  REQUIRE(harness.click("own:forget"));
  CHECK(wish(harness)["action"] == "forget");
  stage(harness, "none");
  CHECK_FALSE(harness.widget("own:zone").empty());
}

TEST_CASE("own data panel: notes and refusals are said in the language on show") {
  Texts texts = Texts::embedded();
  const Sentence note = sentence("table.counting", {sentence("column.named", {"号"})});
  OwnDataState state;
  state.error = note.text;
  state.refusal = said(note);
  CHECK(import_words(texts, said(note)) == note.text);
  CHECK(refusal_words(texts, state) == note.text);
  texts.set_language(Language::kChinese);
  CHECK(import_words(texts, said(note)) ==
        "“号”列只是行的编号，不参与训练；data.leave_out=none 保留它。");
  CHECK(refusal_words(texts, state) == import_words(texts, said(note)));
  // What has no text of its own is said to be in English; what the page itself says is not.
  state.error = "'x.png' is damaged.";
  state.refusal = said(Sentence(state.error));
  CHECK(refusal_words(texts, state) == texts.format("own_data.in_english", {state.error}));
  state.error = "内存不足。";
  state.refusal = nullptr;
  CHECK(refusal_words(texts, state) == state.error);
  // Hostile depth and shapes end.
  Json deep = {{"key", "list.and"}, {"text", "deep"}, {"values", Json::array()}};
  for (int i = 0; i < 40; ++i) {
    deep = {{"key", "list.and"}, {"text", "deep"}, {"values", {deep, 7}}};
  }
  CHECK(import_words(texts, deep).size() < 2000);
  CHECK(import_words(texts, Json::array({1, 2})).empty());
}

TEST_CASE("own data panel: whoever chooses own data and has none is shown where to") {
  Harness harness(1280, 800);
  feed(harness);
  harness.app.receive(session::DataWanted{"own"});
  harness.settle();
  CHECK_FALSE(harness.widget("own:zone").empty());
}

TEST_CASE("own data panel: answers that make no sense are drawn without harm") {
  Harness harness(1280, 800);
  feed(harness);
  stage(harness, "open");
  for (const char* fields :
       {"", "[]", "{}", R"({"shape":"x","rows":[1,2],"titles":{},"notes":7,"classes":[[1]]})",
        R"({"shape":[1,-4,999999999],"controls":["data.set","x",7],"rows":[[]]})"}) {
    CAPTURE(fields);
    JobResult result{1, "import", 0, true, fields, {}};
    result.arrays.push_back({"images", {40, 1200}, session::Bytes(3, std::uint8_t{90})});
    harness.app.receive(std::move(result));
    harness.settle();
    CHECK_FALSE(harness.widget("panel:own_data").empty());
  }
}

TEST_CASE("tables: reconstructions are features by name, and every layout has cards") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Harness harness(width, height);
    feed(harness);
    use_table(harness);
    CHECK_FALSE(harness.widget("image:0").empty());
    CHECK(harness.widget("row:original").empty());
    REQUIRE(harness.click("image:0"));
    // So do more features than a card has room for.
    use_table(harness, 200);
    CHECK_FALSE(harness.widget("image:0").empty());
  }
}

TEST_CASE("pictures: a vector is drawn as bars, and wide images keep their proportions") {
  Harness harness(1280, 800);
  session::DataReady shape;
  shape.rows = 1;
  shape.columns = 5;
  ImageAtlas bars;
  const session::Bytes values = {0, 64, 128, 192, 255, 10, 20, 30, 40, 50};
  bars.update(1, &values, 2, shape);
  CHECK(bars.count() == 2);
  CHECK(bars.aspect() == 0);
  shape.rows = 20;
  shape.columns = 60;
  ImageAtlas wide;
  const session::Bytes plates(2400, 90);
  wide.update(1, &plates, 2, shape);
  CHECK(wide.count() == 2);
  CHECK(wide.aspect() == doctest::Approx(3));
  // Two channels are no colours; four are, and the fourth is left out.
  shape.channels = 4;
  ImageAtlas four;
  const session::Bytes many(4800, 90);
  four.update(1, &many, 1, shape);
  CHECK(four.count() == 1);
  CHECK_FALSE(four.grey());
}

}  // namespace
}  // namespace hourglass::ui
