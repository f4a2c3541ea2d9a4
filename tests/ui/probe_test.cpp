// The tab of linear probes.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/ui/application_harness.h"
#include "ui/probe/probe_state.h"

namespace hourglass::ui {
namespace {

session::DataReady data_of(int classes, bool factors) {
  session::DataReady data;
  data.name = "strokes";
  data.rows = data.columns = 28;
  data.train_count = 10000;
  data.test_count = 2000;
  for (int i = 0; i < classes; ++i) data.class_names.push_back(std::to_string(i));
  if (factors) data.factors = {{"slant", "degrees", -20, 20}, {"x", "pixels", -3, 3}};
  return data;
}

struct ProbeHarness : ApplicationHarness {
  explicit ProbeHarness(float width = 1280, float height = 900, AppOptions options = {})
      : ApplicationHarness("probe", width, height, std::move(options)) {}

  const ProbeState& state() const { return app.state<ProbeState>(); }

  // Twelve of each class are right and three are taken for the class after it.
  void find(int classes = 10, bool done = true) {
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(classes * classes)), cells;
    for (int row = 0; row < classes; ++row) {
      const int wrong = (row + 1) % classes;
      counts[static_cast<std::size_t>(row * classes + row)] = 12;
      counts[static_cast<std::size_t>(row * classes + wrong)] = 3;
      for (int column = 0; column < classes; ++column) {
        const int images = column == row ? 4 : column == wrong ? 3 : 0;
        cells.insert(cells.end(), static_cast<std::size_t>(images),
                     static_cast<std::uint32_t>(row * classes + column));
      }
    }
    const auto count = static_cast<std::int64_t>(cells.size());
    result(R"({"labels":10000,"samples":150,"code_size":32,"linear_probe":0.8,)"
           R"("fine_tuned":null,"accuracy":0.8})",
           {{"confusion", {classes, classes}, counts},
            {"cells", {count}, cells},
            images("cell_images", count),
            floats("r_squared", {0.9f, -0.2f})},
           done);
  }
};

TEST_CASE("probe: labels and fine-tuning are the job's") {
  ProbeHarness harness;
  CHECK(harness.sent<session::StartJob>() == 0);
  REQUIRE(harness.click("probe:start"));
  CHECK(harness.started("probe") == R"({"labels":0})");
  harness.progress(0.3, "fit");
  CHECK_FALSE(harness.widget("probe:progress").empty());
  REQUIRE(harness.click("probe:cancel"));
  CHECK(harness.widget("probe:epochs").empty());
  REQUIRE(harness.click("probe:labels"));
  REQUIRE(harness.click("probe:labels:100"));
  REQUIRE(harness.click("probe:fine_tune"));
  REQUIRE(harness.click("probe:epochs"));
  harness.key(ImGuiKey_Backspace);
  harness.key(ImGuiKey_Backspace);
  harness.type("7");
  harness.key(ImGuiKey_Enter);
  REQUIRE(harness.click("probe:start"));
  CHECK(harness.started("probe") == R"({"labels":100,"fine_tune":true,"epochs":7})");
}

TEST_CASE("probe: only numbers of labels that the data allow are offered") {
  ProbeHarness harness;
  session::DataReady data = data_of(12, false);
  data.train_count = 300;
  harness.app.receive(data);
  harness.settle();
  REQUIRE(harness.click("probe:labels"));
  CHECK(harness.widget("probe:labels:10").empty());
  CHECK(harness.widget("probe:labels:300").empty());
  REQUIRE(harness.click("probe:labels:100"));
  // Of other data it is all labels again.
  data.train_count = 50;
  harness.app.receive(data);
  harness.settle();
  REQUIRE(harness.click("probe:start"));
  CHECK(harness.started("probe") == R"({"labels":0})");
}

TEST_CASE("probe: what is clicked in the matrix shows its images") {
  for (const auto& [width, height] : {std::pair{1280.0f, 900.0f}, {390.0f, 2000.0f}}) {
    CAPTURE(width);
    ProbeHarness harness(width, height);
    harness.app.receive(data_of(10, true));
    harness.settle();
    REQUIRE(harness.click("probe:start"));
    CHECK(harness.widget("probe:matrix").empty());
    harness.find(10, false);
    CHECK_FALSE(harness.widget("probe:matrix").empty());
    CHECK_FALSE(harness.widget("probe:factor:slant").empty());
    REQUIRE(harness.click("probe:cell:4:5"));
    CHECK(harness.sent<session::AskJob>() == 0);  // it is not ready yet
    harness.find();
    CHECK(harness.question() == R"({"class":4,"taken_for":5})");
    CHECK(harness.widget("probe:images").empty());
    harness.answer({ApplicationHarness::images("images", 3)});
    CHECK_FALSE(harness.widget("probe:images").empty());
    REQUIRE(harness.click("probe:cell:2:2"));
    CHECK(harness.question() == R"({"class":2,"taken_for":2})");
    CHECK(harness.state().cell == 22);
    // A cell without images is no mistake.
    REQUIRE(harness.click("probe:cell:0:9"));
    harness.answer({ApplicationHarness::images("images", 0)});
    CHECK(harness.widget("probe:images").empty());
  }
}

TEST_CASE("probe: cells are chosen from the keyboard") {
  ProbeHarness harness;
  REQUIRE(harness.click("probe:start"));
  harness.find();
  REQUIRE(harness.click("probe:cell:3:3"));
  harness.answer({ApplicationHarness::images("images", 12)});
  harness.key(ImGuiKey_RightArrow);
  harness.key(ImGuiKey_Space);
  CHECK(harness.state().cell == 34);
  CHECK(harness.question() == R"({"class":3,"taken_for":4})");
}

TEST_CASE("probe: many classes are one area, whose cell is where it was clicked") {
  ProbeHarness harness;
  harness.app.receive(data_of(60, false));
  harness.settle();
  REQUIRE(harness.click("probe:start"));
  harness.find(60);
  const Rect cells = harness.widget("probe:cells");
  REQUIRE_FALSE(cells.empty());
  const float cell = cells.w / 60;
  harness.move(cells.x + 7.5f * cell, cells.y + 6.5f * cell);
  harness.press(true);
  harness.press(false);
  CHECK(harness.state().cell == 6 * 60 + 7);
  CHECK(harness.question() == R"({"class":6,"taken_for":7})");
}

TEST_CASE("probe: findings that fit no data on show are not drawn") {
  ProbeHarness harness;
  REQUIRE(harness.click("probe:start"));
  harness.find(7);
  CHECK(harness.widget("probe:matrix").empty());
  harness.result("{}", {{"confusion", {10, 10}, std::vector<std::uint32_t>(100, 1)},
                        {"cells", {3}, std::vector<std::uint32_t>{0, 99, 4000}},
                        ApplicationHarness::images("cell_images", 3)});
  CHECK_FALSE(harness.widget("probe:matrix").empty());
}

TEST_CASE("probe: data without classes are told so, and nothing can be started") {
  ProbeHarness harness;
  harness.app.receive(data_of(1, false));
  harness.settle();
  CHECK(harness.widget("probe:start").empty());
  CHECK_FALSE(harness.widget("panel:probe").empty());
}

TEST_CASE("probe: everything is within the card in every form and language") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 1800.0f}}) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      CAPTURE(width);
      AppOptions options;
      options.language = language;
      ProbeHarness harness(width, height, std::move(options));
      harness.app.receive(data_of(10, true));
      harness.settle();
      REQUIRE(harness.click("probe:fine_tune"));
      REQUIRE(harness.click("probe:start"));
      harness.find();
      REQUIRE(harness.click("probe:cell:0:0"));
      harness.answer({ApplicationHarness::images("images", 12)});
      const Rect panel = harness.widget("panel:probe");
      for (const auto& [id, rect] : harness.app.widgets().all()) {
        if (!id.starts_with("probe:")) continue;
        CAPTURE(id);
        CHECK(rect.x >= panel.x - 0.5f);
        CHECK(rect.right() <= panel.right() + 0.5f);
      }
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
