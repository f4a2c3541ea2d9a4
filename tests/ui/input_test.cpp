// What belongs to the front end of wheel, fingers and keyboard, and what to the page around it.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"
#include "ui/latent_map/map_state.h"

namespace hourglass::ui {
namespace {

// A window in which the body scrolls.
constexpr float kPhoneWidth = 390, kPhoneHeight = 844;

void touch(Harness& harness, float x, float y, bool down) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  io.AddMousePosEvent(x, y);
  io.AddMouseButtonEvent(0, down);
  harness.app.note_input();
  harness.settle(4);  // a finger that rests for longer asks for help
}

void move_finger(Harness& harness, float x, float y) {
  ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  ImGui::GetIO().AddMousePosEvent(x, y);
  harness.app.note_input();
  harness.settle(4);
}

float centre_x(const Rect& rect) { return rect.x + rect.w / 2; }
float centre_y(const Rect& rect) { return rect.y + rect.h / 2; }

TEST_CASE("input: the wheel is wanted over the map, and not where nothing scrolls") {
  Harness harness(1280, 800);
  feed(harness);
  harness.settle();
  const Rect map = harness.widget("map"), bar = harness.widget("panel:toolbar");
  CHECK(harness.app.wants_wheel(centre_x(map), centre_y(map), 1));
  CHECK_FALSE(harness.app.wants_wheel(centre_x(bar), centre_y(bar), 1));
}

TEST_CASE("input: at the end of the body the wheel is the page's") {
  Harness phone(kPhoneWidth, kPhoneHeight);
  feed(phone);
  phone.settle();
  const Rect body = phone.app.layout().body;
  REQUIRE(phone.app.layout().content_height > body.h);
  const float x = body.x + 4, y = body.y + 4;  // beside the cards
  CHECK(phone.app.wants_wheel(x, y, 1));
  CHECK_FALSE(phone.app.wants_wheel(x, y, -1));  // at its start
  phone.move(x, y);
  for (int i = 0; i < 60; ++i) phone.wheel(-5);
  CHECK_FALSE(phone.app.wants_wheel(x, y, 1));  // at its end
  CHECK(phone.app.wants_wheel(x, y, -1));
}

TEST_CASE("input: what a tap does is seen without another touch") {
  Harness harness(844, 390);
  feed(harness);
  harness.settle();
  touch(harness, 2, 2, true);
  touch(harness, 2, 2, false);
  harness.wheel(-40);
  harness.settle();
  const Rect tab = harness.widget("tab:code");
  REQUIRE_FALSE(tab.empty());
  REQUIRE(harness.widget("panel:code").empty());
  // All of it at once, as a browser hands over a quick tap between two frames.
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  io.AddMousePosEvent(centre_x(tab) - 3, centre_y(tab));
  io.AddMousePosEvent(centre_x(tab), centre_y(tab));
  io.AddMouseButtonEvent(0, true);
  io.AddMouseButtonEvent(0, false);
  harness.app.note_input();
  harness.settle();
  CHECK_FALSE(harness.widget("panel:code").empty());
}

TEST_CASE("input: a finger scrolls the body even when it begins on a picture, and picks nothing") {
  Harness harness(kPhoneWidth, kPhoneHeight);
  feed(harness);
  harness.settle();
  const Rect row = harness.widget("row:original");
  const float top = harness.widget("panel:noise").y;
  const float x = row.x + 20, y = centre_y(row);
  const int sent = static_cast<int>(harness.commands.size());
  touch(harness, x, y, true);
  for (int i = 1; i <= 6; ++i) move_finger(harness, x, y - 20.0f * static_cast<float>(i));
  CHECK(harness.widget("panel:noise").y < top - 60);
  touch(harness, x, y - 120, false);
  int told = 0;
  for (std::size_t i = static_cast<std::size_t>(sent); i < harness.commands.size(); ++i) {
    told += std::holds_alternative<session::SetSetting>(harness.commands[i].body);
  }
  CHECK(told == 0);
}

TEST_CASE("input: a finger on a slider moves the slider and not the body") {
  Harness harness(kPhoneWidth, kPhoneHeight);
  feed(harness);
  harness.settle();
  const Rect slider = harness.widget("setting:view.noise.level");
  REQUIRE_FALSE(slider.empty());
  CHECK(harness.app.wants_touch(centre_x(slider), centre_y(slider)));
  touch(harness, slider.x + slider.w * 0.3f, centre_y(slider), true);
  for (int i = 1; i <= 6; ++i) {
    move_finger(harness, slider.x + slider.w * (0.3f + 0.05f * static_cast<float>(i)),
                centre_y(slider) - 12.0f * static_cast<float>(i));
  }
  CHECK(harness.widget("setting:view.noise.level").y == slider.y);
  CHECK(harness.sent<session::SetSetting>() + harness.sent<session::SetSettings>() > 0);
}

TEST_CASE("input: fingers that nothing would follow are the page's") {
  Harness harness(1280, 800);
  feed(harness);
  harness.settle();
  REQUIRE(harness.app.layout().content_height <= harness.app.layout().body.h + 0.5f);
  const Rect map = harness.widget("map"), row = harness.widget("row:original");
  CHECK(harness.app.wants_touch(centre_x(map), centre_y(map)));
  CHECK_FALSE(harness.app.wants_touch(centre_x(row), centre_y(row)));
  CHECK_FALSE(harness.app.wants_touch(2, 2));
}

TEST_CASE("input: two fingers zoom the map and move it, and end what one had begun") {
  Harness harness(1280, 800);
  feed(harness);
  harness.settle();
  const Rect map = harness.widget("map");
  const float x = centre_x(map), y = centre_y(map);
  touch(harness, x, y, true);
  harness.app.pinch(x, y, 1, 0, 0);
  harness.settle();
  const double scale = harness.app.state<MapState>().view.scale;
  CHECK_FALSE(ImGui::IsAnyItemActive());
  harness.app.pinch(x, y, 1.44f, 0, 0);
  harness.settle();
  CHECK(harness.app.state<MapState>().view.scale == doctest::Approx(1.44 * scale).epsilon(0.001));
  const double center = harness.app.state<MapState>().view.center_x;
  harness.app.pinch(x, y, 1, 30, 0);
  harness.settle();
  CHECK(harness.app.state<MapState>().view.center_x < center);
  harness.app.pinch(x, y, -1, 0, 0);
  harness.app.pinch(x, y, 0, 0, 0);
  harness.settle();
  CHECK(harness.app.state<MapState>().view.scale == doctest::Approx(1.44 * scale).epsilon(0.001));
}

TEST_CASE("input: Escape leaves where there is nothing to close") {
  Harness harness(1280, 800);
  feed(harness);
  harness.settle();
  CHECK(harness.app.escape_leaves());
  REQUIRE(harness.click("setting:data.set"));  // opens a list
  CHECK_FALSE(harness.app.escape_leaves());
  harness.key(ImGuiKey_Escape);
  CHECK(harness.app.escape_leaves());
}

}  // namespace
}  // namespace hourglass::ui
