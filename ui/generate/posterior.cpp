#include "ui/generate/posterior.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "ui/generate/generate_state.h"
#include "ui/images/image_cell.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"

namespace hourglass::ui {
namespace {

// Of a unit that says something, in nats: kActiveKl of core/train/evaluation.h.
constexpr float kActiveUnit = 0.005f;

float divergences_height(const PanelContext& context) { return context.theme.metrics.px(72); }
float apart_side(const PanelContext& context) { return context.theme.metrics.px(72); }
float bell_height(const PanelContext& context) { return context.theme.metrics.px(104); }
bool bell_is_beside(const PanelContext& context, float width) {
  return width >= context.theme.metrics.px(460);
}

const session::Floats* divergences(const PanelContext& context) {
  const session::Floats* const kl = context.jobs.view(kGenerateJob).result.floats("kl");
  return kl && !kl->empty() ? kl : nullptr;
}

// Bars from the bottom, as wide as there is room for; a click takes one apart.
void draw_divergences(PanelContext& context, const Rect& area, const session::Floats& kl) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  GenerateState& state = context.state<GenerateState>();
  const auto count = static_cast<float>(kl.size());
  const float step = std::min(area.w / count, m.px(44));
  const float highest = std::max(1e-6f, *std::max_element(kl.begin(), kl.end()));
  const Rect whole{area.x, area.y, step * count, area.h};
  const bool clicked = draw_area(context, whole, "generate:kl");
  const bool hovered = ImGui::IsItemHovered();
  const float at = ImGui::GetIO().MousePos.x;
  const int pointed =
      std::clamp(static_cast<int>((at - whole.x) / step), 0, static_cast<int>(kl.size()) - 1);
  draw_help(context, context.texts.get("generate.kl"), context.texts.get("generate.kl.help"));
  if (clicked && hovered) {
    state.unit = pointed;
  } else if (clicked) {  // by a key
    state.unit = (state.unit + 1) % static_cast<int>(kl.size());
  }
  for (std::size_t i = 0; i < kl.size(); ++i) {
    const float x = whole.x + static_cast<float>(i) * step;
    const float gap = std::min(m.px(3), step * 0.2f);
    const float height = std::max(m.px(2), kl[i] / highest * (area.h - m.px(2)));
    const bool chosen = static_cast<int>(i) == state.unit;
    const Rgb color = kl[i] > kActiveUnit ? c.accent : c.muted;
    list.AddRectFilled({x, area.y}, {x + step - gap, area.bottom()},
                       theme.color(chosen ? c.field_on : c.field), m.px(2));
    list.AddRectFilled(
        {x, area.bottom() - height}, {x + step - gap, area.bottom()},
        theme.color(color, chosen || (hovered && pointed == static_cast<int>(i)) ? 1 : 0.7f),
        m.px(2));
  }
  // The highest one gives the scale.
  const Rect scale{whole.right() + m.gap, area.y, area.right() - whole.right() - m.gap, m.label};
  if (scale.w > m.px(60)) {
    draw_text(context, scale, context.texts.format("generate.nats", {significant(highest, 3)}),
              theme.color(c.muted), {m.small});
  }
}

// The numbers of the chosen unit.
struct CodeParts {
  bool known = false;
  double mean = 0, deviation = 1, noise = 0, code = 0;
};

CodeParts parts_of(const PanelContext& context) {
  const JobFindings& answer = context.jobs.view(kGenerateJob).answer;
  const auto unit = static_cast<std::size_t>(context.state<GenerateState>().unit);
  const session::Floats *const mean = answer.floats("mean"), *const noise = answer.floats("noise");
  const session::Floats *const deviation = answer.floats("deviation"), *const code =
                                                                           answer.floats("code");
  if (!mean || !deviation || !noise || !code || unit >= mean->size()) return {};
  return {true, (*mean)[unit], (*deviation)[unit], (*noise)[unit], (*code)[unit]};
}

// The prior and the posterior of the unit, and where its code was drawn.
void draw_bell(PanelContext& context, const Rect& area, const CodeParts& parts) {
  const Theme& theme = context.theme;
  constexpr int kPoints = 161;
  constexpr double kReach = 4, kHighest = 2.5;  // densities: a narrow one is cut off
  const auto density = [](double x, double mean, double deviation) {
    const double z = (x - mean) / deviation;
    return std::exp(-z * z / 2) / (deviation * std::sqrt(2 * std::numbers::pi));
  };
  std::vector<PlotPoint> prior, posterior;
  double top = 0.45;
  const double deviation = std::max(parts.deviation, 1e-3);
  for (int i = 0; i < kPoints; ++i) {
    const double x = -kReach + 2 * kReach * i / (kPoints - 1);
    prior.push_back({x, density(x, 0, 1)});
    posterior.push_back({x, std::min(kHighest, density(x, parts.mean, deviation))});
    top = std::max(top, posterior.back().y * 1.08);
  }
  const std::vector<Series> series = {{prior, theme.colors.muted, 0.9f, 1.4f},
                                      {posterior, theme.colors.accent, 1, 2.2f}};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Axis x{-kReach, kReach, false}, y{0, top, false};
  const Rect plot = draw_plot(list, area, x, y, series, theme, "z");
  register_widget(context, "plot:posterior", plot);
  const auto place = [&](double value) {
    return plot.x + plot.w * static_cast<float>(std::clamp(x.position(value), 0.0, 1.0));
  };
  const float at = std::floor(place(parts.code)) + 0.5f, mean = place(parts.mean);
  const float height = plot.bottom() - theme.metrics.px(7);
  list.AddLine({at, plot.y}, {at, plot.bottom()}, theme.color(theme.colors.heat),
               theme.metrics.px(1.5f));
  // The way from the mean that the noise led.
  list.AddLine({mean, height}, {at, height}, theme.color(theme.colors.heat, 0.8f),
               theme.metrics.px(1.5f));
  list.AddCircleFilled({at, height}, theme.metrics.px(3.5f), theme.color(theme.colors.heat));
}

void draw_code_formula(PanelContext& context, Rect& area, const CodeParts& parts) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const auto number = [](double value) {
    const std::string text = fixed(value, 2);
    return text == "-0.00" ? std::string("0.00") : text;
  };
  const std::string noise = parts.noise < 0 ? "(" + number(parts.noise) + ")" : number(parts.noise);
  const std::string lines[] = {
      context.texts.get("generate.formula"),
      context.texts.format("generate.formula.numbers", {number(parts.code), number(parts.mean),
                                                        number(parts.deviation), noise})};
  for (const std::string& line : lines) {
    const Rect place = area.cut_top(m.label + m.px(2));
    draw_text(context, place, line, theme.color(theme.colors.text),
              {fitting_size(context, line, place.w, m.text), &line == &lines[1]});
  }
}

