#include "core/session/engine/jobs/sweep_job.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/code_size.h"
#include "core/base/json.h"
#include "core/model/layer_type.h"
#include "core/nn/inference.h"
#include "core/session/engine/code_sweep.h"
#include "core/session/engine/image_bytes.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"
#include "core/session/engine/jobs/job_settings.h"

namespace hourglass::session {
namespace {

constexpr std::size_t kMaxImages = 12;

OrderedJson number_or_null(double value) {
  return std::isfinite(value) ? OrderedJson(value) : OrderedJson();
}

class SweepJob final : public Job {
 public:
  SweepJob(const JobContext& context, const Settings& settings, std::vector<std::int64_t> sizes)
      : data_(context.data),
        pool_(context.pool),
        present_(context.model ? context.model->code_size() : 0),
        images_(context.images),
        sweep_(settings, data_, std::move(sizes), pool_) {
    if (images_.size() > kMaxImages) images_.resize(kMaxImages);
    originals_ = gathered(data_->test, images_);
    decoder_ = settings.text("model.decoder");
  }

  Progress progress() const override {
    if (sweep_.size() == 0) return {sweep_.share(), "pca", "Principal components"};
    return {sweep_.share(), "train", "Training codes of " + std::to_string(sweep_.size())};
  }

  bool advance_slice() override {
    const bool more = sweep_.advance();
    if (sweep_.points().size() > encoders_.size()) {
      add_images();
      publish(result());
    }
    return more;
  }

 private:
  // Of the size that has just been done.
  void add_images() {
    encoders_.push_back(sweep_.run_settings().text("model.encoder"));
    const TrainingRun& run = sweep_.run();
    Matrix restored(originals_.rows(), originals_.cols());
    Inference(run.model(), pool_)
        .reconstruct(run.parameters(), columns(std::as_const(originals_), 0, originals_.cols()),
                     columns(restored, 0, restored.cols()));
    const Bytes bytes = image_bytes(restored, data_->range);
    restored_.insert(restored_.end(), bytes.begin(), bytes.end());
    for (const double error : column_errors(restored, originals_)) {
      errors_.push_back(static_cast<float>(error));
    }
  }

  JobOutput result() const {
    OrderedJson sizes = OrderedJson::array(), test = sizes, pca = sizes, dead = sizes,
                epochs = sizes, encoders = sizes;
    for (const SweepPoint& point : sweep_.points()) {
      sizes.push_back(point.size);
      test.push_back(number_or_null(point.test_mse));
      pca.push_back(number_or_null(point.pca_mse));
      dead.push_back(point.dead_units);
      epochs.push_back(point.epochs);
    }
    for (const std::string& encoder : encoders_) encoders.push_back(encoder);
    const int bend = sweep_.bend();
    const OrderedJson fields = {
        {"sizes", sizes},
        {"test_mse", test},
        {"pca_mse", pca},
        {"dead_units", dead},
        {"epochs", epochs},
        {"size", sweep_.size()},
        {"elbow", bend < 0 ? OrderedJson()
                           : OrderedJson(sweep_.points()[static_cast<std::size_t>(bend)].size)},
        {"present", present_},
        {"mean_image_mse", number_or_null(sweep_.mean_image_mse())},
        {"encoders", encoders},
        {"decoder", decoder_}};
    const auto done = static_cast<std::int64_t>(encoders_.size());
    const auto count = static_cast<std::int64_t>(images_.size());
    JobOutput output{.fields = json_text(fields), .arrays = {}};
    output.arrays.push_back(indices_array("image_indices", images_));
    output.arrays.push_back(images_array("originals", originals_, data_->range));
    output.arrays.push_back({"restored", {done, count, originals_.rows()}, restored_});
    output.arrays.push_back({"image_errors", {done, count}, errors_});
    return output;
  }

  DatasetPointer data_;
  ThreadPool& pool_;
  std::int64_t present_;
  std::vector<std::uint32_t> images_;
  CodeSweep sweep_;
  Matrix originals_;
  std::string decoder_;
  std::vector<std::string> encoders_;  // of each size that is done
  Bytes restored_;
  Floats errors_;
};

}  // namespace

std::unique_ptr<Job> make_sweep_job(JobArguments& arguments, const JobContext& context) {
  Settings settings = settings_of_run(context);
  const std::int64_t largest = arguments.integer("largest", 1, kMaxUnits, 128);
  settings.set("train.epochs", arguments.integer("epochs", 1, 100000, 20));
  const std::int64_t patience = settings.integer("train.patience");
  settings.set("train.patience", arguments.integer("patience", 1, 1000,
                                                   patience > 0 ? patience : CodeSweep::kPatience));
  std::vector<std::int64_t> sizes;
  for (std::int64_t size = 1; size <= largest; size *= 2) sizes.push_back(size);
  if (sizes.back() != largest) sizes.push_back(largest);
  return std::make_unique<SweepJob>(context, settings, std::move(sizes));
}

}  // namespace hourglass::session
