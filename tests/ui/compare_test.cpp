// The tab that shows two runs side by side.
#include <doctest/doctest.h>

#include "tests/data/expect_error.h"
#include "tests/ui/application_harness.h"
#include "ui/compare/compare_state.h"

namespace hourglass::ui {
namespace {

// A kept run of `data` from elsewhere.
session::RunKept kept_run(std::uint64_t number, const std::string& data = "strokes",
                          std::int64_t features = 784) {
  session::RunKept kept;
  kept.run = number;
  kept.data = data;
  kept.settings = session::Settings().all();
  kept.network.input_features = features;
  kept.network.code_size = 32;
  kept.losses = {{10, 1.5, 0.2, 0}};
  session::EpochMetrics epoch;
  epoch.epoch = 1;
  epoch.test_loss = 0.125;
  kept.epochs = {epoch};
  return kept;
}

struct CompareHarness : ApplicationHarness {
  explicit CompareHarness(float width = 1280, float height = 900, AppOptions options = {})
      : ApplicationHarness("compare", width, height, std::move(options)) {
    show_images();
  }

  const CompareState& state() const { return app.state<CompareState>(); }
  const session::StartJob* job(const std::string& kind) const {
    for (auto at = commands.rbegin(); at != commands.rend(); ++at) {
      const auto* start = std::get_if<session::StartJob>(&at->body);
      if (start && start->kind == kind) return start;
    }
    return nullptr;
  }
  std::string arguments(const std::string& kind) const {
    return job(kind) ? job(kind)->arguments : "none";
  }
  int starts(const std::string& kind) const {
    int count = 0;
    for (const session::Command& command : commands) {
      const auto* start = std::get_if<session::StartJob>(&command.body);
      count += start && start->kind == kind;
    }
    return count;
  }
  void show_images() {
    session::Snapshot snapshot;
    snapshot.image_count = 3;
    snapshot.image_indices =
        std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{5, 7, 9});
    app.receive(snapshot);
    settle();
  }
  // The engine has found all of that side, and answers what is asked.
  void find(const std::string& kind, int code_size = 32, double error = 0.02,
            const std::string& source = "gaussian") {
    for (const session::Command& command : commands) {
      if (std::holds_alternative<session::CancelJob>(command.body)) {
        app.receive(session::Reply{command.id, {}, {}});
      }
    }
    const session::StartJob start = *job(kind);
    session::Floats map;
    for (int i = 0; i < 200; ++i) map.push_back(static_cast<float>(i % 17));
    app.receive(session::JobResult{start.job,
                                   kind,
                                   0,
                                   true,
                                   R"({"of":"run","source":")" + source + R"(","code_size":)" +
                                       std::to_string(code_size) + R"(,"test_mse":)" +
                                       std::to_string(error) + "}",
                                   {{"map", {100, 2}, map}}});
    settle();
    const session::AskJob* asked = nullptr;
    std::uint64_t id = 0;
    for (const session::Command& command : commands) {
      const auto* each = std::get_if<session::AskJob>(&command.body);
      if (each && each->job == start.job) {
        asked = each;
        id = command.id;
      }
    }
    REQUIRE(asked != nullptr);
    question_of_side = asked->arguments;
    app.receive(session::JobResult{
        start.job,
        kind,
        asked->question,
        true,
        "{}",
        {images("originals", 3), images("reconstructed", 3), images("samples", kComparedSamples),
         floats("errors", {0.5f, 0.25f, 0.75f})}});
    app.receive(session::Reply{id, {}, {}});
    settle();
  }

