#include "core/session/engine/jobs/pca_job.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/analysis/pca_exact.h"
#include "core/base/json.h"
#include "core/session/engine/image_bytes.h"

namespace hourglass::session {
namespace {

// How many components are found where there is no network whose code could say.
constexpr Index kComponents = 32;

template <typename Numbers>
Floats floats_of(const Numbers& numbers) {
  return {numbers.data(), numbers.data() + numbers.size()};
}

class PcaJob final : public Job {
 public:
  PcaJob(const JobContext& context, Index components)
      : data_(context.data), images_(context.images), pca_(*data_, components, context.pool) {}

  Progress progress() const override {
    const auto [stage, words] = kStages[static_cast<std::size_t>(pca_.stage())];
    return {pca_.share(), stage, words};
  }

  bool advance_slice() override {
    const auto before = pca_.stage();
    const bool more = pca_.advance();
    if (before == ExactPca::Stage::kCovariance && pca_.stage() != before) {
      JobOutput output;
      output.arrays.push_back(mean());
      publish(std::move(output));
    }
    if (!more) publish(result());
    return more;
  }

 private:
  static constexpr std::pair<const char*, const char*> kStages[] = {
      {"covariance", "Adding up the covariance of the features"},
      {"components", "Finding the directions of largest variance"},
      {"test", "Measuring held-out samples"},
      {"test", "Measuring held-out samples"},
  };

  JobArray mean() const { return {"mean", {pca_.mean().size()}, floats_of(pca_.mean())}; }

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
    JobOutput output{.fields = json_text(fields), .arrays = {}};
    output.arrays.push_back(mean());
    output.arrays.push_back(
        {"components", {components.cols(), components.rows()}, floats_of(components)});
    const auto curve = [&](const char* name, const std::vector<double>& values) {
      Floats floats(values.size());
      std::transform(values.begin(), values.end(), floats.begin(),
                     [](double value) { return static_cast<float>(value); });
      output.arrays.push_back(
          {name, {static_cast<std::int64_t>(values.size())}, std::move(floats)});
    };
    curve("variances", pca_.variances());
    curve("test_mse", pca_.test_mse());
    add_images(output);
    return output;
  }

  void add_images(JobOutput& output) const {
    const auto count = static_cast<Index>(images_.size());
    Matrix originals(data_->test.features(), count), restored(data_->test.features(), count);
    data_->test.gather(images_, columns(originals, 0, count));
    pca_.reconstruct(columns(std::as_const(originals), 0, count), columns(restored, 0, count));
    Floats errors;
    for (Index j = 0; j < count; ++j) {
      errors.push_back(
          static_cast<float>((restored.col(j) - originals.col(j)).array().square().mean()));
    }
    output.arrays.push_back({"image_indices", {count}, images_});
    output.arrays.push_back(
        {"reconstructed", {count, restored.rows()}, image_bytes(restored, data_->range)});
    output.arrays.push_back({"image_errors", {count}, std::move(errors)});
  }

  DatasetPointer data_;
  std::vector<std::uint32_t> images_;
  ExactPca pca_;
};

}  // namespace

std::unique_ptr<Job> make_pca_job(JobArguments& arguments, const JobContext& context) {
  const Index most = std::min(context.data->train.features(), ExactPca::kMaxComponents);
  const Index wanted = context.model ? context.model->code_size() : kComponents;
  const auto components =
      static_cast<Index>(arguments.integer("components", 1, most, std::min(wanted, most)));
  return std::make_unique<PcaJob>(context, components);
}

}  // namespace hourglass::session
