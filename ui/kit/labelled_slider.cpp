#include "ui/kit/labelled_slider.h"

#include "ui/kit/help.h"
#include "ui/kit/slider.h"
#include "ui/kit/text.h"

namespace hourglass::ui {

bool draw_labelled_slider(Kit& kit, const Rect& area, const LabelledSlider& slider,
                          double& position, int* key_steps) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  Rect rest = area;
  Rect line = rest.cut_top(m.label);
  line.cut_right(m.px(5));  // as the number of a setting stands
  draw_text(kit, line.cut_right(text_width(kit, slider.value) + m.px(2)), slider.value,
            theme.color(theme.colors.text), {0, false, Align::kRight});
  line.cut_right(m.px(6));
  draw_text(kit, line, slider.label, theme.color(theme.colors.muted), {m.small});
  rest.cut_top(m.px(4));
  const bool changed = draw_slider(kit, rest.cut_top(m.slider()), slider.id, position, key_steps);
  mirror_item(kit, {.role = MirrorRole::kSlider, .name = slider.label, .value = slider.value});
  draw_help(kit, slider.label, slider.help);
  return changed;
}

}  // namespace hourglass::ui
