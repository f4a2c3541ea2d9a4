#include "core/session/engine/jobs/compress_job.h"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/compression.h"
#include "core/analysis/pca_exact.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/scaling.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"

namespace hourglass::session {
namespace {

constexpr double kLinearShare = 0.3;
constexpr const char* kMethods[] = {"code", "pca", "png", "jpeg", "png-sheet", "jpeg-sheet"};

class CompressJob final : public Job {
 public:
  explicit CompressJob(const JobContext& context)
      : data_(context.data),
        model_(context.model),
        parameters_(Eigen::Map<const Vector>(context.parameters, model_->layout().buffer_size())),
        images_(context.images),
        pool_(context.pool) {
    if (data_->train.count() == 0 || data_->test.count() == 0) {
      throw Error("'" + data_->name +
                  "' lacks samples to train on or held-out ones, and compression needs both.");
    }
    const Index size = model_->code_size(), features = data_->train.features();
    if (size <= ExactPca::kMaxComponents && size <= features &&
        features <= ExactPca::kMaxFeatures) {
      pca_.emplace(*data_, size, pool_);
    } else {
      begin_curve();
    }
  }

  Progress progress() const override {
    if (!curve_) return {kLinearShare * pca_->share(), "pca", "Principal components"};
    const double before = pca_ ? kLinearShare : 0;
    return {before + (1 - before) * curve_->progress(), "measure", "Compressing held-out images"};
  }

  bool advance_slice() override {
    if (!curve_) {
      if (!pca_->advance()) {
        linear_ = {pca_->mean(), pca_->components()};
        begin_curve();
      }
      return true;
    }
    const bool more = curve_->advance();
    if (curve_->points().size() != published_) {
      published_ = curve_->points().size();
      publish(result());
    }
    return more;
  }

  bool stays() const override { return true; }
  JobOutput answer(JobArguments& question, const JobContext&) override {
    const std::string method =
        question.choice("method", {std::begin(kMethods), std::end(kMethods)}, "code");
    const auto setting = static_cast<int>(question.integer("setting", 0, 100, 8));
    question.refuse_others();
    Matrix restored = curve_->restored(method, setting, images_);
    Matrix originals = gathered(data_->test, images_);
    JobOutput output;
    output.arrays.push_back(indices_array("image_indices", images_));
    output.arrays.push_back(images_array("originals", originals, data_->range));
    output.arrays.push_back(images_array("restored", restored, data_->range));
    for (Matrix* images : {&restored, &originals}) {
      to_own_units(data_->map, columns(*images, 0, images->cols()));
    }
    output.arrays.push_back(numbers_array("image_errors", column_errors(restored, originals)));
    return output;
  }

 private:
  void begin_curve() {
    curve_.emplace(CompressionInput{*model_, parameters_.data(), *data_, pca_ ? &linear_ : nullptr},
                   pool_);
  }

  JobOutput result() const {
    OrderedJson points = OrderedJson::array();
    for (const RatePoint& point : curve_->points()) {
      const bool ideal = std::isfinite(point.ideal_bytes), known = std::isfinite(point.mse);
      points.push_back({{"method", point.method},
                        {"setting", point.setting},
                        {"bytes", point.bytes},
                        {"ideal_bytes", ideal ? OrderedJson(point.ideal_bytes) : OrderedJson()},
                        {"mse", known ? OrderedJson(point.mse) : OrderedJson()}});
    }
    return {.fields = json_text(OrderedJson{{"points", points},
                                            {"code_size", model_->code_size()},
                                            {"samples", data_->test.count()},
                                            {"raw_bytes", data_->train.features()},
                                            {"decoder_bytes", curve_->decoder_bytes()}}),
            .arrays = {}};
  }

  DatasetPointer data_;
  std::shared_ptr<const Model> model_;
  ParameterBuffer parameters_;  // as they were
  std::vector<std::uint32_t> images_;
  ThreadPool& pool_;
  std::optional<ExactPca> pca_;
  LinearCode linear_;
  std::optional<CompressionCurve> curve_;
  std::size_t published_ = 0;
};

}  // namespace

std::unique_ptr<Job> make_compress_job(JobArguments&, const JobContext& context) {
  return std::make_unique<CompressJob>(context);
}

}  // namespace hourglass::session
