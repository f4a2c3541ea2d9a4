// How large should the code be? The same network with codes of several sizes, trained one after the
// other.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/parse_number.h"
#include "ui/images/image_grid.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"
#include "ui/kit/scroll_area.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

constexpr std::string_view kSweepJob = "sweep";
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::array kLargest = {16, 32, 64, 128, 256};
constexpr int kMaxSweepEpochs = 1000;

struct CodeSize {
  std::int64_t units = 0;
  double error = kUnknown, pca = kUnknown;  // mean squared, of held-out images
  int dead = 0, epochs = 0;
  std::string encoder;  // as the setting model.encoder
};

struct SweepState {
  int largest = 64, epochs = 20;
  std::int64_t chosen = 0;      // units of the size that is looked at; 0: the elbow or the last one
  std::vector<CodeSize> sizes;  // of the findings of that revision
  std::uint64_t revision = 0;
  ImageAtlas originals, restored;
};

void start_sweep(PanelContext& context) {
  SweepState& state = context.state<SweepState>();
  state.chosen = 0;
  context.jobs.start(context.post, kSweepJob,
                     "{\"largest\":" + std::to_string(state.largest) +
                         ",\"epochs\":" + std::to_string(state.epochs) + "}");
  context.animating = true;
}

void take_sizes(PanelContext& context) {
  SweepState& state = context.state<SweepState>();
  const JobFindings& found = context.jobs.view(kSweepJob).result;
  const session::DataReady& data = context.store.data;
  update_atlas(state.originals, found, "originals", data);
  const std::int64_t sizes = found.size("restored", 0), images = found.size("restored", 1);
  const bool fits = found.size("restored", 2) == data.channels * data.rows * data.columns;
  state.restored.update(found.revision, fits ? found.bytes("restored") : nullptr, sizes * images,
                        data);
  if (found.revision == state.revision) return;
  state.revision = found.revision;
  state.sizes.clear();
  const auto entry = [&](const char* name, std::size_t index) -> const Json* {
    const auto list = found.fields.find(name);
    return list != found.fields.end() && list->is_array() && index < list->size() ? &(*list)[index]
                                                                                  : nullptr;
  };
  const auto number = [&](const char* name, std::size_t index) {
    const Json* const value = entry(name, index);
    return value && value->is_number() ? value->get<double>() : kUnknown;
  };
  for (std::size_t i = 0; entry("sizes", i); ++i) {
    const Json* const encoder = entry("encoders", i);
    state.sizes.push_back({static_cast<std::int64_t>(number("sizes", i)), number("test_mse", i),
                           number("pca_mse", i), static_cast<int>(number("dead_units", i)),
                           static_cast<int>(number("epochs", i)),
                           encoder && encoder->is_string() ? encoder->get<std::string>() : ""});
  }
}

std::int64_t elbow_of(const PanelContext& context) {
  return static_cast<std::int64_t>(context.jobs.view(kSweepJob).result.number("elbow"));
}

// Index of the size that is looked at.
std::size_t chosen_size(const PanelContext& context) {
  const SweepState& state = context.state<SweepState>();
  const std::int64_t wanted = state.chosen > 0 ? state.chosen : elbow_of(context);
  for (std::size_t i = 0; i < state.sizes.size(); ++i) {
    if (state.sizes[i].units == wanted) return i;
  }
  return state.sizes.size() - 1;
}

