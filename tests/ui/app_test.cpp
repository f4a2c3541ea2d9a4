// The front end as a person uses it, without a window: real frames, real clicks on the rectangles
// of widgets().
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/ui/harness.h"
#include "ui/latent_map/map_geometry.h"
#include "ui/latent_map/map_state.h"

namespace hourglass::ui {
namespace {

constexpr std::pair<float, float> kSizes[] = {{1280, 800}, {800, 600}, {390, 844}};

TEST_CASE(
    "app: the same widgets are there in every layout, theme and language, inside the window") {
  for (const auto& [width, height] : kSizes) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      for (const float scale : {1.0f, 1.5f, 2.0f}) {
        AppOptions options;
        options.language = language;
        options.text_scale = scale;
        Harness harness(width, height, std::move(options));
        feed(harness);
        harness.settle();
        CAPTURE(width);
        CAPTURE(scale);
        for (const char* id :
             {"run", "step", "epoch", "reset", "new_seed", "preset", "theme", "language",
              "setting:data.set", "setting:train.seed", "panel:reconstructions"}) {
          CAPTURE(std::string(id));
          const Rect rect = harness.widget(id);
          CHECK(rect.w > 10);
          CHECK(rect.h > 10);
          CHECK(rect.x >= 0);
          CHECK(rect.right() <= width + 0.01f);
          CHECK(rect.bottom() <= height + 0.01f);
        }
      }
    }
  }
}

TEST_CASE(
    "app: widgets that can be clicked do not lie on one another, at any size and text scale") {
  for (const auto& [width, height] : {kSizes[0],
                                      kSizes[1],
                                      kSizes[2],
                                      {1100.0f, 700.0f},
                                      {1920.0f, 1080.0f},
                                      {770.0f, 600.0f},
                                      {360.0f, 640.0f}}) {
    for (const float scale : {1.0f, 1.3f, 2.0f}) {
      for (const Language language : {Language::kEnglish, Language::kChinese}) {
        AppOptions options;
        options.language = language;
        options.text_scale = scale;
        Harness harness(width, height, std::move(options));
        feed(harness);
        session::Status status;
        status.pending_reset = {"train.batch_size", "train.optimizer"};
        harness.app.receive(status);
        harness.app.receive(session::Failure{0, "The file was no image: give one that is."});
        harness.settle();
        std::vector<std::pair<std::string, Rect>> all;
        for (const auto& [id, rect] : harness.app.widgets().all()) {
          const bool whole = id.starts_with("panel:") || id.starts_with("message:") ||
                             id.starts_with("image:") || id == "legend:latent";
          if (!whole) all.emplace_back(id, rect);
        }
        CHECK(all.size() >= 9);
        for (std::size_t i = 0; i < all.size(); ++i) {
          for (std::size_t j = i + 1; j < all.size(); ++j) {
            CAPTURE(width);
            CAPTURE(scale);
            CAPTURE(all[i].first);
            CAPTURE(all[j].first);
            CHECK_FALSE(all[i].second.inset(0.5f, 0.5f).overlaps(all[j].second.inset(0.5f, 0.5f)));
          }
        }
      }
    }
  }
}

TEST_CASE("app: a finger's targets are 40 points on a phone") {
  Harness harness(390, 844);
  feed(harness);
  harness.settle();
  for (const char* id : {"run", "step", "epoch", "reset", "new_seed", "preset", "setting:data.set",
                         "setting:view.noise.kind", "theme", "language"}) {
    CAPTURE(std::string(id));
    CHECK(harness.widget(id).h >= 40);
    CHECK(harness.widget(id).w >= 28);
  }
}

TEST_CASE("app: buttons in headings are 40 points each way on a phone, at every text scale") {
  for (const float scale : {1.0f, 1.3f, 2.0f}) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      AppOptions options;
      options.language = language;
      options.text_scale = scale;
      Harness harness(390, 5000, std::move(options));
      feed(harness);
      harness.settle();
      CAPTURE(scale);
      for (const char* id : {"other_images", "worst", "difference", "map:manifold",
                             "map:thumbnails", "map:tool:path", "map:tool:lasso"}) {
        CAPTURE(std::string(id));
        CHECK(harness.widget(id).w >= 40 - 0.01f);
        CHECK(harness.widget(id).h >= 40 - 0.01f);
      }
      for (const char* id : {"tab:curves", "tab:weights", "tab:code", "tab:training"}) {
        CAPTURE(std::string(id));
        CHECK(harness.widget(id).h >= 40 - 0.01f);
      }
    }
  }
}

