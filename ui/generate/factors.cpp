#include "ui/generate/factors.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/generate/generate_state.h"
#include "ui/images/image_cell.h"
#include "ui/images/image_grid.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

std::string name_of_factor(const PanelContext& context, const session::FactorInfo& factor) {
  const std::string key = "latent.factor." + factor.name;
  return context.texts.has(Language::kEnglish, key) ? context.texts.get(key) : factor.name;
}

float chooser_cell(const PanelContext& context) {
  return std::max(context.theme.metrics.px(34), context.theme.metrics.control);
}
float moved_side(const PanelContext& context) { return context.theme.metrics.px(88); }

// The row stands beside the two images where its cells are large enough there.
bool row_is_beside(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  return width - 2 * (moved_side(context) + m.gap) >= kRowImages * m.px(34);
}
float row_cell(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  const float room =
      row_is_beside(context, width) ? width - 2 * (moved_side(context) + m.gap) : width;
  return std::floor(std::min(m.px(60), (room + m.px(3)) / kRowImages - m.px(3)));
}

int slider_columns(const PanelContext& context, float width) {
  return width >= context.theme.metrics.px(380) ? 2 : 1;
}
float slider_line(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return m.label + m.slider() + m.px(2);
}

// Of the chosen image: the factors as they are (0) or as they are to be (1), by the last answer.
float factor_value(const PanelContext& context, int which, std::size_t factor) {
  const JobFindings& answer = context.jobs.view(kGenerateJob).answer;
  const session::Floats* const values = answer.floats("factors");
  const std::size_t count = context.store.data.factors.size();
  if (!values || values->size() != 2 * count) return 0;
  return (*values)[static_cast<std::size_t>(which) * count + factor];
}

void move_factor(PanelContext& context, std::size_t factor, float value) {
  GenerateState& state = context.state<GenerateState>();
  const std::size_t count = context.store.data.factors.size();
  if (state.factors.size() != count) {
    state.factors.resize(count);
    for (std::size_t f = 0; f < count; ++f) state.factors[f] = factor_value(context, 0, f);
  }
  state.factors[factor] = value;
  state.row = static_cast<int>(factor);
}

void draw_factor_slider(PanelContext& context, Rect area, std::size_t factor) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  const Metrics& m = theme.metrics;
  const session::FactorInfo& info = context.store.data.factors[factor];
  const GenerateState& state = context.state<GenerateState>();
  const bool moved = factor < state.factors.size();
  const float value = moved ? state.factors[factor] : factor_value(context, 0, factor);
  const std::string name = name_of_factor(context, info);
  Rect line = area.cut_top(m.label);
  const session::Floats* const fits = context.jobs.view(kGenerateJob).result.floats("r_squared");
  const bool known = fits && factor < fits->size() && std::isfinite((*fits)[factor]);
  // Below 0 the mean would do better: it reads nothing.
  const std::string fit =
      known ? texts.format("generate.fit", {fixed(std::max(0.0f, (*fits)[factor]), 2)}) : "";
  const TextStyle small{m.small, false, Align::kRight};
  draw_text(context, line.cut_right(m.px(54)), fit, theme.color(theme.colors.muted), small);
  const std::string number = significant(std::round(value * 100) / 100, 3);
  draw_text(context, line.cut_right(m.px(52)), number, theme.color(theme.colors.text), small);
  draw_text(context, line, name, theme.color(theme.colors.text),
            {m.small, state.row == static_cast<int>(factor)});
  const double low = info.low, high = info.high;
  double position = high > low ? (static_cast<double>(value) - low) / (high - low) : 0;
  if (draw_slider(context, area.cut_top(m.slider()), "generate:factor:" + info.name, position)) {
    move_factor(context, factor, static_cast<float>(low + position * (high - low)));
  }
  draw_help(context, name, texts.get("generate.factor.help"));
}

float back_height(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return m.touch ? m.control : m.px(26);
}

// Everything as it is in the image.
void draw_back(PanelContext& context, const Rect& area) {
  const Texts& texts = context.texts;
  GenerateState& state = context.state<GenerateState>();
  const Button back{.id = "generate:as_is",
                    .label = texts.get("generate.as_is"),
                    .icon = Icon::kReset,
                    .help_title = texts.get("generate.as_is"),
                    .help = texts.get("generate.as_is.help"),
                    .disabled = state.factors.empty()};
  const Rect place{area.x, area.y, std::min(area.w, button_width(context, back)), area.h};
  if (draw_button(context, place, back)) state.factors.clear();
}

