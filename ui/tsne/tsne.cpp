// The codes of held-out images as a map that keeps neighbours together, which moves while it is
// made.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/jobs/job_bar.h"
#include "ui/kit/controls.h"
#include "ui/kit/figures.h"
#include "ui/kit/labelled_slider.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"
#include "ui/kit/scroll_area.h"
#include "ui/latent_map/map_legend.h"
#include "ui/settings/setting_widget.h"
#include "ui/tsne/tsne_map.h"
#include "ui/tsne/tsne_state.h"

namespace hourglass::ui {
namespace {

constexpr std::string_view kTsneJob = "tsne";
constexpr std::int64_t kUsualPoints = 5000, kLeastPoints = 100;
constexpr double kLeastDistance = 0.02, kMostDistance = 0.12;
constexpr std::string_view kTsneSettings[] = {"tsne.perplexity", "tsne.iterations",
                                              "tsne.learning_rate", "tsne.exaggeration"};

// The samples whose classes the screen knows.
std::int64_t most_points(const PanelContext& context) {
  const session::DataReady& data = context.store.data;
  return std::max<std::int64_t>(1, std::min(data.map_points, data.test_count));
}

std::int64_t points_wanted(const PanelContext& context) {
  const std::int64_t chosen = context.state<TsneState>().points;
  return std::min(chosen > 0 ? chosen : kUsualPoints, most_points(context));
}

// The newest map may be of codes of another step than the one before.
void follow_tsne_result(PanelContext& context) {
  TsneState& state = context.state<TsneState>();
  if (context.jobs.view(kTsneJob).result.revision != state.before) state.step = state.started;
}

void start_tsne(PanelContext& context) {
  TsneState& state = context.state<TsneState>();
  std::string arguments = "{\"points\":" + std::to_string(points_wanted(context));
  if (state.random_start) {
    arguments += ",\"start\":\"random\",\"seed\":" + std::to_string(state.seed);
  }
  arguments += "}";
  state.before = context.jobs.view(kTsneJob).result.revision;
  state.started = shown_step(context.store);
  state.view = {};
  context.jobs.start(context.post, kTsneJob, arguments);
  context.animating = true;
}

void draw_points_slider(PanelContext& context, const Rect& area) {
  TsneState& state = context.state<TsneState>();
  const Texts& texts = context.texts;
  const auto most = static_cast<double>(most_points(context));
  const double least = std::min(static_cast<double>(kLeastPoints), most);
  const double range = std::log(most / least);
  const auto wanted = static_cast<double>(points_wanted(context));
  double position = range > 0 ? std::log(wanted / least) / range : 1;
  if (!draw_labelled_slider(context, area,
                            {.id = "tsne:points",
                             .label = texts.get("tsne.points"),
                             .value = grouped(points_wanted(context)),
                             .help = texts.get("tsne.points.help")},
                            position)) {
    return;
  }
  const double value = least * std::exp(range * position);
  // Two digits are enough to choose.
  const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
  state.points = position >= 1 ? most_points(context)
                               : static_cast<std::int64_t>(std::round(value / unit) * unit);
}

void draw_start_choice(PanelContext& context, Rect area) {
  TsneState& state = context.state<TsneState>();
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  draw_text(context, area.cut_top(m.label), texts.get("tsne.start_from"),
            theme.color(theme.colors.muted), {m.small});
  Rect line = area.cut_top(m.control);
  if (state.random_start) {
    if (draw_button(context, line.cut_right(m.control),
                    {.id = "tsne:seed",
                     .icon = Icon::kDice,
                     .help_title = texts.get("tsne.seed"),
                     .help = texts.get("tsne.seed.help")})) {
      ++state.seed;
      start_tsne(context);
    }
    line.cut_right(m.px(4));
  }
  const int chosen = draw_choice(
      context, line, "tsne:start_from", state.random_start ? 1 : 0,
      {{"pca", texts.get("tsne.start_pca"), texts.get("tsne.start_pca.help")},
       {"random", texts.get("tsne.start_random"), texts.get("tsne.start_random.help")}});
  draw_help(context, texts.get("tsne.start_from"), texts.get("tsne.start_from.help"));
  if (chosen >= 0) state.random_start = chosen == 1;
}

// The settings of the next map, in columns of cells of one size.
float draw_tsne_settings(PanelContext& context, const Rect& area, bool draw) {
  const Metrics& m = context.theme.metrics;
  std::vector<std::function<void(const Rect&)>> cells;
  cells.push_back([&](const Rect& cell) { draw_points_slider(context, cell); });
  for (const std::string_view key : kTsneSettings) {
    cells.push_back([&context, key](const Rect& cell) { draw_setting(context, cell, key); });
  }
  cells.push_back([&](const Rect& cell) { draw_start_choice(context, cell); });
  const int columns = std::clamp(static_cast<int>(area.w / m.px(180)), 1, 3);
  const float space = 2 * m.gap;
  const float width =
      (area.w - space * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float height = std::max(slider_height(m), choice_height(m)), line = height + m.px(8);
  const int lines = (static_cast<int>(cells.size()) + columns - 1) / columns;
  for (std::size_t i = 0; draw && i < cells.size(); ++i) {
    const auto column = static_cast<float>(static_cast<int>(i) % columns);
    const auto row = static_cast<float>(static_cast<int>(i) / columns);
    cells[i]({area.x + column * (width + space), area.y + row * line, width, height});
  }
  return static_cast<float>(lines) * line;
}

// Whose codes are mapped, in words; "" where there are none.
std::string words_about(const PanelContext& context) {
  const TsneState& state = context.state<TsneState>();
  const JobFindings& result = context.jobs.view(kTsneJob).result;
  if (!has_tsne_map(context)) return "";
  return context.texts.format(
      state.step == shown_step(context.store) ? "tsne.about_now" : "tsne.about",
      {grouped(static_cast<std::int64_t>(result.number("points"))), grouped(state.step)});
}

// Start and progress, and what is mapped or why nothing is.
float draw_tsne_head(PanelContext& context, const Rect& area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const Rect bar{area.x, area.y, area.w, m.control};
  if (draw && draw_job_bar(context, bar, kTsneJob, texts.get("tsne.start"),
                           texts.get("tsne.start.help"), false)) {
    start_tsne(context);
  }
  const Rect below{area.x, bar.bottom() + m.px(6), area.w, 0};
  const float message = draw_job_message(context, below, kTsneJob, draw);
  if (message > 0) return bar.h + m.px(6) + message;
  const std::string words = words_about(context);
  if (words.empty()) return bar.h;
  return bar.h + m.px(6) +
         draw_paragraph(context, below.x, below.y, below.w, words, theme.color(theme.colors.muted),
                        m.small, draw);
}

// How the divergence has fallen.
float draw_divergences(PanelContext& context, const Rect& area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const session::Floats* const rows = context.jobs.view(kTsneJob).result.floats("divergences");
  if (!rows || rows->size() < 4) return 0;
  const float height = m.label + m.px(110);
  if (!draw) return height;
  std::vector<PlotPoint> points;
  double low = 0, high = 0;
  for (std::size_t i = 0; i + 1 < rows->size(); i += 2) {
    points.push_back({static_cast<double>((*rows)[i]), static_cast<double>((*rows)[i + 1])});
    low = i == 0 ? points[0].y : std::min(low, points.back().y);
    high = std::max(high, points.back().y);
  }
  Rect place{area.x, area.y, area.w, height};
  draw_text(context, place.cut_top(m.label), context.texts.get("tsne.kl"),
            theme.color(theme.colors.muted), {m.small});
  const Series line{points, theme.colors.train, 1, 1.8f, false};
  const Rect plot = draw_plot(*ImGui::GetWindowDrawList(), place, {0, points.back().x, false},
                              fitted_axis(low, high, false), {&line, 1}, theme,
                              context.texts.get("tsne.iteration"));
  register_widget(context, "plot:tsne", plot);
  return height;
}

void draw_color_choice(PanelContext& context, const Rect& area) {
  const session::DataReady& data = context.store.data;
  const Texts& texts = context.texts;
  TsneState& state = context.state<TsneState>();
  std::vector<Choice> items;
  items.push_back({"class",
                   texts.get(data.map_labels.empty() ? "latent.color.none" : "latent.color.class"),
                   ""});
  items.push_back({"kept", texts.get("tsne.color.kept"), texts.get("tsne.color.kept.help")});
  if (!data.map_factors.empty()) {
    for (const session::FactorInfo& factor : data.factors) {
      items.push_back({factor.name, factor_name(context, factor), ""});
    }
  }
  int selected = state.color == TsneColor::kClass         ? 0
                 : state.color == TsneColor::kReliability ? 1
                                                          : 2 + state.factor;
  if (selected >= static_cast<int>(items.size())) selected = 0;
  const int chosen = draw_choice(context, area, "tsne:color", selected, items);
  draw_help(context, texts.get("latent.color"), texts.get("tsne.color.help"));
  if (chosen < 0) return;
  state.color = chosen == 0   ? TsneColor::kClass
                : chosen == 1 ? TsneColor::kReliability
                              : TsneColor::kFactor;
  state.factor = std::max(0, chosen - 2);
}

// What the map shows: colours, images and how far apart these are, and all of it again.
void draw_tsne_tools(PanelContext& context, Rect line) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  TsneState& state = context.state<TsneState>();
  if (!state.view.follow) {
    if (draw_button(context, line.cut_right(m.control),
                    {.id = "tsne:fit",
                     .icon = Icon::kFit,
                     .kind = ButtonKind::kBare,
                     .help_title = texts.get("latent.fit"),
                     .help = texts.get("latent.fit.help")})) {
      state.view = {};
    }
    line.cut_right(m.gap);
  }
  draw_color_choice(context, line.cut_left(std::min(m.px(170), line.w * 0.45f)));
  line.cut_left(m.gap);
  Button images{.id = "tsne:thumbnails",
                .label = texts.get("tsne.thumbnails"),
                .icon = Icon::kThumbnails,
                .kind = ButtonKind::kBare,
                .help_title = texts.get("tsne.thumbnails"),
                .help = texts.get("tsne.thumbnails.help"),
                .on = state.thumbnails};
  if (button_width(context, images) > line.w) images.label = {};
  const float width = images.label.empty() ? m.control : button_width(context, images);
  if (draw_button(context, line.cut_left(width), images)) {
    state.thumbnails = !state.thumbnails;
  }
  line.cut_left(m.gap);
  if (!state.thumbnails || line.w < m.px(70)) return;
  double position = (state.distance - kLeastDistance) / (kMostDistance - kLeastDistance);
  const Rect slider = line.cut_left(std::min(line.w, m.px(150)));
  if (draw_slider(context, slider.inset(0, (slider.h - m.slider()) / 2), "tsne:distance",
                  position)) {
    state.distance = kLeastDistance + position * (kMostDistance - kLeastDistance);
  }
  draw_help(context, texts.get("tsne.distance"), texts.get("tsne.distance.help"));
}

std::vector<Figure> tsne_figures(const PanelContext& context) {
  const JobFindings& result = context.jobs.view(kTsneJob).result;
  const Texts& texts = context.texts;
  std::vector<Figure> all;
  const auto add = [&](std::string_view id, const char* name, std::string value) {
    const std::string key = std::string("tsne.") + name;
    all.push_back({id, texts.get(key), std::move(value), texts.get(key + ".help")});
  };
  const auto iterations = static_cast<std::int64_t>(result.number("iterations"));
  const auto done = static_cast<std::int64_t>(result.number("iteration"));
  add("tsne:iteration", "iteration",
      done < iterations ? texts.format("tsne.of", {grouped(done), grouped(iterations)})
                        : grouped(done));
  const double divergence = result.number("kl_divergence", -1);
  if (divergence >= 0) add("tsne:kl", "kl", fixed(divergence, 3));
  const double trust = result.number("trustworthiness", -1);
  if (trust >= 0) {
    add("tsne:trust", "trust", fixed(trust, 3));
    add("tsne:nearest", "nearest", fixed(100 * result.number("nearest_kept"), 0) + " %");
  }
  return all;
}

void draw_tsne_part(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  if (!has_tsne_map(context)) {
    const std::string& text = context.texts.get("tsne.empty");
    const float width = std::min(area.w - m.px(24), m.px(440));
    const float height = draw_paragraph(context, 0, 0, width, text, 0, m.text, false);
    draw_paragraph(context, area.x + (area.w - width) / 2,
                   area.y + std::max(0.0f, (area.h - height) / 2), width, text,
                   theme.color(theme.colors.muted), m.text);
    return;
  }
  draw_tsne_tools(context, area.cut_top(m.control));
  area.cut_top(m.px(6));
  const std::vector<Figure> all = tsne_figures(context);
  const float height = draw_figures(context, area, all, false);
  draw_figures(context, area.cut_bottom(height), all);
  if (const float legend = tsne_legend_height(context); legend > 0) {
    draw_tsne_legend(context, area.cut_bottom(legend));
  }
  area.cut_bottom(m.px(4));
  if (area.w >= m.px(40) && area.h >= m.px(40)) draw_tsne_map(context, area);
}

}  // namespace

void draw_tsne(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  follow_tsne_result(context);
  Rect area = context.area;
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4), space = m.px(10);
  const bool beside = area.w >= m.px(620);
  const float column = beside ? std::clamp(area.w * 0.26f, m.px(220), m.px(290)) : area.w - bar;
  const float head = draw_tsne_head(context, {0, 0, column, 0}, false) + space;
  const float settings = draw_tsne_settings(context, {0, 0, column, 0}, false);
  const float curve = draw_divergences(context, {0, 0, column, 0}, false);
  // One below the other where there is no room beside: the map is what one looks at.
  const float map =
      beside ? 0
             : std::clamp(area.h - head - m.px(40), m.px(280), std::max(m.px(280), 1.2f * column));
  const Rect side = beside ? area.cut_left(column + bar) : area;
  {
    ScrollArea scroll(context, side, "tsne:settings", head + map + settings + curve);
    Rect rest{scroll.inside.x, scroll.inside.y, column, head + map + settings + curve};
    draw_tsne_head(context, rest.cut_top(head), true);
    if (!beside) draw_tsne_part(context, rest.cut_top(map - space));
    if (!beside) rest.cut_top(space);
    draw_tsne_settings(context, rest.cut_top(settings), true);
    draw_divergences(context, rest, true);
  }
  area.cut_left(m.gap);
  if (beside) draw_tsne_part(context, area);
}

}  // namespace hourglass::ui
