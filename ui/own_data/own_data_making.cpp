// Samples that the person makes here: drawn with the pointer, or taken with a camera.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/images/pad.h"
#include "ui/kit/controls.h"
#include "ui/kit/field.h"
#include "ui/kit/number_text.h"
#include "ui/own_data/own_data_parts.h"

namespace hourglass::ui {
namespace {

constexpr int kDrawnSide = 28;  // as MNIST's, whose way to centre and scale is taken, too
constexpr std::int64_t kMostMade = 2000;

Json sample_fields(PanelContext& context) {
  const OwnDataState& state = context.state<OwnDataState>();
  return {{"class", state.class_name},
          {"held_out", state.held_out},
          {"name", context.texts.get("own_data.drawings")}};
}

void add_drawing(PanelContext& context) {
  OwnDataState& state = context.state<OwnDataState>();
  Json sample = sample_fields(context);
  Json pixels = Json::array();
  for (const float ink : drawn_image(state.drawing, kDrawnSide, kDrawnSide)) {
    pixels.push_back(std::lround(255 * std::clamp(ink, 0.0f, 1.0f)));
  }
  sample["rows"] = sample["columns"] = kDrawnSide;
  sample["pixels"] = std::move(pixels);
  ask_import(context, "add", std::move(sample));
  state.drawing.clear();
}

// The class of the next sample, and whether it is held out.
void draw_made_fields(PanelContext& context, Rect& area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  OwnDataState& state = context.state<OwnDataState>();
  draw_text(context, area.cut_top(m.label), texts.get("own_data.class"),
            theme.color(theme.colors.muted), {m.small});
  std::string name = state.class_name;
  if (draw_field(context, area.cut_top(m.control), "own:class", name, true, true)) {
    state.class_name = name;
  }
  area.cut_top(m.px(6));
  if (draw_button(context, area.cut_top(m.control),
                  {.id = "own:held_out",
                   .label = texts.get("own_data.held_out"),
                   .help_title = texts.get("own_data.held_out"),
                   .help = texts.get("own_data.held_out.help"),
                   .on = state.held_out})) {
    state.held_out = !state.held_out;
  }
  area.cut_top(m.px(6));
}

// The button lies in the pad's corner: it comes first, so that a press is its own, and is drawn
// above.
void draw_pad_with_undo(PanelContext& context, const Rect& pad) {
  const float control = context.theme.metrics.control;
  OwnDataState& state = context.state<OwnDataState>();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.ChannelsSplit(2);
  list.ChannelsSetCurrent(1);
  // Of the drawing first, then of the samples.
  const bool can_undo = !state.drawing.empty() || state.made > 0;
  const Rect corner{pad.right() - control, pad.bottom() - control, control, control};
  if (can_undo && draw_button(context, corner,
                              {.id = "own:undo",
                               .icon = Icon::kTakeBack,
                               .kind = ButtonKind::kBare,
                               .help_title = context.texts.get("own_data.undo"),
                               .help = context.texts.get("own_data.undo.help")})) {
    if (state.drawing.empty()) {
      ask_import(context, "undo");
    } else {
      state.drawing.clear();
    }
  }
  list.ChannelsSetCurrent(0);
  draw_pad(context, pad, "own:pad", state.drawing);
  list.ChannelsMerge();
}

}  // namespace

float draw_import_making(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  OwnDataState& state = context.state<OwnDataState>();
  const float side = std::min(m.px(170), area.w * 0.52f);
  const float lines = m.label + 4 * m.control + 4 * m.px(6);
  const float height = std::max(side, lines) + m.px(6);
  const std::string said = state.made == 1  ? texts.get("own_data.made_one")
                           : state.made > 1 ? texts.format("own_data.made", {grouped(state.made)})
                                            : texts.get("own_data.draw.help");
  const float below = draw_paragraph(context, area.x, area.y + height, area.w, said,
                                     theme.color(theme.colors.muted), m.small, draw);
  if (!draw) return height + below + m.px(8);
  draw_pad_with_undo(context, {area.x, area.y, side, side});
  Rect column{area.x + side + m.gap, area.y, area.w - side - m.gap, lines};
  draw_made_fields(context, column);
  const bool has_class = !state.class_name.empty() && state.made < kMostMade;
  const auto row = [&](Button button) {
    const Rect place = column.cut_top(m.control);
    column.cut_top(m.px(6));
    return draw_button(context, place, button);
  };
  if (row({.id = "own:add",
           .label = texts.get("own_data.add"),
           .disabled = state.drawing.empty() || !has_class})) {
    add_drawing(context);
  }
  if (context.state<CameraState>().is_there) {
    if (row({.id = "own:camera",
             .label = texts.get("own_data.camera"),
             .help_title = texts.get("own_data.camera"),
             .help = texts.get("own_data.camera.help"),
             .disabled = !has_class})) {
      ask_import(context, "camera", sample_fields(context));
    }
  }
  return height + below + m.px(8);
}

}  // namespace hourglass::ui
