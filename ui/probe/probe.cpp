// What does the code know: a linear classifier on it, and a reader for each known factor.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/base/parse_number.h"
#include "ui/images/image_grid.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"
#include "ui/probe/confusion.h"
#include "ui/probe/factor_bars.h"
#include "ui/probe/probe_state.h"

namespace hourglass::ui {
namespace {

constexpr int kMaxTuningEpochs = 1000;
constexpr std::array<std::int64_t, 5> kLabelCounts = {10, 30, 100, 300, 1000};

// All, and those of the usual numbers that these data allow.
std::vector<std::int64_t> label_counts(const session::DataReady& data) {
  std::vector<std::int64_t> counts = {0};
  for (const std::int64_t count : kLabelCounts) {
    if (count >= std::ssize(data.class_names) && count < data.train_count) counts.push_back(count);
  }
  return counts;
}

void start_probe(PanelContext& context) {
  const ProbeState& state = context.state<ProbeState>();
  std::string arguments = "{\"labels\":" + std::to_string(state.labels);
  if (state.fine_tune) {
    arguments += ",\"fine_tune\":true,\"epochs\":" + std::to_string(state.epochs);
  }
  context.jobs.start(context.post, kProbeJob, arguments + "}");
  context.animating = true;
}

void draw_label_choice(PanelContext& context, const Rect& area) {
  const Texts& texts = context.texts;
  ProbeState& state = context.state<ProbeState>();
  const std::vector<std::int64_t> counts = label_counts(context.store.data);
  if (std::find(counts.begin(), counts.end(), state.labels) == counts.end()) state.labels = 0;
  std::vector<std::string> values;
  for (const std::int64_t count : counts) values.push_back(std::to_string(count));
  std::vector<Choice> items;
  int selected = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == state.labels) selected = static_cast<int>(i);
    items.push_back({values[i],
                     counts[i] == 0 ? texts.get("probe.labels.all")
                                    : texts.format("probe.labels.some", {grouped(counts[i])}),
                     {}});
  }
  const int chosen = draw_choice(context, area, "probe:labels", selected, items);
  draw_help(context, texts.get("probe.labels"), texts.get("probe.labels.help"));
  if (chosen >= 0) state.labels = counts[static_cast<std::size_t>(chosen)];
}

void draw_tuning_epochs(PanelContext& context, Rect area) {
  const Texts& texts = context.texts;
  const Theme& theme = context.theme;
  ProbeState& state = context.state<ProbeState>();
  const Rect field = area.cut_right(theme.metrics.px(56));
  draw_text(context, area, texts.get("probe.epochs"), theme.color(theme.colors.muted),
            {theme.metrics.small});
  std::string text = std::to_string(state.epochs);
  int epochs = 0;
  if (draw_field(context, field, "probe:epochs", text, true) && parse_number(text, epochs)) {
    state.epochs = std::clamp(epochs, 1, kMaxTuningEpochs);
  }
  draw_help(context, texts.get("probe.epochs"), texts.get("probe.epochs.help"));
}

void draw_probe_controls(PanelContext& context, Rect& inside) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  ProbeState& state = context.state<ProbeState>();
  const bool narrow = inside.w < m.px(760);
  const auto next_line = [&](Rect& line) {
    inside.cut_top(m.gap);
    line = inside.cut_top(m.control);
  };
  Rect line = inside.cut_top(m.control);
  const Button tune{.id = "probe:fine_tune",
                    .label = texts.get("probe.fine_tune"),
                    .icon = Icon::kEpoch,
                    .kind = ButtonKind::kBare,
                    .help_title = texts.get("probe.fine_tune"),
                    .help = texts.get("probe.fine_tune.help"),
                    .on = state.fine_tune};
  draw_label_choice(context, line.cut_left(narrow ? line.w : m.px(150)));
  line.cut_left(m.gap);
  if (narrow) next_line(line);
  if (draw_button(context, line.cut_left(std::min(line.w, button_width(context, tune))), tune)) {
    state.fine_tune = !state.fine_tune;
  }
  line.cut_left(m.gap);
  if (state.fine_tune) {
    const float words = text_width(context, texts.get("probe.epochs"), {m.small});
    draw_tuning_epochs(context, line.cut_left(words + m.px(62)));
    line.cut_left(m.gap);
  }
  if (narrow) next_line(line);
  if (draw_job_bar(context, line, kProbeJob, texts.get("probe.start"),
                   texts.get("probe.start.help"), false)) {
    start_probe(context);
  }
  inside.cut_top(m.gap);
  if (const float why = draw_job_message(context, inside, kProbeJob, true); why > 0) {
    inside.cut_top(why + m.gap);
  }
}

