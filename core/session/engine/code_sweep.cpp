#include "core/session/engine/code_sweep.h"

#include <algorithm>
#include <utility>

#include "core/analysis/code_size.h"
#include "core/base/error.h"

namespace hourglass::session {
namespace {

Settings resized(const Settings& settings, std::int64_t size) {
  Settings changed = settings;
  changed.set("model.encoder", layers_text(with_code_size(model_spec(settings), size).encoder));
  return changed;
}

}  // namespace

CodeSweep::CodeSweep(const Settings& settings, DatasetPointer data, std::vector<std::int64_t> sizes,
                     ThreadPool& pool)
    : settings_(settings), data_(std::move(data)), sizes_(std::move(sizes)), pool_(pool) {
  if (sizes_.empty()) throw Error("There are no sizes of a code to try.");
  // Refuses models whose code has no size before anything is done.
  for (const std::int64_t size : sizes_) resized(settings_, size);
  if (settings_.integer("train.patience") == 0) settings_.set("train.patience", kPatience);
  const Index features = data_->train.features();
  seeks_components_ = features <= ExactPca::kMaxFeatures;
  if (!seeks_components_) return;
  pca_.emplace(
      *data_,
      std::min<Index>({static_cast<Index>(sizes_.back()), features, ExactPca::kMaxComponents}),
      pool_);
}

void CodeSweep::begin_size() {
  run_settings_ = resized(settings_, sizes_[points_.size()]);
  run_ = std::make_unique<TrainingRun>(run_settings_, data_, pool_);
  run_is_over_ = false;
}

bool CodeSweep::end_size(bool diverged) {
  run_is_over_ = true;
  SweepPoint point{.size = sizes_[points_.size()]};
  if (!run_->history().empty()) {
    point.epochs = static_cast<std::int64_t>(run_->history().back().epoch);
  }
  if (!diverged) {
    const StateFigures state = run_->state_figures();
    point.test_mse = run_->history().back().test_mse;
    point.test_loss = run_->history().back().test_loss;
    point.dead_units =
        state.has_posterior ? state.code_units - state.active_units : state.constant_units;
  }
  if (pca_ && point.size < std::ssize(pca_->test_mse())) {
    point.pca_mse = pca_->test_mse()[static_cast<std::size_t>(point.size)];
  }
  points_.push_back(point);
  return points_.size() < sizes_.size();
}

bool CodeSweep::advance() {
  if (seeks_components_) {
    seeks_components_ = pca_->advance();
    return true;
  }
  if (points_.size() == sizes_.size()) return false;
  if (run_is_over_) {
    begin_size();
    return true;
  }
  try {
    if (run_->advance().stop == StopReason::kNone) return true;
  } catch (const Diverged&) {
    // The other sizes are not to suffer from it; a point without numbers says what happened.
    return end_size(/*diverged=*/true);
  }
  return end_size(/*diverged=*/false);
}

double CodeSweep::share() const {
  double done = static_cast<double>(points_.size());
  if (!run_is_over_) {
    done += std::min(1.0,
                     run_->trainer().epochs_done() / static_cast<double>(run_->stop_rule().epochs));
  }
  if (pca_) done += seeks_components_ ? pca_->share() : 1;
  return done / static_cast<double>(sizes_.size() + (pca_ ? 1 : 0));
}

std::int64_t CodeSweep::size() const {
  return seeks_components_ || points_.size() == sizes_.size() ? 0 : sizes_[points_.size()];
}

int CodeSweep::bend() const {
  std::vector<double> sizes, errors;
  for (const SweepPoint& point : points_) {
    sizes.push_back(static_cast<double>(point.size));
    errors.push_back(point.test_mse);
  }
  return elbow(sizes, errors);
}

double CodeSweep::mean_image_mse() const {
  return pca_ && !pca_->test_mse().empty() ? pca_->test_mse().front()
                                           : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace hourglass::session