void draw_moved(PanelContext& context, Rect& area) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  GenerateState& state = context.state<GenerateState>();
  const float side = moved_side(context);
  const bool beside = row_is_beside(context, area.w);
  const float cell = row_cell(context, area.w);
  Rect line = area.cut_top(m.label + side);
  const auto picture = [&](const char* id, const char* name, ImageAtlas& atlas) {
    Rect place = line.cut_left(side);
    line.cut_left(m.gap);
    draw_caption(context, place.cut_top(m.label), texts.get(name),
                 texts.get(std::string(name) + ".help"));
    register_widget(context, id, place);
    draw_paper(context, place);
    draw_image(context, atlas, 0, place);
  };
  picture("generate:original", "generate.original", state.original);
  picture("generate:moved", "generate.moved", state.moved);
  Rect row = line;
  if (!beside) {
    area.cut_top(m.gap);
    row = area.cut_top(m.label + cell);
  }
  const session::FactorInfo& factor =
      context.store.data.factors[static_cast<std::size_t>(state.row)];
  draw_caption(
      context, row.cut_top(m.label),
      texts.format("generate.row", {name_of_factor(context, factor), significant(factor.low, 3),
                                    significant(factor.high, 3)}),
      texts.get("generate.row.help"));
  Rect images = row.cut_top(cell);
  const ImageGrid grid = image_line(images, kRowImages, m.px(3));
  register_widget(context, "generate:row", grid.area);
  draw_images(context, state.row_images, grid);
  if (beside) {
    draw_back(context, row.cut_bottom(std::min(back_height(context), row.h - m.px(4))));
  } else {
    area.cut_top(m.px(4));
    draw_back(context, area.cut_top(back_height(context)));
  }
}

}  // namespace

float chooser_height(const PanelContext& context) {
  return context.theme.metrics.label + chooser_cell(context);
}

void draw_chooser(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  GenerateState& state = context.state<GenerateState>();
  draw_caption(context, area.cut_top(m.label), texts.get("generate.choose"),
               texts.get("generate.choose.help"));
  const auto& indices = context.store.snapshot.image_indices;
  const int count = indices ? static_cast<int>(indices->size()) : 0;
  const ImageGrid grid = image_line(area, count, m.px(4));
  ImageAtlas& atlas = context.state<Pictures>().row(ImageRow::kOriginal, context.store);
  draw_images(context, atlas, grid);
  for (int i = 0; i < grid.count; ++i) {
    const Rect cell = grid.cell_of(i);
    const bool clicked = draw_area(context, cell, "generate:image:" + std::to_string(i));
    const bool chosen = count > 0 && state.image % count == i;
    if (context.mirror) {
      const std::string number = grouped((*indices)[static_cast<std::size_t>(i)]);
      mirror_item(context, {.role = MirrorRole::kSwitch,
                            .name = texts.format("reconstructions.sample", {number}),
                            .on = chosen});
    }
    if (chosen || ImGui::IsItemHovered()) {
      draw_cell_frame(context, cell, chosen ? theme.colors.accent : theme.colors.muted);
    }
    if (!clicked || chosen) continue;
    state.image = i;
    state.factors.clear();
  }
}

float factors_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  const auto count = static_cast<int>(context.store.data.factors.size());
  if (count == 0 || !context.jobs.view(kGenerateJob).answer.floats("factors")) return 0;
  const int columns = slider_columns(context, width);
  const auto lines = static_cast<float>((count + columns - 1) / columns);
  const float row = row_is_beside(context, width) ? 0
                                                  : m.gap + m.label + row_cell(context, width) +
                                                        m.px(4) + back_height(context);
  return m.label + moved_side(context) + row + m.gap + lines * slider_line(context);
}

void draw_factors(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  GenerateState& state = context.state<GenerateState>();
  const std::size_t count = context.store.data.factors.size();
  state.row = std::clamp(state.row, 0, static_cast<int>(count) - 1);
  draw_moved(context, area);
  area.cut_top(m.gap);
  const auto columns = static_cast<std::size_t>(slider_columns(context, area.w));
  const float width =
      (area.w - static_cast<float>(columns - 1) * m.gutter) / static_cast<float>(columns);
  Rect line;
  for (std::size_t f = 0; f < count; ++f) {
    if (f % columns == 0) line = area.cut_top(slider_line(context));
    draw_factor_slider(context, line.cut_left(width), f);
    line.cut_left(m.gutter);
  }
}

}  // namespace hourglass::ui
