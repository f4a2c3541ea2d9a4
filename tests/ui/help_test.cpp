// Help by pointer, keyboard and finger, and sliders by key and finger.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/ui/harness.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

void touch() { ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen); }

// A finger on the middle of a widget that moves by (dx, dy) after `frames` frames and lifts off.
void finger(Harness& harness, const Rect& rect, int frames, float dx = 0, float dy = 0) {
  const float x = rect.x + rect.w / 2, y = rect.y + rect.h / 2;
  touch();
  ImGui::GetIO().AddMousePosEvent(x, y);
  ImGui::GetIO().AddMouseButtonEvent(0, true);
  for (int i = 0; i < frames; ++i) harness.frame();
  for (int i = 1; i <= 4 && (dx != 0 || dy != 0); ++i) {
    touch();
    ImGui::GetIO().AddMousePosEvent(x + dx * static_cast<float>(i) / 4,
                                    y + dy * static_cast<float>(i) / 4);
    harness.frame();
    harness.frame();
  }
  touch();
  ImGui::GetIO().AddMouseButtonEvent(0, false);
  harness.app.note_input();
  harness.settle();
}

TEST_CASE("help: a finger that rests on a button explains it and does not press it") {
  Harness harness(390, 844);
  feed(harness);
  harness.settle();
  touch();
  harness.move(1, 1);
  finger(harness, harness.widget("epoch"), 45);
  CHECK(harness.sent<session::FinishEpoch>() == 0);
  CHECK(harness.widget("tooltip").w > 100);
  // It stays, without a frame being drawn, until the next touch.
  CHECK_FALSE(harness.app.wants_frame());
  for (int i = 0; i < 30; ++i) harness.frame();
  CHECK(harness.widget("tooltip").w > 100);
  finger(harness, {5, 800, 2, 2}, 3);
  CHECK(harness.widget("tooltip").empty());
}

TEST_CASE("help: a short touch presses and explains nothing") {
  Harness harness(390, 844);
  feed(harness);
  harness.settle();
  touch();
  harness.move(1, 1);
  finger(harness, harness.widget("epoch"), 6);
  CHECK(harness.sent<session::FinishEpoch>() == 1);
  for (int i = 0; i < 60; ++i) harness.frame();
  CHECK(harness.widget("tooltip").empty());
}

TEST_CASE("help: frames are drawn while a finger rests, so that the time for help comes") {
  Harness harness(390, 844);
  feed(harness);
  harness.settle();
  touch();
  harness.move(1, 1);
  const Rect rect = harness.widget("epoch");
  harness.move(rect.x + 5, rect.y + 5);
  harness.press(true);
  CHECK(harness.widget("tooltip").w > 100);
  CHECK_FALSE(harness.app.wants_frame());
  harness.press(false);
  CHECK(harness.widget("tooltip").w > 100);
}

TEST_CASE("help: what the keyboard stands on explains itself after a while") {
  Harness harness;
  feed(harness);
  harness.settle();
  harness.key(ImGuiKey_Tab);
  harness.key(ImGuiKey_Tab);
  harness.settle(200);
  CHECK(harness.widget("tooltip").w > 100);
  CHECK_FALSE(harness.app.wants_frame());
}

TEST_CASE("help: a formula is set apart, and follows the choice") {
  Harness harness;
  feed(harness);
  harness.settle();
  const Rect kind = harness.widget("setting:view.noise.kind");
  harness.move(kind.x + 20, kind.y + 10);
  REQUIRE(harness.widget("tooltip").w > 100);
  CHECK(harness.widget("help:formula").w > 50);
  harness.move(kind.x + 20, 799);
  const Rect run = harness.widget("run");
  harness.move(run.x + 20, run.y + 10);
  REQUIRE(harness.widget("tooltip").w > 50);
  CHECK(harness.widget("help:formula").empty());
}

TEST_CASE("help: formulas are the same in both languages, and all that should have one do") {
  const Texts texts = Texts::embedded();
  int formulas = 0;
  for (const auto& [key, text] : texts.all(Language::kEnglish)) {
    if (!key.ends_with(".formula")) continue;
    ++formulas;
    CAPTURE(key);
    REQUIRE(texts.has(Language::kChinese, key));
    CHECK(texts.all(Language::kChinese).at(key) == text);
  }
  CHECK(formulas > 40);
  for (const char* key : {"noise.kind", "model.loss", "train.optimizer", "train.schedule",
                          "model.initializer", "data.scaling"}) {
    for (const std::string_view choice : session::find_setting(key).choices()) {
      if (choice == "none") continue;
      CAPTURE(choice);
      CHECK(texts.has(Language::kEnglish, "choice." + std::string(choice) + ".formula"));
    }
  }
  for (const session::Setting& setting : session::settings_table()) {
    if (!setting.key.starts_with("penalty.")) continue;
    CAPTURE(setting.key);
    CHECK(texts.has(Language::kEnglish, "setting." + std::string(setting.key) + ".formula"));
  }
}

