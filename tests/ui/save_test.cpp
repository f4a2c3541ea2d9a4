// The panel of files to take away, as a person uses it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/ui/harness.h"
#include "ui/save/save_state.h"

namespace hourglass::ui {
namespace {

using session::JobEnd;
using session::JobEnded;
using session::JobProgress;
using session::StartJob;

constexpr std::pair<float, float> kLayouts[] = {{1280, 800}, {800, 600}, {390, 844}};

void open_save(Harness& harness) {
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("tab:save"));
}

// What the panel asked for last.
nlohmann::json asked_for(const Harness& harness) {
  const auto* start = harness.last<StartJob>();
  REQUIRE(start);
  CHECK(start->kind == "save");
  return nlohmann::json::parse(start->arguments);
}

void end(Harness& harness, JobEnd reason, const std::string& message) {
  harness.app.receive(JobEnded{2, "save", reason, message});
  harness.settle();
}

TEST_CASE("save panel: a button asks for its file, and one at a time is made") {
  for (const auto& [width, height] : kLayouts) {
    CAPTURE(width);
    Harness harness(width, height);
    open_save(harness);
    CHECK(asked_for(harness)["what"] == "hello");
    for (const char* kind : {"checkpoint", "onnx"}) {
      REQUIRE(harness.click("save:" + std::string(kind)));
      CHECK(asked_for(harness)["what"] == kind);
      CHECK(asked_for(harness)["words"]["epochs"].is_string());
      const auto before = harness.commands.size();
      harness.click("save:" + std::string(kind));
      CHECK(harness.commands.size() == before);
      end(harness, JobEnd::kDone, "model." + std::string(kind));
      CHECK(harness.app.state<SaveState>().saved == "model." + std::string(kind));
      CHECK_FALSE(harness.widget("save:outcome").empty());
    }
  }
}

TEST_CASE("save panel: the pictures of weights are made while they can be saved") {
  Harness harness(1280, 800);
  open_save(harness);
  const auto* wanted = harness.last<session::SetSetting>();
  REQUIRE(wanted);
  CHECK(wanted->key == "view.tiles");
  CHECK(wanted->value == session::Value(std::string("inputs")));
}

TEST_CASE("save panel: what went wrong is said until the next file") {
  Harness harness(1280, 800);
  open_save(harness);
  REQUIRE(harness.click("save:map"));
  end(harness, JobEnd::kFailed, "There is no map to save yet.");
  CHECK_FALSE(harness.widget("save:error").empty());
  REQUIRE(harness.click("save:history"));
  CHECK(harness.widget("save:error").empty());
}

TEST_CASE("save panel: what there is not cannot be asked for") {
  Harness harness(1280, 800);
  open_save(harness);
  const auto before = harness.commands.size();
  harness.click("save:weights");  // no tiles were shown
  CHECK(harness.commands.size() == before);
  session::DataReady table;
  table.name = "cars.csv";
  table.rows = 1;
  table.columns = 3;
  harness.app.receive(table);
  harness.settle();
  const auto then = harness.commands.size();
  harness.click("save:images");
  CHECK(harness.commands.size() == then);
}

TEST_CASE("save panel: only who can open a dialogue offers to open a run") {
  Harness harness(1280, 800);
  open_save(harness);
  CHECK(harness.widget("save:open").empty());
  harness.app.receive(JobProgress{2, "save", 0, "can_open", "", false});
  harness.app.receive(JobProgress{2, "save", 0, "place", "/home/me/Downloads", false});
  harness.settle();
  REQUIRE(harness.click("save:open"));
  CHECK(asked_for(harness)["what"] == "open");
  end(harness, JobEnd::kDone, "view.png");
  CHECK(harness.app.state<SaveState>().place == "/home/me/Downloads");
}

TEST_CASE("save panel: what became of another program's layers is shown, whatever was on show") {
  const std::string mapping =
      R"({"name":"net.safetensors","layers":[)"
      R"({"from":"fc1","to":"encoder.0","inputs":784,"outputs":12,"activation":"relu","known":false},)"
      R"({"from":"fc2","to":"decoder.0","inputs":12,"outputs":784,"activation":"sigmoid"},7]})";
  for (const auto& [width, height] : kLayouts) {
    CAPTURE(width);
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    CHECK(harness.widget("save:model").empty());
    harness.app.receive(JobProgress{2, "save", 0, "model", mapping, false});
    harness.settle();
    CHECK(harness.widget("save:model").h > 60);
    for (const char* odd : {"", "[]", R"({"layers":7})", R"({"name":3,"layers":[{}]})"}) {
      CAPTURE(odd);
      harness.app.receive(JobProgress{2, "save", 0, "model", odd, false});
      harness.settle();
      CHECK_FALSE(harness.widget("panel:save").empty());
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