std::string probe_summary(const PanelContext& context) {
  const Texts& texts = context.texts;
  const JobFindings& found = context.jobs.view(kProbeJob).result;
  if (found.empty()) return texts.get("probe.empty");
  const auto whole = [&](const char* name) {
    return grouped(static_cast<std::int64_t>(found.number(name)));
  };
  const auto percent = [&](const char* name) { return fixed(100 * found.number(name), 1); };
  std::string probe = texts.format("probe.summary", {percent("linear_probe"), whole("samples"),
                                                     whole("code_size"), whole("labels")});
  if (found.number("fine_tuned", -1) < 0) return probe;
  return texts.format("probe.summary.tuned", {probe, percent("fine_tuned")});
}

void ask_for_cell(PanelContext& context) {
  ProbeState& state = context.state<ProbeState>();
  const JobView& job = context.jobs.view(kProbeJob);
  const auto classes = static_cast<int>(context.store.data.class_names.size());
  update_atlas(state.cells, job.result, "cell_images", context.store.data);
  update_atlas(state.images, job.answer, "images", context.store.data);
  if (job.state != JobView::State::kReady || state.cell < 0) return;
  context.jobs.ask(context.post, kProbeJob, Mark().add(job.number).add(state.cell).value(),
                   "{\"class\":" + std::to_string(state.cell / classes) +
                       ",\"taken_for\":" + std::to_string(state.cell % classes) + "}");
}

}  // namespace

void draw_probe(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect inside = context.area;
  if (context.store.data.class_names.size() < 2) {
    draw_paragraph(context, inside.x, inside.y, inside.w, context.texts.get("probe.no_classes"),
                   theme.color(theme.colors.muted), m.text);
    return;
  }
  draw_probe_controls(context, inside);
  ask_for_cell(context);
  const std::string words = probe_summary(context);
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4), width = inside.w - bar;
  const float paragraph = draw_paragraph(context, 0, 0, width, words, 0, m.text, false) + m.gap;
  if (context.jobs.view(kProbeJob).result.empty()) {
    draw_paragraph(context, inside.x, inside.y, width, words, theme.color(theme.colors.text),
                   m.text);
    return;
  }
  const bool beside = width >= m.px(680);
  const float matrix = beside ? std::floor(width * 0.58f) : width;
  const float side = beside ? width - matrix - m.gutter : width;
  const float factors = factor_bars_height(context);
  const float factors_gap = factors > 0 ? factors + m.gap : 0;
  const float column = factors_gap + chosen_cell_height(context, side);
  const float confusion = confusion_height(context, matrix);
  ScrollArea scroll(
      context, inside, "probe:scroll",
      paragraph + (beside ? std::max(confusion, column) : confusion + m.gap + column));
  Rect area = scroll.inside;
  area.w = width;
  draw_paragraph(context, area.x, area.y, width, words, theme.color(theme.colors.text), m.text);
  area.cut_top(paragraph);
  Rect left = beside ? area.cut_left(matrix) : area.cut_top(confusion);
  draw_confusion(context, left);
  if (beside) {
    area.cut_left(m.gutter);
  } else {
    area.cut_top(m.gap);
  }
  // On a narrow screen what was clicked comes next below the matrix.
  if (!beside) {
    draw_chosen_cell(context, area.cut_top(chosen_cell_height(context, side)));
    area.cut_top(m.gap);
  }
  draw_factor_bars(context, area.cut_top(factors));
  if (!beside) return;
  if (factors > 0) area.cut_top(m.gap);
  draw_chosen_cell(context, area);
}

}  // namespace hourglass::ui