TEST_CASE("app: in a low window the cards have most of the height, and everything can be reached") {
  for (const auto& [width, height] :
       {std::pair{320.0f, 200.0f}, {640.0f, 320.0f}, {1280.0f, 200.0f}}) {
    CAPTURE(width);
    CAPTURE(height);
    {  // one window at a time
      Harness harness(width, height);
      feed(harness);
      harness.settle();
      CHECK(harness.app.layout().body.h >= 0.6f * height);
      CHECK(harness.widget("run").h > 20);
      CHECK(harness.click("run"));
      CHECK(harness.sent<session::Run>() == 1);
      // By the wheel, from the top of the content to its end.
      const char* const wanted[] = {"preset",          "theme",       "new_seed",
                                    "panel:hourglass", "panel:noise", "panel:reconstructions",
                                    "panel:tabs",      "panel:status"};
      std::set<std::string> seen;
      harness.move(width - 3, height - 10);
      for (int i = 0; i < 80; ++i) {
        for (const char* id : wanted) {
          if (!harness.widget(id).empty()) seen.insert(id);
        }
        harness.wheel(-1);
      }
      for (const char* id : wanted) {
        CAPTURE(std::string(id));
        CHECK(seen.contains(id));
      }
    }
    // By Tab, from the first control to the last card.
    Harness keys(width, height);
    feed(keys);
    keys.settle();
    std::set<std::string> focused;
    for (int i = 0; i < 120; ++i) {
      keys.key(ImGuiKey_Tab);
      for (const auto& [id, rect] : keys.app.widgets().all()) focused.insert(id);
    }
    for (const char* id : {"preset", "waist:more", "setting:noise.kind", "tab:curves"}) {
      CAPTURE(std::string(id));
      CHECK(focused.contains(id));
    }
  }
}

TEST_CASE("app: in a low window a failure is brought into view, and other messages move nothing") {
  Harness harness(320, 200);
  feed(harness);
  harness.settle();
  harness.move(317, 190);
  for (int i = 0; i < 4; ++i) harness.wheel(-1);
  const Rect before = harness.widget("panel:reconstructions");
  REQUIRE(before.h > 0);
  session::Status status;
  status.pending_reset = {"train.batch_size"};
  harness.app.receive(status);
  harness.settle();
  CHECK(harness.widget("panel:reconstructions").y == doctest::Approx(before.y).epsilon(0.02));
  harness.app.receive(session::Failure{0, "The file was no image: give one that is."});
  harness.settle();
  CHECK(harness.widget("message:failure").h > 20);
}

TEST_CASE("app: buttons send their commands, and Run becomes Pause") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK(harness.click("run"));
  CHECK(harness.sent<session::Run>() == 1);
  session::Status status;
  status.phase = session::Phase::kRunning;
  harness.app.receive(status);
  harness.settle();
  CHECK(harness.click("run"));
  CHECK(harness.sent<session::Run>() == 1);
  CHECK(harness.sent<session::Pause>() == 1);
  CHECK(harness.click("step"));
  REQUIRE(harness.sent<session::Step>() == 1);
  CHECK(harness.last<session::Step>()->count == 1);
  CHECK(harness.click("epoch"));
  CHECK(harness.sent<session::FinishEpoch>() == 1);
  CHECK(harness.click("reset"));
  CHECK(harness.sent<session::Reset>() == 1);
  CHECK(harness.click("new_seed"));
  CHECK(harness.sent<session::NewSeed>() == 1);
}

TEST_CASE("app: a snapshot is answered once, after it was drawn") {
  Harness harness;
  feed(harness);
  CHECK(harness.sent<session::SnapshotTaken>() == 0);
  harness.settle();
  CHECK(harness.sent<session::SnapshotTaken>() == 1);
}

TEST_CASE(
    "app: dragging the noise slider sends values at once and keeps the knob under the pointer") {
  Harness harness;
  feed(harness);
  harness.settle();
  const Rect slider = harness.widget("setting:view.noise.level");
  REQUIRE(slider.w > 50);
  harness.move(slider.x + slider.w * 0.25f, slider.y + slider.h / 2);
  harness.press(true);
  harness.move(slider.x + slider.w * 0.5f, slider.y + slider.h / 2);
  const auto* set = harness.last<session::SetSetting>();
  REQUIRE(set);
  CHECK(set->key == "view.noise.level");
  CHECK(std::get<double>(set->value) == doctest::Approx(0.5).epsilon(0.05));
  // The engine has confirmed nothing yet.
  CHECK(harness.app.view().pending_values.contains("view.noise.level"));
  harness.press(false);
  session::Settings settings;
  settings.set("view.noise.level", std::get<double>(set->value));
  harness.app.receive(session::SettingsChanged{settings.all()});
  CHECK(harness.app.view().pending_values.empty());
}

