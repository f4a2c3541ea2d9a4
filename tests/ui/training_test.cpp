// The tab of settings, the toolbar's list of speeds, the keys and the page of help.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"
#include "ui/curves/curves_state.h"
#include "ui/reconstructions/reconstructions.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

// Visible or a scroll away.
bool offered(Harness& harness, const std::string& key) {
  const Rect list = harness.widget("settings");
  harness.move(list.x + 2, list.y + list.h / 2);
  for (int i = 0; i < 12; ++i) harness.wheel(5);
  for (int i = 0; i < 40; ++i) {
    if (!harness.widget("setting:" + key).empty()) return true;
    harness.wheel(-1);
  }
  return false;
}

void set(Harness& harness, const char* key, session::Value value) {
  harness.app.receive(session::SettingsChanged{{{key, std::move(value)}}});
  harness.settle();
}

TEST_CASE("settings: the tab offers what plays a part, and scrolls to the last of it") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}}) {
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    REQUIRE(harness.click("tab:training"));
    CAPTURE(width);
    CHECK(offered(harness, "model.loss"));
    CHECK(offered(harness, "train.optimizer"));
    CHECK(offered(harness, "train.beta1"));
    CHECK_FALSE(offered(harness, "train.momentum"));
    CHECK_FALSE(offered(harness, "train.decay"));
    CHECK_FALSE(offered(harness, "penalty.kl"));
    CHECK_FALSE(offered(harness, "data.image_side"));
    CHECK(offered(harness, "train.patience"));
    CHECK(offered(harness, "train.threads"));
    const Rect list = harness.widget("settings");
    CHECK(harness.app.wants_wheel(list.x + 5, list.y + 5));
  }
}

TEST_CASE("settings: a loss is offered where it makes a model") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:training"));
  REQUIRE(offered(harness, "model.loss"));
  REQUIRE(harness.click("setting:model.loss"));
  CHECK_FALSE(harness.widget("setting:model.loss:mse").empty());
  CHECK(harness.widget("setting:model.loss:cce").empty());
  REQUIRE(harness.click("setting:model.loss:mse"));
  // Of a softmax output it is the only one.
  set(harness, "model.loss", std::string("cce"));
  REQUIRE(offered(harness, "model.loss"));
  REQUIRE(harness.click("setting:model.loss"));
  CHECK_FALSE(harness.widget("setting:model.loss:cce").empty());
  CHECK(harness.widget("setting:model.loss:mse").empty());
}

TEST_CASE("settings: an optimizer, a schedule and a code bring what belongs to them") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:training"));
  set(harness, "train.optimizer", std::string("sgd"));
  CHECK(offered(harness, "train.momentum"));
  CHECK_FALSE(offered(harness, "train.beta1"));
  set(harness, "train.schedule", std::string("cosine"));
  CHECK(offered(harness, "train.decay_steps"));
  CHECK_FALSE(offered(harness, "train.decay"));
  CHECK_FALSE(offered(harness, "penalty.sparsity"));
  session::NetworkInfo network;
  network.layers = {{"encoder.0", "dense", "sigmoid", {32}, 1, 1}};
  harness.app.receive(network);
  CHECK(offered(harness, "penalty.sparsity"));
  CHECK(offered(harness, "penalty.contractive"));
  network.layers = {{"encoder.0", "gaussian", "linear", {2}, 1, 1}};
  harness.app.receive(network);
  CHECK(offered(harness, "penalty.kl"));
  CHECK_FALSE(offered(harness, "penalty.contractive"));
  set(harness, "data.set", std::string("mnist"));
  CHECK_FALSE(offered(harness, "data.strokes_train"));
}

TEST_CASE("settings: what waits for a reset is marked beside its label") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:training"));
  CHECK(harness.widget("waits:model.loss").empty());
  session::Status status;
  status.pending_reset = {"model.loss"};
  harness.app.receive(status);
  harness.settle();
  CHECK_FALSE(harness.widget("waits:model.loss").empty());
}

