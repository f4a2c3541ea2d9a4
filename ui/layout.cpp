#include "ui/layout.h"

#include <algorithm>
#include <cmath>

namespace hourglass::ui {
namespace {

constexpr float kNarrowFrom = 760;  // at text scale 1
constexpr float kWideFrom = 1080;
constexpr int kTrainingSettings = 4;

float card_height(float inside, const Metrics& m) { return m.header + inside + 2 * m.padding; }

float noise_height(const Metrics& m) {
  const float group = m.label + m.control + m.gap + slider_height(m);
  return card_height(2 * group + 2 * m.gap, m);
}

float training_height(const Metrics& m, int columns) {
  const int rows = (kTrainingSettings + columns - 1) / columns;
  const float row = std::max(choice_height(m), slider_height(m));
  return card_height(static_cast<float>(rows) * row + static_cast<float>(rows - 1) * m.gap, m);
}

void stack_wide(Layout& layout, const Rect& area, const Metrics& m, int pictures) {
  const float sidebar = m.px(272);
  const float main_x = area.x + sidebar + m.gutter;
  const float main_width = area.w - sidebar - m.gutter;
  layout.noise = {area.x, area.y, sidebar, noise_height(m)};
  layout.training = {area.x, layout.noise.bottom() + m.gutter, sidebar, training_height(m, 1)};
  layout.pictures = arrange_pictures(main_width - 2 * m.padding, pictures, layout.form, m);
  layout.reconstructions = {main_x, area.y, main_width, card_height(layout.pictures.height, m)};

  const float top = layout.reconstructions.bottom() + m.gutter;
  const float height = std::max(m.px(260), area.bottom() - top);
  // The map is as good as square; the curves take the rest.
  const float map_width = std::clamp(height * 1.15f, main_width * 0.48f, main_width * 0.62f);
  layout.curves = {main_x, top, main_width - map_width - m.gutter, height};
  layout.latent = {layout.curves.right() + m.gutter, top, map_width, height};
}

void stack_narrow(Layout& layout, const Rect& area, const Metrics& m, int pictures) {
  layout.pictures = arrange_pictures(area.w - 2 * m.padding, pictures, layout.form, m);
  layout.reconstructions = {area.x, area.y, area.w, card_height(layout.pictures.height, m)};
  const float top = layout.reconstructions.bottom() + m.gutter;
  const float height = std::max(noise_height(m), area.bottom() - top);
  const float noise_width = std::clamp(area.w * 0.28f, m.px(208), m.px(272));
  const float rest = area.w - noise_width - 2 * m.gutter;
  const float map_width = std::floor(std::min(rest * 0.55f, height * 1.15f));
  layout.noise = {area.x, top, noise_width, height};
  layout.latent = {layout.noise.right() + m.gutter, top, map_width, height};
  layout.curves = {layout.latent.right() + m.gutter, top, rest - map_width, height};
  layout.training_columns = kTrainingSettings;
  layout.training = {area.x, layout.noise.bottom() + m.gutter, area.w,
                     training_height(m, layout.training_columns)};
}

void stack_phone(Layout& layout, const Rect& area, const Metrics& m, int pictures) {
  layout.pictures = arrange_pictures(area.w - 2 * m.padding, pictures, layout.form, m);
  layout.training_columns = area.w > m.px(520) ? 2 : 1;
  float y = area.y;
  const auto place = [&](Rect& card, float height) {
    card = {area.x, y, area.w, height};
    y += height + m.gutter;
  };
  place(layout.reconstructions, card_height(layout.pictures.height, m));
  place(layout.noise, noise_height(m));
  place(layout.latent, std::min(area.w, m.px(460)) + m.header);
  place(layout.curves, m.px(270));
  place(layout.training, training_height(m, layout.training_columns));
}

}  // namespace

float choice_height(const Metrics& m) { return m.label + m.control; }
float slider_height(const Metrics& m) {
  return m.label + m.px(4) + std::max(m.px(24), m.control * 0.75f);
}

Form form_of(float width, const Metrics& metrics) {
  const float units = width / metrics.scale;
  return units >= kWideFrom ? Form::kWide : units >= kNarrowFrom ? Form::kNarrow : Form::kPhone;
}

PictureGrid arrange_pictures(float width, int count, Form form, const Metrics& m) {
  PictureGrid grid;
  grid.spacing = m.px(3);
  const bool phone = form == Form::kPhone;
  grid.label_width = phone ? 0 : m.px(104);
  grid.label_height = phone ? m.label : 0;
  grid.error_height = m.label;
  const float least = m.px(phone ? 38 : 31), most = m.px(84);
  const float room = std::max(least, width - grid.label_width);
  const int fit = static_cast<int>((room + grid.spacing) / (least + grid.spacing));
  grid.columns = std::clamp(fit, 1, std::max(1, count));
  const float n = static_cast<float>(grid.columns);
  grid.cell = std::min(most, std::floor((room - (n - 1) * grid.spacing) / n));
  grid.height = 3 * (grid.cell + grid.label_height) + 2 * m.px(5) + grid.error_height;
  return grid;
}

Layout compute_layout(float width, float height, const Metrics& m, const LayoutNeeds& needs) {
  Layout layout;
  layout.form = form_of(width, m);
  Rect window{0, 0, width, height};
  layout.toolbar = window.cut_top(needs.toolbar_height);
  layout.status = window.cut_bottom(m.px(30));
  layout.messages = window.cut_top(needs.messages_height);
  layout.body = window;

  const Rect area = Rect{0, 0, layout.body.w, layout.body.h}.inset(m.gutter, m.gutter);
  switch (layout.form) {
    case Form::kWide:
      stack_wide(layout, area, m, needs.picture_count);
      break;
    case Form::kNarrow:
      stack_narrow(layout, area, m, needs.picture_count);
      break;
    case Form::kPhone:
      stack_phone(layout, area, m, needs.picture_count);
      break;
  }
  for (const Rect* card :
       {&layout.reconstructions, &layout.noise, &layout.training, &layout.curves, &layout.latent}) {
    layout.content_height = std::max(layout.content_height, card->bottom() + m.gutter);
  }
  return layout;
}

}  // namespace hourglass::ui
