#include "ui/generate/samples.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/generate/generate_state.h"
#include "ui/images/image_grid.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

// A finger can meet it.
constexpr float kLeastCell = 44;

float sample_spacing(const PanelContext& context) { return context.theme.metrics.px(4); }

float walk_cell(const PanelContext& context, float width) {
  const float spacing = sample_spacing(context);
  return std::floor((width + spacing) / kWalkImages - spacing);
}

// The letter of an end of the walk, on a tag in the cell's corner.
void draw_end_tag(const PanelContext& context, const Rect& cell, const char* letter, Rgb color) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_cell_frame(context, cell, color);
  const Rect tag{cell.x, cell.y, m.px(16), m.px(16)};
  ImGui::GetWindowDrawList()->AddRectFilled(top_left(tag), bottom_right(tag), theme.color(color),
                                            m.px(3));
  draw_text(context, tag, letter, theme.color(theme.colors.on_accent),
            {m.small, true, Align::kCenter});
}

// What was drawn from, and how well it fits.
std::string samples_title(const PanelContext& context) {
  const JobFindings& found = context.jobs.view(kGenerateJob).result;
  const Texts& texts = context.texts;
  const auto source = found.fields.find("source");
  if (source == found.fields.end() || !source->is_string()) return texts.get("generate.samples");
  const std::string name = source->get<std::string>();
  if (name == "prior") return texts.get("generate.samples.prior");
  return texts.format("generate.samples." + name,
                      {grouped(static_cast<std::int64_t>(found.number("codes"))),
                       significant(found.number("log_likelihood"), 3),
                       std::to_string(static_cast<int>(found.number("components", 1)))});
}

void draw_sample_grid(PanelContext& context, const Rect& area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  GenerateState& state = context.state<GenerateState>();
  const ImageGrid grid =
      arrange_images(area, kGenerated, m.px(kLeastCell), m.px(92), sample_spacing(context));
  register_widget(context, "generate:samples", grid.area);
  draw_images(context, state.samples, grid);
  for (int i = 0; i < grid.count; ++i) {
    const Rect cell = grid.cell_of(i);
    const bool clicked = draw_area(context, cell, "generate:sample:" + std::to_string(i));
    if (ImGui::IsItemHovered()) draw_cell_frame(context, cell, theme.colors.muted);
    draw_help(context, context.texts.get("generate.sample"),
              context.texts.get("generate.sample.help"));
    if (clicked && i != state.to) {
      state.from = state.to;
      state.to = i;
    }
  }
  if (state.from < grid.count) {
    draw_end_tag(context, grid.cell_of(state.from), "A", theme.colors.muted);
  }
  if (state.to < grid.count)
    draw_end_tag(context, grid.cell_of(state.to), "B", theme.colors.accent);
}

}  // namespace

float samples_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  // Some lines of cells, the walk below them, and the titles of both.
  const float cell = m.px(kLeastCell) + sample_spacing(context);
  const float lines = std::ceil(36 / std::max(1.0f, std::floor(width / cell)));
  return 2 * m.label + m.gap + lines * cell + std::min(walk_cell(context, width), m.px(64));
}

void draw_samples(PanelContext& context, Rect area) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  GenerateState& state = context.state<GenerateState>();
  draw_caption(context, area.cut_top(m.label), samples_title(context),
               texts.get("generate.samples.help"));
  const float cell = std::min(walk_cell(context, area.w), m.px(64));
  Rect strip = area.cut_bottom(cell + m.label + m.gap);
  draw_sample_grid(context, area);
  // Right below the lines that there was room for.
  strip.cut_top(m.gap);
  draw_caption(context, strip.cut_top(m.label), texts.get("generate.walk"),
               texts.get("generate.walk.help"));
  const ImageGrid walk = image_line(strip, kWalkImages, sample_spacing(context));
  register_widget(context, "generate:walk", walk.area);
  draw_images(context, state.walk, walk);
}

}  // namespace hourglass::ui
