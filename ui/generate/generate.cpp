// New images of the network's code: drawn, walked through, moved along what is known of them, and
// taken apart.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/model/layer_type.h"
#include "ui/generate/factors.h"
#include "ui/generate/generate_state.h"
#include "ui/generate/posterior.h"
#include "ui/generate/samples.h"
#include "ui/images/image_grid.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"

namespace hourglass::ui {
namespace {

// While training goes on the job rests for so many times as long as it has taken, and so takes no
// more than a fifth of it.
constexpr double kRest = 4, kRestAtLeast = 1;
constexpr double kBrief = 1.5;  // seconds

bool is_variational(const Store& store) {
  const auto layer = static_cast<std::size_t>(store.network.code_layer);
  if (layer >= store.network.layers.size()) return false;
  const LayerType* const type = find_layer_type(store.network.layers[layer].kind);
  return type && type->is_sampled;
}

// The source that was chosen or, where the network has no prior or none was chosen, its own.
int code_source(const PanelContext& context) {
  const int chosen = context.state<GenerateState>().source;
  const bool variational = is_variational(context.store);
  if (chosen < 0) return variational ? 0 : 1;
  return chosen == 0 && !variational ? 1 : chosen;
}

void start_generating(PanelContext& context) {
  GenerateState& state = context.state<GenerateState>();
  state.is_new = true;
  state.started = ImGui::GetTime();
  state.step = shown_step(context.store);
  state.network = context.store.revisions.network;
  state.data = context.store.revisions.data;
  const auto source = static_cast<std::size_t>(code_source(context));
  std::string arguments = R"({"source":")" + std::string(kCodeSources[source]) + '"';
  if (source == 2) arguments += ",\"components\":" + std::to_string(state.components);
  context.jobs.start(context.post, kGenerateJob, arguments + "}");
  context.animating = true;
}

// Starts the job where nobody has said that it is not wanted: at first, of another network, and
// from time to time while the network learns.
void keep_generating(PanelContext& context) {
  const Store& store = context.store;
  GenerateState& state = context.state<GenerateState>();
  const JobView& job = context.jobs.view(kGenerateJob);
  if (store.network.code_size < 1 || store.data.name.empty()) return;
  if (job.is_under_way() || job.state == JobView::State::kCancelled) return;
  const bool other = state.network != store.revisions.network || state.data != store.revisions.data;
  if (other) return start_generating(context);
  if (job.state != JobView::State::kReady) return;
  const double now = ImGui::GetTime();
  if (state.is_new) {
    state.is_new = false;
    state.rests_until = now + std::max(kRestAtLeast, kRest * (now - state.started));
  }
  // A slider that is held wants answers, which there are none of meanwhile.
  if (!state.follows || shown_step(store) == state.step || ImGui::IsAnyItemActive()) return;
  if (now >= state.rests_until) return start_generating(context);
  context.animating = true;
}

// Everything that is on show is one question.
void ask_for_images(PanelContext& context) {
  GenerateState& state = context.state<GenerateState>();
  const JobView& job = context.jobs.view(kGenerateJob);
  if (job.state != JobView::State::kReady) return;
  const std::uint32_t image = chosen_image(context);
  std::string question =
      "{\"seed\":" + std::to_string(state.seed) + ",\"count\":" + std::to_string(kGenerated) +
      ",\"from\":" + std::to_string(state.from) + ",\"to\":" + std::to_string(state.to) +
      ",\"image\":" + std::to_string(image) + ",\"draw\":" + std::to_string(state.draw);
  const std::size_t factors = context.store.data.factors.size();
  if (state.factors.size() != factors) state.factors.clear();
  if (!state.factors.empty()) {
    question += ",\"factors\":[";
    for (std::size_t f = 0; f < factors; ++f) {
      question += (f > 0 ? "," : "") + significant(state.factors[f], 6);
    }
    question += "]";
  }
  if (factors > 0) question += ",\"row\":" + std::to_string(state.row);
  question += "}";
  const std::span<const char> text(question.data(), question.size());
  context.jobs.ask(context.post, kGenerateJob, Mark().add(job.number).add(text).value(), question);
}

void take_generated(PanelContext& context) {
  GenerateState& state = context.state<GenerateState>();
  const JobFindings& answer = context.jobs.view(kGenerateJob).answer;
  const session::DataReady& data = context.store.data;
  update_atlas(state.samples, answer, "samples", data);
  update_atlas(state.walk, answer, "walk", data);
  update_atlas(state.original, answer, "original", data);
  update_atlas(state.moved, answer, "moved", data);
  update_atlas(state.row_images, answer, "row", data);
  update_atlas(state.of_mean, answer, "of_mean", data);
  update_atlas(state.of_code, answer, "of_code", data);
}

void draw_code_source(PanelContext& context, const Rect& area) {
  const Texts& texts = context.texts;
  std::vector<Choice> items;
  const bool variational = is_variational(context.store);
  for (const std::string_view source : kCodeSources) {
    if (source == "prior" && !variational) continue;
    const std::string key = "generate.source." + std::string(source);
    items.push_back({source, texts.get(key), texts.get(key + ".help")});
  }
  const int first = variational ? 0 : 1;
  const int chosen =
      draw_choice(context, area, "generate:source", code_source(context) - first, items);
  draw_help(context, texts.get("generate.source"), texts.get("generate.source.help"));
  if (chosen < 0) return;
  context.state<GenerateState>().source = chosen + first;
  start_generating(context);
}

// Powers and their halves: more Gaussians than that tell a person nothing.
void draw_components(PanelContext& context, const Rect& area) {
  const Texts& texts = context.texts;
  GenerateState& state = context.state<GenerateState>();
  static constexpr std::array kCounts = {2, 3, 5, 10, 20, 50, 100};
  std::vector<std::string> names;
  for (const int count : kCounts) names.push_back(std::to_string(count));
  std::vector<Choice> items;
  int present = -1;
  for (std::size_t i = 0; i < kCounts.size(); ++i) {
    items.push_back({names[i], texts.format("generate.components", {names[i]}), {}});
    if (kCounts[i] == state.components) present = static_cast<int>(i);
  }
  const int chosen = draw_choice(context, area, "generate:components", present, items);
  draw_help(context, texts.get("generate.components.title"), texts.get("generate.components.help"));
  if (chosen < 0) return;
  state.components = kCounts[static_cast<std::size_t>(chosen)];
  start_generating(context);
}

void draw_sample_buttons(PanelContext& context, Rect& line) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  GenerateState& state = context.state<GenerateState>();
  const Button others{.id = "generate:new",
                      .label = texts.get("generate.new"),
                      .icon = Icon::kDice,
                      .help_title = texts.get("generate.new"),
                      .help = texts.get("generate.new.help")};
  if (draw_button(context, line.cut_left(std::min(line.w, button_width(context, others))),
                  others)) {
    ++state.seed;
  }
  line.cut_left(m.gap);
  const Button follow{.id = "generate:follow",
                      .label = texts.get("generate.follow"),
                      .icon = Icon::kLink,
                      .kind = ButtonKind::kBare,
                      .help_title = texts.get("generate.follow"),
                      .help = texts.get("generate.follow.help"),
                      .on = state.follows};
  if (draw_button(context, line.cut_left(std::min(line.w, button_width(context, follow))),
                  follow)) {
    state.follows = !state.follows;
  }
  line.cut_left(m.gap);
}

