#include "ui/jobs/pca_job.h"

#include <algorithm>
#include <utility>

#include "ui/kit/mark.h"

namespace hourglass::ui {
namespace {

// What the job finds at the least, and at the most.
constexpr std::int64_t kLeastComponents = 32, kMostComponents = 256;

struct PcaAttempt {
  std::uint64_t mark = 0;  // of the data and the components of the last one; 0: none
};

std::int64_t known_components(const JobView& job) {
  return job.whole ? static_cast<std::int64_t>(job.result.number("components")) : 0;
}

}  // namespace

void keep_pca(PanelContext& context) {
  const Store& store = context.store;
  const JobView& job = context.jobs.view(kPcaJob);
  if (store.data.name.empty() || store.network.code_size < 1 || job.is_under_way()) return;
  const std::int64_t wanted =
      std::min({store.network.code_size, kMostComponents, store.network.input_features});
  if (job.state == JobView::State::kReady && known_components(job) >= wanted) return;
  PcaAttempt& attempt = context.state<PcaAttempt>();
  const std::uint64_t mark =
      Mark().add(store.revisions.data).add(std::max(wanted, kLeastComponents)).value();
  if (std::exchange(attempt.mark, mark) == mark) return;
  context.jobs.start(context.post, kPcaJob, "{}");
  context.animating = true;
}

void want_pca(PanelContext& context) { context.state<PcaAttempt>().mark = 0; }

std::int64_t pca_components(const PanelContext& context) {
  return std::min(context.store.network.code_size, known_components(context.jobs.view(kPcaJob)));
}

std::string pca_state_text(const PanelContext& context) {
  const JobView& job = context.jobs.view(kPcaJob);
  const Texts& texts = context.texts;
  using State = JobView::State;
  if (job.is_under_way()) {
    std::string text = texts.get("reconstructions.pca");
    if (!job.stage.empty()) text = texts.get("job.pca." + job.stage);
    text += " · " + std::to_string(static_cast<int>(100 * std::clamp(job.share, 0.0, 1.0))) + " %";
    return job.state == State::kPaused ? texts.format("job.paused", {text}) : text;
  }
  if (job.state == State::kCancelled) return texts.get("pca.cancelled");
  return job.state == State::kFailed ? job.message : std::string();
}

}  // namespace hourglass::ui
