#include "ui/lesson/lesson_facts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/session/settings/settings.h"
#include "ui/anomaly/anomaly_scores.h"
#include "ui/anomaly/anomaly_state.h"
#include "ui/code/code_bars.h"
#include "ui/code/code_state.h"
#include "ui/latent_map/map_state.h"
#include "ui/state/lesson_view.h"

namespace hourglass::ui {
namespace {

using Found = std::optional<session::Value>;

Found number_fact(double value) { return std::isfinite(value) ? Found(value) : std::nullopt; }
Found count_fact(std::size_t value) { return static_cast<std::int64_t>(value); }

const session::EpochMetrics* newest_epoch(const PanelContext& context) {
  const Epochs& epochs = context.store.epochs;
  return epochs.empty() ? nullptr : &epochs.newest();
}

// A figure of the newest epoch.
template <double session::EpochMetrics::* kFigure>
Found of_epoch(const PanelContext& context) {
  const session::EpochMetrics* const epoch = newest_epoch(context);
  return epoch ? number_fact(epoch->*kFigure) : std::nullopt;
}

Found loss(const PanelContext& context) {
  const Losses& losses = context.store.losses;
  return losses.empty() ? std::nullopt : number_fact(losses.newest().loss);
}

Found penalty(const PanelContext& context) {
  const Losses& losses = context.store.losses;
  return losses.empty() ? std::nullopt : number_fact(losses.newest().penalty);
}

Found best_loss(const PanelContext& context) {
  double best = std::numeric_limits<double>::infinity();
  for (const session::LossPoint& point : context.store.losses.items()) {
    best = std::min(best, point.loss);
  }
  return number_fact(best);
}

Found best_test_loss(const PanelContext& context) {
  double best = std::numeric_limits<double>::infinity();
  for (const session::EpochMetrics& epoch : context.store.epochs.items()) {
    if (std::isfinite(epoch.test_loss)) best = std::min(best, epoch.test_loss);
  }
  return number_fact(best);
}

// The pixels of the images on display, image by image, in [0, 1], as their mean over all that
// `figure` makes of each pixel's values over the images.
template <typename Figure>
Found mean_over_pixels(const PanelContext& context, const Figure& figure) {
  const session::Snapshot& shown = context.store.snapshot;
  if (!shown.originals || shown.image_count < 2) return std::nullopt;
  const auto images = static_cast<std::size_t>(shown.image_count);
  const std::size_t features = shown.originals->size() / images;
  if (features == 0) return std::nullopt;
  double sum = 0;
  std::vector<double> values(images);
  for (std::size_t feature = 0; feature < features; ++feature) {
    for (std::size_t i = 0; i < images; ++i) {
      values[i] = (*shown.originals)[i * features + feature] / 255.0;
    }
    sum += figure(values);
  }
  return number_fact(sum / static_cast<double>(features));
}

Found mean_image_mse(const PanelContext& context) {
  return mean_over_pixels(context, [](const std::vector<double>& values) {
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    for (const double value : values) squares += (value - mean) * (value - mean);
    return squares / static_cast<double>(values.size());
  });
}

// Binary cross-entropy is least where output and input are equal: what is left is their entropy. A
// squared error can be 0.
Found floor_of_loss(const PanelContext& context) {
  if (text_setting(context.store, "model.loss", "bce") != "bce") return number_fact(0);
  return mean_over_pixels(context, [](const std::vector<double>& values) {
    double entropy = 0;
    for (const double p : values) {
      if (p > 0 && p < 1) entropy -= p * std::log(p) + (1 - p) * std::log(1 - p);
    }
    return entropy / static_cast<double>(values.size());
  });
}

// The held-out penalty is the divergence times its weight where it is the only penalty.
Found divergence(const PanelContext& context) {
  const session::EpochMetrics* const epoch = newest_epoch(context);
  const double weight = number_setting(context.store, "penalty.kl", 0);
  const bool alone = number_setting(context.store, "penalty.sparsity", 0) == 0 &&
                     number_setting(context.store, "penalty.contractive", 0) == 0;
  if (!epoch || !alone || weight <= 0) return std::nullopt;
  return number_fact(epoch->test_penalty / weight);
}

std::string phase_name(session::Phase phase) {
  constexpr const char* kNames[] = {"waiting_for_data", "paused", "running", "finished"};
  return kNames[static_cast<std::size_t>(phase)];
}

Found phase(const PanelContext& context) { return phase_name(context.store.status.phase); }
Found front(const PanelContext& context) { return std::string(context.state<LessonView>().front); }
Found step(const PanelContext& context) { return context.store.status.step; }
Found epoch(const PanelContext& context) { return number_fact(context.store.status.epoch); }
Found code_size(const PanelContext& context) { return context.store.network.code_size; }
Found parameters(const PanelContext& context) { return context.store.network.parameters; }
Found layers(const PanelContext& context) {
  return count_fact(context.store.network.layers.size());
}
Found runs(const PanelContext& context) { return count_fact(context.store.runs.size()); }
Found selected(const PanelContext& context) {
  return count_fact(context.state<MapState>().selected.size());
}

// How many units of the code that is moved by hand fulfil a condition beside the sample's own.
template <typename Condition>
Found units_of_code(const PanelContext& context, const Condition& condition) {
  const CodeState& code = context.state<CodeState>();
  const std::span<const float> own = sample_code(context.store);
  if (!code.edited || own.size() != code.code.size()) return std::int64_t{0};
  std::size_t units = 0;
  for (std::size_t i = 0; i < own.size(); ++i) units += condition(code.code[i], own[i]);
  return count_fact(units);
}
Found code_moved(const PanelContext& context) {
  return units_of_code(context, [](float by_hand, float own) { return by_hand != own; });
}
Found code_off(const PanelContext& context) {
  return units_of_code(context, [](float by_hand, float own) { return by_hand == 0 && own != 0; });
}

Found threshold(const PanelContext& context) {
  const AnomalyScores scores(context.jobs.view(kAnomalyJob).result);
  return scores.empty() ? std::nullopt : number_fact(anomaly_threshold(context));
}
Found recall(const PanelContext& context) {
  const AnomalyScores scores(context.jobs.view(kAnomalyJob).result);
  return scores.empty() ? std::nullopt : number_fact(scores.rate(true, anomaly_threshold(context)));
}
Found precision(const PanelContext& context) {
  const AnomalyScores scores(context.jobs.view(kAnomalyJob).result);
  if (scores.empty()) return std::nullopt;
  const double at = anomaly_threshold(context);
  const double all = scores.at_least(true, at) + scores.at_least(false, at);
  return all > 0 ? number_fact(scores.at_least(true, at) / all) : std::nullopt;
}

struct NamedFact {
  std::string_view name;
  Found (*value)(const PanelContext& context);
};
constexpr NamedFact kFacts[] = {{"loss", loss},
                                {"best_loss", best_loss},
                                {"test_loss", of_epoch<&session::EpochMetrics::test_loss>},
                                {"best_test_loss", best_test_loss},
                                {"test_mse", of_epoch<&session::EpochMetrics::test_mse>},
                                {"mean_image_mse", mean_image_mse},
                                {"floor", floor_of_loss},
                                {"penalty", penalty},
                                {"kl", divergence},
                                {"step", step},
                                {"epoch", epoch},
                                {"phase", phase},
                                {"code_zero", of_epoch<&session::EpochMetrics::code_zero>},
                                {"code_mean", of_epoch<&session::EpochMetrics::code_mean>},
                                {"code_size", code_size},
                                {"parameters", parameters},
                                {"layers", layers},
                                {"panel", front},
                                {"code.moved", code_moved},
                                {"code.off", code_off},
                                {"map.selected", selected},
                                {"anomaly.threshold", threshold},
                                {"anomaly.recall", recall},
                                {"anomaly.precision", precision},
                                {"runs", runs}};

Found setting(const PanelContext& context, std::string_view key) {
  const auto found = context.store.settings.find(key);
  return found == context.store.settings.end() ? std::nullopt : Found(found->second);
}

Found diagnosis(const PanelContext& context, std::string_view kind) {
  const auto& all = context.store.diagnoses;
  return std::ranges::any_of(all, [&](const auto& each) { return each.kind == kind; })
             ? std::int64_t{1}
             : std::int64_t{0};
}

Found job(const PanelContext& context, std::string_view kind) {
  const JobView& view = context.jobs.view(kind);
  switch (view.state) {
    case JobView::State::kWorking:
    case JobView::State::kPaused:
      return std::min(view.share, 0.999);
    case JobView::State::kReady:
    case JobView::State::kDone:
      return 1.0;
    default:
      return 0.0;
  }
}

// Classes go by their names, or by their numbers where they have none.
Found selected_share(const PanelContext& context, std::string_view name) {
  const std::vector<std::uint32_t>& points = context.state<MapState>().selected;
  const session::DataReady& data = context.store.data;
  if (points.empty() || data.map_labels.empty()) return std::nullopt;
  const auto named = std::ranges::find(data.class_names, name);
  const auto label = named != data.class_names.end()
                         ? static_cast<std::int32_t>(named - data.class_names.begin())
                         : -1;
  std::size_t same = 0;
  for (const std::uint32_t point : points) {
    same += point < data.map_labels.size() &&
            (label >= 0 ? data.map_labels[point] == label
                        : std::to_string(data.map_labels[point]) == name);
  }
  return static_cast<double>(same) / static_cast<double>(points.size());
}

struct OpenFact {
  std::string_view stem;
  Found (*value)(const PanelContext& context, std::string_view argument);
};
constexpr OpenFact kOpenFacts[] = {{"setting.", setting},
                                   {"diagnosis.", diagnosis},
                                   {"job.", job},
                                   {"map.selected_share.", selected_share}};

}  // namespace

std::optional<session::Value> lesson_fact(const PanelContext& context, std::string_view name) {
  for (const NamedFact& fact : kFacts) {
    if (fact.name == name) return fact.value(context);
  }
  for (const OpenFact& fact : kOpenFacts) {
    if (name.starts_with(fact.stem)) return fact.value(context, name.substr(fact.stem.size()));
  }
  return std::nullopt;
}

}  // namespace hourglass::ui