void draw_sweep_controls(PanelContext& context, Rect& inside) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  SweepState& state = context.state<SweepState>();
  const bool narrow = inside.w < m.px(620);
  Rect line = inside.cut_top(m.control);
  std::vector<std::string> values;
  std::vector<Choice> items;
  int present = -1;
  for (const int size : kLargest) values.push_back(std::to_string(size));
  for (std::size_t i = 0; i < values.size(); ++i) {
    items.push_back({values[i], texts.format("sweep.sizes", {values[i]}), {}});
    if (kLargest[i] == state.largest) present = static_cast<int>(i);
  }
  const float words = text_width(context, texts.get("sweep.epochs"), {m.small}) + m.px(6);
  const float epochs = words + m.px(56);
  const int chosen =
      draw_choice(context, line.cut_left(narrow ? line.w - epochs - m.gap : m.px(180)),
                  "sweep:largest", present, items);
  draw_help(context, texts.get("sweep.largest"), texts.get("sweep.largest.help"));
  if (chosen >= 0) state.largest = kLargest[static_cast<std::size_t>(chosen)];
  line.cut_left(m.gap);
  draw_text(context, line.cut_left(words), texts.get("sweep.epochs"),
            theme.color(theme.colors.muted), {m.small});
  std::string text = std::to_string(state.epochs);
  int number = 0;
  if (draw_field(context, line.cut_left(m.px(56)), "sweep:epochs", text, true) &&
      parse_number(text, number)) {
    state.epochs = std::clamp(number, 1, kMaxSweepEpochs);
  }
  draw_help(context, texts.get("sweep.epochs"), texts.get("sweep.epochs.help"));
  line.cut_left(m.gap);
  if (narrow) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  }
  if (draw_job_bar(context, line, kSweepJob, texts.get("sweep.start"),
                   texts.get("sweep.start.help"), false)) {
    start_sweep(context);
  }
  inside.cut_top(m.gap);
  if (const float why = draw_job_message(context, inside, kSweepJob, true); why > 0) {
    inside.cut_top(why + m.gap);
  }
}

std::string sweep_summary(const PanelContext& context) {
  const Texts& texts = context.texts;
  const JobFindings& found = context.jobs.view(kSweepJob).result;
  const SweepState& state = context.state<SweepState>();
  if (state.sizes.empty()) return texts.get("sweep.empty");
  const std::int64_t elbow = elbow_of(context);
  const double mean = found.number("mean_image_mse", kUnknown);
  std::string text =
      elbow > 0 ? texts.format("sweep.elbow_at", {grouped(elbow)}) : texts.get("sweep.no_elbow");
  if (std::isfinite(mean)) text = texts.format("sweep.mean_image", {text, significant(mean, 3)});
  return text;
}

void draw_sweep_legend(PanelContext& context, Rect line) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::pair<const char*, Rgb> rows[] = {{"sweep.network", theme.colors.accent},
                                              {"sweep.pca", theme.colors.train}};
  for (const auto& [name, color] : rows) {
    const float y = line.y + line.h / 2;
    ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(1.5f)},
                                              {line.x + m.px(14), y + m.px(1.5f)},
                                              theme.color(color), m.px(1.5f));
    line.cut_left(m.px(20));
    line.cut_left(draw_text(context, line, context.texts.get(name), theme.color(theme.colors.muted),
                            {m.small}) +
                  m.px(14));
  }
}

// The size whose place on the axis is nearest to the pointer.
void choose_nearest_size(PanelContext& context, const Rect& plot, const Axis& x) {
  SweepState& state = context.state<SweepState>();
  const float mouse = ImGui::GetIO().MousePos.x;
  float nearest = std::numeric_limits<float>::infinity();
  for (const CodeSize& size : state.sizes) {
    const float at =
        plot.x + plot.w * static_cast<float>(x.position(static_cast<double>(size.units)));
    if (std::fabs(at - mouse) >= nearest) continue;
    nearest = std::fabs(at - mouse);
    state.chosen = size.units;
  }
}

