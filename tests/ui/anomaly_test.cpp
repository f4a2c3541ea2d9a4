// The tab of anomalies.
#include <doctest/doctest.h>

#include "tests/data/expect_error.h"
#include "tests/ui/application_harness.h"
#include "ui/anomaly/anomaly_scores.h"
#include "ui/anomaly/anomaly_state.h"

namespace hourglass::ui {
namespace {

struct AnomalyHarness : ApplicationHarness {
  explicit AnomalyHarness(float width = 1280, float height = 900, AppOptions options = {})
      : ApplicationHarness("anomaly", width, height, std::move(options)) {}

  const AnomalyState& state() const { return app.state<AnomalyState>(); }

  // Ten samples, of which the last three are the class that was left out.
  void find(bool done) {
    session::Floats scores;
    session::Bytes kinds;
    for (int i = 0; i < 10; ++i) {
      scores.push_back(0.01f * static_cast<float>(i + 1));
      kinds.push_back(i >= 7 ? 1 : 0);
    }
    result(R"({"class":3,"epochs":2,"code_size":32,"auc":1,"threshold":0.065,"pca_auc":0.9,)"
           R"("wide_auc":null})",
           {floats("scores", scores),
            {"anomalous", {10}, kinds},
            {"roc", {3, 2}, session::Floats{0, 0, 0, 1, 1, 1}},
            {"pca_roc", {2, 2}, session::Floats{0, 0, 1, 1}},
            images("best_originals", 3),
            images("best_restored", 3),
            floats("best_errors", {0.1f, 0.2f, 0.3f})},
           done);
  }
  void answer_examples() {
    std::vector<session::JobArray> arrays;
    for (const std::string side : {"below", "above"}) {
      arrays.push_back(images(side + "_originals", 5));
      arrays.push_back(images(side + "_restored", 5));
      arrays.push_back(floats(side + "_errors", {1, 2, 3, 4, 5}));
      arrays.push_back({side + "_anomalous", {5}, session::Bytes{0, 1, 0, 1, 0}});
    }
    answer(std::move(arrays));
  }
};

TEST_CASE("anomaly: class, epochs and a wider code are the experiment's") {
  AnomalyHarness harness;
  CHECK(harness.sent<session::StartJob>() == 0);
  REQUIRE(harness.click("anomaly:class"));
  REQUIRE(harness.click("anomaly:class:3"));
  REQUIRE(harness.click("anomaly:epochs"));
  harness.key(ImGuiKey_Backspace);
  harness.type("12");
  harness.key(ImGuiKey_Enter);
  REQUIRE(harness.click("anomaly:start"));
  CHECK(harness.started("anomaly") == R"({"class":3,"epochs":12})");
  harness.progress(0.3, "train");
  CHECK_FALSE(harness.widget("anomaly:progress").empty());
  REQUIRE(harness.click("anomaly:pause"));
  CHECK(harness.sent<session::PauseJob>() == 1);
  REQUIRE(harness.click("anomaly:cancel"));
  REQUIRE(harness.click("anomaly:wide"));
  REQUIRE(harness.click("anomaly:start"));
  CHECK(harness.started("anomaly") == R"({"class":3,"epochs":12,"wide":512})");
}

TEST_CASE("anomaly: curves come with the first epoch, images with the end") {
  AnomalyHarness harness;
  REQUIRE(harness.click("anomaly:start"));
  harness.find(false);
  CHECK_FALSE(harness.widget("anomaly:histogram").empty());
  CHECK_FALSE(harness.widget("plot:roc").empty());
  CHECK_FALSE(harness.widget("anomaly:best").empty());
  CHECK(harness.sent<session::AskJob>() == 0);
  harness.find(true);
  CHECK(harness.question() == R"({"threshold":0.065})");
  CHECK(harness.widget("anomaly:below").empty());
  harness.answer_examples();
  CHECK_FALSE(harness.widget("anomaly:below").empty());
  CHECK_FALSE(harness.widget("anomaly:above").empty());
}

TEST_CASE("anomaly: the threshold follows the pointer and the keys") {
  AnomalyHarness harness;
  REQUIRE(harness.click("anomaly:start"));
  harness.find(true);
  harness.answer_examples();
  CHECK_FALSE(harness.state().threshold.has_value());
  REQUIRE(harness.click("anomaly:histogram"));
  REQUIRE(harness.state().threshold.has_value());
  const double middle = *harness.state().threshold;
  CHECK(middle > 0.04);
  CHECK(middle < 0.06);
  harness.answer_examples();
  REQUIRE(harness.click("anomaly:threshold"));
  CHECK(*harness.state().threshold == doctest::Approx(middle).epsilon(0.01));
  harness.key(ImGuiKey_RightArrow);
  CHECK(*harness.state().threshold > middle);
  // Another experiment has a threshold of its own.
  REQUIRE(harness.click("anomaly:start"));
  CHECK_FALSE(harness.state().threshold.has_value());
}

TEST_CASE("anomaly: shares of both kinds above a threshold") {
  JobFindings found;
  found.revision = 1;
  found.arrays = {{"scores", {4}, session::Floats{1, 2, 2, 3}},
                  {"anomalous", {4}, session::Bytes{0, 1, 0, 1}}};
  const AnomalyScores scores(found);
  REQUIRE_FALSE(scores.empty());
  CHECK(scores.rate(true, 2) == 1);
  CHECK(scores.rate(false, 2) == 0.5);
  CHECK(scores.rate(true, 2.5) == 0.5);
  CHECK(scores.rate(false, 2.5) == 0);
  CHECK(scores.rate(true, 9) == 0);
  found.arrays.pop_back();
  CHECK(AnomalyScores(found).empty());
}

TEST_CASE("anomaly: data of one class are told so, and nothing can be started") {
  AnomalyHarness harness;
  session::DataReady data;
  data.name = "mine";
  data.rows = data.columns = 28;
  data.class_names = {"all"};
  harness.app.receive(data);
  harness.settle();
  CHECK(harness.widget("anomaly:start").empty());
  CHECK_FALSE(harness.widget("panel:anomaly").empty());
}

TEST_CASE("anomaly: everything is within the card in every form and language") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 1800.0f}}) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      CAPTURE(width);
      AppOptions options;
      options.language = language;
      AnomalyHarness harness(width, height, std::move(options));
      REQUIRE(harness.click("anomaly:start"));
      harness.find(true);
      harness.answer_examples();
      const Rect panel = harness.widget("panel:anomaly");
      for (const auto& [id, rect] : harness.app.widgets().all()) {
        if (!id.starts_with("anomaly:") && id != "plot:roc") continue;
        CAPTURE(id);
        CHECK(rect.x >= panel.x - 8.5f);  // a slider's grab may stand out
        CHECK(rect.right() <= panel.right() + 0.5f);
      }
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