// The job's bar. What is soon over would only flicker, and is not shown while there are images.
void draw_renewal(PanelContext& context, Rect line) {
  const Texts& texts = context.texts;
  const JobView& job = context.jobs.view(kGenerateJob);
  const bool brief = ImGui::GetTime() - context.state<GenerateState>().started < kBrief;
  if (job.state == JobView::State::kWorking && brief && !job.answer.empty()) {
    const Button busy{.id = "generate:start",
                      .label = texts.get("generate.start"),
                      .icon = Icon::kPlay,
                      .kind = ButtonKind::kPrimary};
    draw_button(context, line.cut_left(std::min(button_width(context, busy), line.w)), busy);
    return;
  }
  if (draw_job_bar(context, line, kGenerateJob, texts.get("generate.start"),
                   texts.get("generate.start.help"), false)) {
    start_generating(context);
  }
}

void draw_generate_controls(PanelContext& context, Rect& inside) {
  const Metrics& m = context.theme.metrics;
  const bool narrow = inside.w < m.px(720);
  Rect line = inside.cut_top(m.control);
  const bool mixture = code_source(context) == 2;
  const float least = mixture ? m.px(4) + line.w * 0.4f : 0;
  draw_code_source(context, line.cut_left(narrow ? line.w - least : m.px(190)));
  line.cut_left(mixture && narrow ? m.px(4) : m.gap);
  if (mixture) {
    draw_components(context, line.cut_left(narrow ? line.w : m.px(150)));
    line.cut_left(m.gap);
  }
  if (narrow) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  }
  draw_sample_buttons(context, line);
  if (narrow) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  }
  draw_renewal(context, line);
  inside.cut_top(m.gap);
  if (const float why = draw_job_message(context, inside, kGenerateJob, true); why > 0) {
    inside.cut_top(why + m.gap);
  }
}