TEST_CASE("app: a number can be typed, and what is out of range goes to the end of it") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("setting:train.seed"));
  harness.type("77");
  harness.key(ImGuiKey_Enter);
  const auto* set = harness.last<session::SetSetting>();
  REQUIRE(set);
  CHECK(set->key == "train.seed");
  CHECK(std::get<std::int64_t>(set->value) == 77);
  REQUIRE(harness.click("tab:training"));
  REQUIRE(harness.click("setting:train.learning_rate:field"));
  harness.type("99");
  harness.key(ImGuiKey_Enter);
  CHECK(harness.last<session::SetSetting>()->key == "train.learning_rate");
  CHECK(std::get<double>(harness.last<session::SetSetting>()->value) == 10);
}

TEST_CASE("app: keys typed into a field start no run") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("setting:train.seed"));
  harness.key(ImGuiKey_R);
  harness.key(ImGuiKey_Space);
  CHECK(harness.sent<session::Reset>() == 0);
  CHECK(harness.sent<session::Run>() == 0);
  harness.key(ImGuiKey_Escape);
  harness.key(ImGuiKey_Space);
  CHECK(harness.sent<session::Run>() == 1);
}

TEST_CASE("app: a preset is chosen from its list, and the data stay as they are") {
  for (const auto& [width, height] : kSizes) {
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    REQUIRE(harness.click("preset"));
    REQUIRE(harness.widget("preset:deep").w > 50);
    CHECK(harness.widget("preset:deep").right() <= width);
    REQUIRE(harness.click("preset:deep"));
    REQUIRE(harness.last<session::LoadPreset>());
    CHECK(harness.last<session::LoadPreset>()->name == "deep");
    CHECK(harness.last<session::SetSetting>()->key == "data.set");
    CHECK(std::get<std::string>(harness.last<session::SetSetting>()->value) == "strokes");
    CHECK(harness.widget("preset:deep").empty());  // the list has closed
  }
}

TEST_CASE("app: the preset shown is the one that the settings are") {
  Harness harness;
  feed(harness);
  CHECK(harness.app.view().preset == "quick");
  session::Settings settings;
  session::apply_preset(session::find_preset("deep"), settings);
  settings.set("data.set", std::string("strokes"));
  settings.set("train.seed", std::int64_t{9});
  harness.app.receive(session::SettingsChanged{settings.all()});
  CHECK(harness.app.view().preset == "deep");
  settings.set("train.learning_rate", 0.5);
  harness.app.receive(session::SettingsChanged{settings.all()});
  CHECK(harness.app.view().preset.empty());
}

TEST_CASE("app: a failure is shown until dismissed, and a later one shown again") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK(harness.widget("message:failure").empty());
  harness.app.receive(
      session::Failure{0, "The loss is no longer a number: lower the learning rate."});
  harness.settle();
  CHECK(harness.widget("message:failure").w > 300);
  REQUIRE(harness.click("dismiss"));
  CHECK(harness.widget("message:failure").empty());
  CHECK(harness.widget("panel:curves").w > 0);
  harness.app.receive(session::Failure{0, "Again."});
  harness.settle();
  CHECK(harness.widget("message:failure").w > 300);
}

TEST_CASE(
    "app: what is wrong with the run is said until put away, and again when it is something else") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK(harness.widget("message:diagnosis").empty());
  harness.app.receive(session::Diagnoses{{{"dead_code", {32}, "in English"}}});
  harness.settle();
  CHECK_FALSE(harness.widget("message:diagnosis").empty());
  REQUIRE(harness.click("dismiss_diagnosis"));
  CHECK(harness.widget("message:diagnosis").empty());
  harness.app.receive(session::Diagnoses{{{"dead_code", {32}, "in English"}}});
  harness.settle();
  CHECK(harness.widget("message:diagnosis").empty());
  // A newer engine's kind comes with its own sentence.
  harness.app.receive(session::Diagnoses{{{"unheard_of", {}, "Something else."}}});
  harness.settle();
  CHECK_FALSE(harness.widget("message:diagnosis").empty());
  harness.app.receive(session::Diagnoses{});
  harness.settle();
  CHECK(harness.widget("message:diagnosis").empty());
}

