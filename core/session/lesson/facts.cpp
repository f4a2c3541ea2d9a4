#include "core/session/lesson/facts.h"

#include <algorithm>
#include <cctype>

#include "core/base/nearest.h"

namespace hourglass::session {
namespace {

constexpr LessonFact kFacts[] = {
    {"loss", "newest training loss", ""},
    {"best_loss", "lowest training loss since the run began", ""},
    {"test_loss", "loss of the held-out samples after the last epoch", ""},
    {"best_test_loss", "lowest of those since the run began", ""},
    {"test_mse", "mean squared error of the held-out samples after the last epoch", ""},
    {"mean_image_mse", "mean squared error of the mean image, over the samples on display", ""},
    {"floor", "lowest loss that any network can have on the samples on display: their entropy", ""},
    {"penalty", "part of the training loss that is no reconstruction, newest", ""},
    {"kl", "divergence of the code from the prior, held out: the penalty over penalty.kl", "nats"},
    {"step", "mini-batches since the run began", "mini-batches"},
    {"epoch", "epochs since the run began, with the fraction of this one", "epochs"},
    {"phase", "paused, running, finished or waiting_for_data", "", true},
    {"code_zero", "share of the code's activations that are 0, held out", "share"},
    {"code_mean", "mean activation of the code, held out", ""},
    {"code_size", "units of the code", "units"},
    {"parameters", "weights and biases of the network", "numbers"},
    {"layers", "layers of the network", "layers"},
    {"diagnosis.KIND", "1 while the run has this diagnosis, else 0", "0 or 1"},
    {"setting.KEY", "value of a setting", ""},
    {"panel", "id of the panel that is in front among the tabs", "", true},
    {"code.moved", "code units that were moved by hand", "units"},
    {"code.off", "code units that were set to 0 by hand", "units"},
    {"map.selected", "points selected on the latent map", "points"},
    {"map.selected_share.CLASS", "share of the selected points that are of this class", "share"},
    {"anomaly.threshold", "threshold chosen in the panel of anomalies", ""},
    {"anomaly.recall", "share of the class left out that is above it", "share"},
    {"anomaly.precision", "share of what is above it that is of the class left out", "share"},
    {"job.KIND", "0: not started; up to 1: how much is done; 1: it has found all", "share"},
    {"runs", "runs before the present one that are kept", "runs"},
};

// "job." of "job.KIND"; "" where the name is all there is.
std::string_view stem_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const bool open = dot != std::string_view::npos && dot + 1 < name.size() &&
                    std::isupper(static_cast<unsigned char>(name[dot + 1])) != 0;
  return open ? name.substr(0, dot + 1) : std::string_view();
}

}  // namespace

std::span<const LessonFact> lesson_facts() { return kFacts; }

const LessonFact* find_lesson_fact(std::string_view name) {
  for (const LessonFact& fact : kFacts) {
    const std::string_view stem = stem_of(fact.name);
    if (stem.empty() ? fact.name == name : name.starts_with(stem) && name.size() > stem.size()) {
      return &fact;
    }
  }
  return nullptr;
}

std::string_view nearest_lesson_fact(std::string_view name) {
  return std::ranges::min_element(
             kFacts, {}, [&](const LessonFact& fact) { return edit_distance(fact.name, name); })
      ->name;
}

}  // namespace hourglass::session