// Of one held-out image: its factors and its code.
float subject_height(const PanelContext& context, float width) {
  const float factors = factors_height(context, width),
              posterior = posterior_height(context, width);
  const float gap = context.theme.metrics.gutter;
  if (factors + posterior == 0) return 0;
  return chooser_height(context) + (factors > 0 ? gap + factors : 0) +
         (posterior > 0 ? gap + posterior : 0);
}

void draw_subject(PanelContext& context, Rect column) {
  const float gap = context.theme.metrics.gutter;
  const float factors = factors_height(context, column.w);
  const float posterior = posterior_height(context, column.w);
  if (factors + posterior == 0) return;
  draw_chooser(context, column.cut_top(chooser_height(context)));
  column.cut_top(gap);
  if (factors > 0) draw_factors(context, column.cut_top(factors));
  if (factors > 0) column.cut_top(gap);
  if (posterior > 0) draw_posterior(context, column.cut_top(posterior));
}

}  // namespace

std::uint32_t chosen_image(const PanelContext& context) {
  const auto& indices = context.store.snapshot.image_indices;
  if (!indices || indices->empty()) return 0;
  const auto count = static_cast<int>(indices->size());
  const int at = ((context.state<GenerateState>().image % count) + count) % count;
  return (*indices)[static_cast<std::size_t>(at)];
}

void draw_generate(PanelContext& context) {
  const Metrics& m = context.theme.metrics;
  Rect inside = context.area;
  keep_generating(context);
  draw_generate_controls(context, inside);
  ask_for_images(context);
  take_generated(context);
  if (context.jobs.view(kGenerateJob).answer.empty()) {
    draw_paragraph(context, inside.x, inside.y, inside.w, context.texts.get("generate.empty"),
                   context.theme.color(context.theme.colors.muted), m.text);
    return;
  }
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4), width = inside.w - bar;
  const bool beside = width >= m.px(760) && subject_height(context, width) > 0;
  const float left = beside ? std::floor(width * 0.44f) : width;
  const float right = beside ? width - left - m.padding : width;
  const float details = subject_height(context, right);
  const float samples =
      beside ? inside.h : std::max(samples_height(context, left), details > 0 ? 0 : inside.h);
  const float all =
      beside ? std::max(samples, details) : samples + (details > 0 ? m.gutter + details : 0);
  ScrollArea scroll(context, inside, "generate:scroll", all);
  Rect area = scroll.inside;
  area.w = width;
  Rect column = beside ? area.cut_left(left) : area;
  draw_samples(context, column.cut_top(samples));
  if (beside) {
    area.cut_left(m.padding);
    column = area;
  } else {
    column.cut_top(m.gutter);
  }
  draw_subject(context, column);
}

}  // namespace hourglass::ui
