#include "ui/probe/factor_bars.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/probe/probe_state.h"

namespace hourglass::ui {
namespace {

const session::Floats* fits_of(const PanelContext& context) {
  const session::Floats* const fits = context.jobs.view(kProbeJob).result.floats("r_squared");
  return fits && fits->size() == context.store.data.factors.size() ? fits : nullptr;
}

std::string factor_title(const PanelContext& context, const session::FactorInfo& factor) {
  const std::string key = "latent.factor." + factor.name;
  return context.texts.has(Language::kEnglish, key) ? context.texts.get(key) : factor.name;
}

float bar_line(const PanelContext& context) { return context.theme.metrics.px(20); }

}  // namespace

float factor_bars_height(const PanelContext& context) {
  const session::Floats* const fits = fits_of(context);
  if (!fits) return 0;
  return context.theme.metrics.label + static_cast<float>(fits->size()) * bar_line(context);
}

void draw_factor_bars(PanelContext& context, Rect area) {
  const session::Floats* const fits = fits_of(context);
  if (!fits) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const auto& factors = context.store.data.factors;
  draw_caption(context, area.cut_top(m.label), context.texts.get("probe.factors"),
               context.texts.get("probe.factors.help"));
  float names = 0;
  for (const session::FactorInfo& factor : factors) {
    names = std::max(names, text_width(context, factor_title(context, factor), {m.small}));
  }
  names = std::min(names + m.px(8), area.w * 0.5f);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t f = 0; f < factors.size(); ++f) {
    Rect line = area.cut_top(bar_line(context));
    register_widget(context, "probe:factor:" + factors[f].name, line);
    const std::string name = factor_title(context, factors[f]);
    const Rect label = line.cut_left(names);
    draw_text(context, label, name, theme.color(theme.colors.text),
              {fitting_size(context, name, label.w - m.px(4), m.small)});
    const Rect number = line.cut_right(m.px(40));
    const Rect track = line.inset(0, (line.h - m.px(8)) / 2);
    list.AddRectFilled(top_left(track), bottom_right(track), theme.color(theme.colors.field),
                       m.px(4));
    const float fit = (*fits)[f];
    if (!std::isfinite(fit)) continue;
    // Below 0 the mean would do better: nothing can be read.
    const float share = std::clamp(fit, 0.0f, 1.0f);
    if (share > 0) {
      list.AddRectFilled(top_left(track),
                         {track.x + std::max(m.px(4), share * track.w), track.bottom()},
                         theme.color(theme.colors.accent), m.px(4));
    }
    draw_text(context, number, fixed(static_cast<double>(share), 2), theme.color(theme.colors.text),
              {m.small, false, Align::kRight});
  }
}

}  // namespace hourglass::ui
