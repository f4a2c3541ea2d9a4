#include "core/session/engine/jobs/compare_job.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/pca_exact.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/session/engine/jobs/compare_subject.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"
#include "core/session/engine/kept_runs.h"

namespace hourglass::session {
namespace {

constexpr std::size_t kMaxAskedImages = 64;
constexpr std::int64_t kMaxSampleSeed = 9007199254740991;  // whole in JavaScript, too

class CompareJob final : public Job {
 public:
  CompareJob(const JobContext& context, std::unique_ptr<CompareSubject> subject)
      : data_(context.data), shown_(context.images), subject_(std::move(subject)) {
    if (shown_.size() > kMaxAskedImages) shown_.resize(kMaxAskedImages);
  }

  Progress progress() const override {
    if (ready_) return {1, "ready", "Ready"};
    return {share_, subject_->stage(), subject_->words()};
  }

  bool advance_slice() override {
    const bool more = subject_->advance();
    share_ = std::max(share_, std::min(1.0, subject_->share()));
    if (more) return true;
    ready_ = true;
    publish(result());
    return false;
  }

  bool stays() const override { return true; }
  JobOutput answer(JobArguments& question, const JobContext& context) override;

 private:
  JobOutput result() const {
    const std::string source = subject_->source();
    JobOutput output{.fields = json_text(OrderedJson{{"of", source == "pca" ? "pca" : "run"},
                                                     {"code_size", subject_->code_size()},
                                                     {"source", source},
                                                     {"test_mse", subject_->test_mse()}}),
                     .arrays = {}};
    output.arrays.push_back(columns_array("map", subject_->points()));
    return output;
  }

  DatasetPointer data_;  // before the subject, which looks into them
  std::vector<std::uint32_t> shown_;
  std::unique_ptr<CompareSubject> subject_;
  double share_ = 0;
  bool ready_ = false;
};

JobOutput CompareJob::answer(JobArguments& question, const JobContext&) {
  std::vector<std::uint32_t> images =
      question.indices("images", kMaxAskedImages, data_->test.count());
  if (images.empty()) images = shown_;
  const auto seed = static_cast<std::uint64_t>(question.integer("seed", 0, kMaxSampleSeed, 1));
  const auto count = static_cast<Index>(question.integer("count", 1, 100, 36));
  question.refuse_others();
  JobOutput output;
  const Matrix originals = gathered(data_->test, images);
  Matrix restored(originals.rows(), originals.cols());
  if (originals.cols() > 0) {
    subject_->reconstruct(columns(originals, 0, originals.cols()),
                          columns(restored, 0, restored.cols()));
  }
  output.arrays.push_back(images_array("originals", originals, data_->range));
  output.arrays.push_back(images_array("reconstructed", restored, data_->range));
  output.arrays.push_back(numbers_array("errors", column_errors(restored, originals)));
  Matrix samples(originals.rows(), count);
  subject_->sample(seed, columns(samples, 0, count));
  output.arrays.push_back(images_array("samples", samples, data_->range));
  return output;
}

// The network of a kept run, on the data in use. Throws Error where those are not its own.
std::unique_ptr<CompareSubject> subject_of(const KeptRun& kept, const JobContext& context,
                                           Index points) {
  const Dataset& data = *context.data;
  const RunInfo& info = kept.info;
  const std::string remedy = ": make that run the present one, or choose another.";
  if (info.input != data.shape) {
    throw Error("That run was trained on images of another shape than those of '" + data.name +
                "'" + remedy);
  }
  if (const std::string other = data_difference(info, data); !other.empty()) {
    throw Error("The data set in use, '" + data.name + "', " + other + remedy);
  }
  auto model = std::make_shared<const Model>(model_spec(info.settings), info.input);
  ParameterBuffer parameters;
  load_parameters(read_safetensors(kept.checkpoint, "The kept run"), model->layout(), parameters);
  return network_subject(std::move(model), std::move(parameters), data, points, context.pool);
}

}  // namespace

std::unique_ptr<Job> make_compare_job(JobArguments& arguments, const JobContext& context) {
  constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
  const std::int64_t run = arguments.integer("run", 1, kAny, 0);
  const Index most = std::min(context.data->train.features(), ExactPca::kMaxComponents);
  const auto components = static_cast<Index>(arguments.integer("components", 1, most, 0));
  const auto points = static_cast<Index>(arguments.integer("points", 1, 20000, 2000));
  if (run > 0 && components > 0) {
    throw Error("A comparison is of a run or of components, not of both.");
  }
  if (context.data->test.count() == 0) {
    throw Error("The data set '" + context.data->name + "' holds no samples back to compare on.");
  }
  std::unique_ptr<CompareSubject> subject;
  if (components > 0) {
    subject = pca_subject(*context.data, components, points, context.pool);
  } else if (run > 0) {
    if (!context.kept) throw Error("There are no kept runs here.");
    subject = subject_of(*context.kept->find(static_cast<std::uint64_t>(run)), context, points);
  } else {
    if (!context.model) throw Error("There is no network yet to compare.");
    subject = network_subject(
        context.model,
        Eigen::Map<const Vector>(context.parameters, context.model->layout().buffer_size()),
        *context.data, points, context.pool);
  }
  return std::make_unique<CompareJob>(context, std::move(subject));
}

}  // namespace hourglass::session