TEST_CASE("app: settings that wait for a reset say so and offer it") {
  Harness harness;
  feed(harness);
  session::Status status;
  status.pending_reset = {"train.batch_size"};
  harness.app.receive(status);
  harness.settle();
  CHECK(harness.widget("message:pending").w > 300);
  REQUIRE(harness.click("reset_now"));
  CHECK(harness.sent<session::Reset>() == 1);
}

TEST_CASE("app: data under way are shown") {
  Harness harness;
  feed(harness);
  harness.app.receive(session::DataWanted{"mnist"});
  harness.app.set_data_progress("mnist", 0.4);
  harness.settle();
  CHECK(harness.widget("message:loading").w > 300);
}

TEST_CASE("app: the wheel over the map zooms, a drag moves it, a double click shows all again") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("map:tool:pan"));
  const Rect map = harness.widget("map");
  REQUIRE(map.w > 200);
  CHECK(harness.app.wants_wheel(map.x + 10, map.y + 10));
  CHECK(harness.app.state<MapState>().view.follow);
  harness.move(map.x + map.w / 3, map.y + map.h / 3);
  const double before = harness.app.state<MapState>().view.scale;
  harness.wheel(2);
  CHECK_FALSE(harness.app.state<MapState>().view.follow);
  CHECK(harness.app.state<MapState>().view.scale == doctest::Approx(before * 1.44));
  const double x = harness.app.state<MapState>().view.center_x;
  harness.press(true);
  harness.move(map.x + map.w / 3 + 50, map.y + map.h / 3);
  harness.press(false);
  CHECK(harness.app.state<MapState>().view.center_x < x);
  CHECK(harness.widget("map_fit").w > 0);
  REQUIRE(harness.click("map_fit"));
  CHECK(harness.app.state<MapState>().view.follow);
}

TEST_CASE("app: the wheel is left to the page where nothing here scrolls") {
  {
    Harness harness;
    feed(harness);
    harness.settle();
    const Rect noise = harness.widget("panel:noise");
    CHECK_FALSE(harness.app.wants_wheel(noise.x + 5, noise.y + 5));
  }
  Harness phone(390, 844);
  feed(phone);
  phone.settle();
  CHECK(phone.app.wants_wheel(200, 400));
  CHECK_FALSE(phone.app.wants_wheel(200, 20));
}

TEST_CASE(
    "app: a column that is longer than the window scrolls to its end, by wheel and by finger") {
  for (const bool finger : {false, true}) {
    Harness harness(390, 844);
    feed(harness);
    harness.settle();
    CHECK(harness.widget("panel:tabs").empty());
    const Rect card = harness.widget("panel:reconstructions");
    for (int i = 0; i < 20; ++i) {
      if (finger) {
        ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
        harness.move(card.x + 4, 700);
        harness.press(true);
        harness.move(card.x + 4, 400);
        harness.press(false);
      } else {
        harness.move(card.x + 4, 400);
        harness.wheel(-5);
      }
    }
    const Rect tabs = harness.widget("panel:tabs");
    CHECK(tabs.h > 200);
    CHECK(tabs.bottom() <= harness.widget("panel:status").y);
  }
}

TEST_CASE(
    "app: a control explains itself when the pointer rests on it, but not to whoever is using it") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK(harness.widget("tooltip").empty());
  const Rect epoch = harness.widget("epoch");
  harness.move(epoch.x + 5, epoch.y + 5);
  CHECK(harness.widget("tooltip").w > 100);
  const Rect slider = harness.widget("setting:view.noise.level");
  harness.move(slider.x + 20, slider.y + 10);
  CHECK(harness.widget("tooltip").w > 100);
  harness.press(true);
  harness.move(slider.x + 40, slider.y + 10);
  harness.press(false);
  CHECK(harness.widget("tooltip").empty());
  harness.move(slider.x - 5, slider.y + 200);
  harness.move(slider.x + 20, slider.y + 10);
  CHECK(harness.widget("tooltip").w > 100);
  const Rect row = harness.widget("row:original");
  harness.move(row.x + 20, row.y + 10);
  CHECK(harness.widget("tooltip").w > 50);
  REQUIRE(harness.click("preset"));
  harness.key(ImGuiKey_Escape);
  harness.move(epoch.x + 5, epoch.y + 5);
  CHECK(harness.widget("tooltip").w > 100);
}

