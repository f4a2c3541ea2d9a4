// The tab of weights: colours of signed pictures, their arrangement, and when the engine is asked
// for them.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"
#include "ui/code/code_state.h"
#include "ui/images/tile_atlas.h"

namespace hourglass::ui {
namespace {

constexpr std::size_t kRow = session::kLayerStats + session::kActivationBins;

// Tiles of 28 x 28 for `count` units, of which the third is dead; histograms of two layers.
session::Snapshot tiles_snapshot(int count) {
  session::Snapshot snapshot;
  snapshot.image_count = 20;
  snapshot.tile_rows = snapshot.tile_columns = 28;
  session::Bytes bytes(static_cast<std::size_t>(784 * count));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = i / 784 == 2 ? 128 : static_cast<std::uint8_t>(1 + (i * 7) % 255);
  }
  snapshot.tiles = std::make_shared<const session::Bytes>(std::move(bytes));
  session::Floats stats(2 * kRow, 1.0f / session::kActivationBins);
  for (std::size_t layer = 0; layer < 2; ++layer) {
    stats[layer * kRow] = -0.5f;
    stats[layer * kRow + 1] = 2.5f;
    stats[layer * kRow + 2] = 3;
  }
  snapshot.layer_stats = std::make_shared<const session::Floats>(std::move(stats));
  session::Floats ranges;
  for (int i = 0; i < count; ++i) ranges.insert(ranges.end(), {0.0f, i == 5 ? 0.0f : 2.0f, 0.5f});
  snapshot.code_ranges = std::make_shared<const session::Floats>(std::move(ranges));
  return snapshot;
}

std::string last_tiles(const Harness& harness) {
  for (auto at = harness.commands.rbegin(); at != harness.commands.rend(); ++at) {
    const auto* body = std::get_if<session::SetSetting>(&at->body);
    if (body && body->key == "view.tiles") return std::get<std::string>(body->value);
  }
  return "never";
}
int times_tiles(const Harness& harness) {
  int count = 0;
  for (const session::Command& command : harness.commands) {
    const auto* body = std::get_if<session::SetSetting>(&command.body);
    count += body && body->key == "view.tiles";
  }
  return count;
}
void confirm(Harness& harness, const char* kind) {
  harness.app.receive(session::SettingsChanged{{{"view.tiles", std::string(kind)}}});
  harness.settle();
}

TEST_CASE("weights: 128 is paper, 255 and 1 the two ends, and between them the way is straight") {
  for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
    const Palette& c = palette(kind);
    CHECK(diverging_color(128, c) == c.tile);
    CHECK(diverging_color(255, c) == c.positive);
    CHECK(diverging_color(1, c) == c.negative);
    CHECK(diverging_color(0, c) == c.negative);
    const int red = static_cast<int>(diverging_color(192, c) >> 16 & 0xFF);
    const int from = static_cast<int>(c.tile >> 16), to = static_cast<int>(c.positive >> 16);
    CHECK(red == doctest::Approx(from + (to - from) * 64 / 127.0).epsilon(0.01));
    // Both ends are to stand out from paper, and the card, by as much.
    CHECK(contrast(c.positive, c.tile) >= 3);
    CHECK(contrast(c.negative, c.tile) >= 3);
    CHECK(contrast(c.positive, c.tile) / contrast(c.negative, c.tile) < 2);
    CHECK(contrast(c.positive, c.tile) / contrast(c.negative, c.tile) > 0.5);
  }
}

TEST_CASE("weights: tiles are as large as fits, and scroll where the smallest do not fit") {
  for (const int count : {1, 2, 10, 32, 64, 128, 256}) {
    for (const auto& [width, height] :
         {std::pair{410.0f, 150.0f}, {330.0f, 200.0f}, {720.0f, 480.0f}, {300.0f, 120.0f}}) {
      const TileGrid grid = arrange_tiles(count, width, height, 34, 150, 4, 12);
      CAPTURE(count);
      CAPTURE(width);
      REQUIRE(grid.columns > 0);
      CHECK(grid.cell >= 34);
      CHECK(grid.cell <= 150);
      CHECK(static_cast<float>(grid.columns) * (grid.cell + 4) - 4 <= width + 0.01f);
      CHECK(grid.scrolls == (grid.height > height));
    }
  }
  CHECK(arrange_tiles(32, 0, 100, 34, 150, 4, 12).columns == 0);
  CHECK(arrange_tiles(0, 100, 100, 34, 150, 4, 12).columns == 0);
}

TEST_CASE("weights: the engine is asked for tiles while the tab is on show, and once each time") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK(times_tiles(harness) == 0);
  REQUIRE(harness.click("tab:weights"));
  CHECK(last_tiles(harness) == "inputs");
  for (int i = 0; i < 5; ++i) harness.frame();
  CHECK(times_tiles(harness) == 1);
  confirm(harness, "inputs");
  CHECK(times_tiles(harness) == 1);

  REQUIRE(harness.click("weights:outputs"));
  CHECK(last_tiles(harness) == "outputs");
  CHECK(times_tiles(harness) == 2);
  confirm(harness, "outputs");

  REQUIRE(harness.click("tab:curves"));
  CHECK(last_tiles(harness) == "none");
  CHECK(times_tiles(harness) == 3);
  confirm(harness, "none");
  for (int i = 0; i < 5; ++i) harness.frame();
  CHECK(times_tiles(harness) == 3);
  // The kind that was chosen is still the chosen one.
  REQUIRE(harness.click("tab:weights"));
  CHECK(last_tiles(harness) == "outputs");
}

