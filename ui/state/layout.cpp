#include "ui/state/layout.h"

#include <algorithm>
#include <cmath>

#include "ui/state/shown_cards.h"

namespace hourglass::ui {
namespace {

constexpr float kNarrowFrom = 760;  // at text scale 1
constexpr float kWideFrom = 1080;

float card_height(float inside, const Metrics& m) { return m.header + inside + 2 * m.padding; }

float noise_height(const Metrics& m) { return card_height(noise_content_height(m), m); }

// Places the pictures in a card and returns how high the card has to be, at least `height`.
float place_pictures(Layout& layout, float width, float height, const LayoutNeeds& needs,
                     const Metrics& m) {
  layout.pictures =
      arrange_pictures(width - 2 * m.padding, height - card_height(0, m), needs.picture_count,
                       needs.picture_rows, layout.form, m, needs.error_lines);
  return std::max(height, card_height(layout.pictures.height, m));
}

// Reconstructions and noise side by side, as far as they are there. Returns where what is below
// them begins.
float place_top(Layout& layout, const Rect& main, float least, const Metrics& m,
                const LayoutNeeds& needs, const ShownCards& cards) {
  if (!cards.reconstructions && !cards.noise) return main.y;
  if (!cards.reconstructions) {
    layout.noise = {main.x, main.y, std::min(main.w, m.px(420)), noise_height(m)};
    return layout.noise.bottom() + m.gutter;
  }
  const bool below = cards.latent || cards.tabs;
  const float noise_width = cards.noise ? m.px(236) : 0;
  const float width = cards.noise ? main.w - noise_width - m.gutter : main.w;
  const float top = place_pictures(layout, width, below ? least : main.h, needs, m);
  layout.reconstructions = {main.x, main.y, width, top};
  if (cards.noise) layout.noise = {main.x + width + m.gutter, main.y, noise_width, top};
  return main.y + top + m.gutter;
}

void stack_wide(Layout& layout, const Rect& area, const Metrics& m, const LayoutNeeds& needs,
                const ShownCards& cards) {
  const float column =
      cards.hourglass ? std::clamp(area.w * 0.24f, m.px(280), m.px(400)) : -m.gutter;
  const float main_x = area.x + column + m.gutter;
  const float main_width = area.w - column - m.gutter;
  const float top_height =
      std::clamp(area.h * 0.34f, noise_height(m), std::max(noise_height(m), m.px(400)));
  const float y =
      place_top(layout, {main_x, area.y, main_width, area.h}, top_height, m, needs, cards);

  float bottom = std::max(y - m.gutter, area.bottom());
  if (cards.latent || cards.tabs) {
    const float height = std::max(m.px(360), area.bottom() - y);
    // The map is as good as square; the tabs take the rest.
    const float map_width = !cards.latent ? -m.gutter
                            : !cards.tabs
                                ? main_width
                                : std::clamp(height * 1.1f, main_width * 0.5f, main_width * 0.58f);
    if (cards.latent) layout.latent = {main_x, y, map_width, height};
    if (cards.tabs) {
      layout.tabs = {main_x + map_width + m.gutter, y, main_width - map_width - m.gutter, height};
    }
    bottom = y + height;
  }
  const bool alone =
      main_width > 0 && !cards.reconstructions && !cards.noise && !cards.latent && !cards.tabs;
  if (cards.hourglass) {
    layout.hourglass = {area.x, area.y, alone ? area.w : column, bottom - area.y};
  }
}

void stack_narrow(Layout& layout, const Rect& area, const Metrics& m, const LayoutNeeds& needs,
                  const ShownCards& cards) {
  const bool beside = cards.hourglass || (cards.noise && cards.reconstructions);
  const bool main = cards.reconstructions || cards.tabs || cards.latent || !beside;
  const float column = !beside ? -m.gutter
                       : main  ? std::clamp(area.w * 0.31f, m.px(232), m.px(300))
                               : area.w;
  const float main_x = area.x + column + m.gutter;
  const float main_width = area.w - column - m.gutter;
  const float noise = cards.noise ? noise_height(m) : -m.gutter;
  float left = area.y - m.gutter;
  if (cards.hourglass) {
    layout.hourglass = {area.x, area.y, column, std::max(m.px(220), area.h - noise - m.gutter)};
    left = layout.hourglass.bottom();
  }
  if (cards.noise && beside) {
    layout.noise = {area.x, left + m.gutter, column, noise};
    left = layout.noise.bottom();
  }
  float y = area.y;
  if (cards.noise && !beside) {
    layout.noise = {main_x, y, std::min(main_width, m.px(420)), noise};
    y = layout.noise.bottom() + m.gutter;
  }
  const bool below = cards.latent || cards.tabs;
  if (cards.reconstructions) {
    const float top = place_pictures(layout, main_width, below ? area.h * 0.4f : area.h, needs, m);
    layout.reconstructions = {main_x, y, main_width, top};
    y += top + m.gutter;
  }
  layout.map_in_tabs = true;
  if (below) {
    layout.tabs = {main_x, y, main_width, std::max(m.px(260), std::max(area.bottom(), left) - y)};
  }
}

// How many lines of tools, lists and classes a phone's map has around it: large text makes more of
// them, and they must not take the map's own room. Counts ten classes with short names.
int lines_around_map(float inside, const Metrics& m) {
  const int tools = 6 * m.control + m.gap <= inside ? 1 : 2;
  const int lists = 2 * m.px(116) + m.gap <= inside ? 1 : 2;
  const int abreast = std::max(1, static_cast<int>(inside / m.control));
  return tools + lists + (10 + abreast - 1) / abreast;
}

void stack_phone(Layout& layout, const Rect& area, const Metrics& m, const LayoutNeeds& needs,
                 const ShownCards& cards) {
  float y = area.y;
  const auto place = [&](Rect& card, float height) {
    card = {area.x, y, area.w, height};
    y += height + m.gutter;
  };
  if (cards.reconstructions) {
    place(layout.reconstructions, place_pictures(layout, area.w, 0, needs, m));
  }
  if (cards.noise) place(layout.noise, noise_height(m));
  if (cards.hourglass) place(layout.hourglass, m.px(380));
  const int around = lines_around_map(area.w - 2 * m.padding, m);
  if (cards.latent) {
    place(layout.latent,
          std::min(area.w, m.px(480)) + m.header + static_cast<float>(around) * m.control);
  }
  if (cards.tabs) place(layout.tabs, m.px(460));
}

// Divides the window into bars and body. Returns how much of the content's top the moving bars
// take.
float place_bars(Layout& layout, float width, float height, const Metrics& m,
                 const LayoutNeeds& needs) {
  const float status = m.px(30), most = height * kMaxBarsShare;
  Rect window{0, 0, width, height};
  float top = 0;
  const auto moves = [&](float bar) {
    const Rect place{0, top, width, bar};
    top += bar;
    return place;
  };
  const bool all = needs.toolbar_height + status <= most;
  if (all) {
    layout.toolbar = window.cut_top(needs.toolbar_height);
    layout.status = window.cut_bottom(status);
  } else if (needs.toolbar_row <= most) {
    layout.toolbar = window.cut_top(needs.toolbar_row);
    if (needs.toolbar_rest > 0) layout.moving_toolbar = moves(needs.toolbar_rest);
  } else {
    layout.moving_toolbar = moves(needs.toolbar_height);
  }
  if (height - window.h + needs.messages_height <= most) {
    layout.messages = window.cut_top(needs.messages_height);
  } else {
    layout.moving_messages = moves(needs.messages_height);
  }
  layout.body = window;
  return top;
}

// Places the cards in `area`, the body's content.
void place_cards(Layout& layout, Rect area, const Metrics& m, const LayoutNeeds& needs,
                 const ShownCards& cards) {
  if (layout.form == Form::kPhone && cards.workspaces) {
    layout.workspaces = area.cut_top(m.control);
    area.cut_top(m.gutter);
  }
  if (layout.workspace == Workspace::kApplications) {
    layout.tabs = area;
    layout.tabs.h = std::max(area.h, m.px(layout.form == Form::kPhone ? 640 : 460));
    return;
  }
  switch (layout.form) {
    case Form::kWide:
      stack_wide(layout, area, m, needs, cards);
      break;
    case Form::kNarrow:
      stack_narrow(layout, area, m, needs, cards);
      break;
    case Form::kPhone:
      stack_phone(layout, area, m, needs, cards);
      break;
  }
}

}  // namespace

float noise_content_height(const Metrics& m) {
  // Twice a line of text, a list and a slider; then the link.
  const float group = m.label + m.control + m.px(2) + m.slider();
  return 2 * group + m.gap + noise_link_height(m);
}

float noise_link_height(const Metrics& m) {
  // Fingers get 40 points at any scale of text.
  return m.control < 40 ? std::max(m.px(28), m.control * 0.75f) : m.control;
}

float choice_height(const Metrics& m) { return m.label + m.control; }
float slider_height(const Metrics& m) { return m.label + m.px(4) + m.slider(); }

Form form_of(float width, const Metrics& metrics) {
  const float units = width / metrics.scale;
  return units >= kWideFrom ? Form::kWide : units >= kNarrowFrom ? Form::kNarrow : Form::kPhone;
}

PictureGrid arrange_pictures(float width, float height, int count, int rows, Form form,
                             const Metrics& m, int error_lines) {
  PictureGrid grid;
  grid.spacing = m.px(3);
  const bool phone = form == Form::kPhone;
  grid.label_width = phone ? 0 : m.px(104);
  grid.label_height = phone ? m.label : 0;
  grid.error_height = m.label;
  const auto lines = static_cast<float>(rows);
  const float room = std::max(m.px(31), width - grid.label_width);
  const float between = m.px(5);
  const float errors = static_cast<float>(error_lines) * grid.error_height;
  const float tall = (height - errors) / lines - grid.label_height - between;
  const float wide = (room + grid.spacing) / 6 - grid.spacing;
  const float least = m.px(phone ? 42 : 34);
  const float cell = std::clamp(tall, least, std::max(least, wide));
  const int fit = static_cast<int>((room + grid.spacing) / (cell + grid.spacing));
  grid.columns = std::clamp(fit, 1, std::max(1, count));
  const float n = static_cast<float>(grid.columns);
  grid.cell = std::floor(std::min((room - (n - 1) * grid.spacing) / n, std::max(cell, m.px(84))));
  grid.height = lines * (grid.cell + grid.label_height + between) + errors;
  return grid;
}

Layout compute_layout(float width, float height, const Metrics& m, const LayoutNeeds& needs) {
  return compute_layout(width, height, m, needs, {});
}

Layout compute_layout(float width, float height, const Metrics& m, const LayoutNeeds& needs,
                      const ShownCards& cards) {
  Layout layout;
  layout.form = form_of(width, m);
  layout.workspace = needs.workspace;
  const float moving = place_bars(layout, width, height, m, needs);
  Rect area = Rect{0, 0, layout.body.w, layout.body.h}.inset(m.gutter, m.gutter);
  area.y += moving;
  place_cards(layout, area, m, needs, cards);
  for (const Rect* card :
       {&layout.hourglass, &layout.reconstructions, &layout.noise, &layout.latent, &layout.tabs}) {
    layout.content_height = std::max(layout.content_height, card->bottom() + m.gutter);
  }
  if (layout.status.empty()) {
    layout.moving_status = {0, layout.content_height, layout.body.w, m.px(30)};
    layout.content_height = layout.moving_status.bottom();
  }
  return layout;
}

}  // namespace hourglass::ui