TEST_CASE("toolbar: the speed is chosen from its list, at every size") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    CAPTURE(width);
    REQUIRE(harness.click("speed"));
    REQUIRE(harness.click("speed:4"));
    const auto* sent = harness.last<session::SetSetting>();
    REQUIRE(sent);
    CHECK(sent->key == "view.steps_per_second");
    CHECK(std::get<std::int64_t>(sent->value) == 4);
  }
}

TEST_CASE("toolbar: every list shows words of what is chosen, however large they are") {
  for (const auto& [width, height] : {std::pair{390.0f, 844.0f}, {360.0f, 740.0f}}) {
    for (const float scale : {1.0f, 1.5f, 2.0f}) {
      Harness harness(width, height);
      harness.app.set_text_scale(scale);
      feed(harness);
      harness.settle();
      for (const char* list : {"preset", "setting:data.set", "speed"}) {
        CAPTURE(std::string(list));
        CAPTURE(width);
        CAPTURE(scale);
        const Rect place = harness.widget(list);
        REQUIRE_FALSE(place.empty());
        CHECK(place.w > (42 + 28) * scale);  // the arrow and its margins, and some letters
        CHECK(place.right() <= width);
      }
    }
  }
}

TEST_CASE("keys: each does what its button does") {
  Harness harness;
  feed(harness);
  harness.settle();
  harness.key(ImGuiKey_Space);
  CHECK(harness.sent<session::Run>() == 1);
  harness.key(ImGuiKey_S);
  CHECK(harness.sent<session::Step>() == 1);
  harness.key(ImGuiKey_E);
  CHECK(harness.sent<session::FinishEpoch>() == 1);
  harness.key(ImGuiKey_R);
  CHECK(harness.sent<session::Reset>() == 1);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
  harness.key(ImGuiKey_R);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
  CHECK(harness.sent<session::NewSeed>() == 1);
  CHECK(harness.sent<session::Reset>() == 1);
  harness.key(ImGuiKey_D);
  CHECK(harness.app.state<ReconstructionsState>().difference);
  harness.key(ImGuiKey_L);
  CHECK(harness.app.state<CurvesState>().log_loss);
  harness.key(ImGuiKey_T);
  CHECK(harness.app.theme() == ThemeKind::kDark);
  const std::size_t before = harness.commands.size();
  harness.key(ImGuiKey_N);
  CHECK(harness.commands.size() > before);
}

TEST_CASE("keys: digits choose the tabs as they stand") {
  Harness wide;
  feed(wide);
  wide.settle();
  wide.key(ImGuiKey_4);
  CHECK(wide.app.view().tab == "training");
  wide.key(ImGuiKey_1);
  CHECK(wide.app.view().tab == "curves");
  wide.key(ImGuiKey_6);
  CHECK(wide.app.view().tab == "curves");
}

TEST_CASE("keys: where the map is a tab it is the first") {
  Harness narrow(800, 600);
  feed(narrow);
  narrow.settle();
  narrow.key(ImGuiKey_1);
  CHECK(narrow.app.view().tab == "latent");
  narrow.key(ImGuiKey_5);
  CHECK(narrow.app.view().tab == "training");
}

TEST_CASE("help: a page over everything, opened by button and key, closed by Escape and outside") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    CAPTURE(width);
    REQUIRE(harness.click("help"));
    const Rect page = harness.widget("panel:help");
    CHECK(page.w > 300);
    CHECK(page.x >= 0);
    CHECK(page.right() <= width);
    CHECK(page.bottom() <= height);
    harness.key(ImGuiKey_R);
    CHECK(harness.sent<session::Reset>() == 0);
    harness.key(ImGuiKey_Escape);
    CHECK(harness.widget("panel:help").empty());
    harness.type("?");
    CHECK_FALSE(harness.widget("panel:help").empty());
    harness.move(3, height - 3);
    harness.press(true);
    harness.press(false);
    CHECK(harness.widget("panel:help").empty());
    harness.type("?");
    REQUIRE(harness.click("help:close"));
    CHECK(harness.widget("panel:help").empty());
    CHECK_FALSE(harness.app.wants_frame());
  }
}

}  // namespace
}  // namespace hourglass::ui
