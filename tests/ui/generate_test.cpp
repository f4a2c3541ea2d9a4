// The tab of generated images.
#include <doctest/doctest.h>

#include "tests/data/expect_error.h"
#include "tests/ui/application_harness.h"
#include "ui/generate/generate_state.h"

namespace hourglass::ui {
namespace {

using session::JobArray;

struct GenerateHarness : ApplicationHarness {
  explicit GenerateHarness(float width = 1280, float height = 900, AppOptions options = {})
      : ApplicationHarness("generate", width, height, std::move(options)) {}

  const GenerateState& state() const { return app.state<GenerateState>(); }

  // The network there is becomes a variational one, of data whose factors are known.
  void become_variational() {
    session::DataReady data;
    data.name = "strokes";
    data.rows = data.columns = 28;
    data.factors = {{"slant", "degrees", -20, 20}, {"size", "pixels", 10, 20}};
    app.receive(data);
    session::NetworkInfo network;
    network.layers = {{"encoder.0", "gaussian", "linear", {2}, 100, 100},
                      {"decoder.0", "dense", "sigmoid", {784}, 1000, 1000}};
    network.code_size = 2;
    network.input_features = 784;
    app.receive(network);
    end(session::JobEnd::kOutdated, "The network is another one.");
  }
  void answer_all() {
    std::vector<JobArray> arrays = {images("samples", 64), images("walk", 10),
                                    images("original", 1)};
    if (!app.store().data.factors.empty()) {
      arrays.push_back({"factors", {2, 2}, session::Floats{5, 12, 5, 12}});
      arrays.push_back(images("moved", 1));
      arrays.push_back(images("row", 9));
    }
    if (app.store().network.code_size == 2) {
      for (const char* name : {"mean", "deviation", "noise", "code"}) {
        arrays.push_back(floats(name, {0.5f, -0.25f}));
      }
      arrays.push_back(images("of_mean", 1));
      arrays.push_back(images("of_code", 1));
    }
    answer(std::move(arrays));
  }
  void find_all() {
    std::vector<JobArray> arrays;
    if (app.store().network.code_size == 2) arrays.push_back(floats("kl", {1.5f, 0.001f}));
    if (!app.store().data.factors.empty()) arrays.push_back(floats("r_squared", {0.9f, 0.2f}));
    result(R"({"source":"gaussian","codes":1000,"components":1,"log_likelihood":-12.5,)"
           R"("code_size":32,"active_units":1})",
           std::move(arrays));
  }
};

TEST_CASE("generate: the job starts by itself, and what is on show is one question") {
  GenerateHarness harness;
  CHECK(harness.started("generate") == R"({"source":"gaussian"})");
  harness.find_all();
  CHECK(
      contains(harness.question(), R"({"seed":1,"count":64,"from":0,"to":1,"image":0,"draw":1})"));
  harness.answer_all();
  CHECK_FALSE(harness.widget("generate:sample:63").empty());
  CHECK_FALSE(harness.widget("generate:walk").empty());
  // A plain code of data without factors has no more to show.
  CHECK(harness.widget("generate:kl").empty());
  CHECK(harness.widget("generate:image:0").empty());

  REQUIRE(harness.click("generate:new"));
  CHECK(contains(harness.question(), "\"seed\":2"));
  harness.answer_all();
  REQUIRE(harness.click("generate:sample:7"));
  CHECK(contains(harness.question(), R"("from":1,"to":7)"));
  harness.answer_all();
  const int asked = harness.sent<session::AskJob>();
  REQUIRE(harness.click("generate:sample:7"));  // it is the end already
  CHECK(harness.sent<session::AskJob>() == asked);
}

TEST_CASE("generate: another source is another fit") {
  GenerateHarness harness;
  harness.find_all();
  harness.answer_all();
  REQUIRE(harness.click("generate:source"));
  CHECK(harness.widget("generate:source:prior").empty());  // a plain code has none
  REQUIRE(harness.click("generate:source:mixture"));
  CHECK(harness.started("generate") == R"({"source":"mixture","components":10})");
  REQUIRE(harness.click("generate:components"));
  REQUIRE(harness.click("generate:components:3"));
  CHECK(harness.started("generate") == R"({"source":"mixture","components":3})");
}

TEST_CASE("generate: a variational code has a prior, and is taken apart") {
  GenerateHarness harness;
  harness.become_variational();
  CHECK(harness.started("generate") == R"({"source":"prior"})");
  harness.find_all();
  harness.answer_all();
  REQUIRE(harness.click("generate:kl"));  // in the middle: the second of two
  CHECK(harness.state().unit == 1);
  CHECK_FALSE(harness.widget("plot:posterior").empty());
  CHECK_FALSE(harness.widget("generate.of_code").empty());
  REQUIRE(harness.click("generate:draw"));
  CHECK(contains(harness.question(), "\"draw\":2"));
}

TEST_CASE("generate: a slider moves one factor and leaves the others") {
  GenerateHarness harness;
  harness.become_variational();
  harness.find_all();
  harness.answer_all();
  CHECK_FALSE(contains(harness.question(), "factors"));
  REQUIRE(harness.click("generate:factor:size"));  // in the middle
  REQUIRE(harness.state().factors.size() == 2);
  CHECK(harness.state().factors[0] == 5);
  const float middle = harness.state().factors[1];
  CHECK(middle == doctest::Approx(15).epsilon(0.02));
  CHECK(contains(harness.question(), R"("factors":[5,1)"));
  CHECK(contains(harness.question(), R"(],"row":1)"));
  harness.answer_all();
  harness.key(ImGuiKey_RightArrow);
  CHECK(harness.state().factors[1] == doctest::Approx(middle + 0.1));
  harness.answer_all();
  REQUIRE(harness.click("generate:as_is"));
  CHECK(harness.state().factors.empty());
  CHECK_FALSE(contains(harness.question(), "factors"));
}

TEST_CASE("generate: it follows training, but not what somebody has cancelled") {
  GenerateHarness harness;
  harness.find_all();
  harness.answer_all();
  const int starts = harness.sent<session::StartJob>();
  session::Status status;
  status.step = 300;
  harness.app.receive(status);
  // It rests for a while first.
  for (int i = 0; i < 200; ++i) harness.frame();
  CHECK(harness.sent<session::StartJob>() == starts + 1);
  harness.find_all();
  REQUIRE(harness.click("generate:follow"));
  status.step = 400;
  harness.app.receive(status);
  for (int i = 0; i < 200; ++i) harness.frame();
  CHECK(harness.sent<session::StartJob>() == starts + 1);
  REQUIRE(harness.click("generate:start"));
  for (int i = 0; i < 100; ++i) harness.frame();  // long enough to be shown
  harness.settle();
  REQUIRE(harness.click("generate:cancel"));
  CHECK(harness.sent<session::CancelJob>() >= 1);
  const int now = harness.sent<session::StartJob>();
  for (int i = 0; i < 200; ++i) harness.frame();
  CHECK(harness.sent<session::StartJob>() == now);
}

TEST_CASE("generate: everything is there and within the card in every form and language") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {1280.0f, 1600.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      CAPTURE(width);
      AppOptions options;
      options.language = language;
      GenerateHarness harness(width, height, std::move(options));
      harness.become_variational();
      harness.find_all();
      harness.answer_all();
      const Rect panel = harness.widget("panel:generate");
      for (const auto& [id, rect] : harness.app.widgets().all()) {
        if (!id.starts_with("generate")) continue;
        CAPTURE(id);
        CHECK(rect.x >= panel.x - 0.5f);
        CHECK(rect.right() <= panel.right() + 0.5f);
      }
      CHECK_FALSE(harness.widget("generate:samples").empty());
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
