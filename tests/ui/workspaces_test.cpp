#include <doctest/doctest.h>

#include "tests/ui/harness.h"

using namespace hourglass;
using namespace hourglass::ui;

TEST_CASE("workspaces: a click, a touch and a key go there and back, in every form") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {1080.0f, 700.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      CAPTURE(width);
      Harness harness(width, height);
      harness.app.set_language(language);
      feed(harness);
      harness.settle();
      CHECK(harness.widget("panel:reconstructions").w > 0);
      REQUIRE(harness.click("workspace.applications"));
      CHECK(harness.app.view().workspace == Workspace::kApplications);
      CHECK(harness.widget("panel:reconstructions").empty());
      CHECK(harness.widget("panel:pca").w > 200);
      CHECK(harness.widget("tab:curves").empty());
      REQUIRE(harness.click("workspace.training"));
      CHECK(harness.widget("panel:reconstructions").w > 0);
      CHECK(harness.widget("panel:pca").empty());
      harness.key(ImGuiKey_A);
      CHECK(harness.app.view().workspace == Workspace::kApplications);
    }
  }
}

TEST_CASE("workspaces: each keeps its tab") {
  Harness harness(1280, 800);
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:runs"));
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("tab:pca"));
  CHECK(harness.app.view().application == "pca");
  REQUIRE(harness.click("workspace.training"));
  CHECK(harness.widget("panel:runs").w > 0);
}

TEST_CASE("workspaces: a window without room for a tab is drawn all the same") {
  for (const float scale : {1.0f, 2.0f, 4.0f}) {
    Harness harness(1280, 800);
    harness.app.set_text_scale(scale);
    feed(harness, 5, 50);
    for (int width = 1; width < 150; ++width) {
      harness.info.width = static_cast<float>(width);
      for (int i = 0; i < 2; ++i) {
        harness.app.note_input();
        harness.frame();
        harness.key(ImGuiKey_A);
      }
    }
    CHECK(harness.frames > 300);
  }
}
