// Earlier moments of the present run, to look back at and to go on from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/session/protocol/messages.h"
#include "core/train/trainer.h"

namespace hourglass::session {

// States of one run, of which each has all that decides how the run goes on. At first every step is
// kept. Where there is no more room every second one is dropped, and from then on half as many are
// taken: at any time they lie about evenly between the start and now.
class RunTimeline {
 public:
  static constexpr std::size_t kMaxMoments = 64;
  // A run of which not even these fit has no timeline.
  static constexpr std::size_t kMinMoments = 6;

  struct Moment {
    TrainState state;
    double epoch = 0;  // with the fraction of the one under way
  };
  using Moments = std::vector<std::shared_ptr<const Moment>>;  // by step

  // `max_bytes`: of all moments together.
  explicit RunTimeline(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Another run begins at `now`, whose earlier moments are `past`, which share their memory with
  // whoever has them.
  void restart(const Trainer& now, Moments past = {});
  // A step was taken: copies its state if it is due. Where memory lacks, fewer are kept.
  void add(const Trainer& now);
  // The run has gone back to that step: forgets what came after it.
  void drop_after(std::int64_t step);

  const Moments& moments() const { return moments_; }
  // Those up to that step.
  Moments until(std::int64_t step) const;
  // The one nearest to that step; null where there are none.
  std::shared_ptr<const Moment> nearest(std::int64_t step) const;
  std::size_t bytes() const { return moments_.size() * moment_bytes_; }

  // The one that is looked at; null: the run as it is now.
  const std::shared_ptr<const Moment>& shown() const { return shown_; }
  void show(std::shared_ptr<const Moment> moment);
  // Somebody waits until all that is on display is of the moment shown.
  bool is_awaited() const { return is_awaited_; }
  void arrived() { is_awaited_ = false; }

  // Whether it has changed since the last call, and whoever shows it is to be told.
  bool take_news();
  Timeline describe() const;

 private:
  void halve();

  std::size_t max_bytes_, moment_bytes_ = 0;
  std::size_t limit_ = 0;  // moments that there is room for; 0: none are kept
  std::int64_t interval_ = 1;
  Moments moments_;
  std::shared_ptr<const Moment> shown_;
  bool is_awaited_ = false, has_news_ = false;
};

}  // namespace hourglass::session