TEST_CASE("app: a backend that tells the pointer's place with every frame draws no more of them") {
  Harness harness;
  feed(harness);
  harness.settle();
  harness.app.note_input();
  int frames = 0;
  for (; harness.app.wants_frame() && frames < 30; ++frames) {
    ImGui::GetIO().AddMousePosEvent(640, 400);  // of the screen, as SDL2's backend has it
    ImGui::GetIO().AddMousePosEvent(580, 745);
    harness.frame();
  }
  CHECK(frames < 10);
}

TEST_CASE("app: nothing is drawn and nothing uploaded when nothing happens") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK_FALSE(harness.app.wants_frame());
  harness.move(600, 500);  // letters that were not yet needed are drawn once
  const int uploads = harness.uploads;
  harness.move(610, 400);
  harness.move(600, 500);
  CHECK_FALSE(harness.app.wants_frame());
  CHECK(harness.uploads == uploads);
  // A help that is waited for draws until it is there, then no more.
  const Rect run = harness.widget("run");
  harness.move(run.x + 5, run.y + 5);
  CHECK_FALSE(harness.app.wants_frame());
}

TEST_CASE("app: only the pictures that changed are uploaded again") {
  Harness harness;
  feed(harness);
  harness.settle();
  const int uploads = harness.uploads;
  session::Snapshot snapshot;
  snapshot.image_count = 20;
  snapshot.reconstructed = std::make_shared<const session::Bytes>(784 * 20, std::uint8_t{30});
  harness.app.receive(snapshot);
  harness.settle();
  CHECK(harness.uploads == uploads + 1);
}

TEST_CASE("app: more and fewer images, odd shapes and truncated arrays are drawn without harm") {
  Harness harness;
  feed(harness);
  harness.settle();
  for (const int count : {1, 100, 7, 400, 0, 20}) {
    session::Snapshot snapshot;
    snapshot.image_count = count;
    snapshot.originals = std::make_shared<const session::Bytes>(784 * count / 2);
    snapshot.corrupted = std::make_shared<const session::Bytes>(784 * count);
    snapshot.reconstructed = std::make_shared<const session::Bytes>();
    snapshot.map_points = std::make_shared<const session::Floats>(count * 2 + 1);
    harness.app.receive(snapshot);
    harness.settle();
  }
  session::DataReady data;
  data.channels = 3;
  data.rows = 9;
  data.columns = 5;
  harness.app.receive(data);
  session::Snapshot snapshot;
  snapshot.image_count = 4;
  snapshot.originals = std::make_shared<const session::Bytes>(3 * 9 * 5 * 4);
  harness.app.receive(snapshot);
  harness.settle();
  CHECK(harness.widget("row:original").w > 0);
}

TEST_CASE("app: theme and language are switched by their buttons, and told") {
  std::vector<std::string> told;
  AppOptions options;
  options.on_preference = [&](const std::string& name, const std::string& value) {
    told.push_back(name + "=" + value);
  };
  Harness harness(1280, 800, std::move(options));
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("theme"));
  CHECK(harness.app.theme() == ThemeKind::kDark);
  REQUIRE(harness.click("language"));
  CHECK(harness.app.language() == Language::kChinese);
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "theme=dark");
  CHECK(told[1] == "language=zh");
}

TEST_CASE("app: the widgets' JSON names the rectangles") {
  Harness harness;
  feed(harness);
  harness.settle();
  const auto json = nlohmann::json::parse(harness.app.widgets_json());
  REQUIRE(json.contains("run"));
  REQUIRE(json["run"].size() == 4);
  CHECK(json["run"][2].get<double>() == doctest::Approx(harness.widget("run").w).epsilon(0.01));
}

TEST_CASE("app: bytes that are no font are refused") {
  Harness harness;
  const std::uint8_t nonsense[64] = {1, 2, 3};
  CHECK_FALSE(harness.app.add_font(nonsense));
  CHECK_FALSE(harness.app.add_font({}));
}

TEST_CASE("app: a map of ten thousand points makes one quad each, and none outside") {
  Harness harness;
  feed(harness, 20, 10000);
  harness.settle();
  harness.app.note_input();
  harness.frame();
  CHECK(ImGui::GetDrawData()->TotalVtxCount > 40000);
  const Rect map = harness.widget("map");
  harness.move(map.x + 1, map.y + 1);
  harness.wheel(40);
  harness.app.note_input();
  harness.frame();
  CHECK(ImGui::GetDrawData()->TotalVtxCount < 20000);
}

}  // namespace
}  // namespace hourglass::ui
