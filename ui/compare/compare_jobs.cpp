#include "ui/compare/compare_jobs.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/compare/compare_state.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

// While training goes on the present side's job rests for so many times as long as it has taken,
// and so takes no more than a fifth of it.
constexpr double kRestTimes = 4, kLeastRest = 1;
constexpr std::int64_t kMostCompared = 256;  // that the job finds

std::int64_t features_of(const session::DataReady& data) {
  return data.channels * data.rows * data.columns;
}

std::int64_t components_wanted(const Store& store) {
  return std::clamp<std::int64_t>(
      store.network.code_size, 1,
      std::min(kMostCompared, std::max<std::int64_t>(1, features_of(store.data))));
}

std::string detail_of(const Texts& texts, const Run& run) {
  double epochs = run.losses.empty() ? 0 : run.losses.back().epoch;
  std::string loss = "–";
  if (!run.epochs.empty()) {
    epochs = std::max(epochs, static_cast<double>(run.epochs.back().epoch));
    loss = significant(run.epochs.back().test_loss, 4);
  }
  return texts.format("compare.run.detail", {significant(epochs, 3), loss});
}

const Run* listed_run(const Store& store, std::uint64_t number) {
  const auto found = std::find_if(store.runs.begin(), store.runs.end(),
                                  [&](const Run& run) { return run.number == number; });
  return found == store.runs.end() ? nullptr : &*found;
}

void start_present_side(PanelContext& context) {
  const Store& store = context.store;
  CompareState& state = context.state<CompareState>();
  state.is_new = true;
  state.present_started = ImGui::GetTime();
  state.step = shown_step(store);
  state.network = store.revisions.network;
  state.data = store.revisions.data;
  context.jobs.start(context.post, kPresentJob,
                     "{\"points\":" + std::to_string(kComparedPoints) + "}");
  context.animating = true;
}

// At first, of another network, and from time to time while the network learns.
void keep_present_side(PanelContext& context) {
  const Store& store = context.store;
  CompareState& state = context.state<CompareState>();
  const JobView& job = context.jobs.view(kPresentJob);
  if (job.is_under_way()) return;
  const bool other = state.network != store.revisions.network || state.data != store.revisions.data;
  if (other || job.state == JobView::State::kNone) return start_present_side(context);
  if (job.state != JobView::State::kReady) return;
  const double now = ImGui::GetTime();
  if (state.is_new) {
    state.is_new = false;
    state.rests_until = now + std::max(kLeastRest, kRestTimes * (now - state.present_started));
  }
  if (!state.follows || shown_step(store) == state.step) return;
  if (now >= state.rests_until) return start_present_side(context);
  context.animating = true;
}

void keep_other_side(PanelContext& context, const Opponent& other, bool again) {
  const Store& store = context.store;
  CompareState& state = context.state<CompareState>();
  std::string arguments = other.number > 0
                              ? "{\"run\":" + std::to_string(other.number)
                              : "{\"components\":" + std::to_string(components_wanted(store));
  arguments += ",\"points\":" + std::to_string(kComparedPoints) + "}";
  const std::string wanted = arguments + std::to_string(store.revisions.data);
  if (state.started == wanted && !again) return;
  // A picture of something else would stand under its name.
  if (state.started != wanted) context.jobs.forget(context.post, kOtherJob);
  state.started = wanted;
  state.other_started = ImGui::GetTime();
  context.jobs.start(context.post, kOtherJob, arguments);
  context.animating = true;
}

void ask_both_sides(PanelContext& context) {
  const Store& store = context.store;
  const auto& shown = store.snapshot.image_indices;
  std::string question = "{\"seed\":" + std::to_string(context.state<CompareState>().seed) +
                         ",\"count\":" + std::to_string(kComparedSamples) + ",\"images\":[";
  const std::size_t count =
      shown ? std::min<std::size_t>(shown->size(), kComparedImages) : std::size_t{0};
  for (std::size_t i = 0; i < count; ++i) {
    question += (i > 0 ? "," : "") + std::to_string((*shown)[i]);
  }
  question += "]}";
  const std::span<const char> text(question.data(), question.size());
  for (const std::string_view kind : {kPresentJob, kOtherJob}) {
    const JobView& job = context.jobs.view(kind);
    context.jobs.ask(context.post, kind, Mark().add(job.number).add(text).value(), question);
  }
}

}  // namespace

std::vector<Opponent> opponents(const PanelContext& context) {
  const Store& store = context.store;
  const Texts& texts = context.texts;
  const RunConfig present = current_config(store);
  std::vector<Opponent> all;
  for (const Run& run : store.runs) {
    if (!is_kept(store, run)) continue;
    std::string name = run_differences(texts, run.terms, present);
    if (name.empty()) name = texts.get("curves.same_settings");
    all.push_back({run.number, "run:" + std::to_string(run.number),
                   texts.format("compare.earlier.name", {name}), detail_of(texts, run),
                   texts.get("compare.earlier")});
  }
  const std::string components = grouped(components_wanted(store));
  all.push_back({0, "pca", texts.format("compare.pca", {components}),
                 texts.get("compare.pca.detail"), texts.get("tab.pca")});
  return all;
}

Opponent opponent(const PanelContext& context) {
  const CompareState& state = context.state<CompareState>();
  const std::vector<Opponent> all = opponents(context);
  const auto of = [&](std::uint64_t number) {
    return std::find_if(all.begin(), all.end(),
                        [&](const Opponent& each) { return each.number == number; });
  };
  if (state.chosen) {
    if (const auto found = of(state.other); found != all.end()) return *found;
  }
  for (const Opponent& each : all) {
    if (each.number == 0 || obstacle(context, each).empty()) return each;
  }
  return all.back();
}

std::string obstacle(const PanelContext& context, const Opponent& other) {
  const Store& store = context.store;
  if (other.number == 0) return "";
  const auto kept = store.kept.find(other.number);
  if (kept == store.kept.end() || !listed_run(store, other.number)) return "";
  const Texts& texts = context.texts;
  if (kept->second.data != store.data.name) {
    return texts.format("compare.other_data", {kept->second.data, store.data.name});
  }
  if (kept->second.features != features_of(store.data)) {
    return texts.format("compare.other_shape",
                        {grouped(kept->second.features), grouped(features_of(store.data))});
  }
  return "";
}

void keep_comparing(PanelContext& context, const Opponent& other, bool again) {
  const Store& store = context.store;
  if (store.network.code_size < 1 || store.data.name.empty()) return;
  keep_present_side(context);
  if (obstacle(context, other).empty()) {
    keep_other_side(context, other, again);
  } else {
    context.state<CompareState>().started.clear();
    context.jobs.forget(context.post, kOtherJob);
  }
  ask_both_sides(context);
}

}  // namespace hourglass::ui
