// PCA beside the network: its row below the reconstructions, its lines across the loss, and the
// angle of a linear network in its panel.
#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/data/expect_error.h"
#include "tests/ui/application_harness.h"
#include "ui/curves/curves_state.h"
#include "ui/curves/references.h"
#include "ui/jobs/pca_job.h"
#include "ui/reconstructions/reconstructions.h"

namespace hourglass::ui {
namespace {

// A front end in the workspace of training, with an engine that answers for the job.
struct PcaHarness : ApplicationHarness {
  explicit PcaHarness(float width = 1280, float height = 900, AppOptions options = {})
      : ApplicationHarness("pca", width, height, std::move(options)) {
    REQUIRE(click("workspace.training"));
    images({100, 107, 114});
  }

  void images(std::vector<std::uint32_t> indices) {
    session::Snapshot snapshot;
    snapshot.step = 200;
    snapshot.image_count = std::ssize(indices);
    snapshot.image_errors = std::make_shared<const session::Floats>(indices.size(), 0.02f);
    snapshot.image_indices = std::make_shared<const std::vector<std::uint32_t>>(std::move(indices));
    app.receive(std::move(snapshot));
    settle();
  }
  void set(const char* key, session::Value value) {
    app.receive(session::SettingsChanged{{{key, std::move(value)}}});
    settle();
  }
  // As the job ends, with so many components.
  void found(int components = 32, const std::string& more = R"("entropy_floor":0.06,)") {
    session::Floats errors;
    for (int i = 0; i <= components; ++i) errors.push_back(0.3f - 0.004f * static_cast<float>(i));
    result("{" + more + R"("mean_image_bce":0.25,"components":)" + std::to_string(components) + "}",
           {floats("test_mse", std::move(errors))});
  }
  void answer_images(std::vector<std::uint32_t> indices) {
    const auto count = std::ssize(indices);
    session::Floats errors(indices.size(), 0.01f);
    errors.back() = 0.03f;
    answer({{"image_indices", {count}, std::move(indices)},
            ApplicationHarness::images("reconstructed", count),
            floats("image_errors", std::move(errors))});
  }
  // The job in whose place another was started is gone.
  void confirm_cancel() {
    for (const session::Command& command : commands) {
      if (!std::holds_alternative<session::CancelJob>(command.body)) continue;
      app.receive(session::Reply{command.id, {}, {}});
    }
    settle();
  }
  // The network's code has another size; training starts over.
  void code_size(std::int64_t units) {
    session::NetworkInfo network = app.store().network;
    network.code_size = units;
    app.receive(network);
    settle();
  }
};

}  // namespace

TEST_CASE("PCA's row: nothing is done before it is wanted, and then the job starts by itself") {
  PcaHarness harness;
  CHECK(harness.sent<session::StartJob>() == 0);
  CHECK(harness.widget("row:pca").empty());
  REQUIRE(harness.click("pca_row"));
  CHECK(harness.app.state<ReconstructionsState>().pca);
  CHECK(harness.started("pca") == "{}");
  CHECK_FALSE(harness.widget("row:pca:state").empty());
  harness.progress(0.4, "covariance");
  CHECK(harness.widget("row:pca:state").w > 60);
  harness.found();
  CHECK(harness.question() ==
        R"({"images":[100,107,114],"components":32,"noise":"gaussian","level":0,"seed":0})");
  harness.answer_images({100, 107, 114});
  CHECK(harness.widget("row:pca:state").empty());
  CHECK(harness.sent<session::AskJob>() == 1);
  CHECK_FALSE(harness.app.wants_frame());
  REQUIRE(harness.click("pca_row"));
  CHECK(harness.widget("row:pca").empty());
  // It is still there when it is wanted again.
  REQUIRE(harness.click("pca_row"));
  CHECK(harness.sent<session::StartJob>() == 1);
  CHECK(harness.sent<session::AskJob>() == 1);
}

TEST_CASE("PCA's row has room for pictures and errors in every form, below those of the network") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 1400.0f}, {800.0f, 1400.0f}, {390.0f, 1400.0f}}) {
    PcaHarness harness(width, height);
    REQUIRE(harness.click("pca_row"));
    harness.found();
    harness.answer_images({100, 107, 114});
    for (const bool difference : {false, true}) {
      CAPTURE(width);
      CAPTURE(difference);
      if (difference) REQUIRE(harness.click("difference"));
      const Rect row = harness.widget("row:pca"), errors = harness.widget("row:pca_error");
      CHECK(row.w == doctest::Approx(harness.widget("row:original").w));
      CHECK(row.y >= harness.widget("row:error").bottom());
      CHECK(errors.y >= row.bottom());
      CHECK(errors.bottom() <= harness.widget("panel:reconstructions").bottom());
      // One column is still one button.
      CHECK(harness.widget("image:1").bottom() >= errors.bottom());
    }
  }
}

