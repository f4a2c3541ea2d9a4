#include "core/session/engine/jobs/pca_job.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/analysis/entropy_floor.h"
#include "core/analysis/linear_decoder.h"
#include "core/analysis/pca_exact.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/whole_number.h"
#include "core/data/corruption.h"
#include "core/math/random.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"

namespace hourglass::session {
namespace {

// How many components are found at least.
constexpr Index kComponents = 32;
constexpr double kPcaShare = 0.97;  // of the work

class PcaJob final : public Job {
 public:
  PcaJob(const JobContext& context, Index components)
      : data_(context.data),
        shown_(context.images),
        pool_(context.pool),
        pca_(*data_, components, pool_),
        floor_(data_->test) {}

  Progress progress() const override {
    const auto [stage, words] = kStages[static_cast<std::size_t>(pca_.stage())];
    return {kPcaShare * pca_.share() + (ready_ ? 1 - kPcaShare : 0), stage, words};
  }

  bool advance_slice() override {
    const auto before = pca_.stage();
    if (before != ExactPca::Stage::kDone) {
      pca_.advance();
      if (before == ExactPca::Stage::kCovariance && pca_.stage() != before) {
        publish({.fields = "{}", .arrays = {numbers_array("mean", pca_.mean())}});
      }
      return true;
    }
    if (floor_.advance()) return true;
    ready_ = true;
    publish(result());
    return false;
  }

  bool stays() const override { return true; }

  JobOutput answer(JobArguments& question, const JobContext& now) override {
    const Index all = pca_.components().cols();
    const auto count = static_cast<Index>(question.integer("components", 1, all, all));
    const std::int64_t held_out = data_->test.count();
    std::vector<std::uint32_t> images = question.indices("images", kMaxPcaImages, held_out);
    Corruption noise;
    const std::vector<std::string_view> kinds{corruption_names().begin(), corruption_names().end()};
    noise.kind = corruption_from_name(question.choice("noise", kinds, "gaussian"));
    noise.level = static_cast<Scalar>(question.real("level", 0, 1, 0));
    const auto seed = static_cast<std::uint64_t>(question.integer("seed", 0, kMaxWholeNumber, 0));
    const bool angles = question.flag("angles", false);
    question.refuse_others();
    if (angles) return angles_of(now);
    if (!question.has("images")) images = shown_;
    return restored(std::move(images), noise, seed, count);
  }

 private:
  static constexpr std::pair<const char*, const char*> kStages[] = {
      {"covariance", "Adding up the covariance of the features"},
      {"components", "Finding the directions of largest variance"},
      {"test", "Measuring held-out samples"},
      {"test", "Measuring held-out samples"},
  };

  JobOutput result() const {
    const Matrix& components = pca_.components();
    OrderedJson fields = {{"components", components.cols()},
                          {"total_variance", pca_.total_variance()},
                          {"train_samples", data_->train.count()},
                          {"test_samples", data_->test.count()}};
    if (!pca_.test_mse().empty()) {
      fields["mean_image_mse"] = pca_.test_mse().front();
      fields["test_mse"] = pca_.test_mse().back();
    }
    if (std::isfinite(floor_.result())) {
      fields["entropy_floor"] = floor_.result();
      fields["mean_image_bce"] = floor_.of_constant(pca_.mean());
    }
    JobOutput output{.fields = json_text(fields), .arrays = {}};
    output.arrays.push_back(numbers_array("mean", pca_.mean()));
    output.arrays.push_back(columns_array("components", components));
    output.arrays.push_back(numbers_array("variances", pca_.variances()));
    output.arrays.push_back(numbers_array("test_mse", pca_.test_mse()));
    return output;
  }

  JobOutput restored(std::vector<std::uint32_t> images, const Corruption& noise, std::uint64_t seed,
                     Index components) const {
    const Matrix originals = gathered(data_->test, images);
    const auto count = originals.cols(), features = originals.rows();
    Matrix seen = originals, made(features, count);
    for (Index j = 0; j < count && !noise.is_none(); ++j) {
      const std::span<Scalar> image(seen.col(j).data(), static_cast<std::size_t>(features));
      const std::uint32_t index = images[static_cast<std::size_t>(j)];
      corrupt(noise, Random(seed, RandomStream::kViewNoise, 0, index), image, image, data_->range);
    }
    pca_.reconstruct(columns(std::as_const(seen), 0, count), columns(made, 0, count), components);
    JobOutput output;
    output.arrays.push_back(indices_array("image_indices", std::move(images)));
    output.arrays.push_back(images_array("reconstructed", made, data_->range));
    output.arrays.push_back(numbers_array("image_errors", column_errors(made, originals)));
    return output;
  }

  JobOutput angles_of(const JobContext& now) const {
    if (!now.model) throw Error("There is no network that could be held against PCA.");
    const PcaAngles angles = angles_to_pca(*now.model, now.parameters, pca_.components(), pool_);
    return {.fields = json_text(OrderedJson{{"angle_degrees", angles.largest},
                                            {"mean_angle_degrees", angles.mean},
                                            {"dimensions", angles.dimensions}}),
            .arrays = {}};
  }

  DatasetPointer data_;
  std::vector<std::uint32_t> shown_;
  ThreadPool& pool_;
  ExactPca pca_;
  EntropyFloor floor_;
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<Job> make_pca_job(JobArguments& arguments, const JobContext& context) {
  const Index most = std::min(context.data->train.features(), ExactPca::kMaxComponents);
  const Index wanted =
      std::max(kComponents, context.model ? context.model->code_size() : kComponents);
  const auto components =
      static_cast<Index>(arguments.integer("components", 1, most, std::min(wanted, most)));
  return std::make_unique<PcaJob>(context, components);
}

}  // namespace hourglass::session
