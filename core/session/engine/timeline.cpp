#include "core/session/engine/timeline.h"

#include <algorithm>
#include <new>
#include <utility>

namespace hourglass::session {

void RunTimeline::restart(const Trainer& now, Moments past) {
  const TrainState& state = now.state();
  moment_bytes_ = static_cast<std::size_t>(state.parameters.size()) * sizeof(Scalar) *
                  (1 + state.moments.size());
  limit_ = std::min(kMaxMoments, max_bytes_ / std::max<std::size_t>(moment_bytes_, 1));
  if (limit_ < kMinMoments) limit_ = 0;
  moments_ = std::move(past);
  interval_ = 1;
  if (moments_.size() > 1) {
    // As densely as it was in the end.
    const std::size_t last = moments_.size() - 1;
    interval_ = moments_[last]->state.step - moments_[last - 1]->state.step;
  }
  shown_.reset();
  is_awaited_ = false;
  has_news_ = true;
  if (moments_.empty()) add(now);
}

void RunTimeline::add(const Trainer& now) {
  const TrainState& state = now.state();
  const auto is_due = [&] {
    return moments_.empty() || state.step >= moments_.back()->state.step + interval_;
  };
  if (limit_ == 0 || !is_due()) return;
  if (moments_.size() >= limit_) {
    halve();
    if (!is_due()) return;
  }
  try {
    moments_.push_back(
        std::make_shared<const Moment>(Moment{.state = state, .epoch = now.epochs_done()}));
    has_news_ = true;
  } catch (const std::bad_alloc&) {
    halve();
    limit_ = moments_.size() < kMinMoments ? 0 : moments_.size();
  }
}

// The first and then every second one stay.
void RunTimeline::halve() {
  for (std::size_t i = 0; 2 * i < moments_.size(); ++i) moments_[i] = std::move(moments_[2 * i]);
  moments_.resize((moments_.size() + 1) / 2);
  interval_ *= 2;
  has_news_ = true;
}

void RunTimeline::drop_after(std::int64_t step) {
  const std::size_t before = moments_.size();
  moments_ = until(step);
  has_news_ = has_news_ || moments_.size() != before;
  if (shown_ && shown_->state.step > step) show(nullptr);
}

RunTimeline::Moments RunTimeline::until(std::int64_t step) const {
  Moments past = moments_;
  std::erase_if(past, [step](const auto& moment) { return moment->state.step > step; });
  return past;
}

std::shared_ptr<const RunTimeline::Moment> RunTimeline::nearest(std::int64_t step) const {
  std::shared_ptr<const Moment> found;
  for (const auto& moment : moments_) {
    const auto distance = [step](const Moment& each) {
      return each.state.step > step ? each.state.step - step : step - each.state.step;
    };
    if (!found || distance(*moment) < distance(*found)) found = moment;
  }
  return found;
}

void RunTimeline::show(std::shared_ptr<const Moment> moment) {
  has_news_ = has_news_ || shown_ != moment;
  shown_ = std::move(moment);
  is_awaited_ = true;
}

bool RunTimeline::take_news() { return std::exchange(has_news_, false); }

Timeline RunTimeline::describe() const {
  Timeline timeline;
  for (const auto& moment : moments_) {
    timeline.steps.push_back(moment->state.step);
    timeline.epochs.push_back(moment->epoch);
  }
  if (shown_) timeline.shown = shown_->state.step;
  return timeline;
}

}  // namespace hourglass::session