void draw_size_curve(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const SweepState& state = context.state<SweepState>();
  draw_sweep_legend(context, area.cut_top(m.label));
  std::vector<PlotPoint> network, pca;
  double high = 0;
  for (const CodeSize& size : state.sizes) {
    const auto units = static_cast<double>(size.units);
    if (std::isfinite(size.error)) network.push_back({units, size.error});
    if (std::isfinite(size.pca)) pca.push_back({units, size.pca});
    for (const double error : {size.error, size.pca}) {
      if (std::isfinite(error)) high = std::max(high, error);
    }
  }
  std::vector<Series> series;
  if (!pca.empty()) series.push_back({pca, theme.colors.train, 1, 1.6f, true});
  if (!network.empty()) series.push_back({network, theme.colors.accent, 1, 2.2f, true});
  const double last = static_cast<double>(state.sizes.back().units);
  const Axis x{1 / 1.08, 1.15 * std::max(2.0, last), true}, y = fitted_axis(0, high, false);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Rect plot = draw_plot(list, area, x, y, series, theme, texts.get("sweep.units"));
  const auto across = [&](std::int64_t units) {
    return std::floor(plot.x +
                      plot.w * static_cast<float>(x.position(static_cast<double>(units)))) +
           0.5f;
  };
  if (const std::int64_t elbow = elbow_of(context); elbow > 0) {
    const float at = across(elbow);
    for (float top = plot.y; top < plot.bottom(); top += m.px(7)) {
      list.AddLine({at, top}, {at, std::min(top + m.px(4), plot.bottom())},
                   theme.color(theme.colors.muted));
    }
    draw_text(context, {at + m.px(5), plot.y, m.px(90), m.label}, texts.get("sweep.elbow"),
              theme.color(theme.colors.muted), {m.small});
  }
  const CodeSize& chosen = state.sizes[chosen_size(context)];
  if (std::isfinite(chosen.error)) {
    const float height = plot.bottom() - plot.h * static_cast<float>(y.position(chosen.error));
    list.AddCircle({across(chosen.units), height}, m.px(6.5f), theme.color(theme.colors.text), 0,
                   m.px(2));
  }
  if (draw_area(context, plot, "sweep:plot") && ImGui::IsItemHovered()) {
    choose_nearest_size(context, plot, x);
  }
  mirror_item(context, {.role = MirrorRole::kPicture});
  draw_help(context, texts.get("sweep.plot"), texts.get("sweep.plot.help"));
}

// The numbers of a size, from the left; the head has their names.
constexpr std::array<const char*, 5> kSizeColumns = {"sweep.size", "sweep.error", "sweep.pca_error",
                                                     "sweep.dead", "sweep.trained"};

std::array<std::string, kSizeColumns.size()> numbers_of_size(const PanelContext& context,
                                                             const CodeSize& size) {
  const auto error = [&](double value) {
    return std::isfinite(value) ? fixed(value, 4) : std::string("–");
  };
  return {grouped(size.units),
          std::isfinite(size.error) ? error(size.error) : context.texts.get("sweep.diverged"),
          error(size.pca), grouped(size.dead), grouped(size.epochs)};
}

float size_row(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return std::max(m.label + m.px(5), m.touch ? m.control : 0.0f);
}

void draw_size_table(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  SweepState& state = context.state<SweepState>();
  const float width = area.w / static_cast<float>(kSizeColumns.size());
  const std::size_t chosen = chosen_size(context);
  Rect head = area.cut_top(m.label + m.px(4));
  for (const char* name : kSizeColumns) {
    Rect place = head.cut_left(width);
    place.w -= m.px(6);
    const std::string& text = context.texts.get(name);
    draw_text(context, place, text, theme.color(theme.colors.muted),
              {fitting_size(context, text, place.w, m.small), false, Align::kRight});
    ImGui::SetCursorScreenPos(top_left(place));
    ImGui::Dummy({place.w, place.h});
    draw_help(context, text, context.texts.get(std::string(name) + ".help"));
  }
  const float y = std::floor(area.y) - 0.5f;
  ImGui::GetWindowDrawList()->AddLine({area.x, y}, {area.right(), y},
                                      theme.color(theme.colors.card_edge));
  for (std::size_t i = 0; i < state.sizes.size(); ++i) {
    Rect row = area.cut_top(size_row(context));
    if (draw_area(context, row, "sweep:row:" + std::to_string(i))) {
      state.chosen = state.sizes[i].units;
    }
    mirror_item(context, {.role = MirrorRole::kSwitch, .on = i == chosen});
    if (i == chosen || ImGui::IsItemHovered()) {
      ImGui::GetWindowDrawList()->AddRectFilled(
          top_left(row), bottom_right(row),
          theme.color(i == chosen ? theme.colors.field_on : theme.colors.field), m.radius);
    }
    const auto numbers = numbers_of_size(context, state.sizes[i]);
    for (const std::string& number : numbers) {
      Rect place = row.cut_left(width);
      place.w -= m.px(6);
      draw_text(context, place, number, theme.color(theme.colors.text),
                {fitting_size(context, number, place.w, m.small), i == chosen, Align::kRight});
    }
  }
}

