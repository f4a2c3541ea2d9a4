// Undo and redo of settings, as a person uses them: by keys and by the toolbar's buttons.
#include "ui/state/undo.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

using session::LoadPreset;
using session::NewSeed;
using session::SetSetting;
using session::SetSettings;
using session::Settings;
using session::Value;

// A harness behind which an engine keeps the settings.
struct Playground {
  explicit Playground(float width = 1280, float height = 800) : harness(width, height) {
    feed(harness);
    harness.settle();
    answer();
  }

  // Carries out what was sent since the last call.
  void answer() {
    for (; taken < harness.commands.size(); ++taken) {
      const auto& body = harness.commands[taken].body;
      if (const auto* one = std::get_if<SetSetting>(&body)) settings.set(one->key, one->value);
      if (const auto* several = std::get_if<SetSettings>(&body)) {
        for (const auto& [key, value] : several->values) settings.set(key, value);
      }
      if (const auto* load = std::get_if<LoadPreset>(&body)) {
        session::apply_preset(session::find_preset(load->name), settings);
      }
      if (std::holds_alternative<NewSeed>(body)) {
        settings.set("train.seed", settings.integer("train.seed") + 1);
      }
    }
    harness.app.receive(session::SettingsChanged{settings.all()});
    harness.settle();
  }
  void with_ctrl(ImGuiKey key, bool shift = false) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddKeyEvent(ImGuiMod_Ctrl, true);
    if (shift) io.AddKeyEvent(ImGuiMod_Shift, true);
    harness.key(key);
    if (shift) io.AddKeyEvent(ImGuiMod_Shift, false);
    io.AddKeyEvent(ImGuiMod_Ctrl, false);
    harness.app.note_input();
    harness.settle();
    answer();
  }
  void undo() { with_ctrl(ImGuiKey_Z); }
  void redo() { with_ctrl(ImGuiKey_Y); }
  void click(const std::string& id) {
    CAPTURE(id);
    REQUIRE(harness.click(id));
    answer();
  }
  void drag_noise(float from, float to) {
    const Rect slider = harness.widget("setting:view.noise.level");
    REQUIRE(slider.w > 50);
    harness.move(slider.x + slider.w * from, slider.y + slider.h / 2);
    harness.press(true);
    for (int i = 1; i <= 8; ++i) {
      const float share = from + (to - from) * static_cast<float>(i) / 8;
      harness.move(slider.x + slider.w * share, slider.y + slider.h / 2);
      answer();
    }
    harness.press(false);
    answer();
  }
  void type_seed(const char* text) {
    REQUIRE(harness.click("setting:train.seed"));
    harness.type(text);
    harness.key(ImGuiKey_Enter);
    answer();
  }

  Harness harness;
  Settings settings;
  std::size_t taken = 0;
};

TEST_CASE("undo: a drag of a slider is one step, and another drag another") {
  Playground p;
  const double first = p.settings.real("view.noise.level");
  p.drag_noise(0.2f, 0.5f);
  const double second = p.settings.real("view.noise.level");
  p.drag_noise(0.5f, 0.9f);
  const double third = p.settings.real("view.noise.level");
  CHECK(first < second);
  CHECK(second < third);
  p.undo();
  CHECK(p.settings.real("view.noise.level") == second);
  p.undo();
  CHECK(p.settings.real("view.noise.level") == first);
  const std::size_t sent = p.harness.commands.size();
  p.undo();  // nothing is left
  CHECK(p.harness.commands.size() == sent);
  p.redo();
  CHECK(p.settings.real("view.noise.level") == second);
  p.with_ctrl(ImGuiKey_Z, true);
  CHECK(p.settings.real("view.noise.level") == third);
}

TEST_CASE("undo: a preset goes back as a whole, seed and view stay, and the run starts afresh") {
  Playground p;
  p.type_seed("77");
  p.drag_noise(0.2f, 0.5f);
  const Settings before = p.settings;
  p.click("preset");
  p.click("preset:deep");
  CHECK(session::matching_preset(p.settings) == "deep");
  CHECK(p.settings.text("data.set") == "strokes");
  const Settings after = p.settings;
  const int loads = p.harness.sent<LoadPreset>();
  p.undo();
  CHECK(p.harness.sent<LoadPreset>() == loads + 1);
  CHECK(p.settings.all() == before.all());
  p.redo();
  CHECK(p.settings.all() == after.all());
  p.undo();
  p.undo();
  p.undo();
  CHECK(p.settings.all() == Settings().all());
}

TEST_CASE("undo: a new seed goes back with a new start") {
  Playground p;
  p.click("new_seed");
  CHECK(p.settings.integer("train.seed") == 2);
  p.undo();
  CHECK(p.settings.integer("train.seed") == 1);
  CHECK(p.harness.sent<LoadPreset>() == 1);
  p.redo();
  CHECK(p.settings.integer("train.seed") == 2);
}

TEST_CASE("undo: another change ends what could be redone") {
  Playground p;
  p.type_seed("5");
  p.undo();
  CHECK(p.harness.app.state<Undo>().can_redo());
  p.drag_noise(0.2f, 0.4f);
  CHECK_FALSE(p.harness.app.state<Undo>().can_redo());
  p.undo();
  CHECK(p.settings.all() == Settings().all());
}

TEST_CASE("undo: so many steps are kept, and the oldest go first") {
  Playground p;
  for (std::size_t i = 1; i <= Undo::kMaxSteps + 20; ++i) {
    p.type_seed(std::to_string(1000 + i).c_str());
  }
  for (std::size_t i = 0; i < Undo::kMaxSteps + 20; ++i) p.undo();
  CHECK_FALSE(p.harness.app.state<Undo>().can_undo());
  CHECK(p.settings.integer("train.seed") == 1020);
}

TEST_CASE("undo: what the engine refuses, and what is only looked at, is no step") {
  Playground p;
  p.click("tab:weights");  // wants tiles
  CHECK(p.harness.last<SetSetting>()->key == "view.tiles");
  CHECK_FALSE(p.harness.app.state<Undo>().can_undo());
  REQUIRE(p.harness.click("setting:train.seed"));
  p.harness.type("9");
  p.harness.key(ImGuiKey_Enter);
  p.taken = p.harness.commands.size();  // it is not carried out
  p.harness.app.receive(session::Failure{0, "No."});
  p.answer();
  const std::size_t sent = p.harness.commands.size();
  p.undo();
  CHECK(p.harness.commands.size() == sent);
}

TEST_CASE("undo: while text is edited the keys are the text's") {
  Playground p;
  p.drag_noise(0.2f, 0.5f);
  const double level = p.settings.real("view.noise.level");
  REQUIRE(p.harness.click("setting:train.seed"));
  p.harness.type("12");
  p.with_ctrl(ImGuiKey_Z);
  CHECK(p.settings.real("view.noise.level") == level);
}

TEST_CASE(
    "undo: the buttons are there where there is room, and pressed only where there is a step") {
  for (const auto& [width, height] : {std::pair{1440.0f, 900.0f}, {1280.0f, 800.0f}}) {
    Playground p(width, height);
    CAPTURE(width);
    const std::size_t sent = p.harness.commands.size();
    p.click("undo");
    p.click("redo");
    CHECK(p.harness.commands.size() == sent);
    p.type_seed("5");
    p.click("undo");
    CHECK(p.settings.integer("train.seed") == 1);
    p.click("redo");
    CHECK(p.settings.integer("train.seed") == 5);
  }
}

}  // namespace
}  // namespace hourglass::ui