TEST_CASE("weights: an engine that refuses is not asked in a loop") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:weights"));
  for (int i = 0; i < 5; ++i) {
    harness.app.receive(session::Failure{0, "There is nothing to show."});
    harness.settle();
  }
  CHECK(times_tiles(harness) == 1);
}

TEST_CASE("weights: tiles of the other kind are not shown under this one's name") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:weights"));
  confirm(harness, "inputs");
  harness.app.receive(tiles_snapshot(32));
  harness.settle();
  CHECK_FALSE(harness.widget("tile:31").empty());
  REQUIRE(harness.click("weights:outputs"));
  confirm(harness, "outputs");
  CHECK(harness.widget("tile:0").empty());
  harness.app.receive(tiles_snapshot(32));
  harness.settle();
  CHECK_FALSE(harness.widget("tile:0").empty());
}

TEST_CASE("weights: tiles and histograms are inside the panel, in every form and language") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}, {1920.0f, 1080.0f}}) {
    for (const int count : {2, 32, 128, 256}) {
      AppOptions options;
      if (count == 128) options.language = Language::kChinese;
      Harness harness(width, height, std::move(options));
      feed(harness);
      harness.settle();
      if (harness.widget("tab:weights").empty()) {  // below the fold
        harness.move(width / 2, height / 2);
        harness.wheel(-100);
      }
      REQUIRE(harness.click("tab:weights"));
      confirm(harness, "inputs");
      harness.app.receive(tiles_snapshot(count));
      harness.settle();
      CAPTURE(width);
      CAPTURE(count);
      const Rect panel = harness.widget("panel:weights"), tiles = harness.widget("weights:tiles");
      REQUIRE_FALSE(panel.empty());
      REQUIRE_FALSE(tiles.empty());
      for (const char* id : {"weights:inputs", "weights:outputs", "weights:histogram",
                             "weights:dead", "weights:tiles"}) {
        CAPTURE(std::string(id));
        const Rect rect = harness.widget(id);
        CHECK(rect.w > 10);
        CHECK(rect.h > 8);
        CHECK(rect.x >= panel.x - 0.5f);
        CHECK(rect.right() <= panel.right() + 0.5f);
        CHECK(rect.bottom() <= panel.bottom() + 0.5f);
      }
      CHECK_FALSE(tiles.inset(0.5f, 0.5f).overlaps(harness.widget("weights:histogram")));
      const Rect tile = harness.widget("tile:0");
      CHECK(tile.w > 20);
      CHECK(tile.x >= tiles.x - 1);
      CHECK(tile.right() <= tiles.right() + 1);
    }
  }
}

TEST_CASE(
    "weights: textures are made once per revision, and a click on an output tile opens its bar") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:weights"));
  REQUIRE(harness.click("weights:outputs"));
  confirm(harness, "outputs");
  harness.app.receive(tiles_snapshot(32));
  harness.settle();
  const int uploads = harness.uploads;
  for (int i = 0; i < 10; ++i) harness.frame();
  CHECK(harness.uploads == uploads);
  REQUIRE(harness.click("tile:7"));
  CHECK(harness.app.view().tab == "code");
  CHECK(harness.app.state<CodeState>().unit == 7);
  CHECK(last_tiles(harness) == "none");
}

TEST_CASE("weights: a pointer on a tile enlarges it") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("tab:weights"));
  confirm(harness, "inputs");
  harness.app.receive(tiles_snapshot(32));
  harness.settle();
  const Rect tile = harness.widget("tile:3");
  harness.move(tile.x + tile.w / 2, tile.y + tile.h / 2);
  CHECK(harness.widget("weights:unit").w > tile.w);
}

TEST_CASE("weights: pictures of several channels, and shapes that no picture can be made of") {
  Harness harness;  // textures need a context
  const Palette& c = palette(ThemeKind::kLight);
  TileAtlas atlas;
  session::Snapshot snapshot;
  snapshot.tile_channels = 3;
  snapshot.tile_rows = snapshot.tile_columns = 5;
  snapshot.tiles = std::make_shared<const session::Bytes>(2 * 75, std::uint8_t{128});
  atlas.update(1, snapshot, c);
  CHECK(atlas.count() == 2);
  CHECK(atlas.colored());
  CHECK(atlas.blank(0));
  snapshot.tile_channels = 2;
  snapshot.tile_rows = 3;
  snapshot.tiles = std::make_shared<const session::Bytes>(3 * 30, std::uint8_t{200});
  atlas.update(2, snapshot, c);
  CHECK(atlas.count() == 3);
  CHECK_FALSE(atlas.colored());
  CHECK_FALSE(atlas.blank(2));
  CHECK(atlas.aspect() == doctest::Approx(5.0 / 3));
  ImVec2 from, to;
  atlas.corners(2, from, to);
  CHECK(from.x >= 0);
  CHECK(to.x <= 1);
  CHECK(to.y <= 1);
  snapshot.tile_rows = 0;
  atlas.update(3, snapshot, c);
  CHECK(atlas.count() == 0);
  snapshot.tile_rows = 1 << 20;
  atlas.update(4, snapshot, c);
  CHECK(atlas.count() == 0);
  snapshot.tiles.reset();
  atlas.update(5, snapshot, c);
  CHECK(atlas.count() == 0);
}

}  // namespace
}  // namespace hourglass::ui