TEST_CASE("PCA's row follows the images on display, their noise and the size of the code") {
  PcaHarness harness;
  REQUIRE(harness.click("pca_row"));
  harness.found();
  harness.answer_images({100, 107, 114});
  harness.images({3, 4});
  CHECK(contains(harness.question(), R"("images":[3,4])"));
  harness.answer_images({3, 4});
  harness.set("view.noise.level", 0.25);
  CHECK(contains(harness.question(), R"("level":0.25)"));
  harness.answer_images({3, 4});
  // Of fewer units there is enough already, and of more there is not.
  harness.code_size(2);
  CHECK(contains(harness.question(), R"("components":2,)"));
  CHECK(harness.sent<session::StartJob>() == 1);
  harness.answer_images({3, 4});
  harness.code_size(64);
  CHECK(harness.sent<session::StartJob>() == 2);
  harness.confirm_cancel();
  harness.found(64);
  CHECK(contains(harness.question(), R"("components":64,)"));
}

TEST_CASE("PCA's row starts anew with other data, and not again and again where it fails") {
  PcaHarness harness;
  REQUIRE(harness.click("pca_row"));
  harness.found();
  harness.end(session::JobEnd::kOutdated, "The data set was changed, so this was ended.");
  CHECK(harness.sent<session::StartJob>() == 1);
  feed(harness);
  harness.images({1, 2});
  CHECK(harness.sent<session::StartJob>() == 2);
  harness.end(session::JobEnd::kFailed, "Exact PCA takes data of at most 4096 features.");
  CHECK(harness.sent<session::StartJob>() == 2);
  CHECK_FALSE(harness.widget("row:pca:state").empty());
  REQUIRE(harness.click("pca_row"));
  REQUIRE(harness.click("pca_row"));
  CHECK(harness.sent<session::StartJob>() == 3);
}

TEST_CASE("PCA's lines: those of the loss's own unit, and what lies outside is named at the edge") {
  PcaHarness harness;
  CHECK(harness.sent<session::StartJob>() == 0);
  REQUIRE(harness.click("curves:references"));
  CHECK(harness.started("pca") == "{}");
  harness.progress(0.4, "covariance");
  CHECK_FALSE(harness.widget("curves:reference:state").empty());
  const auto has = [&](const char* id) {
    return !harness.widget("curves:reference:" + std::string(id)).empty();
  };
  // Cross-entropy: PCA has none.
  harness.found();
  CHECK(has("mean"));
  CHECK(has("floor"));
  CHECK_FALSE(has("pca"));
  CHECK_FALSE(has("state"));
  const Rect plot = harness.widget("plot:loss"), floor = harness.widget("curves:reference:floor");
  // The losses go from 0.1035 up: the floor is below the plot.
  CHECK(floor.bottom() == doctest::Approx(plot.bottom()).epsilon(0.01));
  CHECK(harness.widget("curves:reference:mean").bottom() < floor.y + 1);
  CHECK(floor.x == doctest::Approx(plot.x));
  // Squared error, of a run that has it.
  harness.set("model.loss", std::string("mse"));
  harness.app.receive(session::History{true, {}, {}});
  session::History history;
  for (int i = 1; i <= 50; ++i) history.losses.push_back({i, i / 10.0, 0.4 / i + 0.1});
  harness.app.receive(history);
  harness.settle();
  CHECK(has("pca"));
  CHECK(has("mean"));
  CHECK_FALSE(has("floor"));
  // Of 33 numbers there are 32.
  harness.code_size(33);
  CHECK_FALSE(has("pca"));
  REQUIRE(harness.click("curves:references"));
  CHECK_FALSE(has("mean"));
  CHECK_FALSE(has("state"));
}