  std::string question_of_side;
};

TEST_CASE("compare: without a kept run it is against PCA with as many components as the code") {
  CompareHarness harness;
  CHECK(harness.arguments("compare") == R"({"points":2000})");
  CHECK(harness.arguments("compare_with") == R"({"components":32,"points":2000})");
  harness.find("compare");
  CHECK(harness.question_of_side == R"({"seed":1,"count":36,"images":[5,7,9]})");
  harness.find("compare_with", 32, 0.05, "pca");
  CHECK(harness.question_of_side == R"({"seed":1,"count":36,"images":[5,7,9]})");
  for (const char* part :
       {"compare:originals", "compare:present:images", "compare:other:images",
        "compare:present:map", "compare:other:map", "compare:present:samples",
        "compare:other:samples", "compare:present:error", "compare:other:error"}) {
    CAPTURE(part);
    CHECK_FALSE(harness.widget(part).empty());
  }
  CHECK(harness.widget("compare:note").empty());
  // Image below image, and map beside map.
  CHECK(harness.widget("compare:originals").x == harness.widget("compare:other:images").x);
  CHECK(harness.widget("compare:present:map").y == harness.widget("compare:other:map").y);
  CHECK(harness.state().present_side.samples.count() == kComparedSamples);
  const int asked = harness.sent<session::AskJob>();
  REQUIRE(harness.click("compare:new"));
  CHECK(harness.sent<session::AskJob>() == asked + 2);  // of both, the same draw
}

TEST_CASE("compare: the newest kept run of the data in use, or the one that is chosen") {
  CompareHarness harness;
  harness.app.receive(kept_run(4));
  harness.app.receive(kept_run(5));
  harness.app.receive(kept_run(6, "mnist"));
  harness.settle();
  CHECK(harness.arguments("compare_with") == R"({"run":5,"points":2000})");
  harness.find("compare_with");
  REQUIRE(harness.click("compare:with"));
  REQUIRE(harness.click("compare:with:run:4"));
  CHECK(harness.arguments("compare_with") == R"({"run":4,"points":2000})");
  // What was found of the one before would stand under this one's name.
  CHECK(harness.app.jobs().view("compare_with").result.empty());
  REQUIRE(harness.click("compare:with"));
  REQUIRE(harness.click("compare:with:pca"));
  CHECK(contains(harness.arguments("compare_with"), "components"));
  // A chosen one that is deleted gives way.
  REQUIRE(harness.click("compare:with"));
  REQUIRE(harness.click("compare:with:run:4"));
  harness.app.receive(session::RunDropped{4, true});
  harness.settle();
  CHECK(harness.arguments("compare_with") == R"({"run":5,"points":2000})");
}

TEST_CASE("compare: a run of other data is a sentence, not a picture") {
  CompareHarness harness;
  harness.app.receive(kept_run(4, "mnist"));
  harness.app.receive(kept_run(5, "strokes", 100));
  harness.settle();
  for (const char* run : {"compare:with:run:4", "compare:with:run:5"}) {
    CAPTURE(run);
    const int before = harness.starts("compare_with");
    REQUIRE(harness.click("compare:with"));
    REQUIRE(harness.click(run));
    CHECK(harness.starts("compare_with") == before);
    CHECK_FALSE(harness.widget("compare:note").empty());
    CHECK(harness.app.jobs().view("compare_with").result.empty());
  }
  REQUIRE(harness.click("compare:with"));
  REQUIRE(harness.click("compare:with:pca"));
  CHECK(harness.widget("compare:note").empty());
}

TEST_CASE("compare: codes of different sizes are told") {
  CompareHarness harness;
  harness.app.receive(kept_run(4));
  harness.settle();
  harness.find("compare", 32);
  harness.find("compare_with", 2);
  CHECK_FALSE(harness.widget("compare:note").empty());
}

TEST_CASE("compare: the present side follows the training, the other one stays") {
  CompareHarness harness;
  harness.find("compare");
  harness.find("compare_with");
  const int others = harness.starts("compare_with");
  session::Status status;
  status.step = 300;
  harness.app.receive(status);
  harness.settle(2000);  // it rests, and then begins again
  CHECK(harness.starts("compare") == 2);
  CHECK(harness.starts("compare_with") == others);
  // The picture stays meanwhile.
  CHECK_FALSE(harness.app.jobs().view("compare").answer.empty());
  harness.find("compare");
  REQUIRE(harness.click("compare:follow"));
  status.step = 400;
  harness.app.receive(status);
  harness.settle(2000);
  CHECK(harness.starts("compare") == 2);
  // Another network is looked at all the same.
  session::NetworkInfo network = harness.app.store().network;
  harness.app.receive(network);
  harness.settle();
  CHECK(harness.starts("compare") == 3);
}

TEST_CASE("compare: on a phone the parts stand in pairs, and nothing is outside the window") {
  for (const auto& [width, height] : {std::pair{390.0f, 4000.0f}, {360, 4000}, {800, 600}}) {
    CAPTURE(width);
    CompareHarness harness(width, height);
    harness.find("compare");
    harness.find("compare_with");
    const bool phone = width < 500;
    const Rect map = harness.widget("compare:present:map");
    REQUIRE_FALSE(map.empty());
    if (phone) {
      const Rect other = harness.widget("compare:other:map");
      CHECK(other.y >= map.bottom());
      CHECK(harness.widget("compare:present:samples").y >= other.bottom());
    }
    for (const char* part :
         {"compare:originals", "compare:present:map", "compare:with", "compare:follow"}) {
      CAPTURE(part);
      const Rect area = harness.widget(part);
      CHECK_FALSE(area.empty());
      CHECK(area.x >= 0);
      CHECK(area.right() <= width + 0.5f);
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
