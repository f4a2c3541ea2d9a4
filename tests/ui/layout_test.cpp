#include "ui/state/layout.h"

#include <doctest/doctest.h>

#include <vector>

namespace hourglass::ui {
namespace {

std::vector<Rect> cards(const Layout& layout) {
  std::vector<Rect> all = {layout.hourglass, layout.reconstructions, layout.noise, layout.tabs};
  if (!layout.map_in_tabs) all.push_back(layout.latent);
  return all;
}

TEST_CASE("layout: three forms by width, measured in units of the text") {
  CHECK(form_of(1280, Metrics(1)) == Form::kWide);
  CHECK(form_of(800, Metrics(1)) == Form::kNarrow);
  CHECK(form_of(390, Metrics(1)) == Form::kPhone);
  CHECK(form_of(1280, Metrics(1.5f)) == Form::kNarrow);
  CHECK(form_of(2560, Metrics(2)) == Form::kWide);
}

TEST_CASE("layout: no two cards overlap and none is cut off, at any size and text scale") {
  for (const float scale : {1.0f, 1.25f, 1.5f, 2.0f}) {
    for (const auto& [width, height] : {std::pair{390.0f, 844.0f},
                                        {800.0f, 600.0f},
                                        {1280.0f, 800.0f},
                                        {1920.0f, 1080.0f},
                                        {320.0f, 480.0f},
                                        {760.0f, 500.0f},
                                        {1080.0f, 420.0f},
                                        {2560.0f, 700.0f},
                                        {700.0f, 1400.0f}}) {
      for (const bool touch : {false, true}) {
        for (const float messages : {0.0f, 90.0f}) {
          CAPTURE(scale);
          CAPTURE(width);
          CAPTURE(height);
          const Metrics metrics(scale, touch);
          const int rows = touch ? 4 : 3;
          const Layout layout = compute_layout(width, height, metrics,
                                               {Workspace::kTraining, 20, rows, 120, messages});
          CHECK_FALSE(layout.toolbar.overlaps(layout.body));
          CHECK_FALSE(layout.status.overlaps(layout.body));
          CHECK_FALSE(layout.messages.overlaps(layout.body));
          CHECK(layout.status.bottom() <= height + 0.01f);
          const std::vector<Rect> all = cards(layout);
          for (std::size_t i = 0; i < all.size(); ++i) {
            CHECK(all[i].w > 100 * scale);
            CHECK(all[i].h > 80 * scale);
            CHECK(all[i].x >= 0);
            CHECK(all[i].right() <= layout.body.w + 0.01f);
            CHECK(all[i].bottom() <= layout.content_height);
            for (std::size_t j = i + 1; j < all.size(); ++j) {
              CHECK_FALSE(all[i].overlaps(all[j]));
            }
          }
        }
      }
    }
  }
}

TEST_CASE("layout: what people see first fits without scrolling on a laptop and in an embed") {
  const Layout laptop = compute_layout(1280, 800, Metrics(1), {});
  CHECK(laptop.content_height <= laptop.body.h);
  const Layout embed = compute_layout(800, 600, Metrics(1), {});
  CHECK(embed.map_in_tabs);
  CHECK(embed.content_height <= embed.body.h);
}

TEST_CASE("layout: in a low window bars move with the content, which has most of the height") {
  for (const float scale : {1.0f, 2.0f}) {
    for (const auto& [width, height] : {std::pair{320.0f, 200.0f},
                                        {640.0f, 320.0f},
                                        {844.0f, 390.0f},
                                        {1280.0f, 200.0f},
                                        {800.0f, 150.0f},
                                        {320.0f, 90.0f}}) {
      for (const float messages : {0.0f, 90.0f}) {
        CAPTURE(scale);
        CAPTURE(width);
        CAPTURE(height);
        const Metrics m(scale, true);
        const float line = m.control + m.gap;
        const LayoutNeeds needs{Workspace::kTraining, 20,       3,
                                3 * line + m.gap,     messages, line + m.gap,
                                2 * line + m.gap};
        const Layout layout = compute_layout(width, height, m, needs);
        CHECK(layout.body.h >= 0.6f * height - 0.01f);
        CHECK(layout.toolbar.h + layout.messages.h + layout.body.h + layout.status.h ==
              doctest::Approx(height));
        // Nothing is lost: every bar is in the window or in the content, above and below the cards.
        CHECK(layout.toolbar.empty() != (layout.moving_toolbar.h < needs.toolbar_height));
        CHECK(layout.status.empty() != layout.moving_status.empty());
        CHECK(layout.messages.h + layout.moving_messages.h == messages);
        for (const Rect& card : cards(layout)) {
          CHECK(card.y >= layout.moving_toolbar.h + layout.moving_messages.h);
          CHECK_FALSE(card.overlaps(layout.moving_status));
        }
        CHECK_FALSE(layout.moving_toolbar.overlaps(layout.moving_messages));
        CHECK(layout.moving_status.bottom() <= layout.content_height);
      }
    }
  }
  // Where there is height enough nothing moves.
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    const Layout layout =
        compute_layout(width, height, Metrics(1), {Workspace::kTraining, 20, 3, 150, 50, 56, 100});
    CHECK(layout.moving_toolbar.empty());
    CHECK(layout.moving_messages.empty());
    CHECK(layout.moving_status.empty());
  }
}

TEST_CASE("layout: pictures stand inside their card") {
  for (const auto& [width, height] :
       {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 844.0f}}) {
    for (const int rows : {3, 4}) {
      const Metrics m(1);
      const Layout layout =
          compute_layout(width, height, m, {Workspace::kTraining, 20, rows, 52, 0});
      CHECK(layout.pictures.height + m.header + 2 * m.padding <= layout.reconstructions.h + 0.01f);
    }
  }
}

TEST_CASE("layout: pictures fill the row, never wider than it, and never more than there are") {
  for (const Form form : {Form::kWide, Form::kNarrow, Form::kPhone}) {
    for (float width = 300; width < 2000; width += 37) {
      for (const int count : {1, 5, 20, 100}) {
        const PictureGrid grid = arrange_pictures(width, 190, count, 3, form, Metrics(1));
        CHECK(grid.columns >= 1);
        CHECK(grid.columns <= count);
        const float n = static_cast<float>(grid.columns);
        CHECK(grid.label_width + n * grid.cell + (n - 1) * grid.spacing <= width + 0.01f);
        CHECK(grid.cell >= 31);
      }
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