float size_table_height(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  const auto rows = static_cast<float>(context.state<SweepState>().sizes.size());
  return m.label + m.px(4) + rows * size_row(context);
}

// What the chosen size restores, and the button that takes it over.
void draw_choice_of_size(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  SweepState& state = context.state<SweepState>();
  const JobFindings& found = context.jobs.view(kSweepJob).result;
  const std::size_t chosen = chosen_size(context);
  const CodeSize& size = state.sizes[chosen];
  const std::string units = grouped(size.units);
  Rect line = area.cut_top(m.control);
  const std::string label = texts.format("sweep.use", {units});
  const Button use{
      .id = "sweep:use", .label = label, .help_title = label, .help = texts.get("sweep.use.help")};
  const auto decoder = found.fields.find("decoder");
  if (draw_button(context, line.cut_left(std::min(line.w, button_width(context, use))), use) &&
      decoder != found.fields.end() && decoder->is_string() && !size.encoder.empty()) {
    context.send(session::SetSettings{
        {{"model.encoder", size.encoder}, {"model.decoder", decoder->get<std::string>()}}});
  }
  area.cut_top(m.gap);
  const int images = state.originals.count();
  const auto rows = {std::pair{"sweep.original", &state.originals},
                     std::pair{"sweep.restored", &state.restored}};
  for (const auto& [name, atlas] : rows) {
    draw_caption(context, area.cut_top(m.label), texts.format(name, {units}),
                 texts.get(std::string(name) + ".help"));
    const ImageGrid grid = image_line(area.cut_top(m.px(52)), images, m.px(4));
    register_widget(context, name, grid.area);
    draw_images(context, *atlas, grid,
                atlas == &state.restored ? static_cast<int>(chosen) * images : 0);
    area.cut_top(m.px(4));
  }
}

float choice_of_size_height(const PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  return m.control + m.gap + 2 * (m.label + m.px(56));
}

}  // namespace

void draw_sweep(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect inside = context.area;
  take_sizes(context);
  draw_sweep_controls(context, inside);
  const std::string words = sweep_summary(context);
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4), width = inside.w - bar;
  const float paragraph = draw_paragraph(context, 0, 0, width, words, 0, m.text, false) + m.gap;
  const bool empty = context.state<SweepState>().sizes.empty();
  const bool beside = width >= m.px(720);
  const float table =
      empty ? 0 : size_table_height(context) + m.gap + choice_of_size_height(context);
  const float curve =
      beside ? std::max(m.px(260), std::min(inside.h - paragraph, m.px(480))) : m.px(250);
  const float charts = empty ? 0 : beside ? std::max(curve, table) : curve + m.gap + table;
  ScrollArea scroll(context, inside, "sweep:scroll", paragraph + charts);
  Rect area = scroll.inside;
  area.w = width;
  draw_paragraph(context, area.x, area.y, width, words, theme.color(theme.colors.text), m.text);
  if (empty) return;
  area.cut_top(paragraph);
  if (beside) {
    Rect left = area.cut_left(std::floor(width * 0.52f));
    left.h = curve;
    area.cut_left(m.padding);
    draw_size_curve(context, left);
  } else {
    draw_size_curve(context, area.cut_top(curve));
    area.cut_top(m.gap);
  }
  draw_size_table(context, area.cut_top(size_table_height(context)));
  area.cut_top(m.gap);
  draw_choice_of_size(context, area);
}

}  // namespace hourglass::ui
