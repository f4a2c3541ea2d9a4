// The card of reconstructions as a person uses it.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

// The images on display are samples 100, 107, 114, ... with errors that rise up to image 5.
void feed_images(Harness& harness, int count = 20) {
  feed(harness, count);
  session::Snapshot snapshot;
  snapshot.image_count = count;
  std::vector<std::uint32_t> indices;
  session::Floats errors;
  for (int i = 0; i < count; ++i) {
    indices.push_back(static_cast<std::uint32_t>(100 + 7 * i));
    errors.push_back(i <= 5 ? 0.01f * static_cast<float>(i) : 0.001f);
  }
  snapshot.image_indices = std::make_shared<const std::vector<std::uint32_t>>(indices);
  snapshot.image_errors = std::make_shared<const session::Floats>(errors);
  harness.app.receive(snapshot);
  harness.settle();
}

void set(Harness& harness, const char* key, session::Value value) {
  session::Settings settings;
  settings.set(key, value);
  harness.app.receive(session::SettingsChanged{settings.all()});
  harness.settle();
}

TEST_CASE("reconstructions: a click on a column puts its image into the network") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    Harness harness(width, height);
    feed_images(harness);
    REQUIRE(harness.click("image:3"));
    const auto* sent = harness.last<session::SetSetting>();
    REQUIRE(sent);
    CHECK(sent->key == "view.sample");
    CHECK(std::get<std::int64_t>(sent->value) == 121);
    // It is the one on show now: nothing to send.
    const int count = harness.sent<session::SetSetting>();
    REQUIRE(harness.click("image:3"));
    CHECK(harness.sent<session::SetSetting>() == count);
  }
}

TEST_CASE("reconstructions: a column reaches over all rows and the error") {
  Harness harness;
  feed_images(harness);
  const Rect column = harness.widget("image:0");
  CHECK(column.y <= harness.widget("row:original").y);
  CHECK(column.bottom() >= harness.widget("row:error").bottom());
  CHECK(harness.widget("image:1").x >= column.right());
}

TEST_CASE("reconstructions: the difference has a row on demand, and room for it") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    Harness harness(width, height);
    feed_images(harness);
    CHECK(harness.widget("row:difference").empty());
    REQUIRE(harness.click("difference"));
    const Rect row = harness.widget("row:difference");
    CHECK(row.w == doctest::Approx(harness.widget("row:original").w));
    CHECK(row.y >= harness.widget("row:reconstructed").bottom());
    CHECK(harness.widget("row:error").y >= row.bottom());
    CHECK(harness.widget("row:error").bottom() <= harness.widget("panel:reconstructions").bottom());
    REQUIRE(harness.click("difference"));
    CHECK(harness.widget("row:difference").empty());
  }
}

TEST_CASE("reconstructions: the worst on demand, and back") {
  Harness harness;
  feed_images(harness);
  REQUIRE(harness.click("worst"));
  REQUIRE(harness.last<session::SetSetting>());
  CHECK(harness.last<session::SetSetting>()->key == "view.image_order");
  CHECK(harness.last<session::SetSetting>()->value == session::Value(std::string("worst")));
  set(harness, "view.image_order", std::string("worst"));
  REQUIRE(harness.click("worst"));
  CHECK(harness.last<session::SetSetting>()->value == session::Value(std::string("set")));
}

TEST_CASE("reconstructions: other images are another random set, also while the worst are shown") {
  Harness harness;
  feed_images(harness);
  REQUIRE(harness.click("other_images"));
  REQUIRE(harness.last<session::SetSetting>());
  CHECK(harness.last<session::SetSetting>()->key == "view.image_set");
  CHECK(std::get<std::int64_t>(harness.last<session::SetSetting>()->value) == 1);
  REQUIRE(harness.click("worst"));
  set(harness, "view.image_order", std::string("worst"));
  REQUIRE(harness.click("other_images"));
  const auto* sent = harness.last<session::SetSettings>();
  REQUIRE(sent);
  REQUIRE(sent->values.size() == 2);
  CHECK(sent->values[0].first == "view.image_set");
  CHECK(sent->values[1] ==
        std::pair<std::string, session::Value>{"view.image_order", std::string("set")});
}

TEST_CASE("reconstructions: the buttons are there at every size, language and text scale") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}, {360.0f, 640.0f}}) {
    for (const float scale : {1.0f, 1.5f, 2.0f}) {
      for (const Language language : {Language::kEnglish, Language::kChinese}) {
        AppOptions options;
        options.language = language;
        options.text_scale = scale;
        Harness harness(width, height, std::move(options));
        feed_images(harness);
        CAPTURE(width);
        CAPTURE(scale);
        const Rect card = harness.widget("panel:reconstructions");
        if (card.h < 80) continue;  // the toolbar leaves nothing of it in view
        for (const char* id : {"difference", "worst", "other_images"}) {
          CAPTURE(std::string(id));
          CHECK(harness.widget(id).w >= 20);
          CHECK(harness.widget(id).right() <= card.right());
        }
        // Beside the largest text there is no room for it on a phone.
        if (scale == 1.0f) CHECK(harness.widget("pca_row").w >= 20);
      }
    }
  }
}

TEST_CASE("reconstructions: a finger that starts on a picture moves the page, and clicks nothing") {
  Harness harness(390, 844);
  feed_images(harness);
  ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  harness.move(1, 1);
  harness.settle();
  const Rect column = harness.widget("image:1");
  REQUIRE(column.h > 100);
  const float x = column.x + column.w / 2, y = column.bottom() - 20;
  harness.move(x, y);
  harness.press(true);
  for (int i = 1; i <= 8; ++i) harness.move(x, y - 15.0f * static_cast<float>(i));
  harness.press(false);
  CHECK(harness.widget("image:1").bottom() < column.bottom() - 60);
  CHECK(harness.sent<session::SetSetting>() == 0);
}

}  // namespace
}  // namespace hourglass::ui