// The image, what its mean gives and what the drawn code gives.
void draw_apart(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  GenerateState& state = context.state<GenerateState>();
  struct Picture {
    const char* name;
    ImageAtlas& atlas;
  };
  const Picture pictures[] = {{"generate.original", state.original},
                              {"generate.of_mean", state.of_mean},
                              {"generate.of_code", state.of_code}};
  const float side = std::min(apart_side(context), (area.w - 2 * m.px(22)) / 3);
  for (const Picture& picture : pictures) {
    if (&picture != pictures) {
      const Rect arrow = area.cut_left(m.px(22));
      draw_text(context, {arrow.x, area.y + m.label, arrow.w, side}, "→",
                theme.color(theme.colors.muted), {m.text, false, Align::kCenter});
    }
    Rect place = area.cut_left(side);
    draw_caption(context, place.cut_top(m.label), context.texts.get(picture.name),
                 context.texts.get(std::string(picture.name) + ".help"));
    const Rect cell{place.x, place.y, side, side};
    register_widget(context, picture.name, cell);
    draw_paper(context, cell);
    draw_image(context, picture.atlas, 0, cell);
  }
}

}  // namespace

float posterior_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  if (!divergences(context)) return 0;
  const float formula = 2 * (m.label + m.px(2));
  const float pictures = m.label + apart_side(context);
  const float apart = bell_is_beside(context, width)
                          ? std::max(pictures, formula + bell_height(context))
                          : pictures + m.gap + formula + bell_height(context);
  return m.label + divergences_height(context) + m.gap + m.control + m.px(4) + apart;
}

void draw_posterior(PanelContext& context, Rect area) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  GenerateState& state = context.state<GenerateState>();
  const session::Floats& kl = *divergences(context);
  state.unit = std::clamp(state.unit, 0, static_cast<int>(kl.size()) - 1);
  const double active = context.jobs.view(kGenerateJob).result.number("active_units");
  draw_caption(context, area.cut_top(m.label),
               texts.format("generate.active",
                            {std::to_string(static_cast<int>(active)), std::to_string(kl.size())}),
               texts.get("generate.kl.help"));
  draw_divergences(context, area.cut_top(divergences_height(context)), kl);
  area.cut_top(m.gap);
  Rect head = area.cut_top(m.control);
  const Button again{.id = "generate:draw",
                     .label = texts.get("generate.draw"),
                     .icon = Icon::kDice,
                     .kind = ButtonKind::kBare,
                     .help_title = texts.get("generate.draw"),
                     .help = texts.get("generate.draw.help")};
  if (draw_button(context, head.cut_right(std::min(head.w, button_width(context, again))), again)) {
    ++state.draw;
  }
  draw_caption(context, head, texts.format("generate.apart", {std::to_string(state.unit)}),
               texts.get("generate.apart.help"));
  area.cut_top(m.px(4));
  const CodeParts parts = parts_of(context);
  if (bell_is_beside(context, area.w)) {
    draw_apart(context, area.cut_left(3 * apart_side(context) + 2 * m.px(22)));
    area.cut_left(m.padding);
  } else {
    draw_apart(context, area.cut_top(m.label + apart_side(context)));
    area.cut_top(m.gap);
  }
  if (!parts.known) return;
  draw_code_formula(context, area, parts);
  draw_bell(context, {area.x, area.y, area.w, bell_height(context)}, parts);
}

}  // namespace hourglass::ui