TEST_CASE("PCA's lines have no part in other curves, and are read off at the pointer") {
  PcaHarness harness;
  REQUIRE(harness.click("curves:references"));
  harness.found();
  const Rect plot = harness.widget("plot:loss");
  harness.move(plot.x + plot.w / 2, plot.y + plot.h / 2);
  const float with = harness.widget("curves:crosshair").h;
  REQUIRE(with > 0);
  REQUIRE(harness.click("curves:references"));
  harness.move(plot.x + plot.w / 2, plot.y + plot.h / 2);
  CHECK(with > harness.widget("curves:crosshair").h + 20);
  REQUIRE(harness.click("curves:references"));
  REQUIRE(harness.click("curves:measure"));
  REQUIRE(harness.click("curves:measure:accuracy"));
  CHECK(harness.widget("curves:reference:mean").empty());
  CHECK(harness.widget("curves:references").empty());
}

TEST_CASE("PCA's lines: a published loss is drawn on the data that it is of") {
  PcaHarness harness;
  session::Settings settings;
  session::apply_preset(session::find_preset("deep"), settings);
  harness.app.receive(session::SettingsChanged{settings.all()});
  REQUIRE(harness.app.view().preset == "deep");
  REQUIRE(harness.click("curves:references"));
  CHECK(harness.widget("curves:reference:published").empty());  // these are strokes
  session::DataReady data = harness.app.store().data;
  data.name = "mnist";
  harness.app.receive(data);
  harness.settle();
  CHECK_FALSE(harness.widget("curves:reference:published").empty());
}

TEST_CASE("PCA's lines: labels stay apart and within the plot, at every size and language") {
  for (const auto& [width, height, scale] : {std::tuple{1280.0f, 900.0f, 1.0f},
                                             {800.0f, 600.0f, 1.0f},
                                             {390.0f, 5000.0f, 1.0f},
                                             {1280.0f, 5000.0f, 2.0f}}) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      AppOptions options;
      options.text_scale = scale;
      options.language = language;
      PcaHarness harness(width, height, std::move(options));
      harness.click("tab:curves");
      CAPTURE(width);
      CAPTURE(scale);
      REQUIRE(harness.click("curves:references"));
      harness.found(32, R"("entropy_floor":0.2499,)");
      const Rect mean = harness.widget("curves:reference:mean");
      const Rect floor = harness.widget("curves:reference:floor");
      if (mean.empty() || floor.empty()) continue;  // scrolled out of the window
      CHECK(intersection(mean, floor).empty());
      const Rect plot = harness.widget("plot:loss");
      for (const Rect& label : {mean, floor}) {
        CHECK(label.x >= plot.x - 1);
        CHECK(label.right() <= plot.right() + 1);
      }
    }
  }
}

TEST_CASE(
    "PCA: a linear network's angle is asked for as it learns, and no more than once a second") {
  PcaHarness harness;
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("pca:start"));
  harness.found();
  CHECK(harness.sent<session::AskJob>() == 0);  // it is not linear
  session::NetworkInfo network = harness.app.store().network;
  for (session::LayerInfo& layer : network.layers) layer.activation = "linear";
  harness.app.receive(network);
  harness.settle();
  REQUIRE(harness.sent<session::AskJob>() == 1);
  CHECK(harness.question() == R"({"angles":true})");
  harness.answer({});
  session::Status status;
  status.phase = session::Phase::kRunning;
  harness.app.receive(status);
  const auto snapshot = [&](std::int64_t step) {
    session::Snapshot news;
    news.step = step;
    news.image_count = 3;
    harness.app.receive(news);
    harness.settle();
  };
  snapshot(210);
  snapshot(220);
  CHECK(harness.sent<session::AskJob>() == 1);
  for (int i = 0; i < 70; ++i) harness.frame();  // a second
  CHECK(harness.sent<session::AskJob>() == 2);
  harness.answer({});
  snapshot(230);
  CHECK(harness.sent<session::AskJob>() == 2);
  // The last one of a run that stops.
  status.phase = session::Phase::kPaused;
  harness.app.receive(status);
  harness.settle();
  CHECK(harness.sent<session::AskJob>() == 3);
  CHECK(harness.widget("pca:angles").empty());
  const session::StartJob& start = *harness.last<session::StartJob>();
  harness.app.receive(session::JobResult{start.job,
                                         "pca",
                                         harness.last<session::AskJob>()->question,
                                         true,
                                         R"({"angle_degrees":3.1,"mean_angle_degrees":1})",
                                         {}});
  harness.settle();
  CHECK(harness.widget("pca:angles").w > 100);
}

}  // namespace hourglass::ui
