// The card of noise as a person uses it.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/ui/harness.h"
#include "ui/settings/noise_link.h"

namespace hourglass::ui {
namespace {

void drag(Harness& harness, const char* id, float from, float to) {
  const Rect rect = harness.widget(id);
  harness.move(rect.x + rect.w * from, rect.y + rect.h / 2);
  harness.press(true);
  harness.move(rect.x + rect.w * to, rect.y + rect.h / 2);
  harness.press(false);
}

const session::Value* value_of(const session::SetSettings* sent, const std::string& key) {
  if (!sent) return nullptr;
  for (const auto& [name, value] : sent->values) {
    if (name == key) return &value;
  }
  return nullptr;
}

void confirm(Harness& harness, std::vector<std::pair<std::string, session::Value>> values) {
  session::Settings settings;
  for (const auto& [key, value] : values) settings.set(key, value);
  harness.app.receive(session::SettingsChanged{settings.all()});
  harness.settle();
}

TEST_CASE("noise: linking copies what is shown to what is trained on, in one command") {
  Harness harness;
  feed(harness);
  confirm(harness, {{"view.noise.kind", std::string("masking")}, {"view.noise.level", 0.4}});
  REQUIRE(harness.click("noise_link"));
  const auto* sent = harness.last<session::SetSettings>();
  REQUIRE(sent);
  CHECK(sent->values.size() == 2);
  REQUIRE(value_of(sent, "noise.kind"));
  CHECK(*value_of(sent, "noise.kind") == session::Value(std::string("masking")));
  REQUIRE(value_of(sent, "noise.level"));
  CHECK(*value_of(sent, "noise.level") == session::Value(0.4));
  CHECK(harness.app.state<NoiseLink>().on);
}

TEST_CASE(
    "noise: while linked, either slider moves both, with one command a change and a draft each") {
  for (const char* id : {"setting:view.noise.level", "setting:noise.level"}) {
    Harness harness;
    feed(harness);
    harness.settle();
    REQUIRE(harness.click("noise_link"));
    confirm(harness, {{"noise.kind", std::string("gaussian")}, {"noise.level", 0.0}});
    REQUIRE(harness.app.state<NoiseLink>().on);
    const std::size_t before = harness.commands.size();
    const Rect slider = harness.widget(id);
    harness.move(slider.x + slider.w * 0.3f, slider.y + slider.h / 2);
    harness.press(true);
    harness.move(slider.x + slider.w * 0.5f, slider.y + slider.h / 2);
    CHECK(harness.commands.size() == before + 2);
    const auto* sent = harness.last<session::SetSettings>();
    REQUIRE(value_of(sent, "noise.level"));
    REQUIRE(value_of(sent, "view.noise.level"));
    CHECK(*value_of(sent, "noise.level") == *value_of(sent, "view.noise.level"));
    CHECK(std::get<double>(*value_of(sent, "noise.level")) == doctest::Approx(0.5).epsilon(0.05));
    CHECK(harness.app.view().pending_values.at("noise.level") ==
          harness.app.view().pending_values.at("view.noise.level"));
    harness.press(false);
    CHECK(harness.app.state<NoiseLink>().on);
  }
}

TEST_CASE("noise: while linked, a kind that is chosen for one is chosen for both") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("noise_link"));
  REQUIRE(harness.click("setting:noise.kind"));
  REQUIRE(harness.click("setting:noise.kind:salt-and-pepper"));
  const auto* sent = harness.last<session::SetSettings>();
  REQUIRE(value_of(sent, "view.noise.kind"));
  CHECK(*value_of(sent, "view.noise.kind") == session::Value(std::string("salt-and-pepper")));
  CHECK(*value_of(sent, "noise.kind") == session::Value(std::string("salt-and-pepper")));
}

TEST_CASE("noise: without the link each is its own; a broken link is no link") {
  Harness harness;
  feed(harness);
  harness.settle();
  drag(harness, "setting:view.noise.level", 0.2f, 0.6f);
  CHECK(harness.sent<session::SetSettings>() == 0);
  CHECK(harness.last<session::SetSetting>()->key == "view.noise.level");
  REQUIRE(harness.click("noise_link"));
  confirm(
      harness,
      {{"noise.kind", std::string("gaussian")}, {"noise.level", 0.6}, {"view.noise.level", 0.6}});
  CHECK(harness.app.state<NoiseLink>().on);
  // A preset changes the noise of the training alone.
  confirm(harness, {{"noise.kind", std::string("masking")}, {"view.noise.level", 0.6}});
  CHECK_FALSE(harness.app.state<NoiseLink>().on);
}

TEST_CASE("noise: a level that is moved where there is no noise makes it Gaussian noise") {
  Harness harness;
  feed(harness);
  harness.settle();
  drag(harness, "setting:noise.level", 0.3f, 0.7f);
  bool woken = false;
  for (const session::Command& command : harness.commands) {
    if (const auto* sent = std::get_if<session::SetSettings>(&command.body)) {
      woken = true;
      REQUIRE(value_of(sent, "noise.kind"));
      CHECK(*value_of(sent, "noise.kind") == session::Value(std::string("gaussian")));
      CHECK(value_of(sent, "noise.level"));
      CHECK_FALSE(value_of(sent, "view.noise.level"));
    }
  }
  CHECK(woken);
  CHECK(harness.app.view().pending_values.at("noise.kind") ==
        session::Value(std::string("gaussian")));
}

TEST_CASE("noise: a finger's link is as high as a finger") {
  // One front end at a time, as everywhere.
  const auto link_height = [](float width, float height) {
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    return harness.widget("noise_link").h;
  };
  CHECK(link_height(390, 844) >= 40);
  CHECK(link_height(1280, 800) < 32);
}

TEST_CASE("noise: everything lies inside the card, in every form, language and text scale") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}}) {
    for (const float scale : {1.0f, 1.5f}) {
      AppOptions options;
      options.text_scale = scale;
      Harness harness(width * scale, height * scale, std::move(options));
      feed(harness);
      harness.settle();
      const Rect card = harness.widget("panel:noise");
      for (const char* id : {"setting:view.noise.kind", "setting:view.noise.level",
                             "setting:view.noise.level:field", "setting:noise.kind",
                             "setting:noise.level", "setting:noise.level:field", "noise_link"}) {
        CAPTURE(std::string(id));
        CAPTURE(width);
        CAPTURE(scale);
        const Rect rect = harness.widget(id);
        CHECK(rect.w > 10);
        CHECK(rect.bottom() <= card.bottom());
        CHECK(rect.right() <= card.right());
        CHECK(rect.x >= card.x);
      }
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