TEST_CASE("help: the typefaces have every sign that a formula uses") {
  Harness harness;
  feed(harness);
  harness.settle();
  const Texts texts = Texts::embedded();
  ImFont* font = ImGui::GetIO().Fonts->Fonts[0];
  for (const auto& [key, text] : texts.all(Language::kEnglish)) {
    if (!key.ends_with(".formula")) continue;
    for (std::size_t at = 0; at < text.size();) {
      const auto lead = static_cast<unsigned char>(text[at]);
      const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      unsigned code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
      for (std::size_t i = 1; i < length; ++i) {
        code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
      }
      at += length;
      if (code == '\n') continue;
      CAPTURE(key);
      CAPTURE(code);
      CHECK(font->IsGlyphInFont(static_cast<ImWchar>(code)));
    }
  }
}

TEST_CASE(
    "sliders: the arrows move the slider that was used last, and the next value is another one") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("setting:view.noise.level"));
  REQUIRE(harness.last<session::SetSetting>());
  const double start = std::get<double>(harness.last<session::SetSetting>()->value);
  CHECK(start == doctest::Approx(0.5));
  harness.key(ImGuiKey_RightArrow);
  CHECK(std::get<double>(harness.last<session::SetSetting>()->value) == doctest::Approx(0.51));
  harness.key(ImGuiKey_LeftArrow);
  harness.key(ImGuiKey_LeftArrow);
  CHECK(harness.last<session::SetSetting>()->key == "view.noise.level");
  CHECK(std::get<double>(harness.last<session::SetSetting>()->value) == doctest::Approx(0.49));
}

TEST_CASE("sliders: a step of an arrow always changes the value, one way and back, up to the end") {
  const auto number = [](const session::Value& value) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    return whole ? static_cast<double>(*whole) : std::get<double>(value);
  };
  for (const session::Setting& setting : session::settings_table()) {
    if (setting.type != session::SettingType::kInteger &&
        setting.type != session::SettingType::kReal) {
      continue;
    }
    CAPTURE(setting.key);
    session::Value value = slider_value(setting, 0);
    int steps = 0;
    for (; steps < 300 && number(value) < setting.high; ++steps) {
      const session::Value next = stepped_value(setting, value, 1);
      REQUIRE(number(next) > number(value));
      value = next;
    }
    CHECK(number(value) == setting.high);
    CHECK(stepped_value(setting, value, 1) == value);
    CHECK(number(stepped_value(setting, value, -1)) < setting.high);
  }
}

TEST_CASE("sliders: a finger moves the knob sideways or by a tap, and the page up and down") {
  Harness harness(390, 844);
  feed(harness);
  harness.settle();
  touch();
  harness.move(1, 1);
  harness.wheel(-3);
  const char* id = "setting:view.noise.level";
  const Rect slider = harness.widget(id);
  REQUIRE(slider.w > 100);
  finger(harness, slider, 4, slider.w / 4, 3);
  REQUIRE(harness.last<session::SetSetting>());
  CHECK(std::get<double>(harness.last<session::SetSetting>()->value) ==
        doctest::Approx(0.75).epsilon(0.05));
  const int sent = harness.sent<session::SetSetting>();
  finger(harness, slider, 4, 3, -80);
  CHECK(harness.sent<session::SetSetting>() == sent);
  CHECK(harness.widget(id).y < slider.y - 20);
  finger(harness, harness.widget(id), 45);
  CHECK(harness.sent<session::SetSetting>() == sent);
  CHECK(harness.widget("tooltip").w > 100);
  finger(harness, harness.widget(id), 4);
  CHECK(harness.sent<session::SetSetting>() == sent + 1);
  CHECK(std::get<double>(harness.last<session::SetSetting>()->value) ==
        doctest::Approx(0.5).epsilon(0.05));
}

}  // namespace
}  // namespace hourglass::ui
