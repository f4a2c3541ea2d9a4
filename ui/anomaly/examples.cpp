#include "ui/anomaly/examples.h"

#include <imgui.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ui/anomaly/anomaly_state.h"
#include "ui/images/image_grid.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

constexpr int kMaxExamples = 8;

float example_side(const PanelContext& context) { return context.theme.metrics.px(52); }
float example_label(const PanelContext& context) { return context.theme.metrics.px(70); }

bool has_wide(const PanelContext& context) {
  return context.jobs.view(kAnomalyJob).result.bytes("wide_restored") != nullptr;
}

// One line of images with its name on the left.
struct ExampleRow {
  const char* name;  // text key, and of its help with ".help"
  ImageAtlas* atlas;
  const session::Floats* errors;  // below the images, where there are some
};

float example_rows_height(const PanelContext& context, int rows, int with_errors) {
  const Metrics& m = context.theme.metrics;
  return static_cast<float>(rows) * (example_side(context) + m.px(4)) +
         static_cast<float>(with_errors) * m.label;
}

void draw_example_errors(PanelContext& context, Rect line, const ImageGrid& grid,
                         const session::Floats& errors) {
  const Theme& theme = context.theme;
  for (int i = 0; i < std::min(grid.count, static_cast<int>(errors.size())); ++i) {
    const Rect cell = grid.cell_of(i);
    const std::string number = fixed(errors[static_cast<std::size_t>(i)], 3);
    draw_text(context, {cell.x - grid.spacing / 2, line.y, cell.w + grid.spacing, line.h}, number,
              theme.color(theme.colors.muted),
              {fitting_size(context, number, cell.w, theme.metrics.small), false, Align::kCenter});
  }
}

void draw_example_rows(PanelContext& context, Rect area, const char* id,
                       const std::vector<ExampleRow>& rows, const session::Bytes* anomalous) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  register_widget(context, id, area);
  for (const ExampleRow& row : rows) {
    Rect line = area.cut_top(example_side(context));
    Rect label = line.cut_left(example_label(context) - m.gap);
    line.cut_left(m.gap);
    draw_caption(context, label, context.texts.get(row.name),
                 context.texts.get(std::string(row.name) + ".help"));
    const ImageGrid grid = image_line(line, std::min(kMaxExamples, row.atlas->count()), m.px(4));
    draw_images(context, *row.atlas, grid);
    for (int i = 0; anomalous && &row == rows.data() && i < grid.count; ++i) {
      if ((*anomalous)[static_cast<std::size_t>(i)] != 0) {
        draw_cell_frame(context, grid.cell_of(i), theme.colors.heat);
      }
    }
    area.cut_top(m.px(4));
    if (row.errors) draw_example_errors(context, area.cut_top(m.label), grid, *row.errors);
  }
}

float side_height(const PanelContext& context) {
  return context.theme.metrics.label + example_rows_height(context, 2, 1);
}

void draw_side(PanelContext& context, Rect area, const std::string& side, ImageAtlas& originals,
               ImageAtlas& restored) {
  const Texts& texts = context.texts;
  const JobFindings& answer = context.jobs.view(kAnomalyJob).answer;
  const std::string key = "anomaly." + side;
  draw_caption(context, area.cut_top(context.theme.metrics.label), texts.get(key),
               texts.get(key + ".help"));
  const session::Bytes* const kinds = answer.bytes(side + "_anomalous");
  const bool fits = kinds && static_cast<int>(kinds->size()) >= originals.count();
  draw_example_rows(context, area, ("anomaly:" + side).c_str(),
                    {{"anomaly.original", &originals, nullptr},
                     {"anomaly.restored", &restored, answer.floats(side + "_errors")}},
                    fits ? kinds : nullptr);
}

bool sides_are_abreast(const PanelContext& context, float width) {
  return width >= 2 * (example_label(context) + 5 * example_side(context));
}

// Those of an experiment before would stand beside the curves of this one.
bool has_answer(const PanelContext& context) {
  const JobView& job = context.jobs.view(kAnomalyJob);
  return job.state == JobView::State::kReady && job.answer.bytes("below_originals");
}

}  // namespace

float examples_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  const bool wide = has_wide(context);
  float height = m.label + example_rows_height(context, wide ? 3 : 2, wide ? 2 : 1);
  if (has_answer(context)) {
    const float sides = side_height(context) + m.gap;
    height += sides_are_abreast(context, width) ? sides : 2 * sides;
  }
  return height;
}

void draw_examples(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  AnomalyState& state = context.state<AnomalyState>();
  const JobFindings& found = context.jobs.view(kAnomalyJob).result;
  if (has_answer(context)) {
    const bool abreast = sides_are_abreast(context, area.w);
    Rect sides = area.cut_top(abreast ? side_height(context) : 2 * side_height(context) + m.gap);
    Rect below =
        abreast ? sides.cut_left((sides.w - m.gutter) / 2) : sides.cut_top(side_height(context));
    if (abreast) {
      sides.cut_left(m.gutter);
    } else {
      sides.cut_top(m.gap);
    }
    draw_side(context, below, "below", state.below_originals, state.below_restored);
    draw_side(context, sides, "above", state.above_originals, state.above_restored);
    area.cut_top(m.gap);
  }
  draw_caption(context, area.cut_top(m.label),
               texts.format("anomaly.best", {left_out_name(context)}),
               texts.get("anomaly.best.help"));
  std::vector<ExampleRow> rows = {
      {"anomaly.original", &state.best_originals, nullptr},
      {"anomaly.restored", &state.best_restored, found.floats("best_errors")}};
  if (has_wide(context)) {
    rows.push_back({"anomaly.wider", &state.wide_restored, found.floats("wide_errors")});
  }
  draw_example_rows(context, area, "anomaly:best", rows, nullptr);
}

}  // namespace hourglass::ui
